"""Answers taken from the registry, so that what is known is not asked again.

Only of a person the sender is bound to by proof, or whom a worker has before them; and what is sent
is what the registry holds at that moment, never what the browser says of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, asked, masking
from shanzhi.kernel.acting import Actor
from shanzhi.registry import fence, kinds, masks
from shanzhi.registry import queries as registry
from shanzhi.registry import rules as registry_rules

from . import answers
from .content import questions
from .models import Case, Item
from .shapes import FormField

NONE: Mapping[str, Any] = {}
PERSON, OWN, PROOF = "registry-person", "registry-own", "registry-proof"  # fields of the page
WRONG, RIGHT, FIND, WHO = "registry-wrong", "registry-right", "registry-find", "registry-who"
TAKE, OTHER = "registry-take", "other"  # OTHER: somebody the account does not speak for
SHOW = "registry-show"
BUTTONS = {WRONG, RIGHT, FIND, TAKE}


@dataclass(frozen=True)
class Filled:
    """One answer from the registry, and where the registry has it from."""

    key: str
    label: str
    element: str
    value: str
    shown: str
    source: str
    since: date | None
    disputed: bool

    @property
    def masked(self) -> bool:
        return self.shown != self.value


@dataclass(frozen=True)
class Subject:
    """Somebody for whom this account may send a form."""

    person_id: int
    name: str
    relation: str
    own: bool


def fields(item: Item) -> dict[str, FormField]:
    """The questions that name an element."""
    return {each.key: each for each in questions(item) if each.fills}


def subjects(by: Actor, on: date) -> list[Subject]:
    """Whom a resident may speak for in forms, themselves first."""
    if by.is_staff:
        return []
    found = [each for each in registry.bindings(by.account_id, on=on) if each.allows("fill")]
    if not found:
        return []
    with fence.within(by, persons=[each.person_id for each in found]):
        people = [(each, registry.person_of(each.person_id)) for each in found]
    return [
        Subject(person.pk, person.name, each.get_relation_display(), each.relation == "self")
        for each, person in people
        if person is not None
    ]


def applicant(by: Actor, on: date) -> dict[str, str]:
    """Name and community of a bound resident, as the registry has them."""
    found = next((each for each in subjects(by, on) if each.own), None)
    if found is None:
        return {}
    with fence.within(by, persons=[found.person_id]):
        places = registry.places_of(registry.person_of(found.person_id))
    return {"name": found.name, "place": places[0] if places else ""}


def taken_over(item: Item, content: Mapping[str, Any], by: Actor, on: date) -> dict[str, str]:
    """Name of the person a form was just filled for; phone and community where none is there."""
    person_id = person_of(item, content["person"], by, on)
    if person_id is None:
        return {}
    with fence.within(by, persons=None if by.is_staff else [person_id]):
        person = registry.person(by, person_id) if by.is_staff else registry.person_of(person_id)
        if person is None:
            return {}
        places = registry.places_of(person)
    found = {"name": person.name}
    if not content["phone"] and by.is_staff:
        found["phone"] = masking.phone(person.phone or "")
    if not content["place"] and places:
        found["place"] = places[0]
    return found


def phone(item: Item, person_id: int | None, typed: str, by: Actor) -> str:
    """A worker sees the registry's number masked; left so, it is the number that is meant."""
    if not by.is_staff or person_id is None or "*" not in typed or not fields(item):
        return typed
    with fence.within(by):
        person = registry.person(by, person_id)
    known = (person and person.phone) or ""
    return known if known and masking.phone(known) == typed else typed


def look_up(by: Actor, text: str) -> list[Any]:
    """Residents of the worker's own community: by number, or by the beginning of the name."""
    with fence.within(by):
        return registry.find(by, text[:60])


def person_of(item: Item, chosen: str, by: Actor, on: date) -> int | None:
    """The person a form is about: the one chosen, if the sender may, else the sender."""
    if not fields(item):
        return None
    if by.is_staff:
        return asked.key(chosen)
    known = [] if chosen == OTHER else subjects(by, on)
    for each in known:
        if str(each.person_id) == chosen or (not chosen and each.own):
            return each.person_id
    return None


def known(
    item: Item, person_id: int | None, by: Actor, on: date, *, full: bool = False
) -> dict[str, Filled]:
    """What the registry answers, by question; {} where it does not know or may not say. It is
    shown as in my data: in full only after a code of the phone, and to a worker never.
    """
    questions = fields(item)
    if person_id is None or not questions:
        return {}
    values = _values(person_id, [each.fills for each in questions.values()], by, on)
    found = {}
    for key, each in questions.items():
        held = values.get(each.fills)
        if held and _fits(each, held.value, on):
            found[key] = Filled(
                key, each.label, each.fills, held.value, _shown(each, held.value, by, full),
                held.source, held.since, held.disputed,
            )  # fmt: skip
    return found


def _shown(question, value, by, full):
    if by.is_staff and (mask := masking.BY_KIND.get(question.type)):
        return mask(value)
    return masks.to_owner(kinds.entry(question.fills), value, full and not by.is_staff)


def _values(person_id, elements, by, on):
    if by.is_staff:
        with fence.within(by):
            person = registry.person(by, person_id)
            if person is None or not registry_rules.may_see(by, person):
                return NONE
            return registry.values_of(person, elements)
    with fence.within(by, persons=[person_id]):
        return registry.known_values(by.account_id, elements, person_id=person_id, on=on)


def _fits(question, value, on):
    """A value that the form would refuse, such as a code that is no option, is asked for."""
    try:
        answers.clean([question], {question.key: value}, today=on)
    except answers.Invalid:
        return False
    return True


def taken(
    item: Item, person_id: int | None, own: list[str], by: Actor, on: date, *, full: bool = False
) -> dict[str, Filled]:
    """What a form is sent with: all that is known, but for what the sender says is wrong."""
    found = known(item, person_id, by, on, full=full)
    return {key: each for key, each in found.items() if key not in own}


def held(case: Case, by: Actor, *, full: bool = False) -> dict[str, Filled]:
    """What a case took from the registry when it was sent, shown as it may be seen now."""
    questions, given = fields(case.item), case.answers | case.sealed | {"identity": case.identity}
    return {
        row.key: Filled(
            row.key, questions[row.key].label, row.element, given[row.key],
            _shown(questions[row.key], given[row.key], by, full), row.source, None, False,
        )
        for row in case.fillings.all() if row.key in questions and given.get(row.key)
    }  # fmt: skip


def check_proof(item: Item, person_id: int | None, proof: str, by: Actor) -> None:
    """A worker fills for somebody only with the person and their card before them."""
    if by.is_staff and person_id is not None and fields(item) and not proof:
        raise Refused(_("Look at the resident's identity document first."), field=PROOF)


def own_keys(item: Item, post: Any) -> list[str]:
    """The questions the sender answers themselves, after the buttons that were pressed."""
    known_keys = set(fields(item))
    keys = {key for key in post.getlist(OWN) if key in known_keys}
    keys |= {post.get(WRONG, "")} & known_keys
    return sorted(keys - {post.get(RIGHT, "")})
