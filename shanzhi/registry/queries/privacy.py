"""The registers of the privacy law, read."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from shanzhi.kernel import places as codes
from shanzhi.kernel.acting import Actor

from ..models import Assessment, Consent, Incident, PrivacyNotice, Purpose


def notice_in_force(on: date) -> PrivacyNotice | None:
    rows = PrivacyNotice.objects.filter(in_force_from__lte=on)
    return rows.order_by("-in_force_from", "-version").first()


def privacy_notices() -> list[PrivacyNotice]:
    return list(PrivacyNotice.objects.order_by("-version"))


@dataclass(frozen=True)
class Ledger:
    """A purpose and what a person said to it last."""

    purpose: Purpose
    consent: Consent | None

    @property
    def given(self) -> bool:
        return self.consent is not None and self.consent.withdrawn_at is None


def consents(person_id: int) -> list[Ledger]:
    """Every purpose that is open or was agreed to, with the last line about it."""
    last: dict[str, Consent] = {}
    for each in Consent.objects.filter(person_id=person_id).order_by("id"):
        last[each.purpose_id] = each
    rows = Purpose.objects.order_by("code")
    return [Ledger(row, last.get(row.pk)) for row in rows if row.open or row.pk in last]


def consented(person_id: int, purpose: str) -> bool:
    return Consent.objects.filter(
        person_id=person_id, purpose_id=purpose, withdrawn_at=None
    ).exists()


def purposes() -> list[Purpose]:
    return list(Purpose.objects.order_by("-open", "code"))


def assessments(actor: Actor) -> QuerySet[Assessment]:
    """A department reads its own; the security post all of its place."""
    low, high = codes.span(actor.place)
    rows = Assessment.objects.filter(place__gte=low, place__lt=high)
    if actor.department:
        rows = rows.filter(department=actor.department)
    return rows.order_by("-made_on", "-id")


def incidents(actor: Actor) -> QuerySet[Incident]:
    low, high = codes.span(actor.place)
    return Incident.objects.filter(place__gte=low, place__lt=high).order_by("-id")
