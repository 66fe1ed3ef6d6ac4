"""How a request from the phone stands, as who sent it and the community see it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from shanzhi.kernel import masking
from shanzhi.people.queries import cards

from . import presenting, seals
from .models import Application, Certificate

State, Sealing = Application.State, Certificate.State
TONES = {
    State.SENT: "blue", State.INCOMPLETE: "orange", State.TAKEN: "blue", State.DECLINED: "red",
    State.WITHDRAWN: "grey",
}  # fmt: skip
TAKEN = {
    Sealing.REQUESTED: (pgettext_lazy("application", "Checked, with the secretary"), "blue"),
    Sealing.SEALED: (pgettext_lazy("application", "Ready"), "green"),
    Sealing.ISSUED: (pgettext_lazy("application", "Handed out"), "green"),
    Sealing.REFUSED: (pgettext_lazy("application", "Not issued"), "red"),
    Sealing.REVOKED: (pgettext_lazy("application", "Revoked"), "red"),
}


def badge(row: Application, today: date) -> dict[str, Any]:
    if row.certificate is None:
        return {"text": row.get_state_display(), "tone": TONES[row.state]}
    if (shown := presenting.badge(row.certificate, today))["tone"] == "grey":
        return shown
    text, tone = TAKEN[row.certificate.state]
    return {"text": str(text), "tone": tone}


def reason(row: Application) -> str:
    """Why there is none: the community's word, or the secretary's."""
    ended = row.certificate and row.certificate.state in (Sealing.REFUSED, Sealing.REVOKED)
    return row.certificate.reason if ended else row.reason or ""


def delivery(row: Application) -> str:
    """How it comes to who asked: "file", "desk", or "" as long as there is nothing."""
    if row.certificate is None or row.certificate.forgotten_on:
        return ""
    if row.certificate.state not in (Sealing.SEALED, Sealing.ISSUED):
        return ""
    if seals.is_electronic():
        return "file"
    return "desk" if row.certificate.state == Sealing.SEALED else ""


def own_rows(found: Iterable[Application], today: date) -> list[dict[str, Any]]:
    return [
        {
            "href": reverse("certificates:own", args=[each.pk]), "title": each.entry.name,
            "unit": each.unit, "on": each.on, "badge": badge(each, today),
        }
        for each in found
    ]  # fmt: skip


def desk_rows(found: Iterable[Application], today: date) -> list[dict[str, Any]]:
    return [
        {
            "href": reverse("certificates:application", args=[each.pk]), "title": each.entry.name,
            "unit": each.unit, "purpose": each.purpose, "copies": each.copies,
            "holder": masking.name(each.holder or "") or pgettext("certificate", "let go"),
            "at": presenting.moment(each.asked_at), "badge": badge(each, today),
        }
        for each in found
    ]  # fmt: skip


def timeline(row: Application) -> list[dict[str, Any]]:
    """No clerk is named to who asked: it is the community that answers."""
    made = row.certificate
    steps = [
        (_("Sent"), row.asked_at),
        (_("Checked against the registry"), made and made.asked_at),
        (pgettext("certificate", "Sealed"), made and made.sealed_at),
        (pgettext("certificate", "Handed out"), made and made.handed_at),
        (badge(row, row.on)["text"], row.ended_at or (made and made.ended_at)),
    ]
    return [{"title": title, "at": presenting.moment(at)} for title, at in steps if at]


def desk_of(place: str) -> list[tuple[str, str]]:
    """Whom to visit or to call: the cards of the community."""
    phone = presenting.duty_phone(place)
    hours = next((card.hours for card in cards(place) if card.hours), "")
    rows = [(_("Community"), presenting.unit_name(place)), (_("Phone"), phone),
            (_("Open"), hours)]  # fmt: skip
    return [(title, text) for title, text in rows if text]
