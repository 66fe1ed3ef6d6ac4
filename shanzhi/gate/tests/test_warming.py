"""What the checks need is ready before somebody types, once in a web process."""

from threading import Lock

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from shanzhi.people.tests import factories as people

from .. import checks, warming
from ..queries import register
from ..queries.checking import known, plan_of
from . import factories as make
from .factories import CITY, NOW, TIANAN

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def serving(monkeypatch):
    """A web process that has just begun; what it makes ready is noted, not made."""
    seen = []
    monkeypatch.setattr(warming, "_serves", True)
    monkeypatch.setattr(warming, "_once", Lock())
    monkeypatch.setattr(warming, "make_ready", seen.append)
    return seen


def test_only_a_web_process_makes_ready_and_only_once(serving, monkeypatch):
    warming.soon(CITY).join(5)
    assert warming.soon(CITY) is None
    assert serving == [CITY]
    monkeypatch.setattr(warming, "_serves", False)
    monkeypatch.setattr(warming, "_once", Lock())
    assert warming.soon(CITY) is None


def test_a_failure_is_logged_and_disturbs_nobody(serving, monkeypatch, caplog):
    def fails(place):
        raise ValueError("no database")

    monkeypatch.setattr(warming, "make_ready", fails)
    warming.soon(CITY).join(5)
    assert "were not made ready" in caplog.text


@pytest.mark.parametrize("page", ["work:inbox", "gate:index", "gate:new"])
def test_it_begins_where_a_department_comes_near_the_form(english, monkeypatch, page):
    asked = []
    monkeypatch.setattr(warming, "soon", asked.append)
    post = people.post("department_clerk", CITY, department="urban_management")
    people.enter(english, post).get(reverse(page))
    assert asked == [CITY]


def test_who_applies_for_nothing_costs_nothing(english, monkeypatch):
    asked = []
    monkeypatch.setattr(warming, "soon", asked.append)
    worker = people.enter(english, people.post("community_worker", TIANAN))
    worker.get(reverse("work:inbox"))
    worker.get(reverse("gate:index"))
    assert asked == []


def test_the_first_check_then_does_not_read_the_register(monkeypatch):
    make.monthly()
    plan, today = plan_of(make.draft()), localdate(NOW)

    def reads():
        with CaptureQueriesContext(connection) as found:
            checks.run(plan, known(plan, today))
        return sum("burden_asked" in each["sql"] for each in found)

    monkeypatch.setattr(register, "_kept", register.Kept())
    assert reads() == 1
    monkeypatch.setattr(register, "_kept", register.Kept())
    warming.make_ready(CITY)
    assert reads() == 0
