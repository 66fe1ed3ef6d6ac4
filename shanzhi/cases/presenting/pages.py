"""What the pages of cases are made of: rows formatted once, so that templates only lay them out."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from shanzhi.files import queries as files
from shanzhi.journal.labels import label
from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Post
from shanzhi.people.queries import account_names, unit_name
from shanzhi.places import queries as places
from shanzhi.work.calendar import calendar
from shanzhi.work.models import Clock, Pause
from shanzhi.work.queries import open_clocks, remaining

from .. import addresses, hanging, numbers, queries, rules
from ..models import Case, Item, Reply
from ..routing import Unit
from ..steps import second_line
from . import actions, progress
from .answers import answer_rows, with_files
from .progress import ANSWERED
from .words import amount, dates, lead_name

S = Case.State
TONES = {
    S.SUBMITTED: "blue",
    S.CORRECTING: "orange",
    S.ACCEPTED: "teal",
    S.HANDLING: "orange",
    S.SUSPENDED: "grey",
    S.DECIDED: "teal",
    S.REPLIED: "green",
    S.DELIVERED: "green",
    S.NOT_ACCEPTED: "red",
}


def badge(state: str) -> dict[str, str]:
    return _badge(state, get_language())


@lru_cache(100)
def _badge(state: str, language: str | None) -> dict[str, str]:
    return {"text": str(S(state).label), "tone": TONES.get(state, "grey")}


def _left(row, at, known):
    """What remains until the promised answer; None where no clock runs."""
    if row["state"] not in (*rules.IN_HAND, S.DECIDED, S.SUSPENDED) or not row["promised_due_at"]:
        return None
    return remaining(row["promised_due_at"], at, known, paused=row["state"] == S.SUSPENDED)


def card(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A case on a resident's page, from a row of queries.COLUMNS."""
    left = _left(row, at, calendar(at))
    return {
        "title": row["title"],
        "href": addresses.of("cases:own", row["number"]),
        "number": numbers.spoken(row["number"]),
        "item": row["item__name"],
        "badge": badge(row["state"]),
        "left": left,
        "provisional": row["provisional"],
        "steps": progress.four_steps(row),
    }


def list_rows(rows: Iterable[Mapping[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """Lines of the desk's list."""
    known, write, language = calendar(at), dates(), get_language()
    return [
        {
            "href": addresses.of("cases:case", row["number"]),
            "number": numbers.spoken(row["number"]),
            "title": row["title"],
            "detail": second_line(row["title"], row["item__name"], row["location"]),
            "person": masking.name(row["name"]),
            "unit": unit_name(row["lead_place"], row["lead_department"]),
            "badge": _badge(row["state"], language),
            "submitted": write(row["submitted_at"]),
            "left": _left(row, at, known),
        }
        for row in rows
    ]


def state_chips(wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    """Filters over the list, each a link that keeps the others."""
    states = [("", _("All")), ("open", _("Open"))]
    states += [(state, S(state).label) for state in (S.SUBMITTED, S.HANDLING, S.SUSPENDED,
                                                     S.REPLIED, S.CLOSED)]  # fmt: skip
    kept = {name: wanted[name] for name in NARROWING if wanted.get(name)}
    return [
        {
            "label": str(label),
            "href": "?" + urlencode({"state": code} | kept),
            "active": code == wanted.get("state", ""),
        }
        for code, label in states
    ]


NARROWING = ("item", "place")


def chosen(wanted: Mapping[str, str]) -> dict[str, str]:
    """What the list is narrowed to, by name."""
    codes = {name: [wanted[name]] if wanted.get(name) else [] for name in NARROWING}
    names = queries.item_names(codes["item"]) if codes["item"] else {}
    names |= places.names(codes["place"])
    return {name: names.get(code, code) for name, each in codes.items() for code in each}


def choices(actor: Actor) -> dict[str, list[tuple[str, str]]]:
    """To what it can be narrowed: items, and the divisions right below the post's place."""
    below = [(each.code, each.short_name) for each in places.children(actor.place)]
    return {"item": queries.items_by_name(), "place": below}


def draft_rows(actor: Actor) -> list[dict[str, Any]]:
    drafts = queries.drafts(actor)
    names = dict(
        Item.objects.filter(code__in=[draft.item_code for draft in drafts]).values_list(
            "code", "name"
        )
    )
    return [
        {
            "title": names.get(draft.item_code, draft.item_code),
            "href": reverse("cases:fill", args=[draft.item_code, draft.pk]),
            "discard": reverse("cases:discard", args=[draft.pk]),
            "person": draft.sealed.get("name", ""),
            "saved_at": draft.saved_at,
        }
        for draft in drafts
    ]


def page_of(case: Case, actor: Actor) -> str:
    """The page of the case for whoever acts."""
    return reverse("cases:case" if actor.is_staff else "cases:own", args=[case.number])


def as_row(case: Case) -> dict[str, Any]:
    """A case as a row of queries.COLUMNS."""
    columns = [name for name in queries.COLUMNS if not name.startswith("item__")]
    row = {name: getattr(case, name) for name in columns}
    return row | {"item__name": case.item.name, "item__code": case.item.code}


def for_resident(case: Case, actor: Actor, at: datetime, *, full: bool = False) -> dict[str, Any]:
    row = as_row(case)
    hanging.fetch(case)
    replies = sorted(case.replies.all(), key=lambda reply: reply.at)
    rated = max(case.ratings.all(), key=lambda rating: rating.round, default=None)
    return {
        "case": case,
        "card": card(row, at),
        "unit": lead_name(case),
        "answers": _answers(case, shown=True, full=full),
        "events": progress.timeline(case, at, staff=False),
        "replies": [reply for reply in replies if reply.kind != Reply.Kind.CALL_BACK],
        "correction": _correction(case) if case.state == S.CORRECTING else None,
        "rated": rated if rated and case.replied_at and rated.at >= case.replied_at else None,
        "may_rate": _unrated(case, at),
        "may_reopen": case.state in ANSWERED and at - case.replied_at <= rules.REOPEN_WITHIN,
        "may_withdraw": S.WITHDRAWN in rules.NEXT[S(case.state)],
        "looked": _looked(case),
        "suspended": _pause(case),
        "limits": [amount(case.item.promised_amount, case.item.promised_unit)],
    }


def _looked(case):
    """Who saw masked values in full: unit and reason, not the person (个人信息保护法 44)."""
    reveals = sorted(case.reveals.all(), key=lambda reveal: reveal.at, reverse=True)
    posts = Post.objects.in_bulk({each.post for each in reveals}) if reveals else {}
    return [
        {
            "at": each.at,
            "unit": unit_name(posts[each.post].place, posts[each.post].department_id or ""),
            "reason": each.reason,
        }
        for each in reveals
        if each.post in posts
    ]


def for_receipt(case: Case, at: datetime) -> dict[str, Any]:
    """What a paper receipt opens: how far it is, and the rating; nothing personal."""
    return {
        "steps": progress.four_steps(as_row(case)),
        "spoken": numbers.spoken(case.number),
        "may_rate": case.applicant_id is None and _unrated(case, at),
    }


def _unrated(case, at):
    if case.state not in ANSWERED or at - case.replied_at > rules.RATE_WITHIN:
        return False
    return not any(rating.at >= case.replied_at for rating in case.ratings.all())


def _correction(case):
    return next(iter(case.corrections.all()), None)


def for_desk(
    case: Case, actor: Actor, at: datetime, revealed: Mapping[str, str] | None
) -> dict[str, Any]:
    revealed = revealed or {}
    hanging.fetch(case)
    involvements = sorted(case.involvements.all(), key=lambda each: (each.began_at, each.pk))
    notes = sorted(case.notes.all(), key=lambda note: note.at, reverse=True)
    replies = sorted(case.replies.all(), key=lambda reply: reply.at)
    events = progress.timeline(case, at, staff=True)
    acted = {each.by for each in [*notes, *replies, *events]} | {case.assisted_by}
    return {
        "case": case,
        "row": list_rows([as_row(case)], at)[0],
        "steps": progress.four_steps(as_row(case)),
        "answers": _answers(case, shown=False, revealed=revealed),
        "phone": revealed.get("phone") or masking.phone(case.phone or ""),
        "name": case.name if actions.leads(case, actor) else masking.name(case.name),
        "revealed": revealed,
        "clocks": _clocks(case, at),
        "suspended": _pause(case),
        "events": events,
        "helpers": [_helper(each, actor) for each in involvements if not each.leads],
        "path": [unit_name(each.place, each.department) for each in involvements if each.leads],
        "handed": [each.task for each in involvements if each.leads and not each.ended_at],
        "notes": notes,
        "replies": replies,
        "correction": _correction(case),
        "awaited": _awaited(case, involvements, actor),
        "ratings": sorted(case.ratings.all(), key=lambda rating: rating.round),
        "people": account_names(acted - {None}),
        "possible": actions.possible(case, actor, localdate(at)),
        "leads": actions.leads(case, actor),
        "item_steps": list(enumerate(case.item.steps)),
    }


def _awaited(case, involvements, actor):
    """For whom the leading unit has to wait before it can go on."""
    if not actions.leads(case, actor):
        return ""
    if case.state == S.CORRECTING and (asked := _correction(case)):
        return _(
            "The applicant has until %(day)s to complete the papers. After that the case may be"
            " ended."
        ) % {"day": dates()(asked.asked_at + rules.CORRECT_WITHIN)}
    if case.state in rules.IN_HAND and any(
        not each.leads and each.ended_at is None for each in involvements
    ):
        return _("A helping unit has not answered yet; the answer goes out after that.")
    return ""


def _helper(each, actor):
    unit = Unit(each.place, each.department)
    return {
        "row": each,
        "unit": unit_name(each.place, each.department),
        "mine": each.ended_at is None and rules.acts_for(actor, unit),
    }


def _answers(case, **how):
    """Only few forms have files: of the others they are not asked for."""
    rows = answer_rows(case, **how)
    if not any(row.type == "file" for row in rows):
        return rows
    found = files.of(label(case))
    return with_files(rows, {str(file.pk): file for file in found})


def _pause(case):
    if case.state != S.SUSPENDED:
        return None
    pause = Pause.objects.filter(duty__about=label(case), ended_at=None).first()
    return pause and {"reason": rules.PAUSES.get(pause.reason, ""), "document": pause.document}


def _clocks(case, at):
    """Every clock that runs on the case's duties: (basis, limit, what remains)."""
    known = calendar(at)
    return [
        {
            "basis": Clock.Basis(clock.basis).label,
            "limit": amount(clock.amount, clock.unit),
            "left": remaining(clock.due_at, at, known, paused=clock.paused),
            "due": clock.due_at,
            "provisional": clock.provisional,
        }
        for clock in open_clocks(label(case))
    ]
