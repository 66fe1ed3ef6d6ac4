"""Who keeps the catalogue, and what an edition needs."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from shanzhi.burden.rules import OFFICE, check_office, in_line
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..kinds import FACTS, CatalogueRow
from ..models import Edition, Entry

__all__ = ["OFFICE", "check_confirm", "check_discard", "check_draft", "check_publish", "in_line"]


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


def check_publish(edition: Edition, before: Edition | None, on: date, by: Actor) -> None:
    """`before` is the edition in force."""
    check_office(by, edition.place)
    if edition.state != Edition.State.DRAFT:
        raise Refused(_("This edition is published already."))
    if before and before.in_force_from and on < before.in_force_from:
        raise Refused(
            _("The edition in force began on %(day)s; the next one cannot begin before it.")
            % {"day": before.in_force_from},
            field="on",
        )


def check_discard(edition: Edition, by: Actor) -> None:
    check_office(by, edition.place)
    if edition.state != Edition.State.DRAFT:
        raise Refused(_("Only a draft can be discarded."))


def check_confirm(entry: Entry, basis: str, by: Actor) -> None:
    check_office(by, entry.edition.place)
    if entry.edition.state == Edition.State.RETIRED:
        raise Refused(_("This edition was replaced; confirm the entry of the new one."))
    if not basis.strip():
        raise Refused(_("Quote the clause: law or document, and article."), field="basis")
