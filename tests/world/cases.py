"""A case that is being handled, one that is being written, an item, a route."""

from uuid import UUID

from shanzhi.cases import commands
from shanzhi.cases.models import Item, Route
from shanzhi.cases.routing import Unit
from shanzhi.cases.tests import factories as small
from shanzhi.files.tests import factories as files
from shanzhi.kernel.acting import SYSTEM
from shanzhi.shell.demo.people import GRID, STREET
from shanzhi.work.models import Duty


def furnish(world, at):
    worker, resident = world.actor("community_worker"), world.actor("resident")
    case = small.make_case("security-door", by=resident, when=at, **_further())
    case = commands.accept(case=case, by=worker, at=at)
    helper = commands.ask_help(
        case=case, unit=Unit(STREET, "civil_affairs"), task="核实住址", days=3, by=worker, at=at
    )
    return {
        "case": case,
        "helper": helper,
        "duty": Duty.objects.get(about=f"cases.Case:{case.pk}", kind="cases.answer"),
        "draft": _draft(resident, at),
        "file": files.make_file(by=resident, at=at),
        "item": _item(at),
        "route": Route.objects.order_by("position").first() or _route(at),
        "year": 2026,
    }


def _further():
    """What the item of the demonstration city asks beside what both ask."""
    form = Item.objects.get(code="security-door", state="published").form
    return {"managed": "有物业"} if any(each["key"] == "managed" for each in form) else {}


def _draft(by, at):
    content = {
        "name": "张示例", "phone": small.PHONE, "place": GRID, "estate": "", "category": "",
        "answers": {"what": "单元门关不上", "address": small.ADDRESS} | _further(),
        "problems": {},
    }  # fmt: skip
    return commands.save_draft(
        draft_id=UUID(int=2026), item_code="security-door", content=content, by=by, at=at
    )


def _item(at):
    """Published in two versions and, on top, being written."""
    old = Item.objects.get(code="open-report", state="published")
    values = {
        each.name: getattr(old, each.name)
        for each in Item._meta.fields
        if each.name not in ("id", "code", "version", "state", "published_at")
    }

    def saved(summary):
        changed = values | {"summary": summary}
        return commands.save_item(code=old.code, values=changed, by=SYSTEM, at=at)

    commands.publish_item(item=saved("直接说。"), by=SYSTEM, at=at)
    return saved("告诉我们。")


def _route(at):
    values = {"name": "三井街道的事", "items": [], "place": STREET, "level": "subdistrict"}
    return commands.save_route(route=None, values=values, position=1, by=SYSTEM, at=at)
