"""A department's program reads by its grant, and no further."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.cases.tests.api import calls
from shanzhi.people import api as keys
from shanzhi.people import queries as people
from shanzhi.people.models import Post
from shanzhi.registry import commands, readlog
from shanzhi.registry.models import ReadEntry

from . import sharing_factories as factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def surroundings(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    keys.forget()
    yield
    keys.forget()
    cache.clear()
    people.forget_departments()


@pytest.fixture
def health(db):
    factories.city()
    return factories.clerk("health")


@pytest.fixture
def program(health):
    return calls.of(Post.objects.get(pk=health.post_id), writes=False)


def used(health, **changes):
    at = timezone.now()
    today = localdate(at)
    period = {"since": today, "until": today + timedelta(days=30), "method": "both"}
    return factories.granted(health, at - timedelta(hours=1), **period | changes)


def test_ask_agree_read_and_be_refused_more(health, program):
    grant = used(health)
    person = factories.person("甲示例", phone="13800000061")

    [row] = program.get("/registry/grants").json()["rows"]
    assert (row["number"], row["state"]) == (grant.number, "granted")
    whole = program.get(f"/registry/grants/{grant.number}").json()
    assert [(each["code"], each["full"]) for each in whole["elements"]] == [
        ("person.name", True), ("person.birth", False), ("person.phone", False),
    ]  # fmt: skip

    path = f"/registry/grants/{grant.number}/persons"
    answer = program.get(path)
    assert answer.json() == {
        "rows": [{
            "person": person.pk, "place": factories.GRID,
            "values": {
                "person.name": "甲示例", "person.birth": "1945", "person.phone": "138****0061",
            },
        }],
        "next": "",
    }  # fmt: skip
    assert "RateLimit" in answer

    beyond = program.get(path, elements=["person.name", "person.identity"])
    document = calls.problem(beyond, "out-of-scope", 403)
    assert document["detail"] == "The grant does not give person.identity."
    assert ReadEntry.objects.count() == 1
    [line] = readlog.about([person.pk], today=localdate(timezone.now())).rows
    assert (line.program, line.purpose) == (True, grant.purpose)


def test_fewer_elements_are_read_and_logged(health, program):
    grant = used(health)
    factories.person("甲示例")
    path = f"/registry/grants/{grant.number}/persons"
    [row] = program.get(path, elements=["person.birth"]).json()["rows"]
    assert row["values"] == {"person.birth": "1945"}
    assert ReadEntry.objects.get().elements == ["person.birth"]


def test_pages_are_led_from_one_to_the_next(health, program):
    grant = used(health)
    for name in ("甲示例", "乙示例", "丙示例"):
        factories.person(name)
    path = f"/registry/grants/{grant.number}/persons"
    first = program.get(path, size=2)
    second = program.get(path, size=2, cursor=first.json()["next"])
    assert (len(first.json()["rows"]), len(second.json()["rows"])) == (2, 1)
    assert 'rel="next"' in first["Link"]
    calls.problem(program.get(path, cursor="x"), "invalid", 422)


def test_one_number_is_looked_up_and_stands_in_no_address(health, program):
    grant = used(health)
    number = factories.identity(factories.date(1945, 3, 15), 903)
    person = factories.person("甲示例", identity=number)
    path = f"/registry/grants/{grant.number}/look-up"
    [row] = program.send(path, {"identity": number}).json()["rows"]
    assert row["person"] == person.pk
    nobody = factories.identity(factories.date(1946, 3, 15), 903)
    assert program.send(path, {"identity": nobody}).json() == {"rows": []}
    calls.problem(program.send(path, {"identity": "320499194503150018"}), "invalid", 422)
    calls.problem(program.send(path, {"identity": number, "x": 1}), "invalid", 422)


@pytest.mark.parametrize("end", ["suspend", "end"])
def test_a_suspended_or_ended_grant_reads_nothing(health, program, end):
    grant, at = used(health), timezone.now()
    factories.person("甲示例")
    step = commands.suspend_grant if end == "suspend" else commands.end_grant
    step(grant=grant, reason="核查用途", by=factories.owner(), at=at)
    answer = program.get(f"/registry/grants/{grant.number}/persons")
    calls.problem(answer, "out-of-scope", 403)
    assert not ReadEntry.objects.exists()


def test_a_grant_for_the_desk_alone_is_not_read_by_programs(health, program):
    grant = used(health, method="desk")
    answer = program.get(f"/registry/grants/{grant.number}/persons")
    assert "way of reading" in calls.problem(answer, "out-of-scope", 403)["detail"]


def test_a_key_for_a_narrower_place_reads_there_only(health):
    grant = used(health)
    factories.person("甲示例")
    factories.person("乙示例", place=factories.PANLONG)
    post = Post.objects.get(pk=health.post_id)
    narrow = calls.of(post, within=factories.TIANAN, writes=False)
    path = f"/registry/grants/{grant.number}/persons"
    assert [row["place"] for row in narrow.get(path).json()["rows"]] == [factories.GRID]
    calls.problem(narrow.get(path, place=factories.PANLONG), "out-of-scope", 403)


def test_programs_of_others_do_not_find_it(health):
    grant = used(health)
    other = calls.program("department_clerk", factories.TIANNING, department="health")
    community = calls.program("community_worker", factories.TIANAN)
    for each in (other, community):
        assert each.get("/registry/grants").json()["rows"] == []
        for path in ("", "/persons"):
            answer = each.get(f"/registry/grants/{grant.number}{path}")
            calls.problem(answer, "not-found", 404)


def test_a_key_for_named_service_items_is_not_for_the_registry(health):
    post = Post.objects.get(pk=health.post_id)
    named = calls.of(post, items=["x"])
    calls.problem(named.get("/registry/grants"), "out-of-scope", 403)


def test_every_key_reads_the_catalogue(health):
    community = calls.program("community_worker", factories.TIANAN)
    rows = community.get("/registry/catalogue", q="手机").json()["rows"]
    assert rows[0]["code"] == "person.phone"
    assert "联系电话" in rows[0]["synonyms"]
    assert len(community.get("/registry/catalogue").json()["rows"]) > 30
    sex = community.get("/registry/catalogue/person.sex").json()
    assert sex["standard"] == "GB/T 2261.1-2003"
    assert {"code": "2", "words": "Female"} in sex["codes"]
    calls.problem(community.get("/registry/catalogue/person.shoe"), "not-found", 404)
