"""Units that ask: which names there are, which are one, and which may be."""

from ..models import RequestingUnit
from ..spelling import alike

COMPARED, SHOWN = 2000, 30


def named(name: str) -> RequestingUnit | None:
    return RequestingUnit.objects.filter(name=name).first()


def joined() -> list[RequestingUnit]:
    rows = RequestingUnit.objects.filter(same_as__isnull=False).select_related("same_as")
    return list(rows.order_by("same_as__name", "name"))


def likely() -> list[tuple[RequestingUnit, RequestingUnit]]:
    """Pairs that may be one unit, the more frequent name first."""
    rows = RequestingUnit.objects.filter(same_as=None).order_by("-asked", "name")[:COMPARED]
    known = {each.name: each for each in rows}
    return [(known[one], known[two]) for one, two in alike(known)[:SHOWN]]
