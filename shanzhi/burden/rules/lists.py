"""Who keeps the lists, and what an edition needs."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..kinds import ListRow
from ..models import Edition, ListEntry
from .demands import check_office, in_line


def check_draft(by: Actor, place: str, kind: str, rows: Sequence[ListRow]) -> None:
    check_office(by, place)
    if kind not in Edition.Kind.values:
        raise Refused(_("Choose one of the three lists."), field="kind")
    if not rows:
        raise Refused(_("There is no entry in this file."), field="file")
    seen: dict[str, int] = {}
    for row in rows:
        if row.code in seen:
            words = {"code": row.code, "line": seen[row.code]}
            raise in_line(row.number, Refused(
                _("the code %(code)s stands in line %(line)s already.") % words))  # fmt: skip
        seen[row.code] = row.number


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


def check_confirm(entry: ListEntry, clause: str, by: Actor) -> None:
    check_office(by, entry.edition.place)
    if entry.edition.state == Edition.State.RETIRED:
        raise Refused(_("This edition was replaced; confirm the entry of the new one."))
    if not clause.strip():
        raise Refused(_("Quote the clause: law or document, and article."), field="clause")
