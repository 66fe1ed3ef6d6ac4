"""Certificates and refusals as pages and sheets show them: rows made once, masked by one rule."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import dateformat
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from django.utils.translation import pgettext, pgettext_lazy

from shanzhi.kernel import masking, sheets
from shanzhi.people.queries import account_names, cards
from shanzhi.places import queries as divisions
from shanzhi.registry.codelists import RELATION as RELATIONS

from . import rules
from .kinds import AGREES, DATE, DIFFERS, FACTS, RELATION, UNKNOWN, Line
from .models import Certificate, Edition, Entry, Refusal

State = Certificate.State
TONES = {
    State.REQUESTED: "orange", State.SEALED: "blue", State.ISSUED: "green", State.REFUSED: "red",
    State.REVOKED: "red",
}  # fmt: skip
VERDICTS = {
    AGREES: (t("The registry agrees"), "green", "circle-check"),
    UNKNOWN: (t("Not known to the registry"), "orange", "help-circle"),
    DIFFERS: (t("The registry says otherwise"), "red", "alert-circle"),
}
EXPIRED = pgettext_lazy("certificate", "Expired")
ON_THE_PHONE = t("taken on the phone")
UNLISTED = t("Not in the catalogue")
LANDLINE = re.compile(r"^(010|02\d|0[3-9]\d\d)(\d{7,8})$")


def unit_name(place: str) -> str:
    """In full, as under a letter: 常州市新北区三井街道天安社区居委会."""
    found = divisions.latest(place)
    above = divisions.path_names(place)[:-1]
    return "".join(above) + (found.name if found else place)


def duty_phone(place: str) -> str:
    """Where the community is called about a letter."""
    phone = next((card.phone for card in cards(place) if card.phone), "")
    return LANDLINE.sub(r"\1-\2", phone)


def written(day: date) -> str:
    """As Chinese letters have it: 2026年11月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def badge(row: Certificate, today: date) -> dict[str, Any]:
    if row.state in (State.SEALED, State.ISSUED) and rules.has_expired(row.valid_until, today):
        return {"text": str(EXPIRED), "tone": "grey"}
    return {"text": row.get_state_display(), "tone": TONES[row.state]}


# --- lines of a statement -------------------------------------------------------------------------


@dataclass(frozen=True)
class Stated:
    title: str
    value: str
    known: str  # what the registry says where it says something else
    verdict: str
    text: str
    tone: str
    icon: str
    position: int = 0


def stated(lines: Sequence[Line], full: bool = False) -> list[Stated]:
    return [_stated(position, line, full) for position, line in enumerate(lines)]


def _stated(position, line, full):
    text, tone, icon = VERDICTS[line.verdict]
    if line.disputed:
        text = t("Disputed in the registry")
    known = said(line.code, line.known, full) if line.verdict == DIFFERS else ""
    return Stated(
        rules.title(line), said(line.code, line.value, full), known, line.verdict, str(text), tone,
        icon, position,
    )  # fmt: skip


def said(code: str, value: str, full: bool = False) -> str:
    """A value in words; on the desk numbers are masked as everywhere."""
    fact = FACTS.get(code)
    if fact is None or not value:
        return value
    if fact.claim == RELATION:
        return RELATIONS.label(value)
    if fact.claim == DATE or code == "person.birth":
        return _day(value)
    return value if full or not fact.mask else masking.BY_KIND[fact.mask](value)


def _day(text):
    try:
        return written(date.fromisoformat(text))
    except ValueError:
        return text


# --- registers ------------------------------------------------------------------------------------


def rows(found: Iterable[Certificate], today: date) -> list[dict[str, Any]]:
    found = list(found)
    names = account_names({pk for each in found for pk in (each.asked_by, each.sealed_by) if pk})
    return [
        {
            "href": reverse("certificates:certificate", args=[each.pk]), "number": each.number,
            "title": each.entry.name, "unit": each.unit.name,
            "holder": each.holder or pgettext("certificate", "let go"), "purpose": each.purpose,
            "copies": each.copies, "on": each.on, "sealed": each.sealed_on,
            "until": each.valid_until, "badge": badge(each, today),
            "asked_by": names.get(each.asked_by, ""), "sealed_by": names.get(each.sealed_by, ""),
        }
        for each in found
    ]  # fmt: skip


HEADS = ("登记编号", "申请日期", "证明名称", "当事人", "用途", "要求单位", "份数", "状态", "经办人",
         "用印日期", "用印审批人", "有效期至", "备注")  # fmt: skip
REFUSAL_HEADS = ("告知单编号", "日期", "要求的证明", "要求单位", "用途", "经办人")


def csv(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    return sheets.lines([HEADS, *(
        (row["number"], row["on"], row["title"], row["holder"], row["purpose"], row["unit"],
         row["copies"], row["badge"]["text"], row["asked_by"], row["sealed"] or "",
         row["sealed_by"], row["until"] or "", row.get("reason", ""))
        for row in found
    )])  # fmt: skip


def letter(row: Refusal) -> dict[str, Any]:
    """What the sheet says beside the refusal itself."""
    return {"refusal": row, "unit": unit_name(row.place), "phone": duty_phone(row.place),
            "on": written(row.on)}  # fmt: skip


def refusal_rows(found: Iterable[Refusal]) -> list[dict[str, Any]]:
    found = list(found)
    names = account_names({each.by for each in found if each.by})
    return [
        {
            "href": reverse("certificates:refusal", args=[each.number]), "number": each.number,
            "title": each.title, "listed": each.entry_id is not None, "gap": each.gap,
            "unit": each.unit.name, "purpose": each.purpose, "on": each.on,
            "by": str(ON_THE_PHONE) if each.asker else names.get(each.by, ""),
            "holder": each.holder or "",
        }
        for each in found
    ]  # fmt: skip


def refusal_csv(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    return sheets.lines([REFUSAL_HEADS, *(
        (row["number"], row["on"], row["title"], row["unit"], row["purpose"], row["by"])
        for row in found
    )])  # fmt: skip


def timeline(row: Certificate) -> list[dict[str, Any]]:
    names = account_names({pk for pk in (row.asked_by, row.sealed_by, row.handed_by, row.ended_by)
                           if pk})  # fmt: skip
    steps = [
        (pgettext("certificate", "Requested"), row.asked_at, row.asked_by, ""),
        (pgettext("certificate", "Sealed"), row.sealed_at, row.sealed_by, row.vouched or ""),
        (pgettext("certificate", "Handed out"), row.handed_at, row.handed_by,
         _("to %(name)s") % {"name": row.receiver} if row.receiver else ""),
        (row.get_state_display(), row.ended_at, row.ended_by, row.reason),
    ]  # fmt: skip
    return [
        {"title": title, "at": moment(at), "who": names.get(who, ""), "text": text}
        for title, at, who, text in steps if at
    ]  # fmt: skip


def moment(at: datetime) -> str:
    local = localtime(at)
    return f"{dateformat.format(local, pgettext('date format', 'j M Y'))} {local:%H:%M}"


# --- the catalogue --------------------------------------------------------------------------------


def way_out(entry: Entry) -> list[tuple[str, str]]:
    """Who issues it, and what replaces it: what stands on the page and in the letter."""
    found = [
        (_("Who issues it"), entry.issuer), (_("Data check"), entry.data_check),
        (_("Written commitment"), entry.commitment), (_("Basis"), entry.basis),
    ]  # fmt: skip
    return [(title, text) for title, text in found if text]


def subject(entry: Entry) -> str:
    """What it is about: 居住情况证明 → 居住情况."""
    return entry.name.removesuffix("证明").removesuffix("说明")


def states(entry: Entry) -> list[str]:
    return [str(FACTS[code].title) if code in FACTS else code for code in entry.fields]


def edition_row(edition: Edition) -> dict[str, Any]:
    return {
        "id": edition.pk, "title": edition.title, "number": edition.number,
        "state": edition.get_state_display(), "place": divisions.name(edition.place),
    }  # fmt: skip
