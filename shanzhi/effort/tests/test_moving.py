"""A community that keeps the diary becomes part of another; and figures of before the measures."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from shanzhi.burden import commands as burden
from shanzhi.burden.queries.following import open_changes
from shanzhi.journal import kinds, tallies
from shanzhi.journal.labels import label
from shanzhi.journal.models import Entry, Measured, Tally
from shanzhi.journal.tests.factories import catch_up, make_entry
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.models import Post
from shanzhi.people.tests import factories as people
from shanzhi.places import commands as divisions
from shanzhi.shell import tasks

from .. import commands
from ..kinds import Quarter
from ..models import Answer, Ballot, Draw, Participation
from ..queries import diary
from . import factories as make
from .factories import FUDU, NIGHT, TIANAN

pytestmark = pytest.mark.usefixtures("city")
NEW = "320411002100"
ON = NIGHT.date() + timedelta(days=2)
AT = NIGHT + timedelta(days=2)
FOLLOWERS = ("people.moves", "burden.moves", "effort.moves")


def merge(*olds, new=NEW, name="新天社区"):
    for each in FOLLOWERS:
        catch_up(each, at=NIGHT)
    divisions.merge(olds=list(olds), new=new, name=name, on=ON, reason="调整", by=SYSTEM, at=AT)
    for each in FOLLOWERS:
        catch_up(each, at=AT)


def keeping():
    rows = Participation.objects.filter(until=None).order_by("community")
    return list(rows.values_list("community", flat=True))


def worker(ballot):
    """With the post that goes on in the larger community."""
    post = Post.objects.filter(account=ballot.account_id, valid_to=None).order_by("-pk").first()
    return people.actor(post)


def test_the_diary_goes_on_in_the_larger_community():
    make.kept(TIANAN)
    merge(TIANAN, FUDU)
    assert keeping() == [NEW]
    old = Participation.objects.get(community=TIANAN)
    assert old.until is not None
    assert Entry.objects.filter(verb="effort.moved", place=NEW).count() == 1


def test_two_that_keep_it_keep_it_once():
    make.kept(TIANAN)
    make.kept(FUDU, seed=8)
    merge(FUDU, new=TIANAN, name="")
    assert keeping() == [TIANAN]
    assert diary.drawn(TIANAN, Quarter.of(ON))


def test_where_nobody_kept_it_nothing_begins():
    merge(TIANAN, FUDU)
    assert keeping() == []
    assert not Entry.objects.filter(verb="effort.moved").exists()


def test_who_was_drawn_answers_that_half_day_and_no_other():
    draw = make.kept(TIANAN)
    merge(TIANAN, FUDU)
    ballot = Ballot.objects.order_by("opens_at").last()
    by, when = worker(ballot), ballot.opens_at + timedelta(minutes=5)
    assert by.place == NEW
    assert diary.waiting(by, when) == ballot
    commands.answer(ballot=ballot.pk, parts=["meetings", "ledgers", "residents"], by=by, at=when)
    assert Answer.objects.get().draw == draw

    assert diary.undrawn(Quarter.of(ON)) == []  # nobody is drawn twice in a quarter
    assert commands.draw(community=NEW, seed=9, by=SYSTEM, at=AT) is None
    autumn = make.at("2026-10-08 00:20")
    assert diary.undrawn(Quarter.of(autumn.date())) == [NEW]
    assert commands.draw(community=NEW, seed=9, by=SYSTEM, at=autumn).community == NEW
    assert [each.community for each in diary.draws(NEW)] == [NEW, TIANAN]


def test_it_needs_the_number_for_the_larger_community():
    demand = make.admitted(scope=[TIANAN])
    make.kept(TIANAN)
    merge(TIANAN, FUDU)
    ballot = Ballot.objects.order_by("opens_at").last()
    when = ballot.opens_at + timedelta(minutes=5)
    assert diary.demand(NEW, when.date()) is None
    (waiting,) = open_changes(label(demand))
    burden.answer_scope(change=waiting, take=True, by=make.office(), at=AT)
    assert diary.demand(NEW, when.date()) == demand


def test_who_leaves_after_a_merger_is_asked_no_more():
    make.kept(TIANAN)
    merge(TIANAN, FUDU)
    commands.leave(by=make.secretary(NEW), at=AT)
    assert not Ballot.objects.exists()
    assert Draw.objects.count() == 1


def test_an_older_city_counts_what_was_delivered_before_it_was_measured(monkeypatch):
    """As after an upgrade: entries are folded, the measures of the effort were not there yet."""
    measures = ("effort.delivered", "effort.called_back")
    held = {verb: [each for each in many if each.measure not in measures]
            for verb, many in kinds.MEASURES.items()}  # fmt: skip
    with monkeypatch.context() as before:
        before.setattr(kinds, "MEASURES", held)
        before.setattr(tallies, "MEASURES", held)
        for verb in ("cases.delivered", "cases.delivered", "cases.called_back"):
            make_entry(verb, at=NIGHT, place=TIANAN)
        catch_up("tallies")
        tallies.count_new(at=AT)
    assert not Tally.objects.filter(measure__in=measures).exists()

    monkeypatch.setattr(timezone, "now", lambda: AT + timedelta(days=30))
    tasks.rebuild_tallies(timestamp=0)

    day = {"since": date(2026, 7, 1), "until": date(2026, 7, 1)}
    assert tallies.total("effort.delivered", TIANAN, **day) == 2
    assert tallies.total("effort.called_back", TIANAN, **day) == 1
    assert Measured.objects.filter(measure__in=measures).count() == 2
