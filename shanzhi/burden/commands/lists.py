"""Editions of the three lists: drafted from a file, published, confirmed entry by entry."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from .. import succession
from ..kinds import ListRow
from ..models import Edition, ListEntry
from ..queries.lists import in_draft
from ..rules import lists as rules

State = Edition.State  # other areas' editions have the same three


@transaction.atomic
def draft_edition(
    *, kind: str, place: str, title: str, rows: Sequence[ListRow], by: Actor, at: datetime
) -> Edition:
    """Nobody is bound by it yet; a draft that was there is replaced."""
    rules.check_draft(by, place, kind, rows)
    known = Edition.objects.filter(kind=kind, place=place)
    held(known)
    known.filter(state=State.DRAFT).delete()
    last = known.aggregate(last=Max("number"))["last"] or 0
    edition = Edition.objects.create(
        kind=kind, place=place, number=last + 1, title=title, made_at=at
    )
    ListEntry.objects.bulk_create(
        ListEntry(edition=edition, position=position, **row.values)
        for position, row in enumerate(rows)
    )
    _record("burden.list_drafted", edition, by, at, entries=len(rows))
    return edition


@transaction.atomic
def publish_edition(*, edition: Edition, on: date, by: Actor, at: datetime) -> Edition:
    edition, before = put_in_force(edition, on, by)
    succession.answered(edition, at)
    _record("burden.list_published", edition, by, at, replaces=before and before.number)
    return edition


def held(rows: QuerySet[Any]) -> dict[int, Any]:
    """The editions of one list in one place, locked: who drafts, publishes and confirms at once
    comes one after the other."""
    return {each.pk: each for each in rows.select_for_update().order_by("pk")}


def put_in_force(edition: Any, on: date, by: Actor) -> tuple[Any, Any | None]:
    """The edition and the one it replaces, if any: inside the commands of all lists that come in
    editions.
    """
    editions = held(edition.of_its_list())
    edition = editions[edition.pk]
    before = next((each for each in editions.values() if each.state == State.IN_FORCE), None)
    rules.check_publish(edition, before, on, by)
    if before:
        before.state = State.RETIRED
        before.save(update_fields=["state"])
    edition.state, edition.in_force_from = State.IN_FORCE, on
    edition.save(update_fields=["state", "in_force_from"])
    return edition, before


@transaction.atomic
def discard_edition(*, edition: Edition, by: Actor, at: datetime) -> None:
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    rules.check_discard(edition, by)
    _record("burden.list_discarded", edition, by, at)
    edition.delete()


@transaction.atomic
def confirm_entry(*, entry: ListEntry, clause: str, by: Actor, at: datetime) -> ListEntry:
    """The city stands for the clause: from now on the entry may refuse and be agreed on."""
    held(entry.edition.of_its_list())
    rows = ListEntry.objects.select_for_update(of=("self",)).select_related("edition")
    entry = rows.get(pk=entry.pk)
    rules.check_confirm(entry, clause, by)
    drafts = stand_for(entry, "clause", clause.strip(), ("title", "text"))
    _record("burden.entry_confirmed", entry.edition, by, at, code=entry.code, drafts=drafts)
    return entry


def stand_for(entry: Any, column: str, said: str, words: Sequence[str]) -> int:
    """Confirmed; and so in how many drafts that wait, which say the same and quote nothing else.
    Inside the commands of all lists that come in editions, while these are held."""
    draft = in_draft(entry)
    same = draft and all(getattr(draft, name) == getattr(entry, name) for name in words)
    kept = ("", said, getattr(entry, column))
    found = [draft] if same and getattr(draft, column) in kept else []
    for each in (entry, *found):
        setattr(each, column, said)
        each.confirmed = True
        each.save(update_fields=[column, "confirmed"])
    return len(found)


def _record(verb, edition, by, at, **data):
    record(verb, about=label(edition), by=by, at=at, place=edition.place, kind=edition.kind,
           number=edition.number, **data)  # fmt: skip
