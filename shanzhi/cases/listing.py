"""The list every post and resident opens, as one plain statement: it is composed in no time."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from shanzhi.kernel.paging import Page, decode, page

COLUMNS = (
    "id", "number", "title", "item__name", "item__code", "state", "place", "location", "name",
    "lead_place", "lead_department", "channel", "submitted_at", "accepted_at", "promised_due_at",
    "provisional", "replied_at",
)  # fmt: skip
CHOSEN = ", ".join(
    f"item.{name[6:]}" if name.startswith("item__") else f"one.{name}" for name in COLUMNS
)


def latest(where: Sequence[str], values: Mapping[str, Any], cursor: str, size: int) -> Page:
    """Cases (`one`) with their items (`item`) for which all of `where` holds, the latest first."""
    values = {**values, "most": size + 1}
    if key := decode(cursor, int):
        where, values = [*where, "one.id < %(before)s"], values | {"before": key[0]}
    with connection.cursor() as found:
        found.execute(
            f"""
            SELECT {CHOSEN} FROM cases_case AS one JOIN cases_item AS item ON item.id = one.item_id
            WHERE {" AND ".join(where)} ORDER BY one.id DESC LIMIT %(most)s
            """,
            values,
        )
        rows = [dict(zip(COLUMNS, row, strict=True)) for row in found.fetchall()]
    return page(rows, size=size, key=lambda row: (row["id"],))
