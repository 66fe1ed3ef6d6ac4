"""Two at once at the gate: the second goes on when the first is through, and is answered."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from shanzhi.burden import commands as burden_commands
from shanzhi.burden.models import Campaign, Demand
from shanzhi.burden.tests import factories as burden
from shanzhi.journal import followers
from shanzhi.journal.models import Cursor as JournalCursor
from shanzhi.journal.tests.factories import wait_until_settled
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.places import commands as divisions
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from .. import commands, steps
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


# --- divisions change meanwhile -------------------------------------------------------------------


def follow():
    return followers.run_all(NOW)["burden.moves"]


def change(*olds, new, name, moves=""):
    divisions.merge(olds=olds, new=new, name=name, on=NOW.date(), reason="调整", by=SYSTEM, at=NOW)
    if moves:
        divisions.move(code=moves, parent=burden.STREET, on=NOW.date(), reason="调整", by=SYSTEM,
                       at=NOW)  # fmt: skip
    wait_until_settled()


def goes_on_behind(lock, command):
    """A command that has its first lock takes its next one, though the follower came between."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            lock()
            second = other.submit(in_own_connection, follow)
            wait_until_someone_waits_for_me()
            command()
        assert second.result(timeout=20)
    assert not JournalCursor.objects.exclude(error="").exists()


@pytest.mark.parametrize(
    ("scope", "moves"), [([make.TIANAN, make.FUDU], ""), ([make.PANLONG], make.PANLONG)]
)
def test_the_meeting_merges_while_communities_do(city, scope, moves):
    """Of two changes in one batch the first touches the heir, the second the application."""
    followers.run_all(NOW)
    heir, application = (
        make.monthly(scope=[make.TIANAN, make.FUDU, make.PANLONG]),
        make.deciding(scope=scope),
    )
    change(make.TIANAN, make.FUDU, new="320411002100", name="新天社区", moves=moves)
    goes_on_behind(
        lambda: steps.locked(application),
        lambda: make.decide(application, "merge", heir=heir),
    )
    application.refresh_from_db()
    heir.refresh_from_db()
    assert (application.state, application.heir) == ("merged", heir)
    assert "320411002100" in heir.scope


def test_a_demand_is_struck_while_its_clean_up_follows_a_merger(city):
    followers.run_all(NOW)
    campaign = burden.campaign(burden.STREET)
    demands = [burden.demand(campaign, place=burden.STREET, scope=[burden.STREET]) for _ in "ab"]
    change(burden.STREET, "320411003", new="320411009", name="新三井街道")
    goes_on_behind(
        lambda: Campaign.objects.select_for_update().get(pk=campaign.pk),
        lambda: burden_commands.discard(demand=demands[0], by=SYSTEM, at=NOW),
    )
    campaign.refresh_from_db()
    assert campaign.place == campaign.demands.get().place == "320411009"
