"""Who may open a page of the desk, asked by the areas below `people`.

Only `people` knows sessions, posts and second factors: its `ready()` gives the guard. Without one
the desk stays shut.
"""

from collections.abc import Callable, Collection
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

Guard = Callable[[HttpRequest, Collection[str]], HttpResponse | None]


def _shut(request: HttpRequest, roles: Collection[str]) -> HttpResponse | None:
    raise PermissionDenied


_guard: Guard = _shut


def set_guard(guard: Guard) -> None:
    """`guard` answers with the page that stops this visitor, or None."""
    global _guard
    _guard = guard


def desk(view=None, *, roles: Collection[str] = ()):
    """A post is needed; where `roles` are given, one of these."""
    if view is None:
        return lambda each: desk(each, roles=roles)

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        return _guard(request, roles) or view(request, *args, **kwargs)

    return wrapped
