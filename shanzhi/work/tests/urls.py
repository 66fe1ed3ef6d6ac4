from django.urls import include, path

urlpatterns = [
    path("", include("shanzhi.shell.urls")),
    path("", include("shanzhi.people.urls")),
    path("desk/", include("shanzhi.work.urls")),
]
