"""Follows mergers, splits and moves of divisions in the journal: whom something asks goes along,
and so do clean-ups, lists, plaques and what communities say of systems."""

from collections.abc import Sequence
from datetime import date

from django.utils.timezone import localdate

from shanzhi.journal.kinds import EntryRow
from shanzhi.kernel.acting import SYSTEM

from . import commands
from .following import Change, change_of
from .kinds import SCOPED
from .models import Campaign
from .queries.following import existed, touched


def follow(entries: list[EntryRow]) -> None:
    found = [(change, entry.at) for entry in entries if (change := change_of(entry, existed))]
    if not found:
        return
    _hold([change for change, _at in found], localdate(found[-1][1]))
    for change, at in found:
        commands.follow_divisions(change=change, by=SYSTEM, at=at)
        commands.follow_campaigns(change=change, by=SYSTEM, at=at)
        commands.follow_lists(change=change, by=SYSTEM, at=at)
        commands.follow_walls(change=change, by=SYSTEM, at=at)
        commands.follow_uses(change=change, by=SYSTEM, at=at)


def _hold(changes: Sequence[Change], today: date) -> None:
    """All that any of them touches, before the first is written, in the order of every command:
    clean-ups, what is asked through the gate, demands (docs/gate.md). What the second change
    touches only since the first was made, the first has touched as well."""
    places = {code for change in changes for code in change.pairs}
    _lock(Campaign.objects.filter(place__in=places))
    for scoped in reversed(SCOPED.values()):  # the areas above before those below
        found = {pk for each in changes
                 for pk in touched(scoped, each, today).values_list("pk", flat=True)}  # fmt: skip
        _lock(scoped.model.objects.filter(pk__in=found))


def _lock(rows):
    list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk"))
