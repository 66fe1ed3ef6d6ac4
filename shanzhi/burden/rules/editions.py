"""What publishing, discarding and confirming need, of every kind of list that comes in editions."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..models import Edition
from .demands import check_office

State = Edition.State  # other areas' editions have the same three


def check_publish(edition: Any, before: Any | None, on: date, by: Actor) -> None:
    """`before` is the edition in force."""
    check_office(by, edition.place)
    if edition.state != State.DRAFT:
        raise Refused(_("This edition is published already."))
    if before and before.in_force_from and on < before.in_force_from:
        raise Refused(
            _("The edition in force began on %(day)s; the next one cannot begin before it.")
            % {"day": before.in_force_from},
            field="on",
        )


def check_discard(edition: Any, by: Actor) -> None:
    check_office(by, edition.place)
    if edition.state != State.DRAFT:
        raise Refused(_("Only a draft can be discarded."))


def check_confirm(entry: Any, clause: str, by: Actor, field: str = "clause") -> None:
    check_office(by, entry.edition.place)
    if entry.edition.state == State.RETIRED:
        raise Refused(_("This edition was replaced; confirm the entry of the new one."))
    if not clause.strip():
        raise Refused(_("Quote the clause: law or document, and article."), field=field)
