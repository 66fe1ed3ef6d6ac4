"""Sources that are asked by themselves."""

from django.urls import path

from ..views import sources

FOLDER = "desk/registry/sources/"
urlpatterns = [
    path(FOLDER, sources.index, name="sources"),
    path(f"{FOLDER}new/", sources.edit, name="source_new"),
    path(f"{FOLDER}<str:code>/", sources.source, name="source"),
    path(f"{FOLDER}<str:code>/edit/", sources.edit, name="source_edit"),
    path(f"{FOLDER}<str:code>/ask/", sources.ask, name="source_ask"),
    path(f"{FOLDER}<str:code>/settle/<int:pk>/", sources.settle, name="source_settle"),
]
