"""The city's own addresses, one empty page (what the machine can do at this moment), and the
household page without its line in the read log (what the line costs).
"""

from contextvars import ContextVar

from django.db import connection
from django.http import HttpResponse
from django.urls import path

from config.urls import *  # noqa: F403  its error pages too
from config.urls import urlpatterns as of_the_city
from shanzhi.registry import readlog
from shanzhi.registry.views import households

EMPTY = "bench/empty/"
UNLOGGED = "bench/household/"
_silent: ContextVar[bool] = ContextVar("silent", default=False)
_read = readlog.read


def read(text, values, **line):
    if not _silent.get():
        return _read(text, values, **line)
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return cursor.fetchall()


readlog.read = read


def empty(request):
    return HttpResponse("empty")


def unlogged(request, pk):
    token = _silent.set(True)
    try:
        return households.household(request, pk)
    finally:
        _silent.reset(token)


urlpatterns = [path(EMPTY, empty), path(f"{UNLOGGED}<int:pk>/", unlogged), *of_the_city]
