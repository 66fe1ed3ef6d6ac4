"""What the registers of the privacy law ask of those who keep them."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor

from .. import kinds
from ..models import Binding, Incident, Purpose, Relation

KEEPERS = frozenset({"security_admin", "department_clerk", "city_clerk"})
ANSWERS_FOR_ALL = frozenset({"security_admin"})  # notices and incidents are the city's
ASSESSMENT_YEARS = 3  # article 56
NEXT = {
    Incident.State.FOUND: Incident.State.CONTAINED,
    Incident.State.CONTAINED: Incident.State.REPORTED,
    Incident.State.REPORTED: Incident.State.TOLD,
    Incident.State.TOLD: Incident.State.CLOSED,
}
# Article 57 says "at once"; these are what the city promises itself: (amount, unit).
LIMITS = {
    Incident.State.CONTAINED: (4, "hours"),
    Incident.State.REPORTED: (24, "hours"),
    Incident.State.TOLD: (3, "working_days"),
    Incident.State.CLOSED: (20, "working_days"),
}


def check_keeper(by: Actor, roles: Iterable[str] = KEEPERS) -> None:
    if by is not SYSTEM and by.role not in roles:
        raise Refused(_("Your post does not keep this register."))


def check_text(text: str, field: str, least: int = 2) -> str:
    if len(text.strip()) < least:
        raise Refused(_("Please fill this in."), field=field)
    return text.strip()


def check_elements(elements: Iterable[str]) -> list[str]:
    found = sorted(set(elements))
    if unknown := [code for code in found if kinds.entry(code) is None]:
        raise Refused(
            _("The catalogue has no element %(code)s.") % {"code": unknown[0]}, field="elements"
        )
    return found


def check_in_force(in_force_from: date, latest: date | None, on: date) -> None:
    if in_force_from < on:
        raise Refused(_("A version begins today or later."), field="in_force_from")
    if latest and in_force_from < latest:
        raise Refused(_("A version begins after the one before it."), field="in_force_from")


def check_consent(binding: Binding | None, purpose: Purpose) -> None:
    """Oneself; of a child under 14 the guardian alone. A proxy agrees to nothing."""
    if binding is None or binding.relation not in (Relation.SELF, Relation.GUARDIAN):
        raise Refused(_("Only the person themselves, or a guardian, agrees or withdraws."))
    if not purpose.open:
        raise Refused(_("Consent to this is no longer asked for."))


def check_step(incident: Incident, state: str, by: Actor) -> None:
    check_keeper(by, ANSWERS_FOR_ALL)
    if NEXT.get(Incident.State(incident.state)) != state:
        raise Refused(_("This step does not follow on where the incident stands now."))


def check_found(found_at: datetime, at: datetime) -> None:
    if found_at > at:
        raise Refused(_("This time lies in the future."), field="found_at")
