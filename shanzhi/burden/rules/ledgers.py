"""What may replace a ledger, and which ledgers cannot stay."""

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import Actor
from shanzhi.registry.kinds import entry

from ..kinds import PAGES, Substitute
from ..models import Category, Demand, Medium, Replacement
from .demands import check_office


def cancelled(demand: Demand) -> bool:
    """City-level paper ledgers are cancelled, all of them: what is in force breaks the rule."""
    return (
        demand.category == Category.LEDGER
        and places.level(demand.place) == "city"
        and demand.medium in (Medium.PAPER, Medium.BOTH)
        and demand.state == Demand.State.IN_FORCE
    )


def check_replace(demand: Demand, by: Actor, what: Substitute) -> None:
    check_office(by, demand.place)
    if demand.category != Category.LEDGER:
        raise Refused(_("Only a ledger is replaced by data."))
    check_settled(demand)
    if not what.reason.strip():
        raise Refused(_("Give the reason."), field="reason")
    if check := CHECKS.get(what.kind):
        check(demand, what)
    elif what.kind != Replacement.Kind.NOTHING:
        raise Refused(_("Say what replaces it."), field="kind")


def check_settled(demand: Demand) -> None:
    if demand.campaign and not demand.campaign.frozen_at:
        raise Refused(_("Freeze the baseline first; then decide."))


def _check_page(demand, what):
    if what.page not in PAGES:
        raise Refused(_("Choose the page on which its data stand."), field="page")


def _check_elements(demand, what):
    if not what.elements:
        raise Refused(_("Name the elements of the catalogue."), field="elements")
    if unknown := [code for code in what.elements if entry(code) is None]:
        raise Refused(_("“%(name)s” is not in the catalogue.") % {"name": unknown[0]},
                      field="elements")  # fmt: skip


def _check_heir(demand, what):
    heir = what.heir
    if heir is None:
        raise Refused(_("Choose the ledger or table that holds its data."), field="heir")
    if heir.pk == demand.pk:
        raise Refused(_("A ledger does not replace itself."), field="heir")
    if heir.state != Demand.State.IN_FORCE:
        raise Refused(_("“%(title)s” is not in force; choose one that is.")
                      % {"title": heir.title}, field="heir")  # fmt: skip
    if cancelled(heir):
        raise Refused(_("“%(title)s” is kept on paper by the city and is cancelled itself.")
                      % {"title": heir.title}, field="heir")  # fmt: skip
    if _leads_to(heir, demand):
        raise Refused(_("“%(title)s” is itself replaced by this ledger: that is a circle.")
                      % {"title": heir.title}, field="heir")  # fmt: skip


def _leads_to(heir, demand):
    """Along the chain of replacements; what stood there already cannot hold a circle."""
    known = dict(Replacement.objects.exclude(heir=None).values_list("demand_id", "heir_id"))
    at: int | None = heir.pk
    while at is not None:
        if at == demand.pk:
            return True
        at = known.get(at)
    return False


CHECKS = {
    Replacement.Kind.PAGE: _check_page, Replacement.Kind.ELEMENTS: _check_elements,
    Replacement.Kind.DEMAND: _check_heir,
}  # fmt: skip
