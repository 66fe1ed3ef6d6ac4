"""A frozen baseline with a demand that was reduced, and one that is still being entered."""

from django.urls import reverse

from shanzhi.burden.models import ListEntry
from shanzhi.burden.tests import factories
from shanzhi.kernel.acting import SYSTEM
from shanzhi.shell.demo.people import COMMUNITY, STREET
from shanzhi.work import duties


def furnish(world, at):
    office = world.actor("burden_office")
    asked_of = {"place": office.place, "scope": [office.place], "department": "civil_affairs"}
    known = factories.campaign(office.place)
    asked = factories.demand(known, ["姓名", "电话"], **asked_of)
    system = factories.demand(known, category="system", title="打卡小程序", **asked_of)
    factories.freeze(known)
    decision = factories.decide(asked, "reduce", at=at, by=office, size=(4, 30, 1))
    further = factories.campaign(office.place)
    entered = factories.demand(further, title="仍在填报的台账", **asked_of)
    entry = ListEntry.objects.filter(edition__state="in_force").first()
    plaque = factories.plaque(place=COMMUNITY, by=SYSTEM, at=at)
    factories.announced(system, by=office, at=at)
    return {
        "demand": asked, "ledger": asked, "system": system, "decision": decision,
        "entered": entered, "list_entry": entry or factories.edition().entries.first(),
        "plaque": plaque, "merged": factories.question(asked, [COMMUNITY], STREET, at),
        "ended_list": _ended_list(office, at),
    }  # fmt: skip


def _ended_list(office, at):
    """The duty to say what becomes of a list whose place is no more."""
    return duties.open_duty(
        kind="burden.list", about="burden.Edition:1", place=office.place,
        department="burden_office", title="清单", link=reverse("burden:lists"), at=at,
        limits=[duties.Limit("promised", 10, "working_days")],
    )  # fmt: skip
