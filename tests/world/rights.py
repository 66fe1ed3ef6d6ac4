"""The resident bound to a person, asking for a correction; registers with a line each."""

from django.utils import timezone

from shanzhi.files.tests import factories as files
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as makes
from shanzhi.registry import commands, queries
from shanzhi.registry.tests import factories
from shanzhi.shell.demo.people import COMMUNITY


def furnish(world, at):
    person, binding = _bound(world.resident, at)
    correction = commands.ask_correction(
        person=person, element="person.phone", value="13800000056", reason="换了号码",
        by=world.actor("resident"), at=at,
    )  # fmt: skip
    return {
        "binding": binding, "binding_request": _asked(at), "correction": correction,
        **_registers(timezone.localdate(at), by=SYSTEM, at=at),
    }  # fmt: skip


def _bound(account, at):
    if bound := queries.bindings(account.pk):
        return queries.person_of(bound[0].person_id), bound[0]
    person = factories.person("林示五")
    return person, commands.bind(account_id=account.pk, person=person, level=1, by=SYSTEM, at=at)


def _asked(at):
    """Somebody else sends a paper, to be bound."""
    other = makes.resident("13800000055", name="林示六")
    paper = files.make_file(by=makes.actor(other), at=at)
    return commands.ask_binding(
        account_id=other.pk, place=COMMUNITY, name="林示六", number=factories.identity(),
        evidence=[paper.pk], by=makes.actor(other), at=at,
    )  # fmt: skip


def _registers(today, **how):
    return {
        "told": queries.notice_in_force(today) or commands.publish_notice(
            title="个人信息处理规则", text="收集什么、为什么收集、保存多久、如何行使权利。",
            changes="", in_force_from=today, **how,
        ),
        "purpose": commands.set_purpose(
            code="test-purpose", title="测试用途", text="用于测试。", elements=["person.employer"],
            **how,
        ),
        "assessment": commands.keep_assessment(
            title="测试评估", purpose="测试", effects="有限", measures="脱敏", elements=[],
            risk="low", made_on=today, **how,
        ),
        "incident": commands.open_incident(
            title="测试事件", what="名单误发", harm="骚扰电话", advice="谨慎接听",
            elements=["person.phone"], persons=[], found_at=how["at"], **how,
        ),
    }  # fmt: skip
