"""The burden account as pages show it: rows made once, numbers written out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t

from shanzhi.kernel import places
from shanzhi.people.queries import departments, unit_name
from shanzhi.places import queries as divisions

from . import queries
from .models import Campaign, Category, Decision, Demand, Verb
from .queries.accounts import Account, Line

ICONS = {
    "body": "users-group", "venue": "building-community", "target": "target",
    "appraisal": "award", "system": "device-desktop", "ledger": "notebook",
    "certificate": "rubber-stamp", "assessment": "clipboard-check",
}  # fmt: skip
TONES = {
    "in_force": "blue", "stopped": "green", "merged": "teal", "transferred": "teal",
    "exited": "grey",
}  # fmt: skip
LEVELS = {
    "city": t("City level"),
    "district": t("District level"),
    "subdistrict": t("Sub-district level"),
}
VERBS = {
    Verb.STOP: t("Communities are no longer asked for it."),
    Verb.REDUCE: t("It stays, with fewer times, minutes or people."),
    Verb.MERGE: t("It ends; another demand that stays asks for it, once."),
    Verb.TRANSFER: t("A department does it from now on, and communities do not."),
    Verb.LIMIT: t("It stays, only for what is written down here."),
}
WEEKS, WEEK_HOURS = 52, 40
ARTICLE = 2 / 3  # of the time of community workers went into meetings, inspections and ledgers


@dataclass(frozen=True)
class Bar:
    """One category, department, level, place or year: before and after."""

    title: str
    href: str
    baseline: int
    in_force: int
    new: int
    ended: Sequence[tuple[str, int]]
    hours_before: float
    hours_now: float
    icon: str = ""
    remark: str = ""

    @property
    def saved(self) -> float:
        return self.hours_before - self.hours_now


def bar(title: str, href: str, line: Line, number: int | None = None, **more: str) -> Bar:
    """`number` is the frozen count, where there is one; else the rows of the baseline."""
    states = dict(Demand.State.choices)
    ended = [(str(states[state]), many) for state, many in line.ended.items() if many]
    return Bar(
        str(title), href, line.baseline if number is None else number, line.in_force,
        line.admitted + line.bypass, ended, line.hours_before, line.hours_now, **more,
    )  # fmt: skip


def categories(account: Account, campaigns: Sequence[Campaign], to_list: str) -> list[Bar]:
    """All eight, in their order, with nothing where there is nothing."""
    known = queries.lines(account.rows, lambda row: row.category)
    frozen = queries.frozen_counts(campaigns, account.place)
    return [
        bar(
            title, f"{to_list}category={code}", known.get(code, Line()),
            frozen[code].number if code in frozen else None, icon=ICONS[code],
            remark=_counted(frozen.get(code)),
        )
        for code, title in Category.choices
    ]  # fmt: skip


def counted_before(campaigns: Sequence[Campaign], place: str) -> dict[str, list[str]]:
    """By the name of a part: what was frozen of it, category by category."""
    rows = queries.counted_before(campaigns, place)
    names, found = divisions.names({each.place for each in rows}), {}
    for each in rows:
        counted = f"{each.get_category_display()} {each.number}"
        found.setdefault(names.get(each.place, each.place), []).append(counted)
    return found


def _counted(baseline):
    if baseline and baseline.origin == baseline.Origin.COUNTED:
        return baseline.get_origin_display()
    return ""


def week(account: Account, minutes: int, workers: int) -> dict[str, float]:
    """Hours a week in an average community, and their share of what its workers have."""
    if not account.there:
        return {"hours": 0.0, "share": 0.0}
    hours = minutes / 60 / WEEKS / account.there
    return {"hours": hours, "share": 100 * hours / (workers * WEEK_HOURS)}


def by_department(account: Account, to_list: str) -> list[Bar]:
    names = departments()
    found = queries.lines(account.rows, lambda row: row.department)
    bars = [bar(names.get(code, code), f"{to_list}department={code}", line)
            for code, line in found.items()]  # fmt: skip
    return sorted(bars, key=lambda each: -each.hours_now)


def by_level(account: Account, to_list: str) -> list[Bar]:
    found = queries.lines(account.rows, lambda row: places.level(row.issuer))
    return [bar(title, f"{to_list}level={code}", found[code])
            for code, title in LEVELS.items() if code in found]  # fmt: skip


def by_year(place: str, campaigns: Sequence[Campaign], on: date, base: str) -> list[Bar]:
    """The day of the launch meeting, the ends of the years since, and the day asked about."""
    if not campaigns:
        return []
    began = min(each.began_on for each in campaigns)
    ends = [date(year, 12, 31) for year in range(began.year, on.year)]
    found = queries.accounts(place, [began, *ends, on], campaigns)
    return [bar(f"{each.on}", f"{base}on={each.on}", each.total()) for each in found]


@dataclass(frozen=True)
class Place:
    """An average community of a place: demands, and hours a year."""

    title: str
    href: str
    demands: float
    hours_before: float
    hours_now: float

    @property
    def saved(self) -> float:
        return self.hours_before - self.hours_now


def by_place(account: Account, codes: Sequence[str], base: str) -> list[Place]:
    names = divisions.names(codes)
    found = queries.loads_below(account, codes)
    rows = [Place(names.get(code, code), f"{base}place={code}", *values)
            for code, values in found.items()]  # fmt: skip
    return sorted(rows, key=lambda each: -each.hours_now)


# --- one demand -----------------------------------------------------------------------------------


def badge(demand: Demand) -> dict[str, Any]:
    if demand.state == Demand.State.IN_FORCE and demand.limits:
        return {"text": _("Limited"), "tone": "orange"}
    return {"text": demand.get_state_display(), "tone": TONES[demand.state]}


def row(demand: Demand) -> dict[str, Any]:
    return {
        "href": reverse("burden:demand", args=[demand.number]),
        "number": demand.number,
        "title": demand.title,
        "category": demand.get_category_display(),
        "unit": unit_name(demand.place, demand.department_id),
        "communities": demand.communities,
        "hours": demand.times * demand.minutes * demand.staff * demand.communities / 60,
        "badge": badge(demand),
    }


def size(times: int, minutes: int, staff: int) -> str:
    return _("%(times)s times a year × %(minutes)s minutes × %(staff)s people") % {
        "times": times, "minutes": minutes, "staff": staff,
    }  # fmt: skip


def scope(demand: Demand) -> list[str]:
    names = divisions.names(demand.scope)
    return [names.get(code, code) for code in demand.scope]


def decision(each: Decision) -> dict[str, Any]:
    """One entry of the timeline of a demand."""
    what = {
        Verb.MERGE: lambda: _("into “%(title)s”") % {"title": each.heir.title},
        Verb.TRANSFER: lambda: (
            _("to %(name)s: %(duty)s") % {"name": each.taken_by.bureau, "duty": each.duty}
        ),
        Verb.LIMIT: lambda: each.limits,
    }.get(each.verb)
    sizes = [size(*(side[name] for name in ("times", "minutes", "staff")))
             for side in (each.before, each.after)]  # fmt: skip
    return {
        "id": each.pk, "title": each.get_verb_display(), "what": what() if what else "",
        "sizes": " → ".join(sizes) if sizes[0] != sizes[1] else "", "reason": each.reason,
        "on": each.decided_on, "decider": each.decider, "evidence": each.evidence,
        "unit": each.unit, "undone": hasattr(each, "undone_by"), "verb": each.verb,
    }  # fmt: skip


def return_form(**told: str) -> str:
    """The gate's form of a return, filled with what is known: what was asked, by whom."""
    known = {name: text for name, text in told.items() if text}
    return f"{reverse('gate:return')}?{urlencode(known)}"
