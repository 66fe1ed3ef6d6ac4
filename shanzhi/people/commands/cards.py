"""Contact cards of communities and grids."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused, identifiers
from shanzhi.kernel.acting import Actor

from .. import rules
from ..models import Card


@transaction.atomic
def set_card(
    *,
    place: str,
    kind: str,
    name: str,
    phone: str,
    unit: str = "",
    hours: str = "",
    photo: UUID | None = None,
    consent: bool = False,
    account_id: int | None = None,
    by: Actor,
    at: datetime,
) -> Card:
    """One card of a kind for a place; a photo needs the consent of who is on it."""
    card = Card.objects.select_for_update().filter(place=place, kind=kind).first()
    rules.check_card(place, kind, photo=photo, consent=consent, by=by)
    rules.check_name(name.strip())

    card = card or Card(place=place, kind=kind)
    card.name, card.unit, card.hours = name.strip(), unit.strip(), hours.strip()
    card.phone, card.account_id = identifiers.telephone(phone, service=True), account_id
    if photo != card.photo:
        card.photo, card.photo_consent_at = photo, at if photo else None
    card.save()

    shown = bool(card.photo)
    record("people.card_set", about=label(card), by=by, at=at, place=place, kind=kind, photo=shown)
    return card


@transaction.atomic
def remove_card(*, card: Card, by: Actor, at: datetime) -> None:
    found = Card.objects.select_for_update().filter(pk=card.pk).first()
    if found is None:
        raise Refused(_("This card is gone already."))
    rules.check_keeps_cards(found.place, by=by)
    about = label(found)
    found.delete()
    record("people.card_removed", about=about, by=by, at=at, place=card.place, kind=card.kind)
