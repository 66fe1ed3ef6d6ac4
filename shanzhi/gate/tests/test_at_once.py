"""Two at once at the gate: the second goes on when the first is through, and is answered."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from shanzhi.burden import commands as burden_commands
from shanzhi.burden.models import Demand
from shanzhi.burden.tests import factories as burden
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from .. import commands
from ..models import Application, Call, Vote
from . import factories as make
from .factories import MEETING, NOW
from .test_after import call, emergency


@pytest.fixture(autouse=True)
def city(transactional_db):
    make.city()


def second_is_refused(sentence, first, command, **kwargs):
    """While `first` holds its locks, the command waits; then it reads what the first did."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            first()
            second = other.submit(in_own_connection, command, **kwargs)
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match=sentence):
            second.result(timeout=5)


def test_two_deciders_and_one_decision(city):
    application, office = make.deciding(), make.office()
    second_is_refused(
        "elsewhere meanwhile", lambda: make.decide(application), commands.decide,
        application=application, ruling=make.ruling("refuse"), by=office, at=MEETING,
    )  # fmt: skip
    assert Application.objects.get().state == "admitted"
    assert {each.choice for each in Vote.objects.all()} == {"admit"}


def test_the_last_opinion_and_the_end_of_the_hearing(city):
    application = make.heard()
    opinion = application.opinions.first()
    by = make.worker(opinion.community)
    late = make.at("2026-06-16 00:20")
    second_is_refused(
        "hearing is over", lambda: commands.close_hearings(by=SYSTEM, at=late),
        commands.give_opinion, opinion=opinion, answer="for", text="", minutes=None, by=by, at=late,
    )  # fmt: skip


def test_one_system_meeting_a_year_though_two_announce_at_once(city):
    clerk = make.clerk()
    values = {
        "kind": "system_meeting", "title": "另一次会议", "scope": [make.CITY],
        "on": make.at("2026-06-12 09:00").date(), "begins": make.at("2026-06-12 09:00").time(),
        "minutes": 60, "heads": 1, "where": "",
    }  # fmt: skip
    second_is_refused("announced already", lambda: call(clerk), commands.announce, values=values,
                      demand=None, by=clerk, at=NOW)  # fmt: skip
    assert Call.objects.count() == 1


def test_an_heir_that_is_stopped_meanwhile_takes_nothing_in(city):
    heir, application, office = make.monthly(), make.deciding(), make.office()
    second_is_refused(
        "is not in force", lambda: burden.decide(heir, "stop", at=MEETING), commands.decide,
        application=application, by=office, at=MEETING,
        ruling=make.ruling("merge", heir=heir, fields=["本周督导次数"], minutes=5),
    )  # fmt: skip
    assert Application.objects.get().state == "deciding"
    assert Demand.objects.get(pk=heir.pk).minutes == 60


def test_an_emergency_ends_though_it_is_prolonged_at_once(city):
    bypass, office = emergency(), make.office()
    late = make.at("2026-07-01 00:10")
    second_is_refused(
        "has ended", lambda: burden_commands.exit_expired(by=SYSTEM, at=late),
        commands.prolong_emergency, bypass=bypass, reason="汛期未过", by=office, at=late,
    )  # fmt: skip


def test_an_emergency_is_filed_once_though_the_button_is_pressed_twice(city):
    clerk = make.clerk()
    second_is_refused("filed already, as E26-", lambda: emergency(clerk), emergency, by=clerk)
    assert Demand.objects.filter(origin=Demand.Origin.BYPASS).count() == 1
