from django.urls import path

from .views import browse, change, estates, grids

app_name = "places"
urlpatterns = [
    path("places/choose/", browse.choose, name="choose"),
    path("desk/places/", browse.index, name="index"),
    path("desk/places/estates/<int:pk>/", estates.edit, name="estate"),
    path("desk/places/estates/<int:pk>/delete/", estates.delete, name="delete_estate"),
    path("desk/places/<slug:code>/", browse.division, name="division"),
    path("desk/places/<slug:code>/export/", browse.export, name="export"),
    path("desk/places/<slug:code>/rename/", change.rename, name="rename"),
    path("desk/places/<slug:code>/merge/", change.merge, name="merge"),
    path("desk/places/<slug:code>/split/", change.split, name="split"),
    path("desk/places/<slug:code>/move/", change.move, name="move"),
    path("desk/places/<slug:code>/grids/add/", grids.add, name="add_grid"),
    path("desk/places/<slug:code>/grid/", grids.edit, name="grid"),
    path("desk/places/<slug:code>/grid/end/", grids.end, name="end_grid"),
    path("desk/places/<slug:code>/estates/", estates.index, name="estates"),
    path("desk/places/<slug:code>/estates/add/", estates.add, name="add_estate"),
]
