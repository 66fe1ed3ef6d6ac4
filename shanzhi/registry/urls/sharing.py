"""The catalogue, grants, and what is read by them."""

from django.urls import path

from ..views import catalogue, reading, sharing, sharing_steps

C, G = "desk/registry/catalogue/", "desk/registry/grants/"
urlpatterns = [
    path(C, catalogue.index, name="catalogue"),
    path(f"{C}print/", catalogue.paper, name="catalogue_paper"),
    path(f"{C}export.csv", catalogue.export, {"kind": "csv"}, name="catalogue_csv"),
    path(f"{C}export.json", catalogue.export, {"kind": "json"}, name="catalogue_json"),
    path(f"{C}codes/", catalogue.lists, name="code_lists"),
    path(f"{C}codes/<slug:code>/", catalogue.codelist, name="code_list"),
    path(f"{C}<str:code>/", catalogue.element, name="element"),
    path(G, sharing.index, name="grants"),
    path(f"{G}new/", sharing.new, name="grant_new"),
    path(f"{G}<slug:number>/", sharing.grant, name="grant"),
    path(f"{G}<slug:number>/edit/", sharing.edit, name="grant_edit"),
    path(f"{G}<slug:number>/persons/", reading.persons, name="grant_persons"),
    path(f"{G}<slug:number>/persons.csv", reading.export, {"kind": "csv"}, name="grant_csv"),
    path(f"{G}<slug:number>/persons.xlsx", reading.export, {"kind": "xlsx"}, name="grant_xlsx"),
    path(f"{G}<slug:number>/log/", sharing.log, name="grant_log"),
    path(f"{G}<slug:number>/<slug:code>/", sharing_steps.of_grant, name="grant_step"),
    path(
        f"{G}<slug:number>/<slug:owner>/<slug:code>/", sharing_steps.of_part, name="grant_part_step"
    ),
    path("desk/registry/persons/<int:pk>/reveal/", reading.reveal, name="reveal"),
    path("desk/registry/reveals/<int:post>/", reading.reveals, name="reveals"),
]
