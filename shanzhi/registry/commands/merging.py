"""Two entries become one person, and that is taken back exactly."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.kernel import crypto
from shanzhi.kernel.acting import Actor

from .. import kinds, merging, owning, rules, steps, versions
from ..models import Conflict, LinkPair, Merge, NotSame, Person, PersonKey
from ..queries import conflicts, presence
from . import ledger as ledgers
from . import merging_rows as rows
from .conflicts import settle_conflict
from .ledger import Ledger


@transaction.atomic
def merge(
    *, kept: Person, other: Person, choices: Mapping[str, str], by: Actor, at: datetime
) -> Merge:
    """`other` is given up and `kept` has all that hung on it. `choices` says of an element (or of
    "living", "household") whether the value of "kept" or of "other" holds; what it does not name
    is as merging.choices proposes.
    """
    found = rows.locked(kept.pk, other.pk)
    kept, other = found[kept.pk], found[other.pk]
    rules.linking.check_merge(by, kept, other)
    rules.linking.check_choices(choices, merging.choices(kept, other))
    chosen, today = merging.chosen(kept, other, choices), localdate(at)
    rules.check_person(merging.resulting(kept, other, chosen), today)
    place = presence.place_of(kept.pk, by.place) or by.place

    made = Merge(kept=kept, given_up=other, place=place, made_at=at, made_by=by.account_id,
                 made_post=by.post_id)  # fmt: skip
    made.save(force_insert=True)
    ledger = Ledger()
    rows.move_memberships(ledger, kept, other, chosen, today)
    rows.move_presences(ledger, kept, other, chosen)
    rows.move_owned(ledger, kept, other)
    taken = rows.take_sections(ledger, kept, other, chosen, at)
    taken = _take_person(ledger, kept, other, chosen, at) + taken
    rows.carry(ledger, kept)
    rows.end_of_the_dead(ledger, kept, today)
    number = kept.identity_hash
    rows.empty(ledger, kept, other)
    _forget_difference(ledger, kept, other)
    rows.settle_pairs(ledger, made, at)
    _settle_conflict(ledger, number, made, by, at)
    _seal(made, ledger, taken)
    steps.record("registry.merged", kept, by=by, at=at, place=place, given_up=other.pk,
                 merge=made.pk, fields=taken)  # fmt: skip
    return made


def _take_person(ledger, kept, other, chosen, at):
    disputed = sorted({*kept.disputed, *other.disputed})
    ledger.update(kept, disputed=disputed, batch=None)
    return rows.take_values(ledger, kinds.SECTIONS["person"], kept, other, chosen, at)


def _forget_difference(ledger, kept, other):
    low, high = sorted((kept.pk, other.pk))
    for said in NotSame.objects.filter(low=low, high=high):
        ledger.drop(said)


def _settle_conflict(ledger, number, made, by, at):
    """Where these two were the last holders of one number, their conflict is over."""
    if number is None or len({person for person, _place in conflicts.holders(number)}) > 1:
        return
    for conflict in Conflict.objects.filter(number_hash=number, settled_at=None):
        if {made.kept_id, made.given_up_id} <= set(conflict.persons):
            before = ledgers.frozen(conflict)
            settled = settle_conflict(
                conflict=conflict, outcome=Conflict.Outcome.MERGED, by=by, at=at
            )
            ledger.note(settled, before)


def _seal(made, ledger, taken):
    before = versions.open_key(made.kept_id)
    key = before or versions.make_key(made.kept_id)
    if before is None:
        ledger.note(PersonKey.objects.get(pk=made.kept_id), None)
    made.sealed = crypto.seal_under(key, ledger.dump(), context=_context(made))
    made.taken = taken
    made.save(update_fields=["sealed", "taken"])


def _context(made):
    return f"registry_merge:{made.pk}"


@transaction.atomic
def undo_merge(*, merge: Merge, by: Actor, at: datetime) -> Merge:
    """Both entries are as they were; refused where something of it was changed since."""
    found = rows.locked(merge.kept_id, merge.given_up_id)
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    kept = found[merge.kept_id]
    later = Merge.objects.filter(kept=kept, pk__gt=merge.pk, undone_at=None).exists()
    rules.linking.check_undo(by, merge, kept, later)
    ledger = ledgers.load(_opened(merge))
    rules.linking.check_unchanged(_named(ledgers.different(ledger)))

    ledgers.take_back(ledger)
    merge.sealed = None
    merge.undone_at, merge.undone_by, merge.undone_post = at, by.account_id, by.post_id
    merge.save(update_fields=["sealed", "undone_at", "undone_by", "undone_post"])
    steps.record("registry.merge_undone", kept, by=by, at=at, place=merge.place,
                 given_up=merge.given_up_id, merge=merge.pk)  # fmt: skip
    return merge


def _opened(merge: Merge) -> bytes:
    key = versions.open_key(merge.kept_id) if merge.sealed else None
    rules.linking.check_opens(key)
    return crypto.unseal_under(key or b"", merge.sealed, context=_context(merge))


def _named(changed: list[tuple[type[Any], list[str]]]) -> list[str]:
    """In the words of the catalogue, without telling any value."""
    named = []
    sections = {section.model: section for section in kinds.SECTIONS.values()}
    for model, columns in changed:
        if model in (LinkPair, PersonKey):
            continue
        section = sections.get(model)
        names = {*columns, *(each.removesuffix("_id") for each in columns)}
        titles = [str(each.title) for each in section.elements if each.field in names] \
            if section else []  # fmt: skip
        owned = owning.OWNED.get(model)
        fallback = (
            section.title
            if section
            else owned.title
            if owned
            else rows.TITLES.get(model, model.__name__)
        )
        named += titles or [str(fallback)]
    return named
