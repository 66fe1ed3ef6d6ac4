"""The demonstration's data sharing: a grant in use, and an application that waits for its owner."""

from datetime import datetime, timedelta

from django.utils.timezone import localdate

from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Account, Post

from . import commands
from .models import Presence
from .rules.sharing import Wanted

CITY, DISTRICT = "3204", "320411"


def share(account: Account, at: datetime) -> None:
    """`account` holds the posts of all departments in it."""
    human = _clerk(account, "human_resources", DISTRICT)
    civil = _clerk(account, "civil_affairs", DISTRICT)
    grant = commands.draft_grant(wanted=_retired(at), by=human, at=at)
    commands.ask_grant(grant=grant, by=human, at=at)
    for part in grant.parts.order_by("owner"):
        owner = _clerk(account, part.owner_id, CITY)
        commands.agree_grant(
            part=part, conditions="仅限本单位使用，不得转交。", by=owner, at=at + timedelta(days=3)
        )
    waiting = commands.draft_grant(wanted=_old(at), by=civil, at=at)
    commands.ask_grant(grant=waiting, by=civil, at=at + timedelta(days=55))


def _clerk(account, department, place):
    post = Post.objects.get(account=account, department=department, place=place)
    return Actor(
        account_id=account.pk, post_id=post.pk, role=post.role, place=place, department=department,
        name=account.name,
    )  # fmt: skip


def _retired(at):
    return Wanted(
        purpose="企业退休人员社会化管理服务",
        basis="关于国有企业退休人员社会化管理的指导意见",
        scenario="核对辖区退休人员名单，上门服务；名单每季度更新，旧名单当日销毁。",
        scope=DISTRICT,
        since=localdate(at),
        until=localdate(at) + timedelta(days=365),
        elements={"person.name": True, "person.sex": False, "person.birth": False,
                  "person.phone": False},
        filter={"kind": Presence.Kind.LIVING, "age_from": 60, "age_to": None, "sex": ""},
        method="both",
    )  # fmt: skip


def _old(at):
    return Wanted(
        purpose="高龄津贴发放对象核对",
        basis="老年人权益保障法第三十三条",
        scenario="按月核对年满八十周岁人员，避免漏发、错发；核对后即行删除。",
        scope=DISTRICT,
        since=localdate(at) + timedelta(days=55),
        until=localdate(at) + timedelta(days=400),
        elements={"person.name": True, "person.birth": True, "person.state": False},
        filter={"kind": Presence.Kind.LIVING, "age_from": 80, "age_to": None, "sex": ""},
    )
