"""Who may change service items and routing, and what a rule must say."""

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people.models import Department
from shanzhi.places import queries as places

from .. import catalogue
from ..models import Category, Item, Route
from .table import EDITORS, ROUTERS

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
WORDS = {"new", "import", "export"}  # pages of their own

NUMBERS = re.compile(r"(?:^|-)(?:\d{11}|\d{17}[\dx])(?:-|$)")  # like those of people


def check_still_there(found: Item | Route | None) -> None:
    if found is None:
        raise Refused(_("Somebody else has deleted this meanwhile."))


# --- service items --------------------------------------------------------------------------------


def check_may_edit_items(by: Actor, *departments: str) -> None:
    """`departments`: of the item as it is and as it is to be."""
    if by == SYSTEM or by.role in EDITORS:
        return
    if by.role == "department_clerk" and len(by.place) <= 6 and set(departments) == {by.department}:
        return
    raise Refused(_("Items are edited by the city's desk and by the department that decides them."))


def check_may_import(by: Actor) -> None:
    if by != SYSTEM and by.role not in EDITORS:
        raise Refused(_("Items are imported by the city's desk."))


def check_code(code: str) -> None:
    if not CODE.fullmatch(code) or code in WORDS or NUMBERS.search(code):
        raise Refused(_("The code has small letters, digits and dashes only."), field="code")


def check_unchanged(item: Item | None, stamp: str | None) -> None:
    """`stamp` is of the item an editor has seen; None where nobody has seen any."""
    if stamp is None or stamp == catalogue.stamp(item):
        return
    if not stamp:
        raise Refused(_("An item with this code exists already; choose another."), field="code")
    raise Refused(
        _("Somebody else has changed this item since you opened it. Nothing of yours is saved yet:"
          " look at the present version in another window, then put your changes there.")
    )  # fmt: skip


def check_route_unchanged(route: Route | None, stamp: str | None) -> None:
    """`stamp` is of the rule an editor has seen; None where nobody has seen any."""
    if stamp is not None and stamp != catalogue.route_stamp(route):
        raise Refused(
            _("Somebody else has changed this rule since you opened it. Nothing of yours is saved"
              " yet: look at the present rule in another window, then put your changes there.")
        )  # fmt: skip


def check_departments(values: dict[str, Any], known: set[str] | None = None) -> None:
    """Of the item and its steps; `known` where many are checked."""
    named = {"department": values.get("department", "")}
    for n, step in enumerate(values.get("steps", [])):
        named[f"steps.{n}.department"] = step.get("department", "")
    if known is None:
        found = Department.objects.filter(code__in=[each for each in named.values() if each])
        known = set(found.values_list("code", flat=True))
    for path, code in named.items():
        if code and code not in known:
            raise Refused(_("There is no department %(code)s.") % {"code": code}, field=path)


def check_retirable(item: Item) -> None:
    if item.state != Item.State.PUBLISHED:
        raise Refused(_("Only a published item can be retired."))


def check_discardable(item: Item) -> None:
    if item.state != Item.State.DRAFT:
        raise Refused(_("Only a draft can be discarded; retire what is in force."))


def checked_row(
    row: dict[str, Any], versions: Iterable[Item], seen: set[str], departments: set[str]
) -> tuple[str, dict[str, Any]]:
    """Code and columns of one imported item; what the row does not say stays as it is."""
    row = dict(row)
    code = str(row.pop("code", "")).strip()
    row.pop("version", None)
    check_code(code)
    if code in seen:
        raise Refused(_("This code stands in the file twice."))
    base = catalogue.base(versions)
    if base and base.state == Item.State.DRAFT:
        raise Refused(_("An unpublished draft of this item exists already."))
    values = catalogue.checked((catalogue.columns_of(base) if base else {}) | row)
    check_departments(values, departments)
    return code, values


# --- routing --------------------------------------------------------------------------------------


def check_may_route(by: Actor, *places_of: str) -> None:
    """`places_of`: where the rule holds and is to hold. A district rules over its own places."""
    if by != SYSTEM and by.role not in ROUTERS:
        raise Refused(_("Routing is set by the city's or district's desk."))
    if by.role == "district_clerk" and not all(by.covers(place) for place in places_of):
        raise Refused(_("A district's desk sets rules for places in its district."), field="place")


def check_route(values: dict[str, Any]) -> None:
    name = str(values.get("name", "")).strip()
    if not name or len(name) > 100:
        raise Refused(_("Give the rule a name of at most 100 characters."), field="name")
    if values.get("level") not in Item.Level.values:
        raise Refused(_("Say at which level the unit is."), field="level")
    start, end = values.get("valid_from"), values.get("valid_to")
    if start and end and end <= start:
        raise Refused(_("The rule ends before it begins."), field="valid_to")
    check_departments({"department": values.get("department", "")})
    _check_exists(values)


def _check_exists(values):
    wanted = set(values.get("items", []))
    known = set(Item.objects.filter(code__in=wanted).values_list("code", flat=True))
    if missing := wanted - known:
        names = ", ".join(sorted(missing))
        raise Refused(_("There is no item %(names)s.") % {"names": names}, field="items")
    category, place = values.get("category", ""), values.get("place", "")
    if category and not Category.objects.filter(code=category).exists():
        raise Refused(_("Choose one of the options."), field="category")
    if place and not places.exists(place):
        raise Refused(_("There is no such place now."), field="place")
