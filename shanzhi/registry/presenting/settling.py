"""Transfers and conflicts as plain rows for pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.kernel import masking, places
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from .. import queries
from ..models import Conflict, Death, Transfer
from . import persons as presenting

TONES = {
    Transfer.State.ASKED: "orange", Transfer.State.DONE: "green",
    Transfer.State.OBJECTED: "red", Transfer.State.WITHDRAWN: "grey",
}  # fmt: skip


@dataclass(frozen=True)
class Holders:
    """A conflict as one community sees it: its own entries, and where the others are."""

    id: int
    ids: list[int]
    entries: list[dict[str, Any]]
    elsewhere: str
    compare: str
    since: str


def conflict(actor: Actor, row: Conflict, compare: str) -> Holders:
    mine = queries.conflicts.holders_here(actor, row)
    others = [code for code in row.communities if code and not places.holds(code, actor.place)]
    entries = [
        {
            "href": reverse("registry:person", args=[each.pk]), "name": each.name,
            "edit": reverse("registry:edit_person", args=[each.pk, "person"]),
            "about": presenting.about(each.sex, each.birth, localdate(row.opened_at)),
            "identity": masking.identity(each.identity or ""),
        }
        for each in mine
    ]  # fmt: skip
    pair = reverse("registry:link_pair", args=[m.pk for m in mine]) if _pair(mine, compare) else ""
    return Holders(
        row.pk, [each.pk for each in mine], entries,
        _(", ").join(divisions.name(code) for code in others), pair,
        presenting.on(localdate(row.opened_at)),
    )  # fmt: skip


def _pair(mine, compare):
    return bool(compare) and len(mine) == 2


def transfer_rows(actor: Actor, rows: Iterable[Transfer]) -> list[dict[str, Any]]:
    rows = list(rows)
    names = divisions.names(
        {each.from_place for each in rows} | {each.to_place[:12] for each in rows}
    )
    return [
        {
            "href": reverse("registry:transfer", args=[each.pk]), "name": each.name,
            "from": names.get(each.from_place, ""), "to": names.get(each.to_place[:12], ""),
            "state": str(each.get_state_display()), "tone": TONES[each.state],
            "asked": presenting.on(localdate(each.asked_at)),
            "due": presenting.on(localdate(each.due_at)) if each.state == "asked" else "",
        }
        for each in rows
    ]  # fmt: skip


def _address(row):
    """For the new community; the old one does not see its doors."""
    homes = queries.residents.dwellings_of([row.dwelling_id])
    return presenting.address(homes.get(row.dwelling_id))


def transfer(actor: Actor, row: Transfer) -> dict[str, Any]:
    """One of them, with what this actor can answer."""
    asked = row.state == Transfer.State.ASKED
    return {
        "transfer": row, "row": transfer_rows(actor, [row])[0],
        "since": presenting.on(row.since),
        "may_answer": asked and places.holds(actor.place, row.from_place),
        "may_withdraw": asked and places.holds(actor.place, row.to_place),
        "person": queries.person(actor, row.person_id),
        "address": _address(row),
    }  # fmt: skip


def deaths(rows: Iterable[Death], names: dict[int, str]) -> list[dict[str, str]]:
    return [
        {
            "href": reverse("registry:death", args=[row.pk]), "name": names[row.person_id],
            "on": presenting.on(row.on), "entered": presenting.on(localdate(row.entered_at)),
        }
        for row in rows if row.person_id in names
    ]  # fmt: skip
