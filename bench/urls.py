"""The city's own addresses and one empty page: what the machine can do at this moment."""

from django.http import HttpResponse
from django.urls import path

from config.urls import *  # noqa: F403  its error pages too
from config.urls import urlpatterns as of_the_city

EMPTY = "bench/empty/"


def empty(request):
    return HttpResponse("empty")


urlpatterns = [path(EMPTY, empty), *of_the_city]
