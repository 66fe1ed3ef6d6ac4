"""Someone says a value is wrong: the owner decides, everybody else sees that it is disputed."""

from datetime import timedelta

import pytest

from shanzhi.journal.queries import about
from shanzhi.kernel import Refused
from shanzhi.people import commands as people
from shanzhi.people.tests import factories as staff
from shanzhi.registry import commands, queries, versions
from shanzhi.registry.models import ChangeRequest, ErasureRequest, Person
from shanzhi.work import commands as work
from shanzhi.work.models import Duty

from . import rights_factories as make
from .rights_factories import LATER, NOON, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city():
    staff.city()
    work.load_calendar(by=make.SYSTEM, at=NOON)
    rows = [
        {"code": "civil_affairs", "name": "民政", "bureau": "民政局", "office": "民政办"},
        {"code": "police", "name": "公安", "bureau": "公安局", "office": "派出所"},
    ]
    people.load_departments(rows=rows, by=make.SYSTEM, at=NOON)


@pytest.fixture
def zhang():
    return make.person(other_phone="13800000022")


@pytest.fixture
def account(zhang):
    account = make.resident()
    make.bound(account, zhang)
    return account


@pytest.fixture
def clerk():
    post = staff.post("department_clerk", staff.STREET, department="civil_affairs")
    return staff.actor(post)


def ask(zhang, account, value="13800000033", element="person.phone", **more):
    return commands.ask_correction(
        person=zhang, element=element, value=value, reason="换号码了", at=NOON,
        by=make.acting(account), **more,
    )  # fmt: skip


def again(person):
    return Person.objects.get(pk=person.pk)


def test_asking_disputes_the_field_and_gives_its_owner_ten_working_days(zhang, account, clerk):
    request = ask(zhang, account)

    assert (request.wanted, request.held) == ("13800000033", "13800000021")
    assert (request.place, request.department) == (staff.STREET, "civil_affairs")
    assert again(zhang).disputed == ["phone"]
    assert again(zhang).phone == "13800000021"
    duty = Duty.objects.get()
    assert (duty.place, duty.department, duty.kind) == (
        staff.STREET, "civil_affairs", "registry.correction",
    )  # fmt: skip
    clock = duty.clocks.get()
    assert (clock.basis, clock.amount, clock.unit) == ("statutory", 10, "working_days")
    entry = about(f"registry.ChangeRequest:{request.pk}")[-1]
    assert entry.verb == "registry.correction_asked"
    assert "13800000033" not in str(entry.data)
    assert "换号码了" not in str(entry.data)


def test_without_a_desk_at_the_sub_district_the_district_s_bureau_decides(zhang, account):
    request = ask(zhang, account)
    assert (request.place, request.department) == (staff.DISTRICT, "civil_affairs")


def test_the_owner_accepts_and_the_registry_says_so_from_the_resident(zhang, account, clerk):
    request = ask(zhang, account)
    commands.decide_correction(request=request, accept=True, answer="已核实", by=clerk, at=LATER)

    person = again(zhang)
    assert (person.phone, person.disputed, person.source.code) == ("13800000033", [], "resident")
    request.refresh_from_db()
    assert (request.state, request.decided_by) == ("accepted", clerk.account_id)
    assert Duty.objects.get().closed_at == LATER
    before = versions.as_of(person.pk, "person", day=TODAY, known_at=NOON)
    assert before["phone"] == "13800000021"


def test_a_refusal_needs_a_reason_and_changes_nothing_but_the_dispute(zhang, account, clerk):
    request = ask(zhang, account)
    with pytest.raises(Refused, match="resident reads it"):
        commands.decide_correction(request=request, accept=False, answer=" ", by=clerk, at=LATER)
    assert again(zhang).disputed == ["phone"]

    commands.decide_correction(
        request=request, accept=False, answer="核实号码仍在使用", by=clerk, at=LATER
    )
    person = again(zhang)
    assert (person.phone, person.disputed) == ("13800000021", [])
    assert ChangeRequest.objects.get().state == "refused"
    with pytest.raises(Refused, match="answered already"):
        commands.decide_correction(request=request, accept=True, answer="", by=clerk, at=LATER)
    assert again(zhang).phone == "13800000021"


@pytest.mark.parametrize(
    ("role", "place", "department"),
    [
        ("community_worker", staff.TIANAN, ""),
        ("department_clerk", staff.STREET, "police"),
        ("department_clerk", staff.DISTRICT, "civil_affairs"),
        ("city_clerk", staff.CITY, ""),
    ],
)
def test_nobody_but_the_owner_decides(zhang, account, clerk, role, place, department):
    request = ask(zhang, account)
    other = staff.actor(staff.post(role, place, department=department))
    with pytest.raises(Refused, match="department that owns"):
        commands.decide_correction(request=request, accept=True, answer="", by=other, at=LATER)
    assert (again(zhang).phone, again(zhang).disputed) == ("13800000021", ["phone"])


def test_a_wrong_account_a_stranger_and_an_expired_binding_ask_nothing(zhang, account, clerk):
    stranger = make.resident("13800000044", "路人")
    with pytest.raises(Refused, match="not bound"):
        ask(zhang, stranger)
    people.change_phone(account=account, phone="13800000045", by=make.acting(account), at=NOON)
    with pytest.raises(Refused, match="not bound"):
        ask(zhang, account)
    elsewhere = staff.actor(staff.post("community_worker", staff.PANLONG))
    with pytest.raises(Refused, match="not present"):
        commands.ask_correction(
            person=zhang, element="person.phone", value="13800000033", reason="换号码了",
            by=elsewhere, at=NOON,
        )  # fmt: skip
    assert (ChangeRequest.objects.count(), Duty.objects.count()) == (0, 0)
    assert again(zhang).disputed == []


@pytest.mark.parametrize(
    ("element", "value", "sentence"),
    [
        ("person.phone", "123", "mobile number"),
        ("person.phone", " ", "right value"),
        ("person.identity", "320499194503150010", "mistyped"),
        ("person.birth", "2999-01-01", "future"),
        ("person.sex", "7", "not in the list"),
        ("person.nothing", "1", "cannot be corrected"),
        ("person.state", "dead", "cannot be corrected"),
        ("household.dwelling", "1", "cannot be corrected"),
    ],
)
def test_a_value_must_be_one(zhang, account, element, value, sentence):
    with pytest.raises(Refused, match=sentence):
        ask(zhang, account, value, element)
    assert ChangeRequest.objects.count() == 0
    assert again(zhang).disputed == []


def test_the_same_field_is_disputed_once_and_can_be_taken_back_by_who_asked(zhang, account, clerk):
    request = ask(zhang, account)
    with pytest.raises(Refused, match="being checked already"):
        ask(zhang, account, "13800000034")
    other = make.resident("13800000046", "路人")
    with pytest.raises(Refused, match="Only who asked"):
        commands.withdraw_correction(request=request, by=make.acting(other), at=LATER)
    assert ChangeRequest.objects.get().state == "waiting"

    commands.withdraw_correction(request=request, by=make.acting(account), at=LATER)
    assert again(zhang).disputed == []
    assert Duty.objects.get().closed_at == LATER
    ask(zhang, account, "13800000034")


def test_known_values_say_where_they_are_from_and_that_they_are_disputed(zhang, account, clerk):
    ask(zhang, account)
    found = queries.known_values(
        account.pk, ["person.phone", "person.birth", "bank.number", "none.such"], on=TODAY
    )
    assert found == {
        "person.phone": ("13800000021", "社区采集", TODAY, True),
        "person.birth": ("1945-03-15", "社区采集", TODAY, False),
    }


# --- deletion -------------------------------------------------------------------------------------


def test_deletion_does_what_the_law_allows_and_gives_the_law_for_the_rest(zhang, account):
    request = commands.ask_erasure(person=zhang, by=make.acting(account), at=LATER)

    person = again(zhang)
    assert (person.other_phone, person.other_phone_hash) == (None, None)
    assert (person.phone, person.name) == ("13800000021", "张一")
    assert request.outcome["person.other_phone"] == ""
    assert request.outcome["person.identity"] == "居民身份证法"
    kept = versions.as_of(person.pk, "person", day=TODAY, known_at=NOON)
    assert "other_phone" not in kept
    assert kept["phone"] == "13800000021"
    entry = about(f"registry.ErasureRequest:{request.pk}")[-1]
    assert entry.data["deleted"] == ["person.other_phone"]


def test_nobody_else_deletes(zhang, account):
    son = make.resident("13800000047", "张儿子")
    make.bound(son, zhang, "proxy", scope=["read", "copy"])
    with pytest.raises(Refused, match="themselves"):
        commands.ask_erasure(person=zhang, by=make.acting(son), at=LATER + timedelta(days=1))
    assert again(zhang).other_phone == "13800000022"
    assert ErasureRequest.objects.count() == 0
