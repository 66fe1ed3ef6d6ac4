"""Who keeps the catalogue, and what an edition needs."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shanzhi.burden.rules import OFFICE, check_office, in_line
from shanzhi.burden.rules.editions import check_confirm, check_discard
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..kinds import FACTS, CatalogueRow

__all__ = ["OFFICE", "check_confirm", "check_discard", "check_draft", "in_line"]


def check_draft(by: Actor, place: str, rows: Sequence[CatalogueRow]) -> None:
    check_office(by, place)
    if not rows:
        raise Refused(_("There is no certificate in this file."), field="file")
    seen: dict[str, int] = {}
    for row in rows:
        try:
            _check_row(row, seen)
        except Refused as refusal:
            raise in_line(row.number, refusal) from None
        seen[row.code] = row.number


def _check_row(row, seen):
    values = row.values
    if row.code in seen:
        raise Refused(
            _("the code %(code)s stands in line %(line)s already.")
            % {"code": row.code, "line": seen[row.code]}
        )
    if not values["issuer"]:
        raise Refused(_("say who issues it."))
    if values["commitment"] and not values["promise"]:
        raise Refused(_("say what the written commitment promises."))
    if values["allowed"]:
        _check_allowed(values)
    elif not (values["data_check"] or values["commitment"]):
        raise Refused(_("say which data check or written commitment replaces it."))


def _check_allowed(values):
    if not values["days"] or not 1 <= values["days"] <= 3660:
        raise Refused(_("say for how many days it holds, at most ten years."))
    if not values["fields"]:
        raise Refused(_("say what it states."))
    for code in values["fields"]:
        if code.isascii() and "." in code and code not in FACTS:
            raise Refused(_("the registry has no fact “%(code)s”.") % {"code": code})
