"""Service items: drafting, publishing as a new version, retiring, importing."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor

from .. import catalogue, rules
from ..models import Category, Item


def _about(item: Item) -> str:
    return f"cases.Item:{item.pk}"


@transaction.atomic
def save_item(*, code: str, values: dict[str, Any], by: Actor, at: datetime) -> Item:
    """Write the draft of an item; begins a new version where there is none in work.

    `values` holds columns by name; shapes of the JSON ones are in cases/shapes.py.
    """
    rules.check_may_edit_items(by, values.get("department", ""))
    values = catalogue.checked(values)
    item = Item.objects.select_for_update().filter(code=code, state=Item.State.DRAFT).first()
    if item is None:
        last = Item.objects.filter(code=code).aggregate(last=Max("version"))["last"] or 0
        item = Item(code=code, version=last + 1)
    for name, value in values.items():
        setattr(item, name, value)
    item.save()
    record(
        "cases.item_saved",
        about=_about(item),
        by=by,
        at=at,
        place="",
        item=code,
        version=item.version,
    )
    return item


@transaction.atomic
def publish_item(*, item: Item, by: Actor, at: datetime) -> Item:
    """Put a draft in force. The version before stays for the cases sent under it."""
    versions = list(Item.objects.select_for_update().filter(code=item.code).order_by("pk"))
    item = next(each for each in versions if each.pk == item.pk)
    rules.check_may_edit_items(by, item.department)
    catalogue.check_publishable(item)

    Item.objects.filter(code=item.code, state=Item.State.PUBLISHED).update(state=Item.State.RETIRED)
    item.state, item.published_at = Item.State.PUBLISHED, at
    item.save(update_fields=["state", "published_at"])

    record(
        "cases.item_published",
        about=_about(item),
        by=by,
        at=at,
        place="",
        item=item.code,
        version=item.version,
    )
    return item


@transaction.atomic
def retire_item(*, item: Item, by: Actor, at: datetime) -> Item:
    """No longer offered; open cases go on under it."""
    item = Item.objects.select_for_update().get(pk=item.pk)
    rules.check_may_edit_items(by, item.department)
    rules.check_retirable(item)

    item.state = Item.State.RETIRED
    item.save(update_fields=["state"])

    record(
        "cases.item_retired",
        about=_about(item),
        by=by,
        at=at,
        place="",
        item=item.code,
        version=item.version,
    )
    return item


@transaction.atomic
def import_items(
    *, rows: list[dict[str, Any]], publish: bool, by: Actor, at: datetime
) -> list[Item]:
    """Take over items from a file, all or none; Refused names the row that does not fit."""
    rules.check_may_import(by)
    known = dict(Item.objects.values_list("code").annotate(last=Max("version")))
    drafts = set(Item.objects.filter(state=Item.State.DRAFT).values_list("code", flat=True))
    items = [_imported(n, row, known, drafts) for n, row in enumerate(rows, start=1)]
    if publish:
        codes = [item.code for item in items]
        Item.objects.filter(code__in=codes, state=Item.State.PUBLISHED).update(
            state=Item.State.RETIRED
        )
        for item in items:
            item.state, item.published_at = Item.State.PUBLISHED, at
    items = Item.objects.bulk_create(items)
    record(
        "cases.items_imported",
        about="cases.Item:",
        by=by,
        at=at,
        place="",
        count=len(items),
        published=publish,
    )
    return items


def _imported(number, row, known, drafts):
    code, values = rules.checked_row(number, row, drafts)
    version = known[code] = known.get(code, 0) + 1
    drafts.add(code)
    return Item(code=code, version=version, **values)


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
