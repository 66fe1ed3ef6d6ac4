"""Where a person lives, works, studies and is registered, from-to."""

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.kernel.acting import Actor

from .. import rules, steps
from ..models import Death, Dwelling, Person, Presence
from ..queries import presence
from .rights_ends import end_with_death, go_on_after_death

LIVING, REGISTERED = Presence.Kind.LIVING, Presence.Kind.REGISTERED


@transaction.atomic
def move_in(
    *,
    person: Person,
    dwelling: Dwelling | None,
    place: str = "",
    since: date,
    kind: int = LIVING,
    by: Actor,
    at: datetime,
) -> Presence:
    """Into a dwelling of the actor's place (or to a place whose dwelling is not known). Who lives
    in another community comes by transfer.
    """
    person = steps.locked(person)
    where, today = dwelling.place if dwelling else place, localdate(at)
    rules.check_alive(person)
    rules.check_entry(by, kind, where, since, today)
    before = presence.of(person.pk, kind)
    rules.check_move(person, before, kind, where, dwelling, since)

    if kind == LIVING and before:
        steps.leave(person, since, LIVING)
    pk = steps.enter(
        person, kind, where, since=since, dwelling_id=dwelling.pk if dwelling else None
    )
    if person.state == Person.State.GONE:
        steps.set_state(person, Person.State.ALIVE, since, at)
    steps.record("registry.moved_in", person, by=by, at=at, place=where, kind=int(kind),
                 since=since)  # fmt: skip
    return Presence.objects.get(pk=pk)


@transaction.atomic
def move_out(
    *, person: Person, on: date, kind: int = LIVING, by: Actor, at: datetime, place: str = ""
) -> int:
    """End a presence (of several workplaces, the one at `place`). Who leaves home leaves the
    household, too; whom no division sees any longer has moved away. Answers how many ended.
    """
    person = steps.locked(person)
    rules.check_leave(by, presence.of(person.pk, kind), kind, place, on, localdate(at))
    if not presence.anywhere(person.pk, kind, place):  # first: the fence hides who has left
        steps.set_state(person, Person.State.GONE, on, at)
    if kind == LIVING:
        steps.leave_household(person, on)
    ended = steps.leave(person, on, kind, place)
    steps.record("registry.moved_out", person, by=by, at=at, place=by.place, kind=int(kind), on=on)
    return ended


@transaction.atomic
def register(*, person: Person, place: str, on: date, by: Actor, at: datetime) -> Person:
    """The household register is moved to a division, of this city or elsewhere. A community of this
    city sees from then on a stub of who lives elsewhere.
    """
    person = steps.locked(person)
    rules.check_alive(person)
    rules.check_registration(by, person, place, on, localdate(at))
    steps.state(person, {"registered_place": place}, on, at)
    steps.leave(person, on, REGISTERED)
    if rules.in_this_city(place):
        steps.enter(person, REGISTERED, place, since=on)
    steps.record("registry.registered", person, by=by, at=at, to=place, on=on)
    return person


@transaction.atomic
def die(*, person: Person, on: date, by: Actor, at: datetime) -> Person:
    """Presences and the membership end with the day of death, and who was bound; history stays."""
    place = by.place
    person = steps.locked(person)
    rules.check_alive(person)
    rules.check_death(by, person, on, localdate(at))
    steps.state(person, {"state": Person.State.DEAD, "died_on": on}, on, at)
    presences, membership = steps.end_all(person, on)
    Death.objects.create(
        person=person, place=place or settings.SHANZHI_CITY, on=on, presences=presences,
        membership=membership, entered_at=at, entered_by=by.account_id,
    )  # fmt: skip
    end_with_death(person, place, by, at)
    steps.record("registry.died", person, by=by, at=at, place=place, on=on)
    return person


@transaction.atomic
def undo_death(*, death: Death, reason: str, by: Actor, at: datetime) -> Death:
    """It was entered wrongly: the person lives, and what the death ended goes on as if it had not
    been, in every community. A household that is gone or has another head is not gone back into.
    """
    death = Death.objects.select_for_update().get(pk=death.pk)
    person = steps.locked(death.person)
    rules.deaths.check_undo(by, death, person, reason)

    steps.state(person, {"state": Person.State.ALIVE, "died_on": None}, death.on, at)
    _presences, member = steps.begin_again(person, death.presences, death.membership)
    steps.compare_holders(person.identity_hash, at)
    go_on_after_death(person, death.entered_at, death.place, by, at)
    death.undone_at, death.undone_by, death.reason = at, by.account_id, reason.strip()
    death.save(update_fields=["undone_at", "undone_by", "reason"])
    steps.record("registry.death_undone", person, by=by, at=at, place=death.place,
                 household=member is not None or death.membership is None)  # fmt: skip
    return death
