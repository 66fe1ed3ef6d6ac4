"""What the pages of agreements have in common."""

from datetime import date

from django import forms
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.kernel import asked, places
from shanzhi.places import queries as divisions

from .. import queries
from ..models import Agreement


def found(request: HttpRequest, number: str) -> Agreement:
    agreement = queries.found(request.actor, number)
    if agreement is None:
        raise Http404
    return agreement


def today() -> date:
    return localdate(timezone.now())


def year(request: HttpRequest) -> int:
    """The one asked for, or the latest there is."""
    wanted = asked.key(request.GET.get("year", "")) or 0
    if 2000 < wanted < 2200:
        return wanted
    known = queries.years(request.actor)
    return known[0] if known else coming()


def coming() -> int:
    """The year whose agreements are made now: in autumn it is the next one."""
    day = today()
    return day.year + (day.month > 9)


def place(request: HttpRequest) -> str:
    """The place asked for, inside that of the post."""
    code = request.GET.get("place", "") or request.actor.place
    if not (places.is_code(code) and places.holds(request.actor.place, code)):
        raise Http404
    if not divisions.exists(code):
        raise Http404
    return code


def status(form: forms.Form | None) -> int:
    return 422 if form is not None and form.errors else 200
