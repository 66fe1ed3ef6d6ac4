"""What the registry holds of somebody, as far as certificates state it; behind its fence."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions
from shanzhi.registry import fence
from shanzhi.registry import queries as registry
from shanzhi.registry import rules as registry_rules
from shanzhi.registry.models import Person, Presence

from ..kinds import FACTS, Held, Line
from ..models import Entry

NOTHING_SAID: Mapping[int, str] = MappingProxyType({})


def find(by: Actor, text: str) -> list:
    """Residents of the actor's own community: by number, or by the beginning of a name."""
    with fence.within(by):
        return registry.find(by, text[:60])


def elements(entry: Entry) -> list[str]:
    """What is read of a person for it, by catalogue name."""
    read = {FACTS[code].element for code in entry.fields if code in FACTS}
    return sorted(read | {"person.name", "person.state"}) if entry.of_person else []


def purpose(entry: Entry) -> str:
    """As the read log tells it to whom it is about."""
    return f"出具证明：{entry.name}"


def held(by: Actor, person_id: int | None, codes: Iterable[str]) -> Held | None:
    """None of somebody whom the actor's post does not see in full."""
    if person_id is None:
        return None
    with fence.within(by):
        person = registry.person(by, person_id)
        if person is None or not registry_rules.may_see(by, person):
            return None
        return of_person(person, codes)


def of_person(person: Person, codes: Iterable[str]) -> Held:
    """Of somebody the caller may see, inside the fence that shows them."""
    home = registry.presence.of(person.pk, Presence.Kind.LIVING)
    values, disputed = _values(person, [code for code in codes if code in FACTS], home)
    alive = person.state != Person.State.DEAD
    return Held(person.pk, person.name, alive, bool(home), values, disputed)


def _values(person, codes, home):
    plain = [code for code in codes if not FACTS[code].claim]
    known = registry.values_of(person, plain)
    values = {code: each.value for code, each in known.items()}
    if "living.since" in codes and home:
        values["living.since"] = home[0].since.isoformat()
    if "household.relation" in codes and (member := registry.residents.membership(person)):
        values["household.relation"] = member.relation
    return values, frozenset(code for code, each in known.items() if each.disputed)


def lines(
    entry: Entry, held: Held | None, place: str, said: Mapping[int, str] = NOTHING_SAID
) -> list[Line]:
    """What it would state: the registry's word where it has one, else what is said."""
    return [
        _line(code, held, said.get(position, "").strip(), place)
        for position, code in enumerate(entry.fields)
    ]


def _line(code, held, said, place):
    fact = FACTS.get(code)
    if fact is None:
        return Line("", code, said)
    known = held.values.get(code, "") if held else _of_place(code, said, place)
    taken = known and not (fact.claim and said)
    value = known if taken else said
    return Line(code, "", value, known, bool(held and code in held.disputed))


def _of_place(code, said, place):
    """Of a matter: an estate of this name lies in the community."""
    known = code == "home.estate" and any(each.name == said for each in divisions.estates(place))
    return said if known else ""


def again(lines: Iterable[Line], held: Held | None, place: str) -> list[Line]:
    """The same lines beside what the registry holds now."""
    found = []
    for line in lines:
        known = ""
        if line.code:
            known = held.values.get(line.code, "") if held else _of_place(
                line.code, line.value, place)  # fmt: skip
        disputed = bool(held and line.code in held.disputed)
        found.append(Line(line.code, line.label, line.value, known, disputed))
    return found
