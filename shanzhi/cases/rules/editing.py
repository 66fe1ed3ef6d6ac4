"""Who may change service items and routing, and what a rule must say."""

import re

from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor

from .. import catalogue
from .table import EDITORS, ROUTERS


def check_may_route(by: Actor) -> None:
    if by != SYSTEM and by.role not in ROUTERS:
        raise Refused(_("Routing is set by the city's or district's desk."))


def check_route(values: dict) -> None:
    if not str(values.get("name", "")).strip():
        raise Refused(_("Give the rule a name."), field="name")
    start, end = values.get("valid_from"), values.get("valid_to")
    if start and end and end <= start:
        raise Refused(_("The rule ends before it begins."), field="valid_to")


def check_may_edit_items(by: Actor, department: str) -> None:
    if by == SYSTEM or by.role in EDITORS:
        return
    if by.role == "department_clerk" and department == by.department and len(by.place) <= 6:
        return
    raise Refused(_("Items are edited by the city's desk and by the department that decides them."))


def check_may_import(by: Actor) -> None:
    if by != SYSTEM and by.role not in EDITORS:
        raise Refused(_("Items are imported by the city's desk."))


def check_retirable(item) -> None:
    if item.state != "published":
        raise Refused(_("Only a published item can be retired."))


def checked_row(number: int, row: dict, drafts: set[str]) -> tuple[str, dict]:
    """Code and columns of one imported item; Refused names the row."""
    row = dict(row)
    code = str(row.pop("code", "")).strip()
    row.pop("version", None)
    try:
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,39}", code):
            raise Refused(_("The code has small letters, digits and dashes only."))
        if code in drafts:
            raise Refused(_("An unpublished draft of this item exists already."))
        return code, catalogue.checked(row)
    except Refused as refusal:
        raise Refused(
            _("Row %(number)s (%(code)s): %(problem)s")
            % {"number": number, "code": code or "?", "problem": refusal.sentence}
        ) from None
