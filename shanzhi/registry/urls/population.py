from django.urls import path

from ..views import population

P = "desk/registry/population/"
urlpatterns = [
    path(P, population.index, name="population"),
    path(f"{P}print/", population.paper, name="population_paper"),
    path(f"{P}export.csv", population.export, name="population_csv"),
]
