"""Files on their way in."""

from django.urls import path

from ..views import imports

FOLDER = "desk/registry/imports/"
urlpatterns = [
    path(FOLDER, imports.index, name="imports"),
    path(f"{FOLDER}new/", imports.new, name="import_new"),
    path(f"{FOLDER}<int:pk>/", imports.batch, name="import"),
    path(f"{FOLDER}<int:pk>/columns/", imports.columns, name="import_columns"),
    path(f"{FOLDER}<int:pk>/progress/", imports.progress, name="import_progress"),
    path(f"{FOLDER}<int:pk>/problems/", imports.problems, name="import_problems"),
    path(
        f"{FOLDER}<int:pk>/problems/<int:problem>/transfer/",
        imports.ask_transfer,
        name="import_ask_transfer",
    ),
    path(f"{FOLDER}<int:pk>/differences/", imports.differences, name="import_differences"),
    path(f"{FOLDER}<int:pk>/left-out.csv", imports.refused, {"kind": "csv"}, name="import_csv"),
    path(f"{FOLDER}<int:pk>/left-out.xlsx", imports.refused, {"kind": "xlsx"}, name="import_xlsx"),
    path(f"{FOLDER}<int:pk>/take-over/", imports.take_over, name="import_take_over"),
    path(f"{FOLDER}<int:pk>/undo/", imports.undo, name="import_undo"),
    path(f"{FOLDER}<int:pk>/discard/", imports.discard, name="import_discard"),
    path(f"{FOLDER}<int:pk>/go-on/", imports.go_on, name="import_go_on"),
]
