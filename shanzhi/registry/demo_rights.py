"""The demonstration's resident is bound at the counter; the city has told how it handles data."""

from datetime import datetime

from django.utils.timezone import localdate

from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.models import Account

from . import commands, queries
from .models import Level, Person

RESIDENT = "320499194503150016"
NOTICE = """\
收集什么：姓名、证件号码、联系电话、住址等与社区服务有关的信息；每一项的依据和保存年限，在“我的数据”里逐项写明。

为什么收集：社区依法协助政府办理民生事项。一次采集，各部门按授权共用，不再重复填报。依据《个人信息保护法》第十三条第一款第三项处理的，不需要同意，但您有权知道。

谁能看到：您所在的社区；经数据主管部门批准的部门，只能看授权的项目、范围和期限。每次查阅都有记录，您随时可以在“谁看过我的数据”里看到。

您的权利：查阅、复制、更正、删除，对处理规则要求说明；可以在手机上提出，也可以到社区办理。不满十四周岁的，由监护人行使；去世后，近亲属可以申请查阅。

保存多久：办事所需的最短时间；到期后删除或者匿名化。

联系方式：所在社区服务窗口，或拨打 12345。"""


def settle(account: Account, at: datetime) -> None:
    """Bind the account, and fill the registers of the privacy law with a first line each."""
    person = Person.objects.get(pk=queries.holders_of(RESIDENT)[0])
    commands.bind(
        account_id=account.pk, person=person, level=Level.COUNTER, proof="居民身份证", by=SYSTEM,
        at=at,
    )  # fmt: skip
    commands.publish_notice(
        title="个人信息处理规则", text=NOTICE, changes="", in_force_from=localdate(at), by=SYSTEM,
        at=at,
    )  # fmt: skip
    commands.set_purpose(
        code="second-phone", title="紧急情况下联系备用电话",
        text="在社区联系不上我时，可以拨打我留下的备用电话。不同意不影响办理任何事项。",
        elements=["person.other_phone"], by=SYSTEM, at=at,
    )  # fmt: skip
    commands.keep_assessment(
        title="高龄津贴免填报所需信息共用",
        purpose="以居民档案的证件号码、住址、银行账号代替填报和材料。",
        effects="证件号码、银行账号泄露可能造成财产损失；影响人数为年满八十周岁的居民。",
        measures="本人核验后才使用；窗口查看脱敏；全程记录并向本人公开。",
        elements=["person.identity", "home.written", "bank.number"], risk="low",
        made_on=localdate(at), by=SYSTEM, at=at,
    )  # fmt: skip
