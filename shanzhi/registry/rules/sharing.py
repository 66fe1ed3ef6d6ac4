"""Who may ask for elements, who decides of them, and what may be read by a grant.

The limits are those of the regulation on sharing government data (政务数据共享条例): an owner
answers within one working day what is shared unconditionally, within ten what is shared on
conditions, once ten more with approval, and provides within twenty after consent.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from .. import kinds, tags
from ..kinds import Share
from ..models import Grant, GrantPart, Presence, Purpose
from ..queries import presence
from ..queries.granted import BY_CONSENT, GROWN, ON_DUTY

State, Decision = Grant.State, GrantPart.State

NEXT = {
    State.DRAFT: {State.ASKED, State.GRANTED, State.AGREED},
    State.ASKED: {State.GAPS, State.AGREED, State.GRANTED, State.REFUSED, State.WITHDRAWN},
    State.GAPS: {State.ASKED, State.WITHDRAWN},
    State.AGREED: {State.GRANTED, State.WITHDRAWN},
    State.GRANTED: {State.SUSPENDED, State.ENDED},
    State.SUSPENDED: {State.GRANTED, State.ENDED},
    State.REFUSED: set(),
    State.WITHDRAWN: set(),
    State.ENDED: set(),
}
NEXT_OF_PART = {
    Decision.WAITING: {Decision.GAPS, Decision.AGREED, Decision.PROVIDED, Decision.REFUSED},
    Decision.GAPS: {Decision.WAITING},
    Decision.AGREED: {Decision.PROVIDED},
    Decision.PROVIDED: set(),
    Decision.REFUSED: set(),
}
ANSWER_DAYS = {Share.UNCONDITIONAL: 1, Share.CONDITIONAL: 10, Share.NOT_SHARED: 10}
EXTEND_AT_MOST = 10
PROVIDE_DAYS = 20
COMPLETE_DAYS = 10  # for the asking unit; of ours
LONGEST = timedelta(days=3 * 366)
OLDEST = 150


@dataclass(frozen=True)
class Wanted:
    """What an application says. `elements` maps a catalogue name to whether it is seen in full."""

    purpose: str
    basis: str
    scenario: str
    scope: str
    since: date
    until: date
    elements: Mapping[str, bool]
    filter: Mapping[str, Any] = field(default_factory=dict)
    method: str = Grant.Method.DESK
    confidential_basis: str = ""
    review_on: date | None = None


def answer_days(shares: Collection[str]) -> int:
    """How long an owner has for its part: the longest of its elements."""
    return max(ANSWER_DAYS[Share(share)] for share in shares)


def state_of(parts: Collection[str]) -> str:
    """What the decisions of all owners make of the application. What one owner refuses is left
    out; it is refused where all refuse, and used once all others have provided.
    """
    states = set(parts)
    for part, whole in (
        (Decision.GAPS, State.GAPS),
        (Decision.WAITING, State.ASKED),
        (Decision.AGREED, State.AGREED),
        (Decision.PROVIDED, State.GRANTED),
    ):
        if part in states:
            return whole
    return State.REFUSED


# --- who ------------------------------------------------------------------------------------------


def may_ask(by: Actor) -> bool:
    return by.role == "department_clerk"


def owns(by: Actor, owner: str) -> bool:
    """The city's department decides of its elements, whoever below asks for them."""
    return (
        by.role == "department_clerk"
        and by.department == owner
        and by.place == settings.SHANZHI_CITY
    )


def asks(by: Actor, grant: Grant) -> bool:
    """Is this a post of the unit that asks?"""
    return may_ask(by) and (by.department, by.place) == (grant.department_id, grant.place)


def check_may_ask(by: Actor) -> None:
    if not may_ask(by):
        raise Refused(_("Data are asked for by a department's post; switch to one."))


def check_asks(by: Actor, grant: Grant) -> None:
    if not asks(by, grant):
        raise Refused(_("Only the unit that asks can do this."))


def check_owns(by: Actor, part: GrantPart) -> None:
    if not owns(by, part.owner_id):
        raise Refused(_("Only the department that owns these elements decides of them."))


def check_watches(by: Actor, owners: Collection[str]) -> None:
    if by.role != "security_admin" and not any(owns(by, owner) for owner in owners):
        raise Refused(_("Only an owner of the elements or the security administrator can do this."))


def check_security(by: Actor) -> None:
    if by.role != "security_admin":
        raise Refused(_("Only the security administrator can do this."))


# --- the application ------------------------------------------------------------------------------


def check_wanted(wanted: Wanted, by: Actor, today: date) -> None:
    for name, text in (
        ("purpose", wanted.purpose), ("basis", wanted.basis), ("scenario", wanted.scenario),
    ):  # fmt: skip
        if len(text.strip()) < 2:
            raise Refused(_("Say what for, on what legal basis, and how it is used."), field=name)
    _check_elements(wanted.elements)
    _check_scope(wanted, by)
    _check_period(wanted, today)
    _check_silence(wanted, today)


def _check_elements(elements):
    if not elements:
        raise Refused(_("Choose at least one element of the catalogue."), field="elements")
    for code in sorted(elements):
        _check_restricted(code)
    unknown = sorted(code for code in elements if kinds.entry(code) is None)
    if unknown:
        raise Refused(
            _("The catalogue has no element %(names)s.") % {"names": ", ".join(unknown)},
            field="elements",
        )


def _check_restricted(code):
    section, _dot, name = code.partition(".")
    if section == "tag" and name in tags.KINDS:
        kind = tags.KINDS[name]
        raise Refused(
            _("“%(name)s” is not shared (%(law)s): only those the law names read it.")
            % {"name": kind.title, "law": kind.basis},
            field="elements",
        )


def _check_scope(wanted, by):
    if not divisions.exists(wanted.scope):
        raise Refused(_("Choose a division of this city."), field="scope")
    if not places.holds(by.place, wanted.scope):
        raise Refused(_("A unit asks for people of its own division only."), field="scope")
    chosen = wanted.filter
    if chosen.get("kind") not in Presence.Kind.values:
        raise Refused(
            _("Say whether they live, are registered, work or study there."), field="kind"
        )
    youngest, oldest = chosen.get("age_from"), chosen.get("age_to")
    for name, age in (("age_from", youngest), ("age_to", oldest)):
        if age is not None and not 0 <= age <= OLDEST:
            raise Refused(_("An age is between 0 and 150."), field=name)
    if youngest is not None and oldest is not None and youngest > oldest:
        raise Refused(_("The lower age comes first."), field="age_from")
    _check_children(wanted, chosen, youngest, oldest)


def _check_children(wanted, chosen, youngest, oldest):
    """Under 14 all data are sensitive: read on purpose only, by a law that makes it a duty, or of
    those whose guardian agreed.
    """
    reads = chosen.get("children", "")
    if reads not in ("", ON_DUTY, BY_CONSENT):
        raise Refused(_("Say whether children under 14 are read."), field="children")
    if not reads and oldest is not None and oldest < GROWN:
        raise Refused(
            _("These are children under 14: say so on purpose, and by which law."), field="children"
        )
    if reads and youngest is not None and youngest >= GROWN:
        raise Refused(
            _("Nobody of this age is under 14: leave the children out."), field="children"
        )
    if reads == BY_CONSENT:
        _check_consent(wanted, chosen.get("consent", ""))
    if reads == ON_DUTY and len(chosen.get("children_basis", "").strip()) < 4:
        raise Refused(
            _("Name the law that makes it your duty to read the data of children under 14."),
            field="children_basis",
        )


def _check_consent(wanted, code):
    """The purpose guardians agree to names what is read, in the ledger's own words."""
    purpose = Purpose.objects.filter(pk=code, open=True).first()
    if purpose is None:
        raise Refused(_("Choose the purpose that guardians are asked to agree to."),
                      field="consent")  # fmt: skip
    if beyond := sorted(set(wanted.elements) - set(purpose.elements)):
        raise Refused(
            _("Guardians agree to “%(purpose)s”, which does not name %(names)s.")
            % {"purpose": purpose.title, "names": "、".join(map(_title, beyond))},
            field="elements",
        )


def _title(code):
    entry = kinds.entry(code)
    return str(entry.element.title) if entry else code


def _check_period(wanted, today):
    if wanted.until < wanted.since:
        raise Refused(_("It ends before it begins."), field="until")
    if wanted.until < today:
        raise Refused(_("It would be over already."), field="until")
    if wanted.until - wanted.since > LONGEST:
        raise Refused(_("Three years at most; then ask again."), field="until")


def _check_silence(wanted, today):
    if bool(wanted.confidential_basis.strip()) != (wanted.review_on is not None):
        raise Refused(
            _("Silence towards residents needs both: the law, and the day it is looked at again."),
            field="review_on",
        )
    if wanted.review_on and not today < wanted.review_on <= today + timedelta(days=366):
        raise Refused(_("It is looked at again within a year."), field="review_on")


def check_state(grant: Grant, *states: str) -> None:
    if grant.state not in states:
        raise Refused(
            _("This is no longer possible: the application is “%(state)s”.")
            % {"state": grant.get_state_display()}
        )


def check_part(part: GrantPart, *states: str) -> None:
    if part.state not in states:
        raise Refused(
            _("This is no longer possible: this part is “%(state)s”.")
            % {"state": part.get_state_display()}
        )


# --- the owner's decision -------------------------------------------------------------------------


def check_gaps(part: GrantPart, gaps: Collection[str]) -> None:
    if part.gaps_at is not None:
        raise Refused(_("What is missing is told once, and all of it; decide now."))
    if not gaps:
        raise Refused(_("Name everything that is missing, a line each."), field="gaps")


def check_agree(part: GrantPart, shares: Collection[str], statute: str) -> None:
    if Share.NOT_SHARED in shares and not statute.strip():
        raise Refused(
            _("Some elements are not shared: name the law or State Council decision that opens "
              "them, or refuse."),
            field="statute",
        )  # fmt: skip


def check_full(wanted: Collection[str], given: Collection[str]) -> None:
    if set(given) - set(wanted):
        raise Refused(_("Nothing is given in full that was not asked for so."), field="full")


def check_refuse(shares: Collection[str], ground: str, reason: str) -> None:
    if set(shares) == {Share.UNCONDITIONAL}:
        raise Refused(
            _("What is shared unconditionally is not refused; say what is missing instead.")
        )
    if ground not in GrantPart.Ground.values:
        raise Refused(
            _("Choose a ground. That something is missing is none: ask for it."), field="ground"
        )
    if len(reason.strip()) < 4:
        raise Refused(_("Say why, so that the unit can act on it."), field="reason")


def check_extend(part: GrantPart, shares: Collection[str], days: int, approved: str) -> None:
    if set(shares) == {Share.UNCONDITIONAL}:
        raise Refused(_("The one working day for unconditional sharing cannot be lengthened."))
    if part.extended:
        raise Refused(_("This time limit was lengthened once; a second time is not possible."))
    if not 1 <= days <= EXTEND_AT_MOST:
        raise Refused(_("Ten working days at most can be added."), field="days")
    if not approved.strip():
        raise Refused(_("Say who approved it."), field="approved")


def check_reason(reason: str) -> None:
    if len(reason.strip()) < 4:
        raise Refused(_("Say why, so that the unit can act on it."), field="reason")


# --- reading --------------------------------------------------------------------------------------


def check_read(grant: Grant, by: Actor, method: str, at: datetime) -> None:
    """The unit itself, in the time and the way that was granted."""
    check_asks(by, grant)
    if grant.state == State.SUSPENDED:
        raise Refused(_("This grant is suspended: nothing can be read until it is resumed."))
    if grant.state != State.GRANTED:
        raise Refused(_("Nothing can be read: this application is not granted, or has ended."))
    today = localdate(at)
    if today < grant.since:
        raise Refused(_("This grant begins on a later day."))
    if today > grant.until:
        raise Refused(_("This grant is over; ask anew if it is still needed."))
    if grant.method not in (method, Grant.Method.BOTH):
        raise Refused(_("This grant does not allow this way of reading."))


def scope_of(grant: Grant, place: str) -> str:
    """The division that is read: the grant's, or within it the narrower one of a key."""
    if places.holds(place, grant.scope):
        return grant.scope
    if places.holds(grant.scope, place):
        return place
    raise Refused(_("The place of this key lies outside the grant."))


def check_within(grant: Grant, place: str) -> None:
    if not places.holds(grant.scope, place):
        raise Refused(_("The grant does not reach this division."), field="place")


def check_given(given: Collection[str], wanted: Collection[str]) -> None:
    """More than was granted is refused by name, not left out in silence."""
    beyond = sorted(set(wanted) - set(given))
    if beyond:
        raise Refused(
            _("The grant does not give %(names)s.") % {"names": ", ".join(beyond)},
            field="elements",
        )


def check_file(count: int, most: int) -> None:
    if count > most:
        raise Refused(
            _("A file holds %(most)s persons at most: choose one division, or the beginning of a "
              "name.") % {"most": most},
            field="place",
        )  # fmt: skip


def check_reveal(seen: bool, elements: Collection[str], reason: str) -> None:
    """Of a person the post sees by presence, named elements, for a reason."""
    if not seen:
        raise Refused(_("This person is not among those you may see."))
    known = [kinds.entry(code) for code in elements]
    if not elements or not all(known):
        raise Refused(_("Name what you need to see."))
    if len(reason.strip()) < 4:
        raise Refused(_("Say why you need to see it."), field="reason")


def present(person_id: int, place: str) -> bool:
    return presence.within(place).filter(person=person_id).exists()
