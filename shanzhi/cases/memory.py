"""Items and routes in this process's memory: each request needs them, and they change rarely.

What another process changed shows after FRESH_SECONDS; what this one changes, at once.
"""

from time import monotonic

from .models import Item, Route

FRESH_SECONDS = 2.0
LONG_SECONDS = 60.0  # a version that was published never changes, but that it is retired
AT_MOST = 2000  # versions kept

_published: dict[str, tuple[Item, float]] = {}
_versions: dict[int, tuple[Item, float]] = {}
_routes: list[tuple[list[Route], float]] = []


def forget() -> None:
    """The next question reads the tables again."""
    _published.clear()
    _versions.clear()
    _routes.clear()


def published(code: str) -> Item | None:
    return _kept(_published, code, FRESH_SECONDS, state=Item.State.PUBLISHED, code=code)


def version(pk: int) -> Item:
    """A case keeps the version it was sent under."""
    return _kept(_versions, pk, LONG_SECONDS, pk=pk)


def _kept(known, key, seconds, **where):
    item, until = known.get(key, (None, 0.0))
    if until < monotonic():
        item = Item.objects.filter(**where).first()
        if len(known) >= AT_MOST:
            known.clear()
        if item:
            known[key] = item, monotonic() + seconds
    return item


def routes() -> list[Route]:
    """All rules, in the order in which they are asked."""
    for found, until in _routes[-1:]:
        if monotonic() <= until:
            return found
    found = list(Route.objects.order_by("position"))
    _routes[:] = [(found, monotonic() + FRESH_SECONDS)]
    return found
