"""Guardians and proxies from the first day to the last: of age, dead, and taken back."""

import json
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.journal.queries import about
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people import commands as people
from shanzhi.people.models import Notice
from shanzhi.people.tests import factories as staff
from shanzhi.registry import commands, queries, rules
from shanzhi.registry.models import Binding, Death, Person, ReadEntry, Relation
from shanzhi.registry.plugs import rights as plug
from shanzhi.work import commands as work

from . import rights_factories as make
from .rights_factories import LATER, NOON, TODAY

DAY = timedelta(days=1)
days = st.dates(date(1990, 1, 1), date(2060, 12, 31))


# --- dates decide ---------------------------------------------------------------------------------


@given(birth=days, age=st.integers(0, 20 * 366))
def test_a_guardian_is_one_to_the_eve_of_the_eighteenth_birthday_and_two_years_at_most(birth, age):
    on, child = birth + timedelta(days=age), Person(birth=birth)
    over = rules.last_day(child, Relation.GUARDIAN, on)

    assert over <= on + timedelta(days=rules.rights.binding_days())
    if rules.is_younger(child, 18, on):
        assert on < over
        assert rules.is_younger(child, 18, over - DAY)
        longest = over == on + timedelta(days=rules.rights.binding_days())
        assert longest or not rules.is_younger(child, 18, over)


@given(birth=days, age=st.integers(0, 20 * 366))
def test_at_every_age_somebody_speaks_for_a_minor_and_between_both_do(birth, age):
    on, child = birth + timedelta(days=age), Person(birth=birth)

    def may(relation):
        try:
            rules.rights._check_relation(child, relation, on)
        except Refused:
            return False
        return True

    of = rules.is_younger
    assert may(Relation.GUARDIAN) == of(child, 18, on)
    assert may(Relation.SELF) != of(child, 14, on)
    assert may(Relation.PROXY) != of(child, 18, on)
    assert may(Relation.GUARDIAN) or (may(Relation.SELF) and may(Relation.PROXY))


@given(on=days)
def test_a_proxy_is_named_for_a_year_and_not_a_day_more(on):
    over = rules.last_day(Person(birth=date(1945, 3, 15)), Relation.PROXY, on)
    assert (over.year, over.month, over.day) in {
        (on.year + 1, on.month, on.day), (on.year + 1, 3, 1),
    }  # fmt: skip


# --- the rest needs a city ------------------------------------------------------------------------


@pytest.fixture
def city(db, english):
    staff.city()
    work.load_calendar(by=SYSTEM, at=NOON)
    return english


@pytest.fixture
def zhang(city):
    return make.person()


@pytest.fixture
def child(city):
    return make.person("张小", date(2018, 6, 1), "003", phone="")


@pytest.fixture
def mother(city):
    return make.resident("13800000031", "李母亲")


@pytest.fixture
def worker(city):
    return staff.actor(staff.post("community_worker"))


@pytest.fixture
def secretary(city):
    return staff.actor(staff.post("community_secretary"))


def now_bound(account, person, relation, **more):
    return commands.bind(
        account_id=account.pk, person=person, level=1, relation=relation, by=SYSTEM,
        at=timezone.now(), **more,
    )  # fmt: skip


def speaks(account, person, at=NOON):
    return queries.binding_for(account.pk, person.pk, on=localdate(at)) is not None


def told(account):
    return list(
        Notice.objects.filter(account=account).order_by("pk").values_list("text", flat=True)
    )


def tell(*persons):
    plug.tell([each for person in persons for each in about(f"registry.Person:{person.pk}")])


def test_who_speaks_for_a_minor_and_who_does_not(child, mother, zhang):
    with pytest.raises(Refused, match="Guardians speak for a minor"):
        make.bound(mother, child, "proxy", scope=["read"])
    Person.objects.filter(pk=zhang.pk).update(birth=None)
    with pytest.raises(Refused, match="date of birth first"):
        make.bound(mother, Person.objects.get(pk=zhang.pk), "guardian")
    assert Binding.objects.count() == 0


@pytest.mark.parametrize("scope", [["copy"], ["correct"], ["copy", "correct", "fill"]])
def test_what_shows_the_data_needs_that_they_may_be_seen(zhang, mother, scope):
    with pytest.raises(Refused, match="choose that as well"):
        make.bound(mother, zhang, "proxy", scope=scope)
    assert Binding.objects.count() == 0
    assert make.bound(mother, zhang, "proxy", scope=["read", *scope]).allows(scope[0])


def test_a_youth_has_an_own_account_beside_the_guardian_and_does_not_end_that(city, mother, worker):
    now = timezone.now()
    youth = make.person("张少", localdate(now) - timedelta(days=15 * 366), "004", phone="")
    own = make.resident("13800000032", "张少")
    guardian = now_bound(mother, youth, "guardian")
    now_bound(own, youth, "self")

    with pytest.raises(Refused, match="until you are of age"):
        commands.end_binding(binding=guardian, reason="resident", by=make.acting(own), at=now)
    assert speaks(mother, youth, now)
    page = staff.enter(city, own).get("/me/data/people/").content.decode()
    assert "李母亲" in page
    assert f"/people/{guardian.pk}/end/" not in page

    commands.end_binding(binding=guardian, reason="staff", by=worker, at=now)
    assert (speaks(mother, youth, now), speaks(own, youth, now)) == (False, True)


def test_the_night_of_the_eighteenth_birthday_ends_it_and_the_guardian_hears_why(child, mother):
    make.bound(mother, child, "guardian", until=date(2027, 1, 1))
    night = NOON.replace(year=2036, month=6, day=1)
    Binding.objects.update(until=date(2040, 1, 1))

    assert commands.end_bindings_outlived(by=SYSTEM, at=night - DAY) == 0
    assert commands.end_bindings_outlived(by=SYSTEM, at=night) == 1
    assert commands.end_bindings_outlived(by=SYSTEM, at=night) == 0
    assert Binding.objects.get().ended == "age"
    tell(child)
    assert told(mother) == ["registry.bound", "registry.binding_of_age"]


def test_a_birth_that_was_corrected_ends_the_guardian_the_next_night(child, mother):
    make.bound(mother, child, "guardian")
    Person.objects.filter(pk=child.pk).update(birth=date(2008, 2, 28))
    commands.end_bindings_outlived(by=SYSTEM, at=NOON)
    assert not speaks(mother, child)


# --- death ----------------------------------------------------------------------------------------


@pytest.fixture
def family(zhang, child, mother):
    """Old 张一 with an own account, who is guardian of a child and has a proxy."""
    own, son = make.resident(), make.resident("13800000005", "张儿子")
    make.bound(own, zhang)
    make.bound(own, child, "guardian")
    make.bound(son, zhang, "proxy", scope=["read"])
    make.bound(mother, child, "guardian")
    return own, son


def die(person, by):
    commands.die(person=person, on=TODAY, by=by, at=LATER)
    return Death.objects.get()


def test_a_death_ends_who_spoke_for_the_dead_and_what_their_account_did(
    family, zhang, child, mother, worker
):
    own, son = family
    die(zhang, worker)

    assert queries.bindings(own.pk, on=TODAY) == []
    assert queries.bindings(son.pk, on=TODAY) == []
    assert speaks(mother, child, LATER)
    assert set(Binding.objects.exclude(ended_at=None).values_list("ended", flat=True)) == {"died"}
    tell(zhang)
    assert told(son) == ["registry.bound", "registry.binding_died"]
    with pytest.raises(Refused, match="has died"):
        make.bound(son, Person.objects.get(pk=zhang.pk), "proxy", scope=["read"])


def test_a_wrong_death_gives_the_bindings_back_and_takes_the_relatives_theirs(
    family, zhang, child, worker, secretary
):
    own, son = family
    death = die(zhang, worker)
    nephew = make.resident("13800000033", "张侄子")
    make.bound(nephew, Person.objects.get(pk=zhang.pk), "relative")

    commands.undo_death(death=death, reason="同名误登", by=secretary, at=LATER + DAY)

    assert queries.bound_ids(own.pk, on=TODAY) == [zhang.pk, child.pk]
    assert speaks(son, zhang)
    assert not speaks(nephew, zhang)
    tell(zhang)
    assert told(own)[-1] == "registry.binding_resumed"


def test_nothing_comes_back_that_was_bound_otherwise_or_whose_number_was_lost(
    family, zhang, child, worker, secretary
):
    own, son = family
    death = die(zhang, worker)
    people.change_phone(account=son, phone="13800000099", by=make.acting(son), at=LATER)
    other = make.person("王五", date(1950, 1, 1), "006")
    make.bound(own, other)

    commands.undo_death(death=death, reason="同名误登", by=secretary, at=LATER + DAY)

    assert queries.bound_ids(own.pk, on=TODAY) == [other.pk, child.pk]
    assert queries.bindings(son.pk, on=TODAY) == []
    assert Binding.objects.get(account=son).ended == "phone"


def test_the_night_finds_the_dead_whom_no_step_told_of(family, zhang, child, mother):
    own, son = family
    Person.objects.filter(pk=zhang.pk).update(state="dead", died_on=TODAY)
    assert commands.end_bindings_outlived(by=SYSTEM, at=LATER) == 3
    assert queries.bindings(own.pk, on=TODAY) == queries.bindings(son.pk, on=TODAY) == []
    assert speaks(mother, child)


# --- on the pages ---------------------------------------------------------------------------------


def desk(role="community_worker", *place):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return staff.enter(client, staff.post(role, *place))


def code_of(account):
    return commands.show_code(account_id=account.pk, by=make.acting(account), at=timezone.now())[1]


def test_relatives_are_bound_where_the_death_was_entered_and_nowhere_else(zhang, mother, worker):
    death = die(zhang, worker)
    page = f"/desk/registry/bindings/persons/{zhang.pk}/"
    sent = {"digits": code_of(mother), "relation": "relative", "proof": "死亡证明、户口簿"}

    assert desk("community_worker", staff.PANLONG).post(page, sent).status_code == 404
    at_desk = desk()
    assert page in at_desk.get(f"/desk/registry/deaths/{death.pk}/").content.decode()
    assert at_desk.post(page, sent | {"relation": "proxy"}).status_code == 422
    assert Binding.objects.count() == 0
    assert at_desk.post(page, sent).status_code == 302

    binding = Binding.objects.get()
    assert (binding.relation, binding.account) == ("relative", mother)
    phone = staff.enter(Client(), mother)
    assert "张一" in phone.get("/me/data/").content.decode()
    assert phone.get("/me/data/copy/file.json").headers["Location"] == "/me/data/copy/"
    at_desk.post(f"/desk/registry/bindings/{binding.pk}/end/")
    binding.refresh_from_db()
    assert binding.ended == "staff"


def test_papers_of_a_relative_are_decided_by_the_community_that_entered_the_death(
    zhang, mother, worker
):
    die(zhang, worker)
    asked = make.asked_by_papers(mother, zhang, "relative")
    page = f"/desk/registry/binding-requests/{asked.pk}/"
    answer = {"accept": "1", "person": zhang.pk, "answer": "死亡证明、户口簿"}

    assert desk("community_worker", staff.PANLONG).post(page, answer).status_code == 404
    at_desk = desk()
    assert "张一" in at_desk.get(page).content.decode()
    assert at_desk.post(page, answer).status_code == 302
    assert Binding.objects.get().relation == "relative"
    elsewhere = staff.actor(staff.post("community_worker", staff.PANLONG))
    assert queries.deaths.by_identity(elsewhere, zhang.identity) == []


def test_the_last_day_is_the_last_on_which_it_holds(zhang, mother):
    last = localdate(timezone.now()) + timedelta(days=30)
    page = f"/desk/registry/bindings/persons/{zhang.pk}/"
    at_desk = desk()
    at_desk.post(page, {
        "digits": code_of(mother), "relation": "proxy", "scope": ["read"], "until": str(last),
        "proof": "居民身份证",
    })  # fmt: skip

    assert queries.binding_for(mother.pk, zhang.pk, on=last) is not None
    assert queries.binding_for(mother.pk, zhang.pk, on=last + DAY) is None
    shown = at_desk.get(page).content.decode()
    assert Binding.objects.get().last_day == last
    assert "李母亲" in shown
    assert "138****0031" in shown


def test_who_may_only_fill_sees_nothing_and_can_still_end_it(zhang, mother):
    binding = now_bound(mother, zhang, "proxy", scope=["fill"])
    phone = staff.enter(Client(), mother)

    assert phone.get("/me/data/").headers["Location"] == "/me/data/bind/"
    assert "/me/data/people/" in phone.get("/me/data/bind/").content.decode()
    assert "张一" in phone.get("/me/data/people/").content.decode()
    assert phone.post("/me/data/whose/", {"binding": binding.pk}).status_code == 302
    assert "320499" not in phone.get("/me/data/", follow=True).content.decode()
    phone.post(f"/me/data/people/{binding.pk}/end/")
    assert not speaks(mother, zhang)
    assert "Ended by the resident" in english_page(mother, "/me/data/bind/")


def english_page(account, address):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return staff.enter(client, account).get(address).content.decode()


@pytest.mark.parametrize(("scope", "linked"), [(["read"], False), (["read", "copy"], True)])
def test_a_copy_is_offered_to_whom_it_is_given(zhang, mother, scope, linked):
    now_bound(mother, zhang, "proxy", scope=scope)
    page = staff.enter(Client(), mother).get("/me/data/").content.decode()
    assert ("/me/data/copy/" in page) == linked


def test_a_copy_taken_by_a_guardian_is_read_by_the_guardian(child, mother, monkeypatch):
    now_bound(mother, child, "guardian")
    monkeypatch.setattr("shanzhi.registry.views.rights.is_open", lambda request, at: True)

    taken = staff.enter(Client(), mother).get("/me/data/copy/file.json")

    assert json.loads(taken.content)["household"] == []
    line = ReadEntry.objects.get()
    assert (line.persons, line.purpose, line.account) == ([child.pk], "监护人查看", mother.pk)
    assert "person.identity" in line.elements


def test_the_purpose_stands_in_the_language_of_the_city_whoever_looked(child, mother):
    now_bound(mother, child, "guardian")
    english_page(mother, "/me/data/")
    assert ReadEntry.objects.get().purpose == "监护人查看"


def test_who_is_told_of_a_proxy_and_of_one_more_guardian(zhang, child, mother):
    own, son = make.resident(), make.resident("13800000005", "张儿子")
    make.bound(own, zhang)
    make.bound(son, zhang, "proxy", scope=["read"])
    make.bound(make.resident("13800000006", "张女儿"), zhang, "proxy", scope=["read"])
    make.bound(mother, child, "guardian")
    make.bound(own, child, "guardian")
    tell(zhang, child)

    assert told(son) == ["registry.bound"]
    assert told(own).count("registry.proxy_named") == 2
    assert told(mother) == ["registry.bound", "registry.guardian_named"]
