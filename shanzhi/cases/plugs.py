"""What cases put into the plugs of the areas below: duties, files, numbers, notices, navigation."""

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.files import kinds as files
from shanzhi.journal import tallies
from shanzhi.journal.kinds import Follower, Measure, register_follower, register_measure
from shanzhi.kernel import navigation
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.navigation import RESIDENT, Entry
from shanzhi.places.moves import following
from shanzhi.work.kinds import DutyKind, Figure, Kpi, register_duty, register_items, register_kpi

from . import commands, notices, queries, rules

t = gettext_lazy


def register() -> None:
    files.register(files.Owner("cases.Case", lambda pk, actor: queries.may_read(int(pk), actor)))
    for kind in DUTIES:
        register_duty(kind)
    register_items(queries.item_names)
    for verb, measure in MEASURES.items():
        register_measure(Measure(verb, measure, _item))
    register_measure(Measure("cases.rated", "cases.rated", lambda entry: str(entry.data["score"])))
    register_follower(Follower("notices", notices.tell))
    register_follower(Follower("cases.moves", following(commands.follow_move), from_now=True))
    notices.register()
    for kpi in KPIS:
        register_kpi(kpi)
    for entry in ENTRIES:
        navigation.register(entry)


DUTIES = [
    DutyKind("cases.accept", t("To accept"), t("Accept"), "blue"),
    DutyKind("cases.answer", t("To answer"), t("Handle"), "orange"),
    DutyKind("cases.help", t("To help"), t("Help"), "teal"),
    DutyKind("cases.deliver", t("To deliver"), t("Deliver"), "teal"),
    DutyKind("cases.call_back", t("To call back"), t("Call back"), "orange"),
]

MEASURES = {
    "cases.submitted": "cases.received",
    "cases.accepted": "cases.accepted",
    "cases.deemed_accepted": "cases.accepted",
    "cases.replied": "cases.replied",
    "cases.withdrawn": "cases.withdrawn",
    "cases.reopened": "cases.reopened",
    "work.overdue": "cases.overdue",
}


def _item(entry) -> str:
    return entry.data.get("item") or entry.data.get("kind", "")


def _received(actor: Actor, at: datetime) -> Figure | None:
    if actor.role not in rules.HANDLERS:
        return None
    today = localdate(at)
    since, until = today - timedelta(days=29), today + timedelta(days=1)
    received = tallies.total("cases.received", actor.place, since=since, until=until)
    replied = tallies.total("cases.replied", actor.place, since=since, until=until)
    return Figure(
        str(received),
        _("%(n)s answered, last 30 days") % {"n": replied},
        link=reverse("cases:index"),
    )


def _satisfied(actor: Actor, at: datetime) -> Figure | None:
    """Of those who rated; who did not is not satisfied and not counted as such."""
    today = localdate(at)
    scores = tallies.by_key(
        "cases.rated",
        actor.place,
        since=today - timedelta(days=29),
        until=today + timedelta(days=1),
    )
    rated = sum(scores.values())
    if not rated:
        return Figure("—", _("nobody has rated in 30 days"))
    good = sum(n for score, n in scores.items() if int(score) >= 3)
    return Figure(f"{100 * good / rated:.1f}%", _("%(n)s ratings, last 30 days") % {"n": rated})


KPIS = [
    Kpi("cases.received", t("Requests received"), _received),
    Kpi("cases.satisfied", t("Residents satisfied"), _satisfied),
]

ENTRIES = [
    Entry("cases", t("Cases"), "file-check", "cases:index", "services", order=10,
          roles=rules.HANDLERS),
    Entry("cases.search", t("Search cases, residents, receipts"), "search", "cases:index",
          navigation.SEARCH),
    Entry("items", t("Service guides"), "file-description", "cases:items", "administration",
          order=40, roles=rules.EDITORS | {"department_clerk"}),
    Entry("routes", t("Routing rules"), "route", "cases:routes", "administration", order=50,
          roles=rules.ROUTERS),
    Entry("serve", t("Services"), "file-check", "cases:serve", side=RESIDENT, order=20),
    Entry("mine", t("Cases"), "list-check", "cases:mine", side=RESIDENT, order=30),
    Entry("serve.search", t("Find services, people, report a matter…"), "search", "cases:serve",
          navigation.SEARCH, side=RESIDENT),
]  # fmt: skip
