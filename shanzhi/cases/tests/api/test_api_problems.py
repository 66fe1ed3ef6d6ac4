"""Whatever is sent, the answer is a document with a sentence, in the caller's language."""

import json
import logging
import time

import psycopg
import pytest
from django.db import OperationalError
from django.test import Client
from psycopg_pool import PoolTimeout

from shanzhi.shell import faults
from shanzhi.shell.api import mistakes

from ...models import Case
from .. import factories
from . import calls
from .calls import problem

pytestmark = pytest.mark.django_db


def send_raw(program, content, content_type="application/json"):
    return Client().post(
        "/api/v1/cases", content, content_type=content_type, headers=program.headers("raw")
    )


@pytest.mark.parametrize(
    "content",
    [
        b"{", b"\xff", b'{"name": NaN}', b'"\\ud800"', b"[" * 5000,
        json.dumps(calls.submission(name="张\0")).encode(),
        json.dumps(calls.submission(answers={"what": [{"x\0": 1}]})).encode(),
    ],
)  # fmt: skip
def test_what_is_no_json_is_not_understood(community, content):
    problem(send_raw(community, content), "malformed", 400)

    assert Case.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"null", b"[]", b"7", b'"text"'])
def test_json_of_another_shape_is_not_valid(community, content):
    problem(send_raw(community, content), "invalid", 422)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_another_type_of_content_is_named(community, kind):
    content = json.dumps(calls.submission())

    document = problem(send_raw(community, content, kind), "wrong-content-type", 415)
    assert document["detail"] == "Send JSON as application/json."


def test_a_body_beyond_the_limit_is_too_large(community, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    problem(send_raw(community, b" " * 101), "too-large", 413)


def test_an_address_or_method_there_is_not(community):
    problem(community.get("/nothing/here"), "not-found", 404)
    problem(community.get("/cases/"), "not-found", 404)
    answer = community.send("/duties")
    problem(answer, "method-not-allowed", 405)
    assert answer["Allow"] == "GET"


def test_the_sentence_is_chinese_unless_another_language_is_asked_for(community):
    def detail(language):
        headers = community.headers() | {"Accept-Language": language}
        answer = Client().get("/api/v1/cases/0", headers=headers)
        assert "Accept-Language" in answer["Vary"]
        return answer["Content-Language"]

    assert detail("en-GB,en;q=0.8") == "en"
    assert detail("zh-CN") == "zh-hans"
    assert detail("fr") == "zh-hans"
    assert detail("") == "zh-hans"


def test_a_refusal_is_told_in_its_own_sentence(community):
    case = calls.recent()
    community.send(f"/cases/{case.number}/accept")

    document = problem(community.send(f"/cases/{case.number}/accept"), "refused", 409)
    assert document["detail"] == (
        f"Case {case.number} is “Accepted” now; this step is no longer possible."
    )
    assert document["instance"] == f"/api/v1/cases/{case.number}/accept"


@pytest.fixture
def quiet(caplog, monkeypatch):
    monkeypatch.setattr(faults, "breaker", faults.Breaker())
    caplog.set_level(logging.CRITICAL)


def failing(cause):
    error = OperationalError("failed")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("cause", "status"),
    [(PoolTimeout("none"), 503), (psycopg.errors.QueryCanceled("late"), 503), (None, 503)],
)
def test_a_database_that_fails_is_not_available(community, monkeypatch, quiet, cause, status):
    def fail(*args, **given):
        raise failing(cause)

    monkeypatch.setattr("shanzhi.cases.api.rows.latest", fail)
    answer = community.get("/cases")

    problem(answer, "unavailable", status)
    assert answer["Retry-After"] == "60"


def test_while_the_database_is_known_to_be_dead_a_document_says_so(community, quiet):
    faults.breaker.until = time.monotonic() + 60

    answer = community.get("/cases")
    problem(answer, "unavailable", 503)
    assert answer["Retry-After"] == "60"


def test_a_mistake_of_ours_shows_nothing_of_it(community, monkeypatch, quiet):
    def fail(*args, **given):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr("shanzhi.cases.api.rows.latest", fail)
    answer = community.get("/cases")

    problem(answer, "broken", 500)
    assert b"secret" not in answer.content
    assert mistakes.log.name == "shanzhi.shell.api.mistakes"


def test_a_failure_after_the_command_takes_all_back(community, monkeypatch, quiet):
    """The step, its journal entry and the kept answer are one transaction."""
    case = calls.recent()
    before = factories.everything(case)

    def fail(pk):
        raise ZeroDivisionError

    monkeypatch.setattr("shanzhi.cases.api.rows.row_of", fail)
    answer = community.send(f"/cases/{case.number}/accept", once="a")

    problem(answer, "broken", 500)
    assert factories.everything(case) == before
