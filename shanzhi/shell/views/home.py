"""The first page: a resident's neighbourhood; staff are sent to their desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from shanzhi.cases import presenting
from shanzhi.cases import queries as cases
from shanzhi.people import queries as people
from shanzhi.people.acting import settle
from shanzhi.places import queries as places

LATEST = 2  # of a resident's own cases on the first page


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    settle(request)
    if request.actor.is_staff:
        return redirect("work:inbox")
    context = {"cards": [], "requests": [], "grid": ""}
    if request.user.is_authenticated:
        context = _neighbourhood(request)
    return render(request, "shell/home.html", context)


def _neighbourhood(request):
    account = request.user
    page = cases.own_cases(request.actor, size=LATEST)
    now = timezone.now()
    where = [account.estate_name] if account.estate_id else []
    if len(account.home) > 12:
        where.append(places.name(account.home))
    return {
        "cards": people.cards(account.home) if account.home else [],
        "requests": [presenting.card(row, now) for row in page.rows],
        "more": bool(page.next),
        "grid": " · ".join(where),
    }
