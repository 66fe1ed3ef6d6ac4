"""Homes: one row a door."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from .. import addresses, rules
from ..addresses import Address
from ..intake.homes import Home
from ..models import Dwelling, Source


@transaction.atomic
def find_dwelling(
    *, address: Address, source: Source, by: Actor, at: datetime, written: str = "",
    holding: str = "",
) -> Dwelling:  # fmt: skip
    """The dwelling behind a door, made where there is none yet."""
    address = addresses.spelled(address)
    rules.check_place(address.place)
    rules.check_may_write(by, address.place)
    door_hash = addresses.door_hash(address)
    if found := Dwelling.objects.filter(door_hash=door_hash).first():
        return found
    dwelling = _new(address, door_hash, source, at)
    dwelling.written, dwelling.holding = written.strip() or None, holding
    try:
        with transaction.atomic():
            dwelling.save(force_insert=True)
    except IntegrityError:  # somebody entered it this moment
        return Dwelling.objects.get(door_hash=door_hash)
    journal.record("registry.dwelling_added", about=f"registry.Dwelling:{dwelling.pk}", by=by,
                   at=at, place=dwelling.place)  # fmt: skip
    return dwelling


@transaction.atomic
def dwelling_of(*, home: Home, source: Source, by: Actor, at: datetime) -> Dwelling:
    """The dwelling of a row of a file, made where there is none yet."""
    rules.check_place(home.place)
    rules.check_may_write(by, home.place)
    if found := Dwelling.objects.filter(door_hash=home.key).first():
        return found
    dwelling = Dwelling.objects.create(
        place=home.place, estate_id=home.estate, road=home.road, building=home.building,
        door=home.door, door_hash=home.key, written=home.written or None, holding=home.holding,
        source=source, collected_on=localdate(at), valid_from=localdate(at), recorded_at=at,
    )  # fmt: skip
    journal.record("registry.dwelling_added", about=f"registry.Dwelling:{dwelling.pk}", by=by,
                   at=at, place=dwelling.place)  # fmt: skip
    return dwelling


def _new(address, door_hash, source, at):
    grid = divisions.grid_of(address.estate) if address.estate else None
    return Dwelling(
        place=grid if grid and grid.startswith(address.place) else address.place,
        estate=address.estate, road=address.road, building=address.building, door=address.door,
        door_hash=door_hash, source=source, collected_on=localdate(at),
        valid_from=localdate(at), recorded_at=at,
    )  # fmt: skip
