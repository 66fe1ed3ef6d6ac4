"""Service items: drafting, publishing as a new version, retiring, importing."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from shanzhi.journal.commands import record
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from .. import catalogue, importing, memory, rules
from ..models import Category, Item

TURN = "SELECT pg_advisory_xact_lock(hashtext('shanzhi.items'), hashtext(current_schema()))"


def _take_turn() -> None:
    """Items are changed one after the other: a new one has no row to lock, and changes are rare."""
    with connection.cursor() as cursor:
        cursor.execute(TURN)
    memory.forget()
    transaction.on_commit(memory.forget)


def _versions(code: str) -> list[Item]:
    """All versions of an item, locked."""
    _take_turn()
    return list(Item.objects.select_for_update().filter(code=code).order_by("pk"))


def _record(verb: str, item: Item, by: Actor, at: datetime) -> None:
    # about the item, not one version: its history is read at once
    record(
        verb, about=f"cases.Item:{item.code}", by=by, at=at, place="",
        item=item.code, version=item.version,
    )  # fmt: skip


@transaction.atomic
def save_item(
    *, code: str, values: dict[str, Any], by: Actor, at: datetime, stamp: str | None = None
) -> Item:
    """Write the draft of an item; begins a new version where there is none in work.

    `values` holds columns by name; shapes of the JSON ones are in cases/shapes.py. `stamp` is that
    of the version the editor has seen (catalogue.stamp), so that nobody writes over another.
    """
    versions = _versions(code)
    base = catalogue.base(versions)
    named = {values.get("department", "")} | ({base.department} if base else set())
    rules.check_may_edit_items(by, *named)
    rules.check_code(code)
    rules.check_unchanged(base, stamp)
    values = catalogue.checked(values)
    rules.check_departments(values)

    if base is None or base.state != Item.State.DRAFT:
        last = max((each.version for each in versions), default=0)
        base = Item(code=code, version=last + 1)
    for name, value in values.items():
        setattr(base, name, value)
    base.save(update_fields=None if base._state.adding else sorted(values))
    _record("cases.item_saved", base, by, at)
    return base


@transaction.atomic
def publish_item(*, item: Item, by: Actor, at: datetime, stamp: str | None = None) -> Item:
    """Put a draft in force. The version before stays for the cases sent under it."""
    item = _held(item)
    rules.check_may_edit_items(by, item.department)
    rules.check_unchanged(item, stamp)
    catalogue.check_publishable(item)

    Item.objects.filter(code=item.code, state=Item.State.PUBLISHED).update(state=Item.State.RETIRED)
    item.state, item.published_at = Item.State.PUBLISHED, at
    item.save(update_fields=["state", "published_at"])

    _record("cases.item_published", item, by, at)
    return item


def _held(item):
    """The version as it is now, locked."""
    found = next((each for each in _versions(item.code) if each.pk == item.pk), None)
    rules.check_still_there(found)
    return found


@transaction.atomic
def retire_item(*, item: Item, by: Actor, at: datetime) -> Item:
    """No longer offered; open cases go on under it."""
    item = _held(item)
    rules.check_may_edit_items(by, item.department)
    rules.check_retirable(item)

    item.state = Item.State.RETIRED
    item.save(update_fields=["state"])

    _record("cases.item_retired", item, by, at)
    return item


@transaction.atomic
def discard_item(*, item: Item, by: Actor, at: datetime) -> None:
    """Drop a draft; the version in force stays as it is."""
    item = _held(item)
    rules.check_may_edit_items(by, item.department)
    rules.check_discardable(item)

    _record("cases.item_discarded", item, by, at)
    Item.objects.filter(pk=item.pk).delete()


@transaction.atomic
def import_items(
    *, rows: list[dict[str, Any]], publish: bool, by: Actor, at: datetime
) -> list[Item]:
    """Take over items from a file, all or none; Refused names the row that does not fit.

    What is the same as before stays the version it is. The items as they then are, by row.
    """
    _take_turn()
    rules.check_may_import(by)
    planned = importing.plan(rows, publish=publish)
    if refused := next((each for each in planned if each.outcome == "refused"), None):
        raise Refused(refused.sentence)

    made = _make([each for each in planned if each.outcome != "same"], publish, at)
    for item in made:
        _record("cases.item_imported", item, by, at)
    record(
        "cases.items_imported", about="cases.Item:", by=by, at=at, place="",
        count=len(made), published=publish,
    )  # fmt: skip
    fresh = {item.code: item for item in made}
    return [fresh.get(each.code) or each.item for each in planned]


def _make(planned, publish, at):
    items = [Item(code=each.code, version=each.version, **each.values) for each in planned]
    if publish:
        in_force = Item.objects.filter(state=Item.State.PUBLISHED)
        in_force.filter(code__in=[item.code for item in items]).update(state=Item.State.RETIRED)
        for item in items:
            item.state, item.published_at = Item.State.PUBLISHED, at
    return Item.objects.bulk_create(items)


@transaction.atomic
def load_categories(*, rows: list[tuple[str, str, str]], by: Actor, at: datetime) -> int:
    """The tree of what residents write about: two digits a level, in order of first appearance."""
    seen: dict[tuple[str, ...], str] = {}
    for row in rows:
        for depth in (1, 2, 3):
            path = tuple(row[:depth])
            if path not in seen:
                siblings = sum(1 for known in seen if known[:-1] == path[:-1])
                seen[path] = seen.get(path[:-1], "") + f"{siblings + 1:02d}"
    Category.objects.bulk_create(
        [Category(code=c, name=p[-1], path=" / ".join(p)) for p, c in seen.items()],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "path"],
    )
    record(
        "cases.categories_loaded", about="cases.Category:", by=by, at=at, place="", count=len(seen)
    )
    return len(seen)
