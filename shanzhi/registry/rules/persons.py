"""Who may see and change persons, and what is never true of one."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.places import queries as divisions

from .. import kinds, spelling
from ..models import Dwelling, Person, Presence
from ..queries import presence

COMMUNITY = frozenset({"community_secretary", "community_worker", "grid_leader"})
FULL, STUB = "full", "stub"


def keeps_residents(actor: Actor) -> bool:
    """Levels above a community see numbers, not persons."""
    return actor.role in COMMUNITY and bool(actor.place)


def sight(actor: Actor, person: Person) -> str:
    """ "full", "stub" (registered here, lives elsewhere) or "" (does not exist for this actor)."""
    if not keeps_residents(actor):
        return ""
    kinds_here = set(
        presence.within(actor.place).filter(person=person).values_list("kind", flat=True)
    )
    if kinds_here - {Presence.Kind.REGISTERED}:
        return FULL
    if not kinds_here:
        return ""
    return STUB if lives_elsewhere(person.pk) else FULL


def lives_elsewhere(person_id: int) -> str:
    """The community a person lives in, asked about one whom the actor's own place has not."""
    return presence.living_community(person_id)


def may_see(actor: Actor, person: Person) -> bool:
    return sight(actor, person) == FULL


def may_write(by: Actor, place: str) -> bool:
    return by == SYSTEM or (keeps_residents(by) and by.covers(place))


def check_may_write(by: Actor, place: str) -> None:
    if not may_write(by, place):
        raise Refused(_("Only the community itself writes into its registry."))


def check_place(place: str) -> None:
    """Where a person can be: a community or grid that exists now."""
    if len(place) not in (12, 15) or not divisions.exists(place):
        raise Refused(_("Choose a community or grid of this city."), field="place")


def check_change(by: Actor, person: Person, section: kinds.Section, fields: Iterable[str]) -> None:
    """The community of the person, or the department that owns every one of the fields."""
    owners = {kinds.entry(f"{section.code}.{field}").owner for field in fields}
    if by == SYSTEM or (by.department and owners == {by.department}):
        return
    if by.role not in section.editors or not may_see(by, person):
        raise Refused(_("Only the community where the person lives changes this entry."))


def check_verify(by: Actor, person: Person, today: date) -> None:
    check_alive(person)
    if by != SYSTEM and not may_see(by, person):
        raise Refused(_("Only the community where the person lives changes this entry."))
    if person.verified_on == today:
        raise Refused(_("This was confirmed today already."))


def check_alive(person: Person) -> None:
    if person.merged_into_id:
        raise Refused(_("This entry was merged with another one; use that one."))
    if person.state == Person.State.DEAD:
        raise Refused(_("This person is entered as dead; correct that first."))


def in_this_city(place: str) -> bool:
    """A community or grid that has a registry here."""
    return len(place) in (12, 15) and place.startswith(settings.SHANZHI_CITY)


def check_entry(by: Actor, kind: int, place: str, since: date | None, today: date) -> None:
    """A presence may begin: the kind exists, the place is the actor's own, the day is not ahead."""
    if kind not in Presence.Kind.values:
        raise Refused(_("Choose one of the list."), field="kind")
    check_place(place)
    check_may_write(by, place)
    if since and since > today:
        raise Refused(_("This date lies in the future."), field="since")


def check_effective(effective: date | None, today: date) -> None:
    if effective and effective > today:
        raise Refused(_("This date lies in the future."), field="effective")


def check_person(values: dict[str, Any], today: date) -> None:
    """What the values of one person must be to each other."""
    number, document = values.get("identity"), values.get("document") or "111"
    if spelling.speaks(document, number):
        told = spelling.told_by_number(number)
        if values.get("birth") and values["birth"] != told["birth"]:
            raise Refused(
                _("The date of birth differs from the one in the identity number."), field="birth"
            )
        if values.get("sex") in ("1", "2") and values["sex"] != told["sex"]:
            raise Refused(_("The sex differs from the one in the identity number."), field="sex")
    died, born = values.get("died_on"), values.get("birth")
    if died and born and died < born:
        raise Refused(_("The death cannot be before the birth."), field="died_on")
    if died and values.get("state") != Person.State.DEAD:
        raise Refused(_("Only a dead person has a date of death."), field="died_on")


def check_move(
    person: Person, before: list[Presence], kind: int, where: str, dwelling: Dwelling | None,
    since: date,
) -> None:  # fmt: skip
    if kind == Presence.Kind.LIVING:
        elsewhere = presence.living_community(person.pk)
        if elsewhere and elsewhere != where[:12]:
            raise Refused(
                _("This person lives in %(place)s by the registry; ask it for a transfer.")
                % {"place": divisions.name(elsewhere)}
            )
    for each in before:
        if each.place == where and each.dwelling_id == (dwelling.pk if dwelling else None):
            raise Refused(_("This person is entered there already."), field="place")
        if kind == Presence.Kind.LIVING and since < each.since:
            raise Refused(
                _("The present entry begins on %(day)s; a later one cannot begin before it.")
                % {"day": each.since}, field="since",
            )  # fmt: skip


def check_leave(
    by: Actor, open_ones: list[Presence], kind: int, place: str, on: date, today: date
) -> None:
    if on > today:
        raise Refused(_("This date lies in the future."), field="on")
    ending = [each for each in open_ones if not place or each.place == place]
    if not ending:
        raise Refused(_("This person is not entered there."))
    for each in ending:
        check_may_write(by, each.place)
        if on < each.since:
            raise Refused(_("This is before the day on which the entry begins."), field="on")


def check_registration(by: Actor, person: Person, place: str, on: date, today: date) -> None:
    if by != SYSTEM and not sight(by, person):
        raise Refused(_("Only the community where the person lives changes this entry."))
    if on > today:
        raise Refused(_("This date lies in the future."), field="on")
    if not places.is_code(place):
        raise Refused(_("Choose a division of the list."), field="place")
    if place.startswith(settings.SHANZHI_CITY) and len(place) in (12, 15):
        check_place(place)
    if place == person.registered_place:
        raise Refused(_("This person is registered there already."), field="place")


def check_death(by: Actor, person: Person, on: date, today: date) -> None:
    if by != SYSTEM and not sight(by, person):
        raise Refused(_("Only the community where the person lives changes this entry."))
    if on > today:
        raise Refused(_("This date lies in the future."), field="on")
    if person.birth and on < person.birth:
        raise Refused(_("The death cannot be before the birth."), field="on")
