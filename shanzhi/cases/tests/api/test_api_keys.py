"""Who may call, how far a key reaches, how often it may ask."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from shanzhi.journal.models import Entry
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people import api as keys
from shanzhi.people.commands import revoke_key
from shanzhi.people.models import Attempt, Key
from shanzhi.people.tests import factories as people

from ...models import Case
from .. import factories
from . import calls
from .calls import problem

pytestmark = pytest.mark.django_db


def ask(header=None):
    headers = {"Accept-Language": "en"} | ({"Authorization": header} if header else {})
    return Client().get("/api/v1/cases", headers=headers)


@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer sz_wrong", "Basic c3o6eA==", "sz_x"])
def test_without_a_valid_key_nothing_is_answered(community, header):
    answer = ask(header)

    problem(answer, "no-valid-key", 401)
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_is_no_key(community):
    client = people.enter(Client(), community.post)

    problem(client.get("/api/v1/cases"), "no-valid-key", 401)


def test_a_revoked_or_expired_key_is_none(community):
    assert community.get("/cases").status_code == 200

    Key.objects.update(valid_to=timezone.localdate() - timedelta(days=1))
    keys.forget()
    problem(community.get("/cases"), "no-valid-key", 401)
    Key.objects.update(valid_to=timezone.localdate())
    keys.forget()
    assert community.get("/cases").status_code == 200
    revoke_key(key=community.key, by=SYSTEM, at=timezone.now())
    keys.forget()
    problem(community.get("/cases"), "no-valid-key", 401)


def test_a_key_is_known_for_seconds_only(community, monkeypatch, django_assert_num_queries):
    community.get("/cases")
    with django_assert_num_queries(1):  # the list itself
        community.get("/cases")

    Key.objects.update(revoked_at=timezone.now())
    now = keys.time.monotonic()
    monkeypatch.setattr(keys.time, "monotonic", lambda: now + keys.KNOWN_SECONDS)
    problem(community.get("/cases"), "no-valid-key", 401)


def test_its_use_is_noted_once_an_hour(community):
    community.get("/cases")
    first = Key.objects.get().used_at
    keys.forget()
    community.get("/cases")

    assert first is not None
    assert Key.objects.get().used_at == first


def test_a_key_that_only_reads_changes_nothing(community):
    reader = calls.of(community.post, writes=False)
    case = calls.recent()
    before = factories.everything(case)

    assert reader.get(f"/cases/{case.number}").status_code == 200
    document = problem(reader.send(f"/cases/{case.number}/accept"), "out-of-scope", 403)
    assert document["detail"] == "This key may only read."
    problem(reader.send("/cases", calls.submission(), once="a"), "out-of-scope", 403)
    problem(reader.upload(None), "out-of-scope", 403)
    assert factories.everything(case) == before
    assert Case.objects.count() == 1


def test_a_key_for_named_items_sees_and_submits_no_others(community):
    narrow = calls.of(community.post, items=["security-door"])
    door, chair = calls.recent(), calls.recent("open-report")
    before = factories.everything(chair)

    assert [row["number"] for row in narrow.get("/cases").json()["rows"]] == [door.number]
    problem(narrow.get(f"/cases/{chair.number}"), "not-found", 404)
    problem(narrow.send(f"/cases/{chair.number}/accept"), "not-found", 404)
    problem(
        narrow.send("/cases", calls.submission(item="open-report"), once="a"), "out-of-scope", 403
    )
    assert narrow.send(f"/cases/{door.number}/accept").status_code == 200
    assert factories.everything(chair) == before
    assert Case.objects.count() == 2
    assert {row["kind"] for row in narrow.get("/duties").json()["rows"]} == {"cases.answer"}


def test_another_place_sees_nothing_and_changes_nothing(elsewhere):
    case = calls.recent()
    before = factories.everything(case)

    assert elsewhere.get("/cases").json() == {"rows": [], "next": ""}
    problem(elsewhere.get(f"/cases/{case.number}"), "not-found", 404)
    for step in ("accept", "withdraw", "close", "start"):
        problem(elsewhere.send(f"/cases/{case.number}/{step}"), "not-found", 404)
    document = problem(elsewhere.send("/cases", calls.submission(), once="a"), "invalid", 422)
    assert [each["path"] for each in document["errors"]] == ["place"]
    assert factories.everything(case) == before
    assert Case.objects.count() == 1


def test_a_key_narrowed_to_a_community_does_not_become_that_community(street):
    """It sees as its place, but takes steps as the post it was issued for."""
    narrow = calls.of(street.post, within=factories.TIANAN)
    case = calls.recent()
    before = factories.everything(case)

    assert narrow.get(f"/cases/{case.number}").status_code == 200
    problem(narrow.send(f"/cases/{case.number}/accept"), "refused", 409)
    problem(narrow.send("/cases", calls.submission(place=factories.FUDU), once="a"), "invalid", 422)
    assert factories.everything(case) == before


def test_the_journal_names_the_account_and_post_of_the_key(community):
    case = calls.recent()
    community.send(f"/cases/{case.number}/accept")

    entry = Entry.objects.get(verb="cases.accepted")
    assert (entry.by, entry.post) == (community.post.account_id, community.post.pk)


# --- how often ------------------------------------------------------------------------------------


def test_beyond_its_rate_a_key_waits(community, settings):
    settings.SHANZHI_API_RATE = 3

    answers = [community.get("/cases") for _n in range(5)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429, 429]
    assert answers[0]["RateLimit-Policy"] == '"key";q=3;w=60'
    assert answers[0]["RateLimit"].startswith('"key";r=2;t=')
    assert answers[2]["RateLimit"].startswith('"key";r=0;t=')
    problem(answers[3], "too-many-requests", 429)
    assert 1 <= int(answers[3]["Retry-After"]) <= 60
    assert answers[3]["RateLimit"].startswith('"key";r=0;t=')


def test_all_processes_count_together_by_shares(community, settings):
    settings.SHANZHI_API_RATE = 100

    for _process in range(50):
        keys.forget()
        assert community.get("/cases").status_code == 200
    keys.forget()

    problem(community.get("/cases"), "too-many-requests", 429)


def test_after_a_minute_it_counts_anew(community, settings):
    settings.SHANZHI_API_RATE = 1
    community.get("/cases")
    problem(community.get("/cases"), "too-many-requests", 429)

    known = next(iter(keys._known.values()))
    Attempt.objects.update(until=timezone.now() - timedelta(seconds=1))
    known.until = timezone.now() - timedelta(seconds=1)
    assert community.get("/cases").status_code == 200
