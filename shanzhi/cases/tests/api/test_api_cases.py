"""Submitting, listing, reading and following cases."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shanzhi.journal.models import Entry
from shanzhi.journal.tests.factories import wait_until_settled
from shanzhi.kernel import masking

from ... import commands
from ...models import Case, Involvement
from .. import factories
from . import calls
from .calls import problem

pytestmark = pytest.mark.django_db
EMPTY_FORM = "Please fill this in."


# --- submit ---------------------------------------------------------------------------------------


def test_what_a_worker_takes_down_is_a_case_of_the_counter(community):
    answer = community.send("/cases", calls.submission(), once="a")

    assert answer.status_code == 201
    data, case = answer.json(), Case.objects.get()
    assert data["created"] is True
    assert len(data["code"]) == 6
    assert (data["case"]["number"], data["case"]["state"]) == (case.number, "submitted")
    assert data["case"]["unit"] == {
        "place": factories.TIANAN,
        "department": "",
        "name": "天安社区",
    }
    assert data["case"]["applicant"] == "张**"
    assert (case.channel, case.assisted_by) == ("counter", community.post.account_id)
    assert Entry.objects.filter(verb="cases.submitted", about=f"cases.Case:{case.pk}").count() == 1


def test_a_case_of_the_hotline_keeps_its_number_and_comes_once(community):
    sent = calls.submission(source="12345", external_number="CZ20261124000017")
    first = community.send("/cases", sent, once="a")
    second = community.send("/cases", sent, once="b")

    assert (first.status_code, second.status_code) == (201, 200)
    case = Case.objects.get()
    assert (case.channel, case.source, case.external_number) == (
        "hotline", "12345", "CZ20261124000017",
    )  # fmt: skip
    assert second.json() == {"case": first.json()["case"], "code": "", "created": False}
    found = community.get("/cases/of-source", source="12345", external_number="CZ20261124000017")
    assert found.json()["number"] == case.number
    problem(
        community.get("/cases/of-source", source="12345", external_number="other"), "not-found", 404
    )


def test_a_number_sent_from_another_place_is_not_shown(community, elsewhere):
    sent = calls.submission(source="12345", external_number="17")
    community.send("/cases", sent, once="a")

    document = problem(
        elsewhere.send("/cases", sent | {"place": factories.FUDU}, once="b"), "refused", 409
    )
    assert document["detail"] == "This number was sent before, from another place."
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "path", "sentence"),
    [
        ({"answers": {}}, "answers.what", EMPTY_FORM),
        ({"answers": {"what": "关不上", "who": "x"}}, "answers.who", None),
        ({"name": "张"}, "name", "At least 2 characters."),
        ({"phone": "12"}, "phone", None),
        ({"place": "320411002"}, "place", None),
        ({"place": "320411002099"}, "place", None),
        ({"item": "no-such-item"}, "item", "There is no such service item."),
        ({"category": "999999"}, "category", "There is no such category."),
        ({"source": "12345"}, "external_number", None),
        ({"nmae": "张示例"}, "nmae", "This is not asked for."),
    ],
)
def test_what_is_wrong_is_named_by_its_path_and_nothing_is_kept(community, changes, path, sentence):
    answer = community.send("/cases", calls.submission(**changes), once="a")

    document = problem(answer, "invalid", 422)
    assert [each["path"] for each in document["errors"]] == [path]
    assert sentence in (None, document["errors"][0]["detail"])
    assert (Case.objects.count(), Entry.objects.filter(verb__startswith="cases.s").count()) == (
        0,
        0,
    )


def test_wrong_answers_of_a_whole_form_are_all_named(community):
    sent = calls.submission(item="elderly-allowance", answers={"identity": "320499194503150017"})

    document = problem(community.send("/cases", sent, once="a"), "invalid", 422)
    assert [each["path"] for each in document["errors"]] == [
        "answers.identity", "answers.address", "answers.bank",
    ]  # fmt: skip


def test_an_idempotency_key_is_asked_for(community):
    document = problem(community.send("/cases", calls.submission()), "malformed", 400)

    assert document["detail"] == "Send an Idempotency-Key, a new one for each new request."
    assert Case.objects.count() == 0


# --- read -----------------------------------------------------------------------------------------


def test_personal_values_are_masked(community, office):
    sent = calls.submission(
        item="elderly-allowance",
        answers={
            "identity": factories.IDENTITY, "address": factories.ADDRESS, "bank": factories.BANK,
        },
    )  # fmt: skip
    number = community.send("/cases", sent, once="a").json()["case"]["number"]

    text = community.get(f"/cases/{number}").content.decode()
    for value in (factories.IDENTITY, factories.BANK, "301", "13800000031", "张示例"):
        assert value not in text
    data = community.get(f"/cases/{number}").json()
    assert data["phone"] == "138****0031"
    assert [(each["key"], each["value"], each["masked"]) for each in data["answers"]] == [
        ("identity", masking.identity(factories.IDENTITY), True),
        ("address", "天安别墅**", True),
        ("bank", masking.bank(factories.BANK), True),
    ]
    assert data["steps"] == [
        {"name": "社区受理", "done": False},
        {"name": "街道审核", "done": False},
    ]
    assert data["possible"][0] == "accept"
    assert office.get(f"/cases/{number}").json()["possible"] == []


def test_a_case_tells_all_that_happened(community, street):
    case = calls.recent()
    path = f"/cases/{case.number}"
    community.send(f"{path}/accept")
    community.send(f"{path}/ask-help", {"unit": {"place": factories.STREET}, "task": "请派维修工"})
    helper = Involvement.objects.get(leads=False).pk
    street.send(f"{path}/answer-help", {"helper": helper, "opinion": "已派人"})
    community.send(f"{path}/note", {"text": "居民电话 13800000031"})
    community.send(f"{path}/reply", {"text": "已经修好了。"})

    data = community.get(path).json()
    assert [event["verb"] for event in data["timeline"]] == [
        "cases.replied", "cases.noted", "cases.help_answered", "cases.help_asked",
        "cases.accepted", "cases.submitted",
    ]  # fmt: skip
    assert [(each["opinion"], each["unit"]["name"]) for each in data["helpers"]] == [
        ("已派人", "三井街道")
    ]
    assert [each["text"] for each in data["replies"]] == ["已经修好了。"]
    assert [each["text"] for each in data["notes"]] == ["居民电话 138****0031"]
    assert data["state"] == "replied"


@pytest.mark.parametrize(
    "number", ["0", "000000000000", "abc", "１２３４５６７８９０１２", "%00", "a%2Fb"]
)
def test_a_number_there_is_not_is_not_found(community, number):
    problem(community.get(f"/cases/{number}"), "not-found", 404)
    problem(community.send(f"/cases/{number}/accept"), "not-found", 404)


# --- list -----------------------------------------------------------------------------------------


def test_the_list_goes_on_page_by_page(community):
    cases = [calls.recent() for _n in range(5)]
    calls.recent(place=factories.FUDU)

    seen, path = [], "/cases?size=2"
    while path:
        answer = community.get(path)
        seen += [row["number"] for row in answer.json()["rows"]]
        link = answer.headers.get("Link", "")
        assert bool(link) == bool(answer.json()["next"])
        path = link.partition("<")[2].partition(">")[0].removeprefix(calls.ROOT)
    assert seen == [case.number for case in reversed(cases)]


def test_pages_of_a_period_go_through_cases_of_the_same_moment_once(community):
    cases = [calls.recent() for _n in range(5)]
    since = (timezone.now() - timedelta(days=1)).isoformat()

    seen, cursor = [], ""
    while True:
        page = community.get("/cases", size=2, since=since, cursor=cursor).json()
        seen += [row["number"] for row in page["rows"]]
        if not (cursor := page["next"]):
            break
    assert seen == [case.number for case in sorted(cases, key=order, reverse=True)]
    problem(community.get("/cases", since=since, cursor="WzFd"), "invalid", 422)


def order(case):
    return case.submitted_at, case.pk


def test_a_period_is_found_by_its_index_and_not_case_by_case():
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off; set local enable_sort = off")
        cursor.execute(
            "explain select id from cases_case where place >= '3204' and place < '3205' and"
            " submitted_at >= '2026-01-01' and submitted_at < '2026-02-01'"
            " order by submitted_at desc, id desc limit 20"
        )
        plan = "".join(row[0] for row in cursor.fetchall())
    assert "case_submitted" in plan


def test_the_list_is_filtered(community):
    door, chair = calls.recent(), calls.recent("open-report")
    community.send(f"/cases/{door.number}/accept")
    community.send(f"/cases/{chair.number}/withdraw")  # sent by a resident: refused
    now = timezone.now()

    def numbers(**query):
        return [row["number"] for row in community.get("/cases", **query).json()["rows"]]

    assert numbers(state="accepted") == [door.number]
    assert numbers(state="open") == [chair.number, door.number]
    assert numbers(item="open-report") == [chair.number]
    assert numbers(since=(now - timedelta(minutes=90)).isoformat()) == [chair.number, door.number]
    assert numbers(since=(now - timedelta(minutes=30)).isoformat()) == []
    assert numbers(until=(now - timedelta(minutes=90)).isoformat()) == []


@pytest.mark.parametrize(
    "query",
    [
        {"cursor": "nonsense"}, {"cursor": "W10"}, {"cursor": "WyJhIl0"}, {"size": 0},
        {"size": 101}, {"size": "x"}, {"state": "asleep"}, {"since": "2026-01-01T00:00:00"},
    ],
)  # fmt: skip
def test_a_list_asked_for_wrongly_says_so(community, query):
    document = problem(community.get("/cases", **query), "invalid", 422)

    assert [each["path"] for each in document["errors"]] == list(query)


def test_the_list_costs_one_query_however_long_it_is(community, django_assert_num_queries):
    calls.recent()
    community.get("/cases")
    with django_assert_num_queries(1):
        assert len(community.get("/cases").json()["rows"]) == 1
    calls.recent(), calls.recent("open-report")
    with django_assert_num_queries(1):
        assert len(community.get("/cases").json()["rows"]) == 3


def test_one_case_costs_the_same_however_much_happened(community, street):
    case = calls.recent()
    path = f"/cases/{case.number}"
    community.send(f"{path}/accept")
    community.get(path)
    with CaptureQueriesContext(
        connection,
    ) as few:
        community.get(path)
    for _n in range(3):
        community.send(f"{path}/note", {"text": "看过了"})
    with CaptureQueriesContext(connection) as more:
        assert len(community.get(path).json()["notes"]) == 3
    assert len(more) == len(few)


# --- changes --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_changes_follow_from_a_cursor(committed):
    community = calls.program("community_worker", factories.TIANAN)
    elsewhere = calls.program("community_worker", factories.FUDU)
    before = calls.recent()
    wait_until_settled(60)
    start = community.get("/cases/changes").json()
    assert start["rows"] == []

    community.send(f"/cases/{before.number}/accept")
    new = calls.recent()
    wait_until_settled(60)
    page = community.get("/cases/changes", cursor=start["next"], size=100).json()

    assert [(row["verb"], row["number"], row["state"]) for row in page["rows"]] == [
        ("cases.accepted", before.number, "accepted"),
        ("cases.submitted", new.number, "submitted"),
    ]
    assert community.get("/cases/changes", cursor=page["next"]).json() == {
        "rows": [],
        "next": page["next"],
    }
    assert elsewhere.get("/cases/changes", cursor=start["next"]).json()["rows"] == []


@pytest.mark.django_db(transaction=True)
def test_changes_come_in_small_pages_too(committed):
    community = calls.program("community_worker", factories.TIANAN)
    wait_until_settled(60)
    cursor = community.get("/cases/changes").json()["next"]
    cases = [calls.recent() for _n in range(3)]
    wait_until_settled(60)

    seen = []
    while True:
        page = community.get("/cases/changes", cursor=cursor, size=1).json()
        if page["next"] == cursor:
            break
        seen, cursor = seen + [row["number"] for row in page["rows"]], page["next"]
    assert seen == [case.number for case in cases]


def test_a_rating_reaches_the_caller_but_cannot_be_given(community):
    case = calls.recent()
    path = f"/cases/{case.number}"
    community.send(f"{path}/accept")
    community.send(f"{path}/reply", {"text": "已经修好了。"})
    commands.rate(
        case=case, score=1, words="没修好", at=timezone.now(),
        by=factories.Actor(account_id=case.applicant_id),
    )  # fmt: skip

    assert [(each["score"], each["words"]) for each in community.get(path).json()["ratings"]] == [
        (1, "没修好")
    ]
    problem(community.send(f"{path}/rate", {"score": 5}), "not-found", 404)
    assert case.ratings.count() == 1
    assert community.send(f"{path}/call-back", {"text": "再派人修"}).status_code == 200
