"""Only this area and what the frame around pages links to."""

from django.http import HttpResponse
from django.urls import include, path

urlpatterns = [
    path("", lambda request: HttpResponse("home")),
    path("files/", include("shanzhi.files.urls")),
    path("", include("shanzhi.people.urls")),
]
