"""Who may see a page at all. What they may do there is asked in rules."""

from collections.abc import Collection
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from . import acting


def resident(view):
    """Someone signed in, in whatever way."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        acting.settle(request)
        if not request.user.is_authenticated:
            return go(request, "people:sign_in")
        return view(request, *args, **kwargs)

    return wrapped


def desk(view=None, *, roles: Collection[str] = ()):
    """A post held today, through a session with password and second factor."""
    if view is None:
        return lambda each: desk(each, roles=roles)

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        return stop(request, roles) or view(request, *args, **kwargs)

    return wrapped


def stop(request: HttpRequest, roles: Collection[str]) -> HttpResponse | None:
    """The page that keeps this visitor from the desk, None where it is open to them."""
    acting.settle(request)
    if not request.user.is_authenticated:
        return go(request, "account_login")
    if not request.session.get("staff"):
        return refused(request, _("Sign in with your staff name and password to open the desk."))
    if not (settings.SHANZHI_DEMO and request.session.get("demo")):
        if request.user.password_given:
            return go(request, "account_change_password")
        if not request.user.second_factor:
            return go(request, "people:second_factor")
    actor = request.actor
    if not actor.is_staff:
        return refused(
            request, _("You hold no post today. Ask the office above yours to appoint you.")
        )
    if roles and actor.role not in roles:
        return refused(
            request, _("Your present post does not open this page. Switch to another post.")
        )
    return None


def go(request: HttpRequest, name: str) -> HttpResponse:
    """To another page first, and back here afterwards; a part of a page sends the whole one."""
    part = bool(getattr(request, "htmx", False))
    back = request.get_full_path() if request.method == "GET" and not part else ""
    url = reverse(name) + (f"?{urlencode({'next': back})}" if back else "")
    return HttpResponse(headers={"HX-Redirect": url}) if part else HttpResponseRedirect(url)


def refused(request: HttpRequest, sentence: str, back: str = "") -> HttpResponse:
    """Nothing was done, and why; `back` to where it was pressed. Without it: the page is closed."""
    context = {"sentence": sentence, "back": back}
    return render(request, "people/refused.html", context, status=403)
