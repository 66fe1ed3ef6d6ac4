from django.urls import path

from . import views

app_name = "files"

urlpatterns = [
    path("upload/", views.upload, name="upload"),
    path("<uuid:pk>/", views.file, name="file"),
    path("<uuid:pk>/remove/", views.remove, name="remove"),
]
