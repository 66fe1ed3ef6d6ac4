"""How a value of the registry is shown: in words, and masked by the one rule of its element."""

from datetime import date
from typing import Any

from django.db import models
from django.utils import dateformat
from django.utils.translation import gettext, pgettext

from shanzhi.kernel import masking
from shanzhi.kernel.codes import CodeField
from shanzhi.places import queries as places

from .kinds import Entry, Sensitivity

HIDDEN = "****"
DOOR = (("number", "号"), ("building", "幢"), ("unit", "单元"), ("room", "室"))


def shown(entry: Entry, value: Any, full: bool = False) -> str:
    """`value` as its column has it; a code becomes its words, nothing stays nothing.

    Masked unless `full`. A related row is shown by its own name.
    """
    if value is None or value in ("", {}):
        return ""
    mask = "" if full else entry.element.mask
    if mask == "hidden":
        return HIDDEN
    if mask == "year":
        return pgettext("only the year", "%(year)s") % {"year": value.year}
    text = words(entry, value)
    return masking.BY_KIND[mask](text) if mask else text


def to_owner(entry: Entry, text: str, full: bool = False) -> str:
    """A value in words to the one it is about: masked is what could harm in wrong hands."""
    if full or entry.element.sensitivity != Sensitivity.SENSITIVE:
        return text
    mask = masking.BY_KIND.get(entry.element.mask)
    return mask(text) if mask else HIDDEN


def told(entry: Entry, value: Any, full: bool = False) -> str:
    """The same for a program: a code stays a code, a day is written as ISO 8601 does."""
    if value is None or value in ("", {}):
        return ""
    if (full or not entry.element.mask) and not isinstance(value, dict | models.Model):
        return value.isoformat() if isinstance(value, date) else str(value)
    if entry.element.mask == "year" and not full:
        return str(value.year)
    return shown(entry, value, full)


def masked(entry: Entry, full: bool = False) -> bool:
    """Is something of it held back?"""
    return bool(entry.element.mask) and not full


def words(entry: Entry, value: Any) -> str:
    """The whole value in words."""
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, date):
        return dateformat.format(value, pgettext("date format", "j M Y"))
    if isinstance(value, dict):
        return door(value)
    if isinstance(value, models.Model):
        return getattr(value, "name", None) or str(value)
    if entry.codelist:
        return entry.codelist.label(value)
    if entry.column.choices:
        return str(dict(entry.column.flatchoices).get(value, value))
    if isinstance(entry.column, CodeField) and str(value).isdigit():
        return "".join(places.path_names(value)[-2:]) or places.name(value) or value
    return str(value)


def door(parts: dict[str, str]) -> str:
    """12幢1单元302室; what somebody wrote with its own unit keeps it."""
    found = [(parts.get(key, ""), unit) for key, unit in DOOR]
    return "".join(text + (unit if text.isascii() else "") for text, unit in found if text)
