"""Eight bars and the share of the week on the desk, kept until something changes."""

import pytest

from shanzhi.people.tests import factories as people

from .. import desk, memory
from . import factories as make
from .factories import CITY, LATER, TIANAN, text_of

pytestmark = pytest.mark.usefixtures("city")


@pytest.fixture
def worker():
    return people.actor(people.post("community_worker", TIANAN))


def bars(actor) -> dict[str, tuple[int, int]]:
    return {code: (was, now) for code, was, now in desk.glance(actor, LATER).bars}


def test_nothing_is_shown_before_the_freeze_and_to_those_without_a_place(worker):
    assert desk.panel(worker, LATER) is None
    make.demand(make.campaign())
    assert desk.share(worker, LATER) is None
    make.freeze(make.Campaign.objects.get())
    memory.forget()
    assert bars(worker)["ledger"] == (1, 1)
    clerk = people.actor(people.post("system_admin", CITY))
    assert desk.panel(clerk, LATER) is None


def test_what_was_decided_shows_and_until_then_nothing_is_asked(worker, django_assert_num_queries):
    [demand] = make.frozen({"times": 52, "minutes": 600})
    before = desk.share(worker, LATER)
    with django_assert_num_queries(0):
        assert desk.share(worker, LATER) == before
    make.decide(demand, "stop")
    memory.forget()  # as after some seconds
    assert bars(worker)["ledger"] == (1, 0)
    figure = desk.share(worker, LATER)
    assert (figure.value, figure.note, figure.tone) == ("0", "3% at the freeze", "up")


def test_a_newer_row_is_noticed_without_being_told(worker, monkeypatch):
    [demand] = make.frozen({})
    assert bars(worker)["ledger"] == (1, 1)
    monkeypatch.setattr(memory, "CHECK_EVERY", -1)
    make.decide(demand, "stop")
    assert bars(worker)["ledger"] == (1, 0)


def test_the_desk_shows_them(english):
    make.frozen({})
    client = people.enter(english, people.post("community_worker", TIANAN))
    page = text_of(client.get("/desk/"))
    assert "Eight categories, then and now" in page
    assert "share of the week" in page
