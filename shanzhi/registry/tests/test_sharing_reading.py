"""What a grant lets its unit read, who read it, and the values shown in full."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.kernel import Refused
from shanzhi.kernel.workdays import years_before
from shanzhi.registry import commands, readlog
from shanzhi.registry.models import ReadEntry
from shanzhi.work.models import Duty

from . import sharing_factories as factories
from .sharing_factories import DAY, MONDAY

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)


@pytest.fixture
def health():
    factories.city()
    return factories.clerk("health")


@pytest.fixture
def grant(health):
    return factories.granted(health)


def read(grant, by, at=MONDAY, **more):
    return commands.read_by_grant(grant=grant, by=by, at=at, **more)


@contextmanager
def refuses(sentence, field=None):
    before = ReadEntry.objects.count()
    with pytest.raises(Refused, match=sentence) as refusal:
        yield
    assert ReadEntry.objects.count() == before
    if field:
        assert refusal.value.field == field


# --- a page ---------------------------------------------------------------------------------------


def test_a_page_shows_the_granted_elements_masked_unless_granted_in_full(grant, health):
    old = factories.person("欧阳示例", phone="13800000077")
    [row] = read(grant, health).rows
    assert row.person == old.pk
    assert row.values == {
        "person.name": "欧阳示例", "person.birth": "1945", "person.phone": "138****0077",
    }  # fmt: skip


def test_it_reaches_the_living_of_the_scope_who_fit_the_filter(grant, health):
    inside = factories.person("甲示例", date(1961, 3, 2))  # 65 today
    factories.person("乙示例", date(1961, 3, 3))  # tomorrow
    registered = factories.person("丁示例", kind=1)
    other = factories.person("戊示例", place=factories.PANLONG)
    rows = read(grant, health).rows
    assert {row.person for row in rows} == {inside.pk, other.pk}
    assert registered.pk not in {row.person for row in rows}


def test_a_page_follows_the_other_by_community_and_name(grant, health):
    for name in ("丙示例", "甲示例", "乙示例"):
        factories.person(name)
    factories.person("丁示例", place=factories.PANLONG)
    first = read(grant, health, size=2)
    second = read(grant, health, size=2, cursor=first.next)
    assert [row.values["person.name"] for row in (*first.rows, *second.rows)] == [
        "丙示例", "乙示例", "甲示例", "丁示例",
    ]  # fmt: skip
    assert second.next == ""


def test_a_cursor_of_another_list_is_refused(grant, health):
    with refuses("broken"):
        read(grant, health, cursor="W10")


def test_the_beginning_of_a_name_and_a_division_take_less(grant, health):
    factories.person("甲示例")
    factories.person("甲样例", place=factories.PANLONG)
    factories.person("乙示例")
    assert len(read(grant, health, begins="甲").rows) == 2
    assert len(read(grant, health, begins="甲", place=factories.TIANAN).rows) == 1
    assert read(grant, health, begins="%").rows == []


def test_further_sections_come_along(health):
    grant = factories.granted(health, elements={
        "person.name": False, "home.building": False, "household.kind": False, "bank.number": False,
    })  # fmt: skip
    factories.person("甲示例")
    [row] = read(grant, health).rows
    assert row.values == {
        "person.name": "甲**", "home.building": "", "household.kind": "", "bank.number": "",
    }  # fmt: skip


def test_what_one_owner_refused_is_not_read(health):
    grant = factories.asked(health)
    civil, police = (factories.part(grant, each) for each in ("civil_affairs", "police"))
    commands.refuse_grant(part=civil, ground="purpose", reason="不需要电话", at=MONDAY,
                          by=factories.owner())  # fmt: skip
    commands.agree_grant(part=police, by=factories.owner("police"), at=MONDAY)
    factories.person("甲示例")
    [row] = read(grant, health).rows
    assert set(row.values) == {"person.name", "person.birth"}
    with refuses("does not give person.phone", "elements"):
        read(grant, health, elements=["person.name", "person.phone"])


def test_a_page_asks_a_fixed_number_of_queries(grant, health, django_assert_max_num_queries):
    for n in range(5):
        factories.person(f"{'甲乙丙丁戊'[n]}示例")
    with django_assert_max_num_queries(14):
        assert len(read(grant, health).rows) == 5


# --- one identity number --------------------------------------------------------------------------


def test_an_identity_number_is_looked_up_within_the_grant(grant, health):
    number = factories.identity(date(1945, 3, 15), 901)
    person = factories.person("甲示例", identity=number)
    young = factories.identity(date(2001, 3, 15), 902)
    factories.person("乙示例", date(2001, 3, 15), identity=young)

    found = commands.look_up_by_grant(grant=grant, identity=f" {number} ", by=health, at=MONDAY)
    assert [row.person for row in found.rows] == [person.pk]
    found = commands.look_up_by_grant(grant=grant, identity=young, by=health, at=MONDAY)
    assert found.rows == []
    assert ReadEntry.objects.count() == 1


def test_a_mistyped_number_is_a_sentence(grant, health):
    with refuses("18 characters"):
        commands.look_up_by_grant(grant=grant, identity="123", by=health, at=MONDAY)


# --- refused --------------------------------------------------------------------------------------


def test_more_than_granted_is_refused_by_name(grant, health):
    factories.person("甲示例")
    with refuses("does not give person.identity, person.marital", "elements"):
        read(grant, health, elements=["person.marital", "person.name", "person.identity"])


def test_a_division_outside_the_grant_is_refused(health):
    grant = factories.granted(health, scope=factories.STREET)
    factories.person("甲示例", place=factories.PANLONG)
    assert read(grant, health).rows == []
    with refuses("does not reach", "place"):
        read(grant, health, place=factories.PANLONG)


def test_another_unit_reads_nothing_by_it(grant, health):
    for other in (
        factories.clerk("health", factories.TIANNING), factories.clerk("civil_affairs"),
        factories.owner("police"), factories.worker(), factories.security(),
    ):  # fmt: skip
        with refuses("Only the unit that asks"):
            read(grant, other)


def test_only_what_is_in_use_is_read(health):
    grant = factories.drafted(health)
    with refuses("not granted, or has ended"):
        read(grant, health)
    commands.ask_grant(grant=grant, by=health, at=MONDAY)
    with refuses("not granted, or has ended"):
        read(grant, health)


def test_a_suspended_grant_reads_nothing_until_it_is_resumed(grant, health):
    by = factories.security()
    commands.suspend_grant(grant=grant, reason="核查用途", by=by, at=MONDAY)
    with refuses("suspended"):
        read(grant, health)
    commands.resume_grant(grant=grant, by=by, at=MONDAY)
    factories.person()
    assert len(read(grant, health).rows) == 1


def test_an_ended_grant_reads_nothing(grant, health):
    commands.end_grant(grant=grant, reason="工作已完成", by=health, at=MONDAY)
    with refuses("has ended"):
        read(grant, health)


def test_it_reads_from_its_first_to_its_last_day(health):
    grant = factories.granted(health, since=date(2026, 4, 1), until=date(2026, 4, 30))
    last = factories.datetime(2026, 4, 30, 23, 59, tzinfo=factories.SHANGHAI)
    with refuses("later day"):
        read(grant, health)
    read(grant, health, at=last)
    with refuses("is over"):
        read(grant, health, at=last + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("method", "desk", "program"), [("desk", 1, 0), ("api", 0, 1), ("both", 1, 1)]
)
def test_only_in_the_granted_way(health, method, desk, program):
    grant = factories.granted(health, method=method)
    key = replace(health, key_id=7)
    for by, allowed in ((health, desk), (key, program)):
        if allowed:
            read(grant, by)
        else:
            with refuses("way of reading"):
                read(grant, by)


def test_a_program_reads_all_of_it_or_one_division(health):
    grant = factories.granted(health, method="both")
    factories.person("甲示例")
    factories.person("乙示例", place=factories.PANLONG)
    key = replace(health, key_id=7)
    assert len(read(grant, key).rows) == 2
    assert len(read(grant, key, place=factories.TIANAN).rows) == 1


# --- the log --------------------------------------------------------------------------------------


def test_a_page_is_one_line_with_the_ids(grant, health):
    persons = [factories.person(f"{'甲乙丙丁戊'[n]}示例").pk for n in range(3)]
    read(grant, health)
    [entry] = ReadEntry.objects.all()
    assert sorted(entry.persons) == sorted(persons)
    assert entry.elements == ["person.birth", "person.name", "person.phone"]
    assert (entry.account, entry.post, entry.place, entry.department, entry.role) == (
        health.account_id, health.post_id, factories.DISTRICT, "health", "department_clerk",
    )  # fmt: skip
    assert (entry.grant, entry.through, entry.purpose) == (grant.pk, "grant", grant.purpose)
    assert (entry.basis, entry.at, entry.key) == (grant.basis, MONDAY, None)


def test_an_empty_page_leaves_no_line(grant, health):
    read(grant, health)
    assert not ReadEntry.objects.exists()


def test_the_person_reads_unit_post_and_purpose_but_no_name(grant, health):
    person = factories.person()
    read(grant, health)
    [line] = readlog.about([person.pk], today=TODAY).rows
    assert (line.unit, line.post) == ("新北区卫生健康委员会", "Department clerk")
    assert line.elements == [readlog.title(f"person.{each}") for each in ("birth", "name", "phone")]
    assert (line.purpose, line.basis) == (grant.purpose, grant.basis)
    assert (line.program, line.withheld) == (False, "")
    assert not hasattr(line, "account") and health.name not in repr(line)


def test_what_the_law_keeps_secret_shows_the_law_and_the_day_of_review(health):
    grant = factories.granted(
        health, confidential_basis="监察法第十八条", review_on=date(2026, 6, 1)
    )
    person = factories.person()
    read(grant, health)
    [line] = readlog.about([person.pk], today=TODAY).rows
    assert (line.withheld, line.review_on) == ("监察法第十八条", date(2026, 6, 1))
    assert (line.unit, line.post, line.purpose, line.basis, line.elements, line.through) == (
        "", "", "", "", [], "",
    )  # fmt: skip
    [line] = readlog.about([person.pk], today=date(2026, 6, 2)).rows
    assert (line.withheld, line.purpose) == ("", grant.purpose)


def test_the_lines_of_a_person_come_in_pages_the_last_first(grant, health):
    person = factories.person()
    factories.person("乙示例")
    for n in range(5):
        read(grant, health, at=MONDAY + n * 40 * DAY)
    first = readlog.about([person.pk], today=TODAY, size=3)
    second = readlog.about([person.pk], first.next, today=TODAY, size=3)
    seen = [localdate(line.at) for line in (*first.rows, *second.rows)]
    assert seen == sorted(seen, reverse=True) and len(set(seen)) == 5
    assert second.next == ""
    assert readlog.about([person.pk + 1000], today=TODAY).rows == []


@pytest.mark.parametrize("statement", [
    "update registry_readentry set purpose = 'x'", "delete from registry_readentry",
    "truncate registry_readentry",
])  # fmt: skip
def test_the_log_only_grows(grant, health, statement):
    factories.person()
    read(grant, health)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert ReadEntry.objects.count() == 1


def test_months_are_made_ahead_and_take_what_the_default_held(grant, health):
    factories.person()
    late = factories.datetime(2031, 5, 3, 9, 0, tzinfo=factories.SHANGHAI)
    readlog.note(by=health, persons=[1], elements=["person.name"], purpose="x", through="page",
                 at=late)  # fmt: skip
    made = commands.prepare_read_partitions(by=factories.SYSTEM, at=late)
    assert made == ["2031_05", "2031_06", "2031_07", "2031_08"]
    assert commands.prepare_read_partitions(by=factories.SYSTEM, at=late) == []
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from registry_readentry_2031_05")
        assert cursor.fetchone() == (1,)


# --- reveal ---------------------------------------------------------------------------------------


def reveal(person, by, at=MONDAY, reason="上门前核对电话", elements=("person.phone",)):
    return commands.reveal(person=person, elements=list(elements), reason=reason, by=by, at=at)


def test_a_value_is_shown_in_full_for_a_reason_and_logged(health):
    person = factories.person(phone="13800000088")
    by = factories.worker()
    assert reveal(person, by, elements=("person.phone", "bank.number", "home.door")) == {
        "person.phone": "13800000088", "bank.number": "", "home.door": "",
    }  # fmt: skip
    [line] = readlog.about([person.pk], today=TODAY).rows
    assert (line.unit, line.post) == ("天安社区", "Community worker")
    assert line.purpose == "上门前核对电话"
    assert line.through == "Shown without a mask"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"reason": "看看"}, "Say why"),
        ({"elements": ()}, "Name what"),
        ({"elements": ("person.shoe",)}, "Name what"),
    ],
)
def test_a_reveal_without_reason_or_element_is_refused(health, more, sentence):
    person, by = factories.person(), factories.worker()
    with refuses(sentence):
        reveal(person, by, **more)


def test_nobody_sees_in_full_who_does_not_see_the_person(health):
    person = factories.person()
    resident = factories.people.actor(factories.people.resident())
    for by in (factories.worker(factories.FUDU), resident):
        with refuses("not among those"):
            reveal(person, by)


def test_many_reveals_by_one_post_are_told_to_security_once_a_day(health, settings):
    settings.SHANZHI_REVEALS_A_DAY = 3
    person, by, other = factories.person(), factories.worker(), factories.worker()
    reveal(person, other)
    for n in range(2):
        reveal(person, by, MONDAY - DAY + timedelta(hours=n))
    for n in range(5):
        reveal(person, by, MONDAY + timedelta(minutes=n))
    [duty] = Duty.objects.filter(kind="registry.reveals")
    assert (duty.place, duty.department, duty.about) == (
        "3204", "security_admin", f"people.Post:{by.post_id}",
    )  # fmt: skip

    with refuses("Only the security"):
        commands.settle_reveals(post_id=by.post_id, outcome="已核实", by=by, at=MONDAY)
    closed = commands.settle_reveals(
        post_id=by.post_id, outcome="集中入户，情况属实", by=factories.security(), at=MONDAY + DAY
    )
    assert closed == 1
    reveal(person, by, MONDAY + DAY)
    assert not Duty.objects.filter(kind="registry.reveals", closed_at=None).exists()


# --- ages -----------------------------------------------------------------------------------------


@given(st.dates(date(1900, 1, 1), date(2060, 12, 31)), st.integers(0, 120))
def test_an_age_is_reached_on_the_birthday(today, years):
    """By the civil count: who was born on 29 February is older on 1 March in other years."""
    latest = years_before(today, years)
    assert age(latest, today) == years
    assert age(latest + DAY, today) == years - 1


def age(birth, today):
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
