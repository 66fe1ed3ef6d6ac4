"""Our addresses, and pages that go wrong in every way we know."""

import errno
import uuid

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.urls import include, path

from shanzhi.kernel import Refused


def refused(request):
    raise Refused("Somebody else accepted it.")


def slow(request):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
        cursor.execute("SELECT pg_sleep(5)")


def unreachable(request):
    dead = connection.copy()
    dead.settings_dict = connection.settings_dict | {"HOST": f"/nowhere/{uuid.uuid4()}"}
    dead.cursor()


def disk_full(request):
    raise OSError(errno.ENOSPC, "No space left on device")


def broken(request):
    return 1 // 0


def forbidden(request):
    raise PermissionDenied(request.GET.get("why", ""))


def alive(request):
    return HttpResponse(request.POST.get("text", "alive"))


urlpatterns = [
    path("", include("shanzhi.shell.urls")),
    path("", include("shanzhi.people.urls")),
    path("", include("shanzhi.registry.urls")),
    path("go/refused/", refused),
    path("go/slow/", slow),
    path("go/unreachable/", unreachable),
    path("go/disk-full/", disk_full),
    path("go/broken/", broken),
    path("go/forbidden/", forbidden),
    path("go/alive/", alive, name="alive"),
]
handler400 = "shanzhi.shell.views.errors.bad_request"
handler403 = "shanzhi.shell.views.errors.forbidden"
handler404 = "shanzhi.shell.views.errors.not_found"
handler500 = "shanzhi.shell.views.errors.broken"
