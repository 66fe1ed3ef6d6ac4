"""Known persons whom a file has at another home, in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shanzhi.kernel import masking
from shanzhi.places.models import Estate

from ..addresses import Address, line
from ..intake.homes import Home
from ..models import Difference, Dwelling
from ..queries.imports_moves import HOME
from . import persons


def fields(differences: Iterable[Difference]) -> dict[int, dict[str, Any]]:
    """By difference: from where to where, to the estate; which door does not decide anything."""
    differences = list(differences)
    homes = {each.pk: Home.of(each.told["home"]) for each in differences}
    held = _addresses({each.told["dwelling"] for each in differences})
    estates = Estate.objects.in_bulk({home.estate for home in homes.values()} - {None})
    return {
        each.pk: _field(each, homes[each.pk], held.get(each.told["dwelling"], ""), estates)
        for each in differences
    }


def _addresses(wanted):
    found = Dwelling.objects.select_related("estate").filter(pk__in=wanted - {None})
    return {dwelling.pk: persons.address(dwelling) for dwelling in found}


def _field(difference, home, held, estates):
    told, since = written(home, estates), difference.told["since"]
    same = masking.address(held) == masking.address(told)
    return {
        "title": pgettext("where somebody lives", "Home"),
        "held": masking.address(held),
        "told": masking.address(told) + (str(_(" (another door)")) if same else ""),
        "since": persons.on(date.fromisoformat(since)) if since else "",
        "moves": bool(held),
        "filling": HOME in difference.filling,
    }


def written(home: Home, estates: dict[int, Estate]) -> str:
    """An address in one line, of a home that is perhaps not in the registry yet."""
    if not (home.door or home.building):
        return home.written
    estate = estates.get(home.estate)
    return line(Address(home.place, estate, home.road, building=home.building, **home.door))
