"""Numbers without gaps, and the units that ask: inside the commands that need them."""

from datetime import date

from django.db.models import F

from ..models import RequestingUnit, Series

CERTIFICATE, REFUSAL = "Z", "G"  # 证明, 告知


def next_number(letter: str, place: str, on: date) -> str:
    """Z2026-11002018-0007: the year, the community inside its city, and a running number. The
    series is locked until the command ends, so that nobody leaves a gap.
    """
    known = {"letter": letter, "place": place, "year": on.year}
    Series.objects.get_or_create(**known)
    series = Series.objects.select_for_update().get(**known)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{letter}{on.year}-{place[4:]}-{series.last:04d}"


def unit_of(name: str) -> RequestingUnit:
    """The row of a name that is spelled already, counted once more."""
    unit, _made = RequestingUnit.objects.get_or_create(name=name)
    RequestingUnit.objects.filter(pk=unit.pk).update(asked=F("asked") + 1)
    return unit
