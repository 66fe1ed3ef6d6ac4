"""How two entries become one, row by row; the steps of commands/merging.py."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection, models
from django.db.models import Max
from django.utils.translation import gettext_lazy as t

from .. import kinds, merging, owning, rules, spelling, versions
from ..models import Household, LinkPair, Membership, Merge, Person, PersonKey, Presence, Version
from .ledger import Ledger, frozen

OTHER = rules.linking.OTHER
Choices = Mapping[str, str]
ADOPTED = "batch"  # what a person decided is no longer the import's, which may be undone as a whole
TITLES = {Presence: t("Where the person is present"), Membership: t("Household"),
          Version: t("History")}  # fmt: skip
LIVING, REGISTERED = Presence.Kind.LIVING, Presence.Kind.REGISTERED


def locked(*ids: int) -> dict[int, Person]:
    """Households first, then persons, each by key; and both are seen until the end."""
    admit(*ids)
    members = Membership.objects.filter(person_id__in=ids, until=None)
    homes = Household.objects.filter(pk__in=members.values("household_id"))
    list(homes.select_for_update().order_by("pk").values_list("pk"))
    rows = Person.objects.select_for_update().filter(pk__in=ids).order_by("pk")
    return {row.pk: row for row in rows}


def admit(*ids: int) -> None:
    """What this transaction writes about, it may read, wherever the rows lie."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('shanzhi.person', concat_ws(',',"
            " nullif(current_setting('shanzhi.person', true), ''), %s::text), true)",
            [",".join(map(str, ids))],
        )


# --- values ---------------------------------------------------------------------------------------


def take_values(
    ledger: Ledger, section: kinds.Section, row: Any, other: Any, choices: Choices, at: datetime
) -> list[str]:
    """Into `row` what was chosen from `other`; the names of what changed."""
    values = {
        name: getattr(other, field.attname)
        for name, field in versions.columns(section).items()
        if choices.get(f"{section.code}.{name}") == OTHER
    }
    before, last = frozen(row), _last_version()
    key = PersonKey.objects.filter(pk=_person_id(row)).exists()
    changed = versions.state(row, section, values, effective=None, source_id=other.source_id, at=at)
    row.collected_on = _later(row.collected_on, other.collected_on)
    row.verified_on = _later(row.verified_on, other.verified_on)
    told = {name: getattr(row, name) for name in changed}
    hashes = spelling.hashes(section, told)
    for name, value in hashes.items():
        setattr(row, name, value)
    row.save(update_fields=[*changed, *hashes, "source", "collected_on", "verified_on",
                            *versions.TIMES])  # fmt: skip
    ledger.note(row, before)
    for version in Version.objects.filter(person_id=_person_id(row), pk__gt=last).order_by("pk"):
        ledger.note(version, None)
    if not key and (made := PersonKey.objects.filter(pk=_person_id(row)).first()):
        ledger.note(made, None)
    return [f"{section.code}.{name}" for name in changed]


def _last_version():
    return Version.objects.aggregate(last=Max("pk"))["last"] or 0


def _person_id(row):
    return row.pk if isinstance(row, Person) else row.person_id


def _later(one: date | None, other: date | None) -> date | None:
    return max(filter(None, (one, other)), default=None)


def take_sections(
    ledger: Ledger, kept: Person, other: Person, choices: Choices, at: datetime
) -> list[str]:
    """Records of a person: one alone goes along, of two the chosen values stay."""
    taken: list[str] = []
    for section in merging.records():
        row, given_up = (versions.current_row(each.pk, section) for each in (kept, other))
        if given_up is None:
            continue
        if row is None:
            _move(ledger, given_up, kept)
            taken += [f"{section.code}.{each.field}" for each in section.elements]
        else:
            taken += take_values(ledger, section, row, given_up, choices, at)
            ledger.drop(given_up)
    return taken


# --- where they are -------------------------------------------------------------------------------


def move_presences(ledger: Ledger, kept: Person, other: Person, choices: Choices) -> None:
    """All go along; of two that exclude each other, the chosen one holds."""
    held = list(Presence.objects.filter(person=kept, until=None).order_by("pk"))
    wins = {LIVING: choices.get("living") == OTHER,
            REGISTERED: choices.get("person.registered_place") == OTHER}  # fmt: skip
    for row in Presence.objects.filter(person=other).order_by("pk"):
        rival = None if row.until else _rival(row, held)
        if rival is None:
            _move(ledger, row, kept)
        elif wins.get(row.kind):
            _give_way(ledger, rival, row)
            _move(ledger, row, kept)
        elif _give_way(ledger, row, rival):
            _move(ledger, row, kept)


def _rival(row, held):
    for each in held:
        alone = row.kind in (LIVING, REGISTERED)
        if each.kind == row.kind and (alone or each.place == row.place):
            return each
    return None


def _give_way(ledger, row, winner) -> bool:
    """The row ended where the winner begins; one that says the same, or began later, goes."""
    same = (row.place, row.dwelling_id) == (winner.place, winner.dwelling_id)
    if same or row.since >= winner.since:
        if same and row.since < winner.since:
            ledger.update(winner, since=row.since)
        ledger.drop(row)
        return False
    ledger.update(row, until=winner.since)
    return True


def carry(ledger: Ledger, kept: Person) -> None:
    """Presences repeat the name, the birth and the sex as they are now."""
    for row in Presence.objects.filter(person=kept).order_by("pk"):
        if (row.name, row.birth, row.sex) != (kept.name, kept.birth, kept.sex):
            ledger.update(row, name=kept.name, birth=kept.birth, sex=kept.sex)


def end_of_the_dead(ledger: Ledger, kept: Person, today: date) -> None:
    """Where one entry knew of the death, the other's presences end with it."""
    if kept.state != Person.State.DEAD:
        return
    for model in (Membership, Presence):
        for row in model.objects.filter(person=kept, until=None).order_by("pk"):
            ledger.update(row, until=max(row.since, kept.died_on or today))


def move_memberships(
    ledger: Ledger, kept: Person, other: Person, choices: Choices, today: date
) -> None:
    held = Membership.objects.filter(person=kept, until=None).first()
    left = []
    for row in Membership.objects.filter(person=other).order_by("pk"):
        if row.until or held is None:
            _move(ledger, row, kept)
            continue
        loser, winner = (held, row) if choices.get("household") == OTHER else (row, held)
        left.append(loser.household_id)
        if loser.household_id == winner.household_id or loser.since >= winner.since:
            ledger.drop(loser)
        else:
            ledger.update(loser, until=winner.since)
            _move(ledger, loser, kept)
        if winner is row:
            _move(ledger, row, kept)
    _end_empty(ledger, left, today)


def _end_empty(ledger, households, today):
    for household in Household.objects.filter(pk__in=households, ended_on=None).order_by("pk"):
        if not household.members.filter(until=None).exists():
            ledger.update(household, ended_on=today)


def move_owned(ledger: Ledger, kept: Person, other: Person) -> None:
    """Whatever else hangs on a person, of this area and of those above."""
    for owned in owning.OWNED.values():
        held = owned.rows(kept.pk)
        for row in owned.rows(other.pk):
            if owned.left_out(row, held):
                ledger.drop(row)
            else:
                _move(ledger, row, kept, owned.column)


def _move(ledger, row, kept, column="person_id"):
    adopted = {ADOPTED: None} if getattr(row, ADOPTED, None) is not None else {}
    ledger.update(row, **{column: kept.pk}, **adopted)


# --- the entry that is given up -------------------------------------------------------------------


def empty(ledger: Ledger, kept: Person, other: Person) -> None:
    """Nothing of it is left but that it was: the values are in the snapshot, under `kept`'s key."""
    section = kinds.SECTIONS["person"]
    blank: dict[str, Any] = {
        name: None if column.null else column.get_default()
        for name, column in versions.columns(section).items()
    }
    hashes = spelling.hashes(section, dict.fromkeys(blank))
    blank |= {**hashes, "name": "", "disputed": [], "batch": None, "merged_into_id": kept.pk}
    ledger.update(other, **blank)
    if key := PersonKey.objects.filter(pk=other.pk).first():
        ledger.drop(key)


def settle_pairs(ledger: Ledger, merge: Merge, at: datetime) -> None:
    """Of all pairs the given-up entry was in, the one of these two was decided by this."""
    ids, state = {merge.kept_id, merge.given_up_id}, LinkPair.State
    of_other = models.Q(first=merge.given_up_id) | models.Q(second=merge.given_up_id)
    for pair in LinkPair.objects.select_for_update().filter(of_other).order_by("pk"):
        both = {pair.first, pair.second} == ids
        if both or pair.state in (state.OPEN, state.LATER):
            ledger.update(
                pair, state=state.SAME if both else state.GONE, merge_id=merge.pk, decided_at=at,
                decided_by=merge.made_by, decided_post=merge.made_post,
            )  # fmt: skip
