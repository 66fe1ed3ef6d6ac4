"""Numbers of persons and households, division by division."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from shanzhi.kernel import places
from shanzhi.places import queries as divisions
from shanzhi.places.models import Division

from ..queries.numbers import Numbers, numbers


def rows(place: str, below: Iterable[Division], on: date) -> list[dict[str, Any]]:
    """One line a division; those that have divisions below themselves lead there."""
    below = list(below)
    counted = numbers([each.code for each in below], place, on)
    return [
        {
            "name": each.short_name, "numbers": counted[each.code],
            "href": address(each.code) if len(each.code) < places.LEVELS["community"] else "",
        }
        for each in below
    ]  # fmt: skip


def total(lines: Iterable[dict[str, Any]]) -> Numbers:
    """Of all lines; who is entered in the place itself, below none of them, is not among them."""
    found = [line["numbers"] for line in lines]
    fields = ("registered", "living", "working", "studying", "households")
    return Numbers(*(sum(getattr(each, field) for each in found) for field in fields))


def address(place: str) -> str:
    return f"{reverse('registry:numbers')}?{urlencode({'place': place})}"


def path(own: str, place: str) -> list[tuple[str, str]]:
    """(address, name) of the divisions from the actor's own down to above `place`."""
    above = [code for code in places.above(place) if len(own) <= len(code) < len(place)]
    names = divisions.names(above)
    return [(address(code), names.get(code, "")) for code in above]
