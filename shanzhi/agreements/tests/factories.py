"""三井街道 and its communities, the lists, and agreements as far as a test wants them."""

from datetime import UTC, date, datetime
from decimal import Decimal

from shanzhi.burden.models import Edition
from shanzhi.burden.tests import factories as burden
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people.models import Post
from shanzhi.people.tests import factories as people
from shanzhi.people.tests.factories import CITY, DISTRICT, FUDU, PANLONG, STREET, TIANAN

from .. import commands
from ..models import Agreement, Clause, Run

__all__ = ["CITY", "DISTRICT", "FUDU", "PANLONG", "STREET", "TIANAN"]
AT = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)  # Monday
DECEMBER = datetime(2027, 12, 6, 2, 0, tzinfo=UTC)
YEAR = 2027
ASSIST = (
    "code,title,description,department,clause,clause_quoted,cycle,fee_standard,keywords\r\n"
    "X01,协助居民申请低保,帮助提出申请,civil_affairs,最低生活保障审核确认办法,yes,on_demand,费随事转,低保\r\n"
    "X02,协助低保公示,公示七日,civil_affairs,最低生活保障审核确认办法,yes,on_demand,费随事转,公示\r\n"
    "X03,垃圾分类宣传,投放引导,urban_management,依据待核,no,monthly,费随事转,垃圾\r\n"
)
NEWER = ASSIST.replace("公示七日", "公示五日").replace(
    "X03", "X04,高龄津贴协助,提醒认证,civil_affairs,老年人权益保障法,yes,yearly,,高龄\r\nX03"
)


def town() -> None:
    burden.city()
    burden.edition()
    burden.edition(ASSIST, "assist")


def newer_list() -> Edition:
    return burden.edition(NEWER, "assist")


def clerk(place: str = STREET) -> Actor:
    return _actor("subdistrict_clerk", place)


def secretary(place: str = TIANAN) -> Actor:
    return _actor("community_secretary", place)


def worker(place: str = TIANAN) -> Actor:
    return _actor("community_worker", place)


def office(place: str = CITY) -> Actor:
    return _actor("burden_office", place)


def _actor(role, place):
    held = Post.objects.filter(role=role, place=place).first()
    return people.actor(held or people.post(role, place))


def run_of(place: str = STREET, year: int = YEAR, by: Actor = SYSTEM, at: datetime = AT) -> Run:
    run = commands.start_run(place=place, year=year, by=by, at=at)
    while commands.make_more(run=run, by=by, at=at):
        pass
    return Run.objects.get(pk=run.pk)


def draft(place: str = TIANAN, year: int = YEAR) -> Agreement:
    run_of(place[:9], year)
    return Agreement.objects.get(place=place, year=year, kind="yearly")


def values(**changed) -> dict:
    known = {
        "target": "知晓率百分之九十五", "amount": Decimal("1200.00"), "payer_id": "civil_affairs",
        "due_on": [date(2027, 6, 30), date(2027, 12, 20)],
    }  # fmt: skip
    return known | changed


def priced(agreement: Agreement, code: str = "X01", **changed) -> Clause:
    return commands.edit_clause(
        clause=agreement.clauses.get(code=code), values=values(**changed), everywhere=False,
        by=clerk(agreement.subdistrict), at=AT,
    )  # fmt: skip


def negotiated(place: str = TIANAN) -> Agreement:
    agreement = draft(place)
    priced(agreement)
    return commands.open_negotiation(agreement=agreement, by=clerk(place[:9]), at=AT)


def agreed(place: str = TIANAN) -> Agreement:
    agreement = negotiated(place)
    commands.agree(agreement=agreement, by=secretary(place), at=AT)
    return commands.agree(agreement=agreement, by=clerk(place[:9]), at=AT)


def half_signed(place: str = TIANAN) -> Agreement:
    return commands.sign(agreement=agreed(place), by=secretary(place), at=AT)


def in_force(place: str = TIANAN) -> Agreement:
    return commands.sign(agreement=half_signed(place), by=clerk(place[:9]), at=AT)


def everything(agreement: Agreement) -> tuple:
    """What a refusal must leave as it was."""
    agreement = Agreement.objects.get(pk=agreement.pk)
    rows = [agreement.clauses, agreement.comments, agreement.signatures, agreement.payments,
            agreement.supplements]  # fmt: skip
    return (
        Agreement.objects.filter(pk=agreement.pk).values_list()[0],
        [list(each.order_by("pk").values_list()) for each in rows],
    )
