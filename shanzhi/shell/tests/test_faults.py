import pytest
from django.db import OperationalError
from django.test import Client
from psycopg_pool import PoolTimeout

from .. import faults

BIG = 3_000_000


def text_of(response):
    return response.content.decode()


def test_a_refusal_that_no_view_caught_is_a_page_with_its_sentence(english):
    response = english.get("/go/refused/")

    assert response.status_code == 409
    assert "Somebody else accepted it." in text_of(response)


def test_a_part_of_a_page_gets_the_sentence_alone(english):
    response = english.get("/go/refused/", headers={"hx-request": "true"})

    assert response.status_code == 409
    assert "Somebody else accepted it." in text_of(response)
    assert "<html" not in text_of(response)


def test_the_page_leads_back_to_where_the_visitor_came_from_but_never_elsewhere(english):
    ours = english.get("/go/refused/", headers={"referer": "http://testserver/desk/?a=1"})
    foreign = english.get("/go/refused/", headers={"referer": "http://evil.example/desk/"})

    assert 'href="http://testserver/desk/?a=1"' in text_of(ours)
    assert "evil.example" not in text_of(foreign)


@pytest.mark.django_db
def test_a_statement_that_takes_too_long_is_stopped_and_the_page_says_busy(visitor):
    response = visitor.get("/go/slow/")

    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert "系统繁忙" in text_of(response)
    assert not faults.breaker.is_open


@pytest.mark.django_db
def test_after_a_dead_database_was_found_the_next_visitors_need_not_wait_for_it(visitor):
    first = visitor.get("/go/unreachable/")
    second = visitor.get("/go/alive/")
    faults.breaker.until = 0.0
    third = visitor.get("/go/alive/")

    assert [first.status_code, second.status_code, third.status_code] == [503, 503, 200]
    assert "服务正在恢复" in text_of(first)
    assert "服务正在恢复" in text_of(second)


def test_a_pool_whose_connections_are_all_at_work_does_not_count_as_a_dead_database():
    error = OperationalError()
    error.__cause__ = PoolTimeout()

    assert faults.of(error) is faults.UNREACHABLE
    faults.breaker.notice(error)
    assert not faults.breaker.is_open


def test_a_full_disk_has_its_own_page(english):
    response = english.get("/go/disk-full/")

    assert response.status_code == 507
    assert "The server has no room left" in text_of(response)


def test_a_body_that_is_too_large_is_answered_with_413(english):
    response = english.post("/go/alive/", {"text": "x" * BIG})

    assert response.status_code == 413
    assert "too large" in text_of(response)


def test_a_body_that_is_too_large_is_answered_with_413_where_the_token_is_looked_for(settings):
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32

    assert client.post("/go/alive/", {"text": "x" * BIG}).status_code == 413


def test_a_form_without_its_token_is_told_to_load_the_page_again():
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    response = client.post("/go/alive/", {"text": "hello"})

    assert response.status_code == 403
    assert "页面停留时间过长" in text_of(response)


def test_a_mistake_of_ours_is_a_page_of_ours_and_asks_no_database(visitor, settings):
    visitor.cookies[settings.SESSION_COOKIE_NAME] = "no-such-session"
    response = visitor.get("/go/broken/")  # without the db mark every query would fail the test

    assert response.status_code == 500
    assert "系统出现故障" in text_of(response)
    assert "ZeroDivisionError" not in text_of(response)


def test_even_a_broken_page_for_faults_is_answered(visitor, monkeypatch):
    monkeypatch.setattr(faults, "page", lambda *args: 1 // 0)
    response = visitor.get("/go/broken/")

    assert response.status_code == 500
    assert "<h1>500</h1>" in text_of(response)


def test_an_unknown_address_and_a_closed_one_have_pages(english):
    missing = english.get("/nothing/here/")
    closed = english.get("/go/forbidden/")
    explained = english.get("/go/forbidden/", {"why": "Only the security administrator may."})

    assert (missing.status_code, "There is no such page" in text_of(missing)) == (404, True)
    assert (closed.status_code, "not open to you" in text_of(closed)) == (403, True)
    assert "Only the security administrator may." in text_of(explained)


@pytest.mark.parametrize("name", ["400", "403", "404", "409", "413", "429", "500", "503", "507"])
def test_every_fault_has_a_page_in_the_style_guide(visitor, name):
    response = visitor.get(f"/styleguide/fault/{name}/")

    assert response.status_code == int(name)
    assert "<h1>" in text_of(response)


def test_the_offline_page_and_its_service_worker_are_there(visitor):
    page, worker = visitor.get("/offline/"), visitor.get("/sw.js")

    assert "网络未连接" in text_of(page)
    assert worker["Content-Type"] == "text/javascript"
    assert '"/offline/"' in text_of(worker)


def test_an_address_that_only_takes_forms_says_so_and_does_not_lead_back_to_itself(english):
    response = english.get("/prefs/large", headers={"referer": "http://testserver/prefs/large"})

    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert response["X-Frame-Options"] == "DENY"
    assert "Nothing was changed" in text_of(response)
    assert "Go back" not in text_of(response)
