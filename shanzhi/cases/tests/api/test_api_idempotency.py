"""A repeated request is answered as the first time, and does nothing twice."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from shanzhi.journal.models import Entry
from shanzhi.journal.tests.concurrency import in_own_connection

from ... import commands
from ...api import replays
from ...models import Case, Note, Replay
from .. import factories
from . import calls
from .calls import problem


@pytest.mark.django_db
def test_the_same_request_again_gets_the_same_answer(community):
    first = community.send("/cases", calls.submission(), once="a")
    second = community.send("/cases", calls.submission(), once="a")

    assert (second.status_code, second.content) == (201, first.content)
    assert "Idempotent-Replayed" not in first.headers
    assert second["Idempotent-Replayed"] == "true"
    assert Case.objects.count() == 1
    assert Entry.objects.filter(verb="cases.submitted").count() == 1


@pytest.mark.django_db
def test_the_kept_answer_is_sealed(community):
    code = community.send("/cases", calls.submission(), once="a").json()["code"]

    kept = Replay.objects.extra(select={"raw": "sealed"}).get()
    assert code.encode() not in bytes(kept.raw)


@pytest.mark.django_db
def test_the_same_key_with_another_request_is_refused(community):
    community.send("/cases", calls.submission(), once="a")

    other = community.send("/cases", calls.submission(name="李示例"), once="a")
    problem(other, "idempotency-key-reused", 422)
    case = Case.objects.get()
    problem(community.send(f"/cases/{case.number}/accept", once="a"), "idempotency-key-reused", 422)
    assert Case.objects.get().state == "submitted"


@pytest.mark.django_db
def test_a_key_of_another_program_is_another_key(community, elsewhere):
    community.send("/cases", calls.submission(), once="a")
    other = elsewhere.send("/cases", calls.submission(place=factories.FUDU), once="a")

    assert other.status_code == 201
    assert Case.objects.count() == 2


@pytest.mark.django_db
def test_a_step_is_taken_once(community):
    case = calls.recent()
    path, body = f"/cases/{case.number}/note", {"text": "看过了"}

    answers = [community.send(path, body, once="n") for _n in range(3)]
    assert [each.status_code for each in answers] == [200, 200, 200]
    assert Note.objects.count() == 1
    community.send(path, body)
    assert Note.objects.count() == 2


@pytest.mark.django_db
def test_what_was_refused_may_be_mended_under_the_same_key(community):
    problem(community.send("/cases", calls.submission(answers={}), once="a"), "invalid", 422)

    assert Replay.objects.count() == 0
    assert community.send("/cases", calls.submission(), once="a").status_code == 201


@pytest.mark.django_db
def test_after_a_day_the_key_is_free_again(community):
    community.send("/cases", calls.submission(), once="a")
    Replay.objects.update(at=timezone.now() - commands.drafts.KEEP_REPLAYS - timedelta(seconds=1))

    assert community.send("/cases", calls.submission(), once="a").status_code == 201
    assert Case.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("once", ["x" * 101, "a b", "é"])
def test_a_key_that_is_none_is_refused(community, once):
    answer = community.send("/cases", calls.submission(), **{"Idempotency-Key": once})

    problem(answer, "invalid", 422)
    assert Case.objects.count() == 0


# --- two at once, over connections of their own ---------------------------------------------------


def at_once(*requests):
    """All begin together; their answers in order."""
    answers, barrier = [None] * len(requests), threading.Barrier(len(requests))

    def run(place, request):
        barrier.wait()
        answers[place] = request()

    threads = [
        threading.Thread(target=in_own_connection, args=(run, place, request))
        for place, request in enumerate(requests)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_acts_and_the_other_repeats_its_answer(committed, monkeypatch):
    program = calls.program("community_worker", factories.TIANAN)
    slow_keep, both_in = commands.keep_replay, threading.Event()

    def keep(**given):
        both_in.wait(0.3)  # long enough for the twin to reach the lock
        return slow_keep(**given)

    monkeypatch.setattr(replays.commands, "keep_replay", keep)
    send = lambda: program.send("/cases", calls.submission(), once="twin")  # noqa: E731
    first, second = at_once(send, send)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert sorted("Idempotent-Replayed" in each.headers for each in (first, second)) == [
        False,
        True,
    ]
    assert Case.objects.count() == 1
    assert Entry.objects.filter(verb="cases.submitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_foreign_number_sent_twice_at_once_is_one_case(committed):
    program = calls.program("community_worker", factories.TIANAN)
    sent = calls.submission(source="12345", external_number="17")

    answers = at_once(
        *[lambda n=n: program.send("/cases", sent, once=f"other-{n}") for n in range(3)]
    )

    assert sorted(each.status_code for each in answers) == [200, 200, 201]
    assert len({each.json()["case"]["number"] for each in answers}) == 1
    assert Case.objects.count() == 1
