"""What nobody may do with somebody else's binding or data, tried through the pages."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as staff
from shanzhi.registry import commands
from shanzhi.registry.models import Binding, ChangeRequest, ErasureRequest, Person

from . import rights_factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(english):
    staff.city()
    staff.civil_affairs()


@pytest.fixture
def zhang():
    return make.person(other_phone="13800000022")


def bound(phone, name, person, relation="proxy", scope=("read",)):
    account = make.resident(phone, name)
    binding = commands.bind(
        account_id=account.pk, person=person, level=1, relation=relation,
        scope=list(scope) if relation == "proxy" else [], by=SYSTEM, at=timezone.now(),
    )  # fmt: skip
    return browser(account), binding


def browser(who):
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return staff.enter(client, who)


def open_bindings():
    return set(Binding.objects.filter(ended_at=None).values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("role", "place", "department", "status"),
    [
        ("community_worker", staff.PANLONG, None, 404),
        ("grid_leader", staff.GRID, None, 403),
        ("city_clerk", staff.CITY, None, 403),
        ("department_clerk", staff.DISTRICT, "civil_affairs", 403),
    ],
)
def test_no_other_desk_ends_or_makes_a_binding(zhang, role, place, department, status):
    _son, binding = bound("13800000005", "张儿子", zhang)
    more = {"department": department} if department else {}
    desk = browser(staff.post(role, place, **more))
    page = f"/desk/registry/bindings/persons/{zhang.pk}/"

    assert desk.post(f"/desk/registry/bindings/{binding.pk}/end/").status_code == status
    sent = {"digits": "123456", "relation": "self", "proof": "居民身份证"}
    assert desk.post(page, sent).status_code == status
    assert open_bindings() == {binding.pk}


def test_a_proxy_ends_neither_the_person_s_own_binding_nor_another_proxy(zhang):
    _own, one = bound("13800000001", "张一", zhang, "self")
    son, two = bound("13800000005", "张儿子", zhang)
    _daughter, three = bound("13800000006", "张女儿", zhang)

    for other in (one, three):
        answer = son.post(f"/me/data/people/{other.pk}/end/", follow=True)
        assert "own community" in answer.content.decode()
    assert open_bindings() == {one.pk, two.pk, three.pk}


def test_who_speaks_for_one_does_not_reach_another_by_its_number(zhang):
    li = make.person("李二", make.date(1950, 5, 2), "002", phone="")
    son, _mine = bound("13800000005", "张儿子", zhang)
    _other, theirs = bound("13800000006", "李女儿", li)

    assert son.post("/me/data/whose/", {"binding": theirs.pk}).status_code == 404
    assert son.post("/me/data/whose/", {"binding": "x"}).status_code == 404
    assert son.post(f"/me/data/people/{theirs.pk}/end/").status_code == 404
    assert "李二" not in son.get("/me/data/").content.decode()
    assert theirs.pk in open_bindings()


def test_a_proxy_who_may_only_see_asks_takes_and_deletes_nothing(zhang, monkeypatch):
    monkeypatch.setattr("shanzhi.registry.views.rights.is_open", lambda request, at: True)
    son, _binding = bound("13800000005", "张儿子", zhang)
    before = Person.objects.filter(pk=zhang.pk).values().get()

    wrong = {"value": "13800000077", "reason": "换了号码"}
    answer = son.post("/me/data/wrong/person.phone/", wrong)
    assert (answer.status_code, ChangeRequest.objects.count()) == (422, 0)
    assert "not for this" in answer.content.decode()
    for form in ("json", "pdf"):
        answer = son.get(f"/me/data/copy/file.{form}")
        assert answer.status_code == 409
        assert zhang.identity not in answer.content.decode()
    assert "themselves" in son.post("/me/data/delete/", follow=True).content.decode()
    assert ErasureRequest.objects.count() == 0
    assert Person.objects.filter(pk=zhang.pk).values().get() == before


def test_a_correction_of_somebody_else_is_not_taken_back(zhang):
    own, _binding = bound("13800000001", "张一", zhang, "self")
    son, _proxy = bound("13800000005", "张儿子", zhang, scope=("read", "correct"))
    own.post("/me/data/wrong/person.phone/", {"value": "13800000077", "reason": "换了号码"})
    change = ChangeRequest.objects.get()

    answer = son.post(f"/me/data/requests/{change.pk}/withdraw/", follow=True)
    assert "Only who asked" in answer.content.decode()
    li = make.person("李二", make.date(1950, 5, 2), "002", phone="")
    stranger, _other = bound("13800000006", "李女儿", li)
    assert stranger.post(f"/me/data/requests/{change.pk}/withdraw/").status_code == 404
    change.refresh_from_db()
    assert change.state == "waiting"


def test_what_was_said_to_be_right_is_shown_to_who_said_it_and_masked_where_the_value_is(zhang):
    own, _binding = bound("13800000001", "张一", zhang, "self")
    number = make.number(zhang.birth, "007")
    for element, value in (("employer", "示例厂"), ("identity", number)):
        own.post(f"/me/data/wrong/person.{element}/", {"value": value, "reason": "登记时写错了"})
    page = own.get("/me/data/requests/").content.decode()
    assert "示例厂" in page
    assert "登记时写错了" in page
    assert "32****************" in page
    assert number not in page
