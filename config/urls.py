from django.urls import include, path

urlpatterns = [
    path("", include("shanzhi.shell.urls")),
    path("", include("shanzhi.cases.urls")),
    path("", include("shanzhi.people.urls")),
    path("files/", include("shanzhi.files.urls")),
    path("desk/", include("shanzhi.work.urls")),
]
