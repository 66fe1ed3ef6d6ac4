"""Dates, limits and units in the reader's language."""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache

from django.utils import dateformat, timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from shanzhi.people.queries import departments, unit_name
from shanzhi.places import queries as places

from ..models import Case, Item
from ..routing import unit_at


def date(value: dt.datetime | dt.date | None) -> str:
    """11月18日, 18 Nov; the day in China, whatever the server's zone."""
    if value is None:
        return ""
    day = timezone.localdate(value) if isinstance(value, dt.datetime) else value
    return _written(day, get_language())


def dates() -> Callable[[dt.datetime], str]:
    """`date` for a list: zone and language are asked for once."""
    zone, language = timezone.get_current_timezone(), get_language()
    return lambda value: _written(value.astimezone(zone).date(), language)


@lru_cache(4096)
def _written(day: dt.date, language: str | None) -> str:
    return dateformat.format(day, pgettext("date format", "j M"))


def amount(number: int, unit: str) -> str:
    """20 个工作日, 24 小时."""
    return {
        "working_days": ngettext("%(n)s working day", "%(n)s working days", number),
        "calendar_days": ngettext("%(n)s day", "%(n)s days", number),
        "hours": ngettext("%(n)s hour", "%(n)s hours", number),
    }[unit] % {"n": number}


def limits(item: Item) -> list[tuple[str, str]]:
    """The promise, and the law where it sets a limit: (heading, 20 个工作日)."""
    found = [(_("Promised limit"), amount(item.promised_amount, item.promised_unit))]
    if item.statutory_amount:
        statutory = amount(item.statutory_amount, item.statutory_unit)
        found.append((_("Statutory limit"), statutory))
    return found


def lead_name(case: Case) -> str:
    return unit_name(case.lead_place, case.lead_department)


def level_name(item: Item) -> str:
    """Who decides, where the place is not known yet: 街道民政, 社区."""
    level = item.get_level_display()
    if not item.department:
        return level
    return _("%(level)s, %(department)s") % {
        "level": level,
        "department": departments().get(item.department, ""),
    }


def unit_choices(case: Case) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every unit a case can go to, in groups: its sub-district, district, city, communities."""
    groups = []
    for level in ("subdistrict", "district", "city"):
        units = [unit_at(level, code, case.place) for code in ("", *departments())]
        groups.append((places.name(units[0].place), [_choice(unit) for unit in units]))
    here = places.children(case.place[:9])
    communities = [(f"{each.code}/", each.short_name) for each in here]
    groups.append((_("Communities"), communities))
    return groups


def _choice(unit):
    return f"{unit.place}/{unit.department}", unit_name(unit.place, unit.department)
