"""When an account may be bound, what a binding allows, and who decides corrections."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.kernel.workdays import years_before
from shanzhi.people.models import Account

from .. import kinds, queries, spelling
from ..models import Binding, BindingRequest, ChangeRequest, Person, Relation

SCOPES = {
    "read": _("See the data"),
    "fill": _("Fill forms with it"),
    "correct": _("Ask for corrections"),
    "copy": _("Get a copy"),
}
ALL = frozenset(SCOPES)
SHOWING = frozenset({"correct", "copy"})
CHECKERS = frozenset({"community_secretary", "community_worker"})
CODE_LIVES = timedelta(minutes=10)
CODE_TRIES = 5
CHILD, MINOR = 14, queries.rights.MINOR  # years
PROXY_YEARS = 1  # a named proxy is asked anew every year
RELATIVE_DAYS = 90


def binding_days() -> int:
    """How long a proof holds at most; then it is looked at again."""
    return settings.SHANZHI_BINDING_DAYS


def notice_days() -> int:
    """How long before the end whoever is bound is told."""
    return settings.SHANZHI_BINDING_NOTICE_DAYS


def comes_of_age(binding: Binding) -> date | None:
    """The day on which the child of a guardian does, if that is what ends the binding."""
    birth = binding.person.birth
    if binding.relation != Relation.GUARDIAN or birth is None:
        return None
    day = queries.years_after(birth, MINOR)
    return day if day <= binding.until else None


def check_allows(binding: Binding | None, what: str) -> None:
    if binding is None:
        raise Refused(_("Your account is not bound to this person, or no longer."))
    if not binding.allows(what):
        raise Refused(
            _("You were named as a proxy, but not for this: “%(what)s”.")
            % {"what": SCOPES.get(what, what)}
        )


# --- binding --------------------------------------------------------------------------------------


def check_bind(
    account: Account, person: Person, *, relation: str, scope: list[str], until: date, at: datetime
) -> None:
    on = localdate(at)
    if account.phone_hash is None or not account.is_active:
        raise Refused(_("This account has no proved phone number; sign in on the phone first."))
    if relation not in Relation.values:
        raise Refused(_("Choose who the account is to the person."), field="relation")
    _check_relation(person, relation, on)
    over = last_day(person, relation, on)
    if not on < until <= over:
        raise Refused(
            _("Choose a last day from %(first)s to %(last)s.")
            % {"first": date_format(on), "last": date_format(over - timedelta(days=1))},
            field="until",
        )
    if relation == Relation.PROXY:
        check_scope(scope)


def check_scope(scope: Sequence[str]) -> None:
    """What a proxy is named for; a copy and a correction show what they are about."""
    if not scope or not set(scope) <= ALL:
        raise Refused(_("Choose what the proxy may do."), field="scope")
    if set(scope) & SHOWING and "read" not in scope:
        raise Refused(
            _("Whoever gets a copy or asks for corrections sees the data: choose that as well."),
            field="scope",
        )


def _check_relation(person, relation, on):
    dead = person.state == Person.State.DEAD
    if relation == Relation.RELATIVE and not dead:
        raise Refused(_("This way is only for close relatives of someone who died."))
    if relation != Relation.RELATIVE and dead:
        raise Refused(_("This person has died; only close relatives may ask to see the data."))
    if relation == Relation.GUARDIAN and person.birth is None:
        raise Refused(_("Enter the date of birth first: only a minor has a guardian here."))
    if relation == Relation.GUARDIAN and not is_younger(person, MINOR, on):
        raise Refused(_("This person is of age: a proxy can be named instead."), field="relation")
    if relation == Relation.PROXY and is_younger(person, MINOR, on):
        raise Refused(
            _("Guardians speak for a minor; only people of age name a proxy."), field="relation"
        )
    if relation == Relation.SELF and is_younger(person, CHILD, on):
        raise Refused(_("A child under 14 is bound through a guardian."), field="relation")


def is_younger(person: Person, years: int, on: date) -> bool:
    return person.birth is not None and person.birth > years_before(on, years)


def last_day(person: Person, relation: str, on: date) -> date:
    """First day no longer: by the setting, the coming of age, or the kind of proxy."""
    longest = on + timedelta(days=binding_days())
    if relation == Relation.GUARDIAN and person.birth:
        return min(longest, queries.years_after(person.birth, MINOR))
    if relation == Relation.PROXY:
        return min(longest, queries.years_after(on, PROXY_YEARS))
    if relation == Relation.RELATIVE:
        return on + timedelta(days=RELATIVE_DAYS)
    return longest


def check_may_bind(by: Actor, person: Person) -> None:
    """At the counter of a community in which the person is present, of the dead the one that
    entered the death; or by the system's proofs.
    """
    if by is SYSTEM:
        return
    places = queries.places_of(person) or queries.deaths.places_of(person)
    if by.role not in CHECKERS or not any(by.covers(place) for place in places):
        raise Refused(_("Only the person's own community binds accounts."))


def check_code(request: BindingRequest | None, at: datetime) -> None:
    if request is None or request.state != BindingRequest.State.WAITING:
        raise Refused(
            _("This is not the code on the resident's phone, or it is over."), field="code"
        )
    if request.asked_at + CODE_LIVES <= at or request.tries >= CODE_TRIES:
        raise Refused(_("This code is no longer valid; show a new one."), field="code")


def check_request_open(request: BindingRequest) -> None:
    if request.state != BindingRequest.State.WAITING:
        raise Refused(_("This request has been answered already."))


def check_end(binding: Binding, by: Actor, person: Person | None, on: date) -> None:
    if binding.ended_at is not None:
        raise Refused(_("This binding has ended already."))
    own = by.account_id == binding.account_id or (
        person is not None and queries.speaks_for_self(by.account_id, person.pk, on=on)
    )
    if by is not SYSTEM and not own:
        if person is None:
            raise Refused(_("Only the person's own community binds accounts."))
        check_may_bind(by, person)
    if own and by.account_id != binding.account_id and binding.relation == Relation.GUARDIAN:
        raise Refused(_("A guardian is one until you are of age; your community can end it."))


# --- corrections ----------------------------------------------------------------------------------

DECIDERS = CHECKERS | {
    "subdistrict_clerk", "district_clerk", "city_clerk", "department_clerk",
}  # fmt: skip


def check_may_ask(person: Person, by: Actor, on: date) -> None:
    """The resident who is bound, or staff of a community in which the person is present."""
    if by is SYSTEM:
        return
    if by.is_staff:
        if not any(by.covers(place) for place in queries.places_of(person)):
            raise Refused(_("This person is not present in your area."))
        return
    check_allows(queries.binding_for(by.account_id, person.pk, on=on), "correct")


def check_ask(entry: kinds.Entry | None, person: Person, reason: str) -> None:
    if entry is None or entry.element.field in NEVER:
        raise Refused(_("This cannot be corrected here; ask your community."), field="element")
    if not 2 <= len(reason.strip()) <= 500:
        raise Refused(_("Say in a few words what is wrong."), field="reason")
    if queries.open_change(person.pk, entry.code) is not None:
        raise Refused(_("This is being checked already; please wait for the answer."))


NEVER = {"dwelling", "state", "longitude", "latitude", "ended_on"}  # follow from other steps


def check_value(person: Person, entry: kinds.Entry, text: str, on: date) -> Any:
    """The value as its column keeps it, or Refused."""
    field = entry.element.field
    if not (text or "").strip():
        raise Refused(_("Enter the right value."), field="value")
    try:
        return spelling.clean(entry.section, {field: text}, today=on, document=person.document)[
            field
        ]
    except Refused as refusal:
        raise Refused(refusal.sentence, field="value") from None


def check_decide(request: ChangeRequest, by: Actor, *, accept: bool, answer: str) -> None:
    if request.state != ChangeRequest.State.WAITING:
        raise Refused(_("This request has been answered already."))
    if by is not SYSTEM and not decides(request, by):
        raise Refused(_("The department that owns this value decides."))
    if not accept and not answer.strip():
        raise Refused(_("Give the reason; the resident reads it."), field="answer")


def decides(request: ChangeRequest, by: Actor) -> bool:
    """The unit that owns the value; a community's grid leader does not."""
    return by.role in DECIDERS and queries.is_of_unit(request, by)


def check_withdraw(request: ChangeRequest, by: Actor) -> None:
    if request.state != ChangeRequest.State.WAITING:
        raise Refused(_("This request has been answered already."))
    if request.asked_by != by.account_id:
        raise Refused(_("Only who asked can take the request back."))


# --- deletion -------------------------------------------------------------------------------------

# What someone gives of their own accord, and no duty needs (article 47, first and third item).
VOLUNTARY = frozenset({"person.other_phone", "person.employer"})


def keeps(entry: kinds.Entry) -> str:
    """Why an element is not deleted on request: the law it rests on; "" where it may go."""
    return "" if entry.code in VOLUNTARY or not entry.element.basis else entry.element.basis


def check_erase(binding: Binding | None) -> None:
    """Oneself, and a guardian for a child; nobody else deletes."""
    if binding is None or binding.relation not in (Relation.SELF, Relation.GUARDIAN):
        raise Refused(_("Only the person themselves, or a guardian, asks for deletion."))
