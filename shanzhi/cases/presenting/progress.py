"""How far a case has come: the four steps a resident follows, and the timeline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.journal import queries as journal
from shanzhi.journal.labels import label
from shanzhi.people.queries import unit_name

from .. import rules
from ..models import Case
from .words import date

S = Case.State
ANSWERED = (S.REPLIED, S.DELIVERED, S.CLOSED)
OVER = (S.NOT_ACCEPTED, S.WITHDRAWN, S.TERMINATED)


@dataclass(frozen=True)
class Step:
    title: str
    state: str  # "done", "now" or "todo"
    note: str


def four_steps(row: dict[str, Any]) -> list[Step]:
    """Apply, accept, handle, reply, of a row of queries.COLUMNS: where the case is now."""
    state = row["state"]
    reached = 3 if row["replied_at"] else 2 if row["accepted_at"] else 1
    unit = unit_name(row["lead_place"], row["lead_department"])
    due = date(row["promised_due_at"]) and _("by %(date)s") % {"date": date(row["promised_due_at"])}
    here = "" if state in OVER else unit
    notes = [
        date(row["submitted_at"]),
        date(row["accepted_at"]) or (here if reached == 1 else ""),
        here if reached == 2 else "",
        date(row["replied_at"]) if reached == 3 else "" if state in OVER else due,
    ]
    titles = [_("Apply"), _("Accept"), _("Handle"), _("Reply")]
    marks = _marks(state, reached)
    return [Step(*each) for each in zip(titles, marks, notes, strict=True)]


def _marks(state, reached):
    """An answered case has done all four; one that ended on the way stands at none."""
    if state in ANSWERED:
        return ["done"] * 4
    if reached == 3:  # opened again
        reached = 2
    now = "todo" if state in OVER else "now"
    return ["done"] * reached + [now] + ["todo"] * (3 - reached)


TOLD = {  # what a resident is told of each step; %(unit)s acted
    "cases.submitted": gettext_lazy("Request received"),
    "cases.correction_asked": gettext_lazy("%(unit)s asked for what is missing"),
    "cases.corrected": gettext_lazy("Completed papers sent"),
    "cases.accepted": gettext_lazy("Accepted by %(unit)s"),
    "cases.deemed_accepted": gettext_lazy("Counts as accepted: nobody objected within five days"),
    "cases.not_accepted": gettext_lazy("Not accepted by %(unit)s"),
    "cases.started": gettext_lazy("%(unit)s is working on it"),
    "cases.step_finished": gettext_lazy("Step finished: %(step)s"),
    "cases.transferred": gettext_lazy("Passed on to %(to)s"),
    "cases.passed_up": gettext_lazy("Passed up to %(to)s"),
    "cases.sent_back": gettext_lazy("Back with %(to)s: not a community's task"),
    "cases.help_asked": gettext_lazy("%(to)s asked to help"),
    "cases.help_answered": gettext_lazy("%(to)s has answered"),
    "cases.suspended": gettext_lazy("Clock stopped: %(reason)s"),
    "cases.resumed": gettext_lazy("Clock runs again"),
    "cases.extended": gettext_lazy("Time limit lengthened by %(days)s working days"),
    "cases.decided": gettext_lazy("Decided: %(decision)s"),
    "cases.replied": gettext_lazy("Answered by %(unit)s"),
    "cases.delivered": gettext_lazy("Delivered"),
    "cases.closed": gettext_lazy("Closed"),
    "cases.withdrawn": gettext_lazy("Withdrawn"),
    "cases.terminated": gettext_lazy("Ended without an answer"),
    "cases.reopened": gettext_lazy("Opened again"),
    "cases.rated": gettext_lazy("Rated"),
    "cases.called_back": gettext_lazy("%(unit)s called back"),
}
INTERNAL = {
    "cases.helper_released": gettext_lazy("%(to)s released from helping"),
    "cases.noted": gettext_lazy("Internal remark"),
    "cases.revealed": gettext_lazy("Masked values shown in full: %(fields)s"),
    "work.overdue": gettext_lazy("Overdue"),
    "work.nearly_due": gettext_lazy("Nearly due"),
    "files.attached": gettext_lazy("Attachments added"),
}


# entries whose unit is the one that leads from then on
MOVES = {
    "cases.submitted",
    "cases.accepted",
    "cases.deemed_accepted",
    "cases.step_finished",
    "cases.transferred",
    "cases.passed_up",
    "cases.sent_back",
}


@dataclass(frozen=True)
class Event:
    at: datetime
    text: str
    verb: str
    by: int | None  # the account, which only staff pages name


def timeline(case: Case, at: datetime, *, staff: bool) -> list[Event]:
    """What happened, the latest first; staff also see internal steps."""
    texts = TOLD | INTERNAL if staff else TOLD
    events = []
    unit = unit_name(case.place[:12], "")
    happened = journal.about(label(case), since=case.submitted_at, until=at)
    for entry in happened:
        to = unit_name(*entry.data["unit"]) if "unit" in entry.data else ""
        if entry.verb in texts:
            events.append(
                Event(entry.at, _told(texts, entry, case, unit, to), entry.verb, entry.by)
            )
        if entry.verb in MOVES:
            unit = to or unit
    return events[::-1]


def _told(texts, entry, case, unit, to):
    return str(texts[entry.verb]) % Values(case, entry.data, unit=unit, to=to)


class Values(dict):
    """What the words of an entry are filled with; most need only the units."""

    def __init__(self, case: Case, data: dict[str, Any], **units: str):
        super().__init__(units)
        self.case, self.data = case, data

    def __missing__(self, name: str) -> Any:
        return getattr(self, name)()

    def days(self):
        return self.data.get("days", "")

    def reason(self):
        return rules.PAUSES.get(self.data.get("reason", ""), "")

    def decision(self):
        return dict(Case.Decision.choices).get(self.data.get("decision", ""), "")

    def step(self):
        steps, step = self.case.item.steps, self.data.get("step", 99)
        return steps[step]["name"] if step < len(steps) else ""

    def fields(self):
        form = self.case.item.form
        labels = {each["key"]: each["label"] for each in form} | {"phone": _("Phone")}
        return _(", ").join(labels.get(each, each) for each in self.data.get("fields", []))
