"""Applications and findings as pages show them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from django.utils.translation import ngettext, pgettext

from shanzhi.burden.kinds import Size
from shanzhi.burden.models import Demand
from shanzhi.kernel import workdays
from shanzhi.people.queries import departments, unit_name
from shanzhi.work.calendar import calendar

from .checks.sentences import SENTENCES
from .kinds import WORST, Finding, Plan, Verdict, finding
from .models import Application, Call, Step

State = Application.State
TONES = {
    State.DRAFT: "grey", State.SCREENING: "blue", State.HEARING: "orange",
    State.DECIDING: "orange", State.RETURNED: "yellow", State.ADMITTED: "teal",
    State.MERGED: "green", State.REFUSED: "red", State.WITHDRAWN: "grey",
}  # fmt: skip
ICONS = {Verdict.PASS: "circle-check", Verdict.DOUBT: "alert-triangle", Verdict.STOP: "circle-x"}
MOST_PARTS = 6  # that are named in a sentence
FIELD_MINUTES = 5  # that one new field takes each time, where nobody has said otherwise


def badge(application: Application) -> dict[str, str]:
    return {"text": application.get_state_display(), "tone": TONES[application.state]}


def unit(row: Application | Call | Demand) -> str:
    return unit_name(row.place, row.department_id)


def row(application: Application) -> dict[str, Any]:
    return {
        "href": reverse("gate:application", args=[application.number]),
        "number": application.number, "title": application.title, "unit": unit(application),
        "category": application.get_category_display(), "communities": application.communities,
        "hours": hours(application), "badge": badge(application), "since": application.state_since,
    }  # fmt: skip


def application_lines(rows: Iterable[Application]) -> Iterator[list[Any]]:
    yield [pgettext("demand", "Number"), pgettext("demand", "Title"), _("Category"),
           _("Unit that applies"), _("State"), pgettext("application", "Since"),
           _("Communities"), _("Hours a year"), _("First day"), _("Last day"),
           _("Basis in law")]  # fmt: skip
    for each in rows:
        yield [
            each.number, each.title, each.get_category_display(), unit(each),
            each.get_state_display(), localdate(each.state_since).isoformat(), each.communities,
            round(hours(each), 1), _iso(each.starts_on), _iso(each.ends_on), each.basis,
        ]  # fmt: skip


def _iso(day):
    return day.isoformat() if day else ""


def call_lines(rows: Iterable[Call], today: date) -> Iterator[list[Any]]:
    yield [pgettext("demand", "Number"), pgettext("call", "Subject"), _("Kind"),
           _("Unit that announces"), _("Day"), _("Begins at"), _("Minutes"),
           _("People of each community"), _("Communities"), _("Where"),
           _("Number of the demand"), _("State")]  # fmt: skip
    for each in rows:
        yield [
            each.number, each.title, each.get_kind_display(), unit(each), each.on.isoformat(),
            each.begins.strftime("%H:%M"), each.minutes, each.heads, each.communities, each.where,
            each.demand.number if each.demand else "", call_state(each, today)["text"],
        ]  # fmt: skip


def call_state(call: Call, today: date) -> dict[str, str]:
    if call.cancelled_at:
        return {"text": _("Cancelled"), "tone": "grey"}
    if call.on < today:
        return {"text": _("Over"), "tone": "grey"}
    return {"text": _("Announced"), "tone": "teal"}


def hours(row: Application | Plan) -> float:
    """A year, all communities together."""
    return Size(row.times, row.minutes, row.staff).yearly * row.communities / 60


# --- findings -------------------------------------------------------------------------------------


def findings(rows: Iterable[Finding]) -> list[dict[str, Any]]:
    return [_finding(each) for each in rows]


def _finding(each):
    head, text = SENTENCES[each.key]
    values = _spoken(each)
    return {
        "verdict": str(each.verdict), "icon": ICONS[each.verdict], "title": str(head) % values,
        "text": TEXTS[each.key](each.values) if each.key in TEXTS else str(text) % values,
        "clause": each.values.get("clause", ""), "bar": _bar(each),
        "rows": each.values.get("rows", ()), "sources": each.values.get("sources", {}),
        "link": reverse("burden:list_entry", args=[each.values["entry"]])
        if "entry" in each.values else "",
    }  # fmt: skip


def _spoken(each):
    found = dict(each.values)
    if "payer" in found:
        found["payer"] = departments().get(found["payer"], found["payer"])
    if "yuan" in found:
        found["yuan"] = f"{found['yuan']:,}"
    if "parts" in found:
        found["parts"] = "、".join(found["parts"][:MOST_PARTS])
        found["parts"] += "…" if len(each.values["parts"]) > MOST_PARTS else ""
    return found


def _bar(each):
    return (each.values["known"], each.values["all"]) if each.key == "fields_known" else None


def _fields(values):
    """户数、常住人口……; only “本周督导次数” is new; “现场照片” need not be collected."""
    held, new, needless = values["held"], values["new"], values["needless"]
    parts = [_short(held)] if held else []
    if new:
        parts.append(_("new: %(names)s") % {"names": _quoted(new)})
    if needless:
        parts.append(_("need not be collected: %(names)s") % {"names": _quoted(needless)})
    return _("; ").join(parts) + _(".")


def _short(names):
    return "、".join(names[:4]) + ("……" if len(names) > 4 else "")


def _quoted(names):
    return "".join(_("“%(name)s”") % {"name": name} for name in names)


def _overlaps(values):
    words = [_("“%(title)s” overlaps by %(percent)s%%") % each for each in values["rows"]]
    return _(", ").join(words) + _(".")


TEXTS = {"fields_known": _fields, "overlaps": _overlaps}


def verdicts(rows: Sequence[Finding]) -> dict[str, str]:
    """The badge above the findings: the worst of them, and how many there are."""
    counts = Counter(each.verdict for each in rows)
    worst = next((verdict for verdict in WORST if counts[verdict]), Verdict.PASS)
    many = counts[worst]
    return {
        Verdict.STOP: {"tone": "red", "text": ngettext(
            "%(num)s does not pass", "%(num)s do not pass", many) % {"num": many}},
        Verdict.DOUBT: {"tone": "orange", "text": ngettext(
            "%(num)s doubt", "%(num)s doubts", many) % {"num": many}},
        Verdict.PASS: {"tone": "teal", "text": _("All pass")},
    }[worst]  # fmt: skip


def merged(plan: Application | Plan, rows: Sequence[Finding]) -> dict[str, Any] | None:
    """What would be left of it in the demand that overlaps most: only the new fields."""
    found = next((each for each in rows if each.key == "overlaps"), None)
    known = next((each for each in rows if each.key == "fields_known"), None)
    heir = Demand.objects.filter(pk=found.values["rows"][0]["demand"]).first() if found else None
    if heir is None:
        return None
    new = known.values["new"] if known else []
    minutes = FIELD_MINUTES * len(new)
    return {
        "heir": heir, "new": new, "minutes": minutes, "cycle": heir.get_cycle_display(),
        "hours": plan.communities * heir.times * minutes / 60,
    }  # fmt: skip


# --- the way it goes ------------------------------------------------------------------------------


def way(application: Application, taken: Sequence[Step]) -> list[dict[str, Any]]:
    """The five steps of the picture, with the day each was or has to be taken."""
    steps = {each.state: each for each in taken}
    dues = _dues(application, taken)
    order = (State.DRAFT, State.SCREENING, State.HEARING, State.DECIDING)
    at = order.index(application.state) if application.state in order else None
    if application.state == State.RETURNED:
        at = 0
    titles = (_("The department applies"), _("Screening"), _("Hearing of communities"),
              _("Decision of the joint meeting"))  # fmt: skip
    rows = []
    for position, (state, title) in enumerate(zip(order, titles, strict=True)):
        done = _taken(state, steps) if at is None or position < at else None
        now = position == at
        rows.append({
            "title": title, "state": "now" if now else "done" if done else "todo",
            "at": done.at if done else None, "due": None if done or at is None else dues.get(state),
        })  # fmt: skip
    return [*rows, _end(application)]


ENDS = {
    State.DRAFT: (State.SCREENING,), State.SCREENING: (State.HEARING, State.REFUSED),
    State.HEARING: (State.DECIDING,), State.DECIDING: (State.ADMITTED, State.MERGED, State.REFUSED),
}  # fmt: skip


def _taken(state, steps):
    """The step that ended a state it has been in."""
    if state == State.DECIDING and state not in steps:
        return None  # refused at the screening
    return next((steps[each] for each in ENDS[state] if each in steps), None)


def _end(application):
    ended = application.state in (State.ADMITTED, State.MERGED, State.REFUSED, State.WITHDRAWN)
    title = application.get_state_display() if ended else _("Into the list")
    return {"title": title, "state": "done" if ended else "todo",
            "at": application.state_since if ended else None, "due": None}  # fmt: skip


def _dues(application, taken) -> dict[str, date]:
    """Working days from each step, as the settings have them."""
    gate, works = settings.SHANZHI_GATE, calendar().is_workday
    first = {each.state: localdate(each.at) for each in taken}
    found = {}
    if State.SCREENING in first:
        found[State.SCREENING] = workdays.add_working_days(
            first[State.SCREENING], gate["screening"], works
        )
    if State.HEARING in first and application.hearing_until:
        found[State.HEARING] = application.hearing_until
        found[State.DECIDING] = workdays.add_working_days(
            first[State.HEARING], gate["decision"], works
        )
    return found


TAKEN = {
    State.SCREENING: t("Submitted for screening"),
    State.HEARING: t("On to the hearing of communities"),
    State.DECIDING: t("On to the joint meeting"),
}


def history(taken: Sequence[Step]) -> list[dict[str, Any]]:
    """Every step with its note, the newest first."""
    return [
        {"title": TAKEN.get(each.state) or each.get_state_display(), "at": each.at,
         "unit": each.unit, "note": each.note, "findings": findings(kept(each))}
        for each in reversed(taken)
    ]  # fmt: skip


def kept(step: Step) -> list[Finding]:
    """What the checks said at that step."""
    return [finding(each) for each in step.findings]
