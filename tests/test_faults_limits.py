"""Whoever knocks too often gets a sentence, status 429, and how long to wait."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from shanzhi.cases.tests import factories
from shanzhi.people.models import Attempt
from shanzhi.people.tests import factories as people

TOO_OFTEN = "操作过于频繁，请稍后再试"


@pytest.fixture(autouse=True)
def fresh():
    """allauth counts in the cache of each process."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def visitor(db):
    return Client()


@pytest.fixture
def resident(db):
    factories.city()
    return people.enter(Client(), people.resident())


def until_429(knock, at_most: int):
    """How often it was answered, and the first answer that it was too often."""
    for n in range(at_most + 1):
        answer = knock(n)
        if answer.status_code == 429:
            return n, answer
    raise AssertionError(f"answered {at_most + 1} times")


def assert_told(answer, seconds: str, sentence: str = TOO_OFTEN):
    assert (answer.status_code, answer["Retry-After"]) == (429, seconds)
    assert sentence in answer.content.decode()


def test_codes_asked_for_from_one_address(visitor):
    often, answer = until_429(lambda n: visitor.post("/sign-in/", {"phone": f"1380000{n:04d}"}), 30)

    assert often == 30
    assert_told(answer, "3600")


def test_a_second_code_for_a_phone_within_a_minute(visitor):
    assert visitor.post("/sign-in/", {"phone": "13800000001"}).status_code == 302
    again = visitor.post("/sign-in/", {"phone": "13800000001"})

    assert "请一分钟后再试" in again.content.decode()


def test_a_name_is_locked_after_five_wrong_passwords_even_for_the_right_one(visitor):
    people.staff("wang.fang")
    wrong = {"login": "wang.fang", "password": "nonsense"}
    often, answer = until_429(lambda n: visitor.post("/staff/sign-in/", wrong), 5)

    assert often == 5
    assert_told(answer, "900", "已锁定 15 分钟")
    right = visitor.post("/staff/sign-in/", {"login": "wang.fang", "password": people.PASSWORD})
    assert_told(right, "900", "已锁定 15 分钟")


def test_staff_sign_ins_from_one_address(visitor, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    often, answer = until_429(
        lambda n: visitor.post("/staff/sign-in/", {"login": f"name{n}", "password": "x"}), 2
    )

    assert often == 2
    assert_told(answer, "60")


def test_receipt_numbers_guessed(visitor):
    guess = {"number": "260000001234", "code": "123456"}
    often, answer = until_429(lambda n: visitor.post("/progress/", guess), 20)

    assert often == 20
    assert_told(answer, "600")
    assert visitor.get("/progress/").status_code == 200


def test_uploads_of_one_account(resident):
    def upload(n):
        sent = SimpleUploadedFile("x.txt", b"no picture")
        return resident.post(
            "/files/upload/", {"field": "photos", "photos": sent}, headers={"hx-request": "true"}
        )

    often, answer = until_429(upload, 60)

    assert often == 60
    assert_told(answer, "600")
    assert "<html" not in answer.content.decode()


def test_requests_sent_by_one_account(resident):
    item = "/apply/open-report/"
    fields = {
        "name": "张示例",
        "phone": factories.PHONE,
        "place": factories.GRID,
        "what": "座椅断了",
    }

    def send(n):
        form = resident.get(item).url
        return resident.post(resident.post(form, fields | {"next": "1"}).url)

    often, answer = until_429(send, 30)

    assert often == 30
    assert_told(answer, "3600")
    assert Attempt.objects.exists()
