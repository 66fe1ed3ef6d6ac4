"""Whatever is sent to whatever address: never a fault of ours, and never half a change."""

import re

import pytest
from django.apps import apps
from django.conf import settings as present
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.cases.views import actions
from shanzhi.people.tests.factories import enter

from .addresses import ADDRESSES
from .journeys.city import elsewhere, forget
from .world import PARTIES, World

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("faults")]

AREAS = (
    "cases:", "places:", "people:", "work:", "files:", "shell:", "burden:", "gate:",
    "certificates:", "agreements:", "effort:",
)  # fmt: skip
NAMES = sorted(name for name in ADDRESSES if name.startswith(AREAS))
ASKED = ("category", "cursor", "like", "next", "number", "place", "q", "username", "why", "state")
FIELD = re.compile(r'<(?:input|select|textarea|button)[^>]*? name="([^"]+)"')

# Kept whatever is answered, or counters of what happens in any case: no facts.
UNTOLD = {
    "cases_draft", "cases_replay", "people_attempt", "people_phonecode", "people_sentcode",
    "people_notice", "journal_entry", "registry_readentry",
}  # fmt: skip
SEEN = {"people_account": "to_jsonb(t) - 'seen_on'"}

odd = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
values = st.one_of(
    st.sampled_from([
        "", "0", "1", "-1", "3204", "320411002018001", "320411002", "999999999999", "security-door",
        "civil_affairs", "community_worker", "13800000001", "2026-11-24", "2026-02-30", "9" * 30,
        "1e9", "NaN", "null", "[]", "{}", "[[119.9,31.8],[119.9]]", "on", "张示例", "\x00", "a\x00",
        "' or 1=1 --", "<script>alert(1)</script>", "../../etc/passwd", "门" * 9000, "\u202e\ufeff",
        '{"type": "Polygon", "coordinates": [[[1e400, 2]]]}', "99999-12-31", "0000-00-00",
        "0001-01-01", "9999-12-31", "9" * 4400, "²", "天安社区、富都社区 9",
    ]),
    odd,
    st.integers().map(str),
    st.dates().map(str),
    st.floats().map(str),
    st.uuids().map(str),
)  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), elsewhere("input"):
        world = World.small()
        world.clients = {"anonymous": Client(raise_request_exception=False)}
        for party in PARTIES[1:]:
            client = Client(raise_request_exception=False)
            world.clients[party] = enter(client, world.holder(party))
        world.fields = {}
        yield world


def tables() -> list[str]:
    ours = (model for model in apps.get_models() if model.__module__.startswith("shanzhi."))
    return sorted({model._meta.db_table for model in ours} - UNTOLD)


def facts() -> dict[str, tuple]:
    """What every table of ours holds, as two numbers each, and how much was told."""
    each = [
        f"select '{name}', count(*), sum(hashtextextended(({SEEN.get(name, 't')})::text, 0)) "
        f"from {name} as t"
        for name in tables()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" union all ".join(each))
        held = {name: counts for name, *counts in cursor.fetchall()}
        cursor.execute("select count(*) from journal_entry")
        return held, cursor.fetchone()[0]


def fields_of(world, name: str, party: str, url: str) -> list[str]:
    """The names of the fields that this address, or the page that leads to it, asks for."""
    if (name, party) not in world.fields:
        pages = [url, reverse("cases:case", args=[world.case.number]), reverse("people:me")]
        found = set(ADDRESSES[name].data)
        for page in pages:
            answer = world.clients[party].get(page)
            if answer.status_code == 200 and not answer.streaming:
                found |= set(FIELD.findall(answer.content.decode(errors="replace")))
                break
        world.fields[name, party] = sorted(found - {"csrfmiddlewaretoken"}) or ["next"]
    return world.fields[name, party]


def address(world, data) -> tuple[str, str, str]:
    """Some address and somebody it is open to: to be stopped at the door tests nothing."""
    name = data.draw(st.sampled_from(NAMES))
    entry = ADDRESSES[name]
    able = [
        party for party in PARTIES
        if not entry.expected(party) & {302, 403, 404} or party in entry.sent_on
    ]  # fmt: skip
    party = data.draw(st.sampled_from(able or PARTIES))
    args = entry.args(world)
    if name == "cases:act":
        args["code"] = data.draw(st.sampled_from(sorted(actions.ACTIONS)))
    return name, party, reverse(name, kwargs=args)


def send(client, method: str, url: str, sent) -> tuple:
    """Answered, compared, and taken back."""
    with transaction.atomic():
        before = facts()
        answer = getattr(client, method)(url, sent)
        if answer.streaming:
            b"".join(answer.streaming_content)
        after = facts()
        transaction.set_rollback(True)
    forget()
    return answer, before, after


def assert_sound(answer, before, after):
    error = getattr(answer, "exc_info", None)
    assert answer.status_code < 500, error and repr(error[1])
    changed = sorted(name for name in before[0] if before[0][name] != after[0][name])
    told = after[1] - before[1]
    if answer.status_code >= 400:
        assert (changed, told) == ([], 0)
    assert told or not changed


slowly = settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@slowly
@given(data=st.data())
def test_any_form_is_a_change_that_was_told_or_no_change_at_all(world, data):
    name, party, url = address(world, data)
    fields = fields_of(world, name, party, url)
    chosen = data.draw(st.lists(st.sampled_from(fields), unique=True, max_size=12), "fields")
    form = {field: data.draw(values, field) for field in chosen}
    if ADDRESSES[name].data and data.draw(st.booleans(), "sound otherwise"):
        form = ADDRESSES[name].data | form

    assert_sound(*send(world.clients[party], "post", url, form))


@slowly
@given(data=st.data())
def test_any_question_is_answered_and_changes_nothing(world, data):
    _name, party, url = address(world, data)
    query = data.draw(st.dictionaries(st.sampled_from(ASKED), values, min_size=1, max_size=3))

    answer, before, after = send(world.clients[party], "get", url, query)

    assert_sound(answer, before, after)
    assert before == after


@slowly
@given(data=st.data(), body=st.binary(max_size=200))
def test_any_bytes_are_answered(world, data, body):
    _name, party, url = address(world, data)
    kinds = [
        "multipart/form-data; boundary=x", "multipart/form-data", "application/json", "text/plain",
        "application/x-www-form-urlencoded; charset=klingon", "",
    ]  # fmt: skip
    kind = data.draw(st.sampled_from(kinds))
    client, token = world.clients[party], "a" * 32
    client.cookies[present.CSRF_COOKIE_NAME] = token
    client.handler.enforce_csrf_checks = True  # it reads a form before the view does
    try:
        with transaction.atomic():
            before = facts()
            headers = {"x-csrftoken": token}
            answer = client.generic("POST", url, body, content_type=kind, headers=headers)
            assert_sound(answer, before, facts())
            transaction.set_rollback(True)
    finally:
        client.handler.enforce_csrf_checks = False
        forget()
