"""The demonstration city's catalogue, a little seal register, and who asked for what it forbids.

Units, purposes and residents are invented; the certificates are those of the catalogue.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from django.utils.timezone import localdate

from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people.models import Account
from shanzhi.places import queries as divisions
from shanzhi.registry import queries as registry
from shanzhi.registry.models import Presence

from . import catalogue_files, commands
from .kinds import Wish
from .models import Entry
from .presenting import written
from .queries import facts

DATA = Path(__file__).resolve().parent / "data/catalogue.csv"
SEED = 20200724
TITLE = "社区（村）出具证明事项目录（演示）"
BASIS = "本市保留证明事项目录（演示）"
CONFIRMED = (
    "居住情况证明",
    "青少年社区实践活动证明",
    "居民会议表决结果证明",
    "加装电梯方案公示情况证明",
)
ASKED = (  # unit, certificate, purpose, how often
    ("示例银行新北支行", "居民财产证明", "个人贷款", 14),
    ("示例银行新北支行", "亲属关系证明", "提取亲属存款", 9),
    ("示例农村商业银行三井支行", "居民财产证明", "办理信用卡", 7),
    ("示例人寿保险公司", "疾病状况证明", "理赔", 8),
    ("示例人寿保险公司", "亲属关系证明", "领取保险金", 5),
    ("市示例房产交易中心", "婚姻状况证明", "办理过户", 6),
    ("示例实验小学", "居民就业状况证明", "新生报名", 4),
    ("示例实验小学", "家庭和睦证明", "评选书香家庭", 2),
    ("示例人力资源公司", "无犯罪记录证明", "入职", 7),
    ("市示例养老保险经办窗口", "健在证明", "养老金资格认证", 5),
    ("示例物业公司", "居民养犬证明", "办理犬只进出登记", 3),
    ("示例通信营业厅", "证件遗失证明", "补办手机卡", 3),
    ("示例健身俱乐部", "身体健康证明", "办卡", 2),
)  # fmt: skip
SCHOOL, HOUSING = "示例实验小学", "市示例住房保障中心"


def catalogue(place: str, on: date, at: datetime) -> None:
    rows = catalogue_files.read(DATA.read_bytes())
    edition = commands.draft_edition(place=place, title=TITLE, rows=rows, by=SYSTEM, at=at)
    commands.publish_edition(edition=edition, on=on, by=SYSTEM, at=at)
    for entry in edition.entries.filter(name__in=CONFIRMED).order_by("position"):
        commands.confirm_entry(entry=entry, basis=BASIS, by=SYSTEM, at=at)


def refuse(worker: Actor, district: str, now: datetime) -> None:
    """Over ten weeks in the communities of a district, more in the demonstration's own."""
    random, known = Random(SEED), {each.name: each for each in Entry.objects.all()}
    codes = [each.code for each in divisions.inside(district) if len(each.code) == 12]
    codes = random.sample(sorted(codes), min(14, len(codes)))
    asked = [each[:3] for each in ASKED for _n in range(each[3])]
    random.shuffle(asked)
    for number, (unit, name, purpose) in enumerate(asked):
        here = number % 3 == 0 or name not in known
        commands.refuse(
            place=worker.place if here else random.choice(codes), entry=known.get(name),
            asked="" if name in known else name, unit=unit, purpose=purpose,
            by=worker if here else SYSTEM,
            at=now - timedelta(days=70 - 70 * number // len(asked), minutes=random.randint(1, 300)),
        )  # fmt: skip


def ask_on_the_phone(resident: Account, worker: Actor, secretary: Actor, now: datetime) -> None:
    """By the demonstration's resident: one that was collected, one of which something is missing,
    one that waits, and the letter for a bank.
    """
    by = Actor(resident.pk, name=resident.name)
    entry = Entry.objects.get(name="居住情况证明")
    person_id = registry.bound_ids(resident.pk)[0]

    def ask(unit, purpose, at, note=""):
        wish = Wish(unit, purpose, 1, 90)
        return commands.apply(entry=entry, person_id=person_id, wish=wish, note=note, by=by, at=at)

    done = ask("市示例图书馆", "办理长者借阅证", now - timedelta(days=20))
    later = done.asked_at + timedelta(hours=3)
    wish = Wish(done.unit, done.purpose, 1, 90)
    done = commands.take(application=done, wish=wish, by=worker, at=later)
    made = commands.seal(certificate=done.certificate, by=secretary, at=later)
    commands.hand_out(certificate=made, by=worker, at=later + timedelta(days=1))

    waits = ask(HOUSING, "申请公共租赁住房", now - timedelta(days=3), "周五前要交")
    commands.ask_missing(
        application=waits, missing="请写明是哪一个区的住房保障中心。", by=worker,
        at=now - timedelta(days=2),
    )  # fmt: skip
    ask("示例老年大学", "春季班报名", now - timedelta(hours=3))
    commands.take_letter(
        entry=Entry.objects.get(name="居民财产证明"), unit="示例银行新北支行", purpose="个人贷款",
        by=by, at=now - timedelta(days=5),
    )  # fmt: skip


def issue(worker: Actor, secretary: Actor, now: datetime) -> None:
    """Certificates of residents in every state, made by the worker and sealed by the secretary."""
    residents = _residents(worker)
    entry = Entry.objects.get(name="居住情况证明")
    for number, person_id in enumerate(residents):
        days_ago = 1 + 3 * (len(residents) - 1 - number)
        unit, purpose = ((SCHOOL, "子女入学"), (HOUSING, "申请公共租赁住房"))[number % 2]
        at = now - timedelta(days=days_ago, hours=2)
        made = _requested(entry, person_id, Wish(unit, purpose, 1 + number % 2, 90), worker, at)
        if days_ago < 5:
            continue  # the last two wait for the seal
        made = commands.seal(certificate=made, by=secretary, at=at + timedelta(minutes=50))
        if number == 3:
            commands.revoke(
                certificate=made, reason="本人已迁出，另行开具", by=secretary,
                at=at + timedelta(days=1),
            )  # fmt: skip
        elif days_ago > 7:
            commands.hand_out(certificate=made, by=worker, at=at + timedelta(minutes=70))
    _of_matters(worker, secretary, now)


def _residents(worker):
    """Ten who live here with a known relation to the head of the household."""
    rows = Presence.objects.filter(community=worker.place, kind=Presence.Kind.LIVING, until=None)
    found = []
    for person_id in rows.order_by("person_id").values_list("person_id", flat=True)[2:40]:
        held = facts.held(worker, person_id, ["household.relation", "home.written"])
        if held and held.alive and len(held.values) == 2:
            found.append(person_id)
    return found[:11]


def _requested(entry, person_id, wish, worker, at):
    return commands.request(entry=entry, person_id=person_id, wish=wish, by=worker, at=at)


def _of_matters(worker, secretary, now):
    """One vouched for by the secretary, one the secretary would not seal."""
    vote = Entry.objects.get(name="居民会议表决结果证明")
    met = localdate(now - timedelta(days=15))
    said = {0: written(met), 1: "小区加装充电桩方案", 2: "应到 96 户，实到 81 户，赞成 74 户"}
    at = now - timedelta(days=12)
    wish = Wish("示例供电公司", "充电桩报装", 2, 180, said, "天安别墅业主代表")
    made = _requested(vote, None, wish, worker, at)
    made = commands.seal(
        certificate=made, vouched=f"核对{written(met)}居民会议签到表和表决票", by=secretary,
        at=at + timedelta(hours=3),
    )  # fmt: skip
    commands.hand_out(certificate=made, by=worker, at=at + timedelta(hours=4))

    lift = Entry.objects.get(name="加装电梯方案公示情况证明")
    first, last = localdate(now - timedelta(days=13)), localdate(now - timedelta(days=7))
    said = {0: "天安别墅", 1: "8 幢 2 单元", 2: written(first), 3: written(last), 4: "无异议"}
    at = now - timedelta(days=6)
    wish = Wish(HOUSING, "申请加装电梯补贴", 1, 90, said, "8 幢 2 单元全体业主")
    made = _requested(lift, None, wish, worker, at)
    commands.refuse_request(
        certificate=made, reason="公示期未满十日，期满后重新申请", by=secretary,
        at=at + timedelta(hours=2),
    )  # fmt: skip
