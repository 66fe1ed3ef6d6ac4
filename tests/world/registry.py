"""Residents, what a department reads of them, and files that were brought in."""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as makes
from shanzhi.registry import commands, queries
from shanzhi.registry.commands import sources
from shanzhi.registry.models import Batch, Conflict, Death
from shanzhi.registry.rules.sharing import Wanted
from shanzhi.registry.tests import factories
from shanzhi.registry.tests import imports_factories as imports
from shanzhi.shell.demo.people import COMMUNITY


def furnish(world, at):
    return (
        _residents(world.actor("community_worker"), at)
        | _grants(world.actor("department_clerk"), at)
        | _imports(at)
    )


def _residents(worker, at):
    """A household of two, one of whom FUDU asks for; a conflict and a restricted tag."""
    household = factories.household("林示一", "林示二", home=factories.dwelling("9901"))
    head = queries.residents.members(household).head
    housemate = household.members.exclude(person=head).get().person
    compared = commands.start_comparison(place=COMMUNITY, by=worker, at=at)
    twin = factories.person("林示三", identity=head.identity)
    leaving = factories.person("林示四")
    move = commands.ask_transfer(
        identity=leaving.identity, name=leaving.name, dwelling=None, place=makes.FUDU,
        since=timezone.localdate(at), by=SYSTEM, at=at,
    )  # fmt: skip
    dead = factories.person("周示一", place=COMMUNITY)
    commands.die(person=dead, on=timezone.localdate(at), by=worker, at=at)
    tag = commands.set_tag(
        person=twin, kind="left_behind", place=COMMUNITY, note="", by=worker, at=at,
        since=timezone.localdate(at),
    )  # fmt: skip
    return {
        "household": household, "inhabitant": head, "tag": tag, "move": move,
        "housemate": housemate, "compared": compared,
        "death": Death.objects.get(person=dead),
        "conflict": Conflict.objects.get(persons__contains=[twin.pk]),
    }  # fmt: skip


def _grants(clerk, at):
    """三井街道民政办 reads phones of its residents, and writes a further application."""
    today = timezone.localdate(at)
    wanted = Wanted(
        purpose="困难老人走访", basis="社会救助暂行办法", scenario="电话预约走访",
        scope=clerk.place, since=today, until=today + timedelta(days=30),
        elements={"person.phone": False},
        filter={"kind": 2, "age_from": None, "age_to": None, "sex": ""}, method="both",
    )  # fmt: skip
    grant = commands.draft_grant(wanted=wanted, by=clerk, at=at)
    commands.ask_grant(grant=grant, by=clerk, at=at)
    commands.agree_grant(part=grant.parts.get(), by=replace(clerk, place="3204"), at=at)
    draft = commands.draft_grant(wanted=wanted, by=clerk, at=at)
    return {"grant": grant, "grant_draft": draft}


def _imports(at):
    """A file that waits for its columns, one that is checked, and a source that differs."""
    known = imports.families(1, first=77)[0]
    factories.person(known.name, identity=known.number, phone="13800000057")
    waiting = imports.brought(imports.plain([known]), place=COMMUNITY, when=at)
    moved = imports.families(1, first=78)[0]
    factories.person(moved.name, identity=moved.number, place=makes.FUDU)
    checked = imports.checked(imports.plain([known, moved]), place=COMMUNITY, when=at)
    feed = sources.keep_feed(
        code="civil.elderly", name="民政老人库", adapter="folder", settings={"folder": "civil"},
        place="3204", by=SYSTEM, at=at,
    )  # fmt: skip
    told = imports.checked(imports.plain([known]), place=COMMUNITY, when=at)
    Batch.objects.filter(pk=told.pk).update(feed=feed)
    return {
        "waiting": waiting, "batch": checked, "feed": feed,
        "difference": told.differences.first(),
        "elsewhere": checked.problems.get(code="elsewhere"),
    }  # fmt: skip
