"""The phone's pages of one's own data, and the desk's of corrections and bindings."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shanzhi.files.tests.factories import jpeg
from shanzhi.people import commands as people
from shanzhi.people.tests import factories as staff
from shanzhi.registry import commands, queries
from shanzhi.registry.models import Binding, BindingRequest, ChangeRequest, Person
from shanzhi.work import commands as work

from . import rights_factories as make
from .rights_factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city(english):
    staff.city()
    work.load_calendar(by=make.SYSTEM, at=NOON)
    staff.civil_affairs()


@pytest.fixture
def zhang():
    return make.person(other_phone="13800000022")


@pytest.fixture
def account():
    return make.resident()


@pytest.fixture
def phone(english, account):
    """The browser of an account that nobody has proved."""
    return staff.enter(english, account)


@pytest.fixture
def mine(phone, account, zhang):
    make.bound(account, zhang)
    return phone


def text(response):
    assert response.status_code == 200, response.headers
    return response.content.decode()


def desk(post):
    client = Client()
    client.cookies["django_language"] = "en"
    client.cookies["language"] = "en"
    return staff.enter(client, post)


PAGES = [
    "/me/data/", "/me/data/readers/", "/me/data/requests/", "/me/data/copy/", "/me/data/delete/",
    "/me/data/consents/", "/me/data/people/", "/me/data/wrong/person.phone/",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_phone_only_account_is_led_to_the_proof(phone, zhang, page):
    assert phone.get(page).headers["Location"] == "/me/data/bind/"
    assert "张一" not in text(phone.get("/me/data/bind/"))


@pytest.mark.parametrize("page", PAGES)
def test_a_bound_account_opens_every_page(mine, page):
    text(mine.get(page))


def test_my_data_say_where_each_value_is_from_and_mask_the_dangerous(mine, zhang):
    page = text(mine.get("/me/data/"))
    assert "张一" in page
    assert "13800000021" in page
    assert "社区采集" in page
    assert zhang.identity not in page
    assert "32****************" in page


def test_the_code_of_the_phone_shows_all_for_a_quarter_of_an_hour(mine, zhang, account):
    assert mine.get("/me/data/copy/file.json").headers["Location"] == "/me/data/copy/"
    assert mine.post("/me/data/unlock/").headers["Location"] == "/me/data/unlock/code/"
    wrong = mine.post("/me/data/unlock/code/", {"code": "000000"})
    assert wrong.status_code == 422 or wrong.headers["Location"] == "/me/data/"
    from shanzhi.people.models import SentCode

    digits = "".join(letter for letter in SentCode.objects.latest("pk").text if letter.isdigit())[
        :6
    ]
    mine.post("/me/data/unlock/code/", {"code": digits})

    assert zhang.identity in text(mine.get("/me/data/"))
    copy = json.loads(mine.get("/me/data/copy/file.json").content)
    elements = {each["code"]: each for each in copy["sections"]["person"]["elements"]}
    assert elements["person.identity"]["value"] == zhang.identity
    assert elements["person.identity"]["source"] == "社区采集"
    sheet = mine.get("/me/data/copy/file.pdf")
    assert sheet.content[:5] == b"%PDF-"
    assert sheet.headers["Content-Type"] == "application/pdf"
    session = mine.session
    session["data_open"] = int((timezone.now() - timedelta(minutes=1)).timestamp())
    session.save()
    assert zhang.identity not in text(mine.get("/me/data/"))


def test_another_account_never_sees_my_data(mine, zhang):
    other = make.resident("13800000099", "路人")
    stranger = Client()
    staff.enter(stranger, other)
    for page in PAGES:
        assert stranger.get(page).headers["Location"] == "/me/data/bind/"
    assert stranger.post("/me/data/whose/", {"binding": "1"}).status_code == 302


def test_this_is_wrong_is_sent_with_a_photo_and_its_state_shown(mine, zhang, account):
    sent = mine.post(
        "/me/data/wrong/person.phone/",
        {"value": "13800000077", "reason": "换了号码", "evidence": _photo()},
    )
    assert sent.headers["Location"] == "/me/data/requests/"
    request = ChangeRequest.objects.get()
    page = text(mine.get("/me/data/requests/"))
    assert "Being checked" in page
    assert "Disputed" in text(mine.get("/me/data/"))
    again = mine.post("/me/data/wrong/person.phone/", {"value": "13800000078", "reason": "换了"})
    assert again.status_code == 422
    mine.post(f"/me/data/requests/{request.pk}/withdraw/")
    assert "Withdrawn" in text(mine.get("/me/data/requests/"))


def _photo():
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("card.jpg", jpeg(), "image/jpeg")


def test_the_owner_sees_old_and_new_and_decides_and_the_resident_sees_who_looked(mine, zhang):
    mine.post("/me/data/wrong/person.phone/", {"value": "13800000077", "reason": "换了号码"})
    request = ChangeRequest.objects.get()
    clerk = desk(staff.post("department_clerk", staff.DISTRICT, department="civil_affairs"))
    assert f"/desk/registry/corrections/{request.pk}/" in text(
        clerk.get("/desk/registry/corrections/")
    )
    page = text(clerk.get(f"/desk/registry/corrections/{request.pk}/"))
    assert "13800000021" in page
    assert "13800000077" in page
    assert clerk.post(f"/desk/registry/corrections/{request.pk}/", {"refuse": "1"}).status_code == (
        422
    )
    clerk.post(f"/desk/registry/corrections/{request.pk}/", {"accept": "1", "answer": "好"})
    assert Person.objects.get().phone == "13800000077"
    readers = text(mine.get("/me/data/readers/"))
    assert "新北区民政局" in readers
    assert "某某" not in readers


def test_another_desk_does_not_find_the_correction(mine, zhang):
    mine.post("/me/data/wrong/person.phone/", {"value": "13800000077", "reason": "换了号码"})
    request = ChangeRequest.objects.get()
    for post in (
        staff.post("community_worker"), staff.post("city_clerk", staff.CITY),
        staff.post("subdistrict_clerk", staff.STREET),
    ):  # fmt: skip
        other = desk(post)
        assert other.get(f"/desk/registry/corrections/{request.pk}/").status_code == 404


def test_deletion_shows_what_may_go_and_which_law_keeps_the_rest(mine, zhang):
    page = text(mine.get("/me/data/delete/"))
    assert "居民身份证法" in page
    mine.post("/me/data/delete/")
    assert Person.objects.get().other_phone is None
    assert "Further phone" in text(mine.get("/me/data/requests/"))


# --- whose ----------------------------------------------------------------------------------------


def test_a_proxy_s_page_says_so_openly_and_is_itself_a_read(mine, account, zhang):
    child = make.person("张小", make.date(2015, 6, 1), "006")
    binding = make.bound(account, child, "guardian")
    mine.post("/me/data/whose/", {"binding": binding.pk})
    page = text(mine.get("/me/data/"))
    assert "You are looking at the data of 张小, as Guardian." in page
    assert "Guardian" in text(mine.get("/me/data/readers/"))
    own = Binding.objects.get(relation="self")
    mine.post("/me/data/whose/", {"binding": own.pk})
    assert "You are looking" not in text(mine.get("/me/data/"))
    assert mine.post("/me/data/whose/", {"binding": 999999}).status_code == 404


def test_the_person_ends_a_proxy(mine, account, zhang):
    son = make.resident("13800000088", "张儿子")
    proxy = make.bound(son, zhang, "proxy", scope=["read"])
    assert "张儿子" in text(mine.get("/me/data/people/"))
    mine.post(f"/me/data/people/{proxy.pk}/end/")
    assert queries.binding_for(son.pk, zhang.pk) is None
    other = make.person("李二", make.date(1950, 1, 1), "008")
    foreign = make.bound(make.resident("13800000089"), other)
    assert mine.post(f"/me/data/people/{foreign.pk}/end/").status_code == 404
    assert Binding.objects.get(pk=foreign.pk).ended_at is None


# --- proving --------------------------------------------------------------------------------------


def test_at_the_counter_from_code_to_bound(phone, account, zhang):
    page = text(phone.post("/me/data/bind/code/"))
    digits = page.partition("<b>")[2][:7].replace(" ", "")
    worker = desk(staff.post("community_worker"))
    found = text(worker.get("/desk/registry/bindings/?q=张"))
    assert f"/desk/registry/bindings/persons/{zhang.pk}/" in found
    url = f"/desk/registry/bindings/persons/{zhang.pk}/"
    text(worker.get(url))
    form = {"digits": digits, "relation": "self", "proof": "居民身份证"}
    assert worker.post(url, form | {"digits": "12"}).status_code == 422
    assert worker.post(url, form).status_code == 302
    assert "张一" in text(phone.get("/me/data/"))
    binding = Binding.objects.get()
    worker.post(f"/desk/registry/bindings/{binding.pk}/end/")
    assert phone.get("/me/data/").headers["Location"] == "/me/data/bind/"


def test_by_papers_from_the_phone_to_the_community_s_desk(phone, account, zhang):
    form = {
        "relation": "self", "name": "张一", "number": zhang.identity, "place": staff.TIANAN,
        "send": "1",
    }  # fmt: skip
    assert phone.post("/me/data/bind/papers/", form).status_code == 422
    assert BindingRequest.objects.count() == 0
    assert phone.post("/me/data/bind/papers/", form | {"evidence": _photo()}).status_code == 302
    request = BindingRequest.objects.get()
    url = f"/desk/registry/binding-requests/{request.pk}/"
    stranger = desk(staff.post("community_worker", staff.FUDU))
    assert stranger.get(url).status_code == 404
    worker = desk(staff.post("community_worker"))
    assert "张一" in text(worker.get(url))
    assert worker.post(url, {"refuse": "1", "answer": ""}).status_code == 422
    sent = worker.post(url, {"accept": "1", "person": zhang.pk, "answer": "身份证正反面"})
    assert sent.status_code == 302
    assert Binding.objects.get().level == 3
    assert "张一" in text(phone.get("/me/data/"))


def test_papers_of_another_name_bind_nobody(phone, account, zhang):
    form = {
        "relation": "self", "name": "王二", "number": zhang.identity, "place": staff.TIANAN,
        "send": "1", "evidence": _photo(),
    }  # fmt: skip
    phone.post("/me/data/bind/papers/", form)
    request = BindingRequest.objects.get()
    worker = desk(staff.post("community_worker"))
    sent = worker.post(
        f"/desk/registry/binding-requests/{request.pk}/",
        {"accept": "1", "person": zhang.pk, "answer": "看过"},
    )
    assert sent.status_code == 422
    assert Binding.objects.count() == 0


# --- privacy --------------------------------------------------------------------------------------


def test_the_notice_is_read_before_signing_in(english):
    assert "/privacy/" in text(english.get("/sign-in/"))
    text(english.get("/privacy/"))
    admin = staff.actor(staff.post("security_admin", staff.CITY))
    for number in (1, 2):
        commands.publish_notice(
            title="个人信息处理规则", text=f"第 {number} 版，说明收集什么、为什么、留多久、找谁。",
            changes="", in_force_from=timezone.localdate(), by=admin, at=timezone.now(),
        )  # fmt: skip
    assert "第 2 版" in text(english.get("/privacy/"))
    assert "第 1 版" in text(english.get("/privacy/1/"))


def test_people_do_not_count_the_code_of_another_phone(mine, account):
    """The code must come from the account's own phone."""
    mine.post("/me/data/unlock/")
    people.change_phone(
        account=account, phone="13800000055", by=make.acting(account), at=timezone.now()
    )
    assert mine.get("/me/data/unlock/code/").headers["Location"] == "/me/data/bind/"
