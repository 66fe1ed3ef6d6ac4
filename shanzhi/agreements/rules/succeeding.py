"""Who carries an agreement on whose community was merged, moved or split, and how it ends early."""

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..models import Agreement, Side
from .table import side_of

State = Agreement.State
SIGNED = (State.IN_FORCE, State.EVALUATED, State.ENDED)
UNSIGNED = (State.DRAFT, State.NEGOTIATED, State.AGREED, State.HALF_SIGNED)


def may_end(agreement: Agreement) -> bool:
    """Only what another community signed; a year of one's own runs its course."""
    yearly = agreement.kind == Agreement.Kind.YEARLY
    return yearly and agreement.former != "" and agreement.state == State.IN_FORCE


def check_carry_on(agreement: Agreement, place: str, heirs: Collection[str], by: Actor) -> None:
    """`heirs` are the communities that its own has become, where it is not one of them."""
    if side_of(agreement, by) != Side.SUBDISTRICT:
        raise Refused(_("Only a clerk of the sub-district may do this."))
    if agreement.kind != Agreement.Kind.YEARLY or agreement.state not in SIGNED or not heirs:
        raise Refused(_("This is not possible now: reload the page to see how far it is."))
    if place not in heirs:
        raise Refused(_("Choose one of the communities that it has become."), field="place")


def check_end(
    agreement: Agreement, ends_on: date, being_ended: bool, today: date, by: Actor
) -> None:
    if side_of(agreement, by) != Side.SUBDISTRICT:
        raise Refused(_("Only a clerk of the sub-district may do this."))
    if not may_end(agreement):
        raise Refused(
            _("Only an agreement in force whose community was merged, moved or split ends early.")
        )
    if being_ended:
        raise Refused(_("There is a supplement already that ends it."))
    if not today <= ends_on <= date(agreement.year, 12, 31):
        raise Refused(
            _("The day lies between today and the end of the agreement's year."), field="ends_on"
        )


def check_takes_clauses(agreement: Agreement) -> None:
    if agreement.ends_on:
        raise Refused(_("A supplement that ends an agreement adds nothing to it."))
