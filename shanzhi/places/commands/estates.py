from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from .. import edition, rules
from ..models import Estate

FIELDS = ("name", "place", "address", "longitude", "latitude", "buildings", "households")


@transaction.atomic
def add_estate(
    *,
    name: str,
    place: str,
    by: Actor,
    at: datetime,
    address: str = "",
    longitude: float | None = None,
    latitude: float | None = None,
    buildings: int = 0,
    households: int = 0,
) -> Estate:
    """A new estate in a community, or in one of its grids. The point is CGCS2000."""
    edition.take()
    name = name.strip()
    rules.check_may_draw(by, place)
    rules.check_estate(name=name, place=place, longitude=longitude, latitude=latitude, but=None)

    estate = Estate.objects.create(
        name=name,
        place=place,
        address=address.strip(),
        longitude=longitude,
        latitude=latitude,
        buildings=buildings,
        households=households,
    )

    record("places.estate_added", about=label(estate), by=by, at=at, place=place)
    return estate


@transaction.atomic
def change_estate(
    *,
    estate: Estate,
    name: str,
    place: str,
    by: Actor,
    at: datetime,
    address: str = "",
    longitude: float | None = None,
    latitude: float | None = None,
    buildings: int = 0,
    households: int = 0,
) -> Estate:
    edition.take()
    estate = Estate.objects.select_for_update().get(pk=estate.pk)
    name = name.strip()
    rules.check_may_draw(by, estate.place)
    rules.check_may_draw(by, place)
    rules.check_estate(
        name=name, place=place, longitude=longitude, latitude=latitude, but=estate.pk
    )

    new = (name, place, address.strip(), longitude, latitude, buildings, households)
    changed = [field for field, value in zip(FIELDS, new, strict=True)
               if getattr(estate, field) != value]  # fmt: skip
    for field, value in zip(FIELDS, new, strict=True):
        setattr(estate, field, value)
    estate.save(update_fields=changed)

    record("places.estate_changed", about=label(estate), by=by, at=at, place=place, fields=changed)
    return estate


@transaction.atomic
def delete_estate(*, estate: Estate, by: Actor, at: datetime) -> None:
    """One that was entered by mistake. Areas above protect an estate to which something belongs."""
    edition.take()
    estate = Estate.objects.select_for_update().get(pk=estate.pk)
    rules.check_may_draw(by, estate.place)

    about = label(estate)
    try:
        estate.delete()
    except ProtectedError:
        raise Refused(_("Dwellings are recorded in this estate; move them first.")) from None

    record("places.estate_deleted", about=about, by=by, at=at, place=estate.place, name=estate.name)
