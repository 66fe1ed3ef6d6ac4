from django.http import HttpResponse
from django.urls import include, path

from .. import limits
from ..decorators import desk, resident


@desk
def first_page(request):
    return HttpResponse(f"{request.actor.role} in {request.actor.place}")


@desk(roles={"city_leader"})
def cockpit(request):
    return HttpResponse("cockpit")


@resident
def letter(request):
    return HttpResponse(f"account {request.actor.account_id}")


def often(request):
    limits.limit(request, "often", amount=2, seconds=60)
    return HttpResponse("done")


urlpatterns = [
    path("", include("shanzhi.people.urls")),
    path("", lambda request: HttpResponse("home")),
    path("desk/", first_page),
    path("cockpit/", cockpit),
    path("letter/", letter),
    path("often/", often),
    path("shell/", include("shanzhi.shell.urls")),
]
