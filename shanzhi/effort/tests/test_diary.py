"""The diary: only with a number of the gate, drawn once a quarter, answered by nobody known."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from shanzhi.burden.models import Demand
from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.models import Post
from shanzhi.people.tests import factories as people
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from .. import commands, tasks
from ..commands.drawing import working_days
from ..kinds import Quarter
from ..models import Answer, Ballot, Draw, Participation
from ..plugs import half_day
from ..queries import diary
from ..sampling import half_days
from . import factories as make
from .factories import FUDU, NIGHT, SUMMER, TIANAN

pytestmark = pytest.mark.usefixtures("city")


# --- whether it may be kept -----------------------------------------------------------------------


def test_it_is_refused_without_a_number_of_the_gate():
    make.workers()
    with pytest.raises(Refused, match="has to pass the gate"):
        commands.join(by=make.secretary(), at=NIGHT)
    assert not Participation.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": Demand.Origin.BYPASS},
        {"scope": [FUDU]},
        {"valid_from": date(2026, 7, 2)},
        {"valid_to": date(2026, 6, 30)},
        {"title": "工作日志抽样"},
    ],
)
def test_another_number_is_none(changed):
    make.workers()
    make.admitted(**changed)
    with pytest.raises(Refused, match="has to pass the gate"):
        commands.join(by=make.secretary(), at=NIGHT)


def test_one_that_was_stopped_is_none():
    from shanzhi.burden.tests import factories as burden

    make.workers()
    burden.decide(make.admitted(), "stop", at=NIGHT, decided_on=date(2026, 6, 30))
    with pytest.raises(Refused, match="has to pass the gate"):
        commands.join(by=make.secretary(), at=NIGHT)


def test_fewer_than_five_workers_keep_no_diary():
    make.admitted()
    make.workers(many=4)
    with pytest.raises(Refused, match="at least 5 workers"):
        commands.join(by=make.secretary(), at=NIGHT)


def test_only_the_secretary_begins_and_ends_it():
    make.admitted()
    worker = people.actor(make.workers()[0])
    for command in (commands.join, commands.leave):
        with pytest.raises(Refused, match="The secretary decides"):
            command(by=worker, at=NIGHT)
    with pytest.raises(Refused, match="does not keep"):
        commands.leave(by=make.secretary(), at=NIGHT)
    commands.join(by=make.secretary(), at=NIGHT)
    with pytest.raises(Refused, match="already"):
        commands.join(by=make.secretary(), at=NIGHT)


def test_who_leaves_is_asked_no_more_and_what_was_answered_stays():
    draw = make.kept()
    make.answer(draw.ballots.first())
    commands.leave(by=make.secretary(), at=NIGHT)
    assert not Ballot.objects.exists() and Answer.objects.count() == 1
    assert (
        commands.draw(community=TIANAN, seed=1, by=SYSTEM, at=make.at("2026-10-01 00:20")) is None
    )
    assert commands.join(by=make.secretary(), at=NIGHT + timedelta(days=1)).until is None


# --- the draw -------------------------------------------------------------------------------------


def test_each_worker_is_drawn_for_one_morning_and_one_afternoon():
    draw = make.kept(many=6)
    assert (draw.workers, draw.ballots.count()) == (6, 12)
    days = working_days(SUMMER.first, SUMMER.last)
    ballots = draw.ballots.filter(account=make.secretary().account_id).order_by("half")
    drawn = tuple(each.opens_at.date() for each in ballots)
    assert drawn == half_days(7, make.secretary().account_id, days)


def test_it_is_drawn_once_a_quarter():
    draw = make.kept()
    assert commands.draw(community=TIANAN, seed=8, by=SYSTEM, at=NIGHT) is None
    assert list(Draw.objects.all()) == [draw]
    autumn = commands.draw(community=TIANAN, seed=8, by=SYSTEM, at=make.at("2026-10-01 00:20"))
    assert autumn.quarter == date(2026, 10, 1)


def test_it_waits_where_few_days_or_workers_are_left_or_the_number_is_gone():
    demand = make.admitted()
    make.workers()
    commands.join(by=make.secretary(), at=NIGHT)
    late = make.at("2026-09-20 00:20")
    assert commands.draw(community=TIANAN, seed=1, by=SYSTEM, at=late) is None
    Post.objects.filter(role="community_worker").update(valid_to=date(2026, 6, 1))
    assert commands.draw(community=TIANAN, seed=1, by=SYSTEM, at=NIGHT) is None
    Post.objects.update(valid_to=None)
    Demand.objects.filter(pk=demand.pk).update(state="exited")
    assert commands.draw(community=TIANAN, seed=1, by=SYSTEM, at=NIGHT) is None


def test_who_works_in_two_communities_is_drawn_in_the_one_of_the_older_post():
    draw = make.kept()
    both = Post.objects.filter(place=TIANAN, role="community_worker").first()
    people.post("community_worker", FUDU, account=both.account)
    other = make.kept(FUDU, 5)
    asked = [set(each.ballots.values_list("account", flat=True)) for each in (draw, other)]
    assert both.account_id in asked[0] and not asked[0] & asked[1]


def test_the_night_draws_for_all_that_have_none(monkeypatch):
    make.admitted()
    for place in (TIANAN, FUDU):
        make.workers(place)
        commands.join(by=make.secretary(place), at=NIGHT)
    monkeypatch.setattr("django.utils.timezone.now", lambda: NIGHT)
    assert tasks.draw(0) == 2
    assert tasks.draw(0) == 0
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.at("2026-10-10 18:00"))
    assert tasks.expire(0) == 20 and not Ballot.objects.exists()


# --- answering ------------------------------------------------------------------------------------


def test_an_answer_is_kept_and_its_ballot_is_gone():
    draw = make.kept()
    ballot = draw.ballots.filter(half="pm").first()
    make.answer(ballot, "residents", "meetings", "residents")
    [answer] = Answer.objects.all()
    assert (answer.draw, answer.half) == (draw, "pm")
    assert answer.parts == ["meetings", "residents", "residents"]
    with pytest.raises(Refused, match="answered or skipped"):
        make.answer(ballot)
    assert Answer.objects.count() == 1


def test_a_skipped_one_leaves_nothing():
    ballot = make.kept().ballots.first()
    commands.skip(ballot=ballot.pk, by=make.holder(ballot), at=make.during(ballot))
    assert not Ballot.objects.filter(pk=ballot.pk).exists() and not Answer.objects.exists()
    with pytest.raises(Refused, match="answered or skipped"):
        commands.skip(ballot=ballot.pk, by=make.holder(ballot), at=make.during(ballot))


@pytest.mark.parametrize(
    "parts", [(), ("meetings", "meetings"), ("meetings",) * 4, ("meetings", "ledgers", "tea")]
)
def test_three_parts_of_known_groups(parts):
    ballot = make.kept().ballots.first()
    with pytest.raises(Refused, match="Choose one for each part"):
        commands.answer(
            ballot=ballot.pk, parts=parts, by=make.holder(ballot), at=make.during(ballot)
        )
    assert Ballot.objects.filter(pk=ballot.pk).exists() and not Answer.objects.exists()


def test_it_is_asked_only_of_its_worker_and_only_in_its_time():
    ballot = make.kept().ballots.order_by("opens_at").first()
    other = Ballot.objects.exclude(account=ballot.account_id).first()
    parts = ("meetings", "ledgers", "residents")
    for by, when in (
        (make.holder(other), make.during(ballot)),
        (make.holder(ballot), ballot.opens_at - timedelta(minutes=1)),
        (make.holder(ballot), ballot.closes_at),
    ):
        with pytest.raises(Refused, match="not asked about now"):
            commands.answer(ballot=ballot.pk, parts=parts, by=by, at=when)
    assert diary.waiting(make.holder(ballot), make.during(ballot)) == ballot
    assert diary.waiting(make.holder(ballot), ballot.closes_at) != ballot


def test_the_panel_is_gone_when_the_number_is():
    ballot = make.kept().ballots.first()
    by, when = make.holder(ballot), make.during(ballot)
    assert half_day(by, when)["ballot"] == ballot.pk
    Demand.objects.update(state="exited")
    assert half_day(by, when) is None
    with pytest.raises(Refused, match="has to pass the gate"):
        make.answer(ballot)
    assert half_day(make.office(), when) is None


# --- nobody knows whose ---------------------------------------------------------------------------

TABLES = """
    select format('%I.%I', schemaname, tablename) from pg_tables
    where schemaname = 'public' order by 1
"""


def everything():
    """Each table's rows as text, with the version of each row."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(f"select row_to_json(each)::text from {table} as each")
            found[table] = {row[0] for row in cursor.fetchall()}
    return found


def test_answering_changes_nothing_but_the_answers_and_the_ballot():
    """So no other row, and no line of the journal, can be joined to an answer."""
    ballot = make.kept().ballots.first()
    by, when = make.holder(ballot), make.during(ballot)
    before, lines = everything(), Entry.objects.count()
    commands.answer(ballot=ballot.pk, parts=["meetings"] * 3, by=by, at=when)
    after = everything()
    changed = {table for table in before if before[table] != after[table]}
    assert changed == {"public.effort_answer", "public.effort_ballot"}
    assert len(before["public.effort_ballot"] - after["public.effort_ballot"]) == 1
    assert not after["public.effort_ballot"] - before["public.effort_ballot"]
    assert Entry.objects.count() == lines


def test_an_answer_has_no_account_no_day_and_no_number_in_order():
    assert [each.name for each in Answer._meta.get_fields()] == ["id", "draw", "half", "parts"]
    assert Answer._meta.pk.default().version == 4  # a UUID of chance, not of time
    assert "account" not in {each.name for each in Draw._meta.get_fields()}


@pytest.mark.django_db(transaction=True)
def test_neither_the_versions_of_rows_nor_their_order_tell_which_answer_came_last():
    draw = make.kept(many=12)
    first_place = set()
    for number, ballot in enumerate(list(draw.ballots.filter(half="am"))):
        make.answer(ballot, *(["meetings"] * 3 if number == 0 else ["other"] * 3))
        with connection.cursor() as cursor:
            cursor.execute("select xmin::text, parts from effort_answer order by ctid")
            rows = cursor.fetchall()
        assert len({version for version, _parts in rows}) == 1
        first_place.add([parts[0] for _version, parts in rows].index("meetings"))
    assert len(first_place) > 1


def test_every_worker_has_the_same_halves_so_the_half_tells_nothing():
    draw = make.kept(many=7)
    asked = list(draw.ballots.values_list("account", "half"))
    workers = {account for account, _half in asked}
    assert sorted(asked) == sorted((each, half) for each in workers for half in ("am", "pm"))
    assert len(workers) == 7


# --- two at once, and killed ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_is_kept():
    ballot = make.kept().ballots.first()
    values = {"ballot": ballot.pk, "parts": ["meetings"] * 3, "by": make.holder(ballot),
              "at": make.during(ballot)}  # fmt: skip
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            commands.answer(**values)
            second = second_request.submit(
                in_own_connection, commands.answer, **values | {"parts": ["other"] * 3}
            )
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="answered or skipped"):
            second.result(timeout=5)
    assert [each.parts for each in Answer.objects.all()] == [["meetings"] * 3]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_are_both_kept():
    one, other = make.kept().ballots.filter(half="am")[:2]
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            make.answer(one, "meetings", "meetings", "meetings")
            second = second_request.submit(
                in_own_connection, commands.answer, ballot=other.pk, parts=["other"] * 3,
                by=make.holder(other), at=make.during(other),
            )  # fmt: skip
            wait_until_someone_waits_for_me()
        second.result(timeout=5)
    assert sorted(each.parts[0] for each in Answer.objects.all()) == ["meetings", "other"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["Answer.objects.bulk_create", "Ballot.delete"])
def test_killed_in_between_neither_answer_nor_ballot_is_lost(where, monkeypatch):
    draw = make.kept()
    first, second = draw.ballots.filter(half="am")[:2]
    make.answer(first)

    def killed(*args, **kwargs):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(f"shanzhi.effort.models.{where}", killed)
        with pytest.raises(SystemExit):
            make.answer(second)
    assert Ballot.objects.filter(pk=second.pk).exists() and Answer.objects.count() == 1
    make.answer(second)
    assert Answer.objects.count() == 2


# --- what the database holds ----------------------------------------------------------------------


def breaks(make_row):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_row()


def test_the_database_keeps_one_draw_a_quarter_and_one_ballot_a_half():
    draw = make.kept()
    ballot = draw.ballots.first()
    same = {"draw": draw, "account_id": ballot.account_id, "half": ballot.half}
    when = {"opens_at": ballot.opens_at, "closes_at": ballot.closes_at}
    breaks(lambda: Ballot.objects.create(**same, **when))
    breaks(lambda: Ballot.objects.filter(pk=ballot.pk).update(closes_at=ballot.opens_at))
    row = {"community": TIANAN, "seed": 1, "workers": 5}
    breaks(lambda: Draw.objects.create(quarter=draw.quarter, first=draw.first, **row))
    breaks(lambda: Draw.objects.create(quarter=date(2026, 10, 1), first=date(2026, 9, 1), **row))
    breaks(lambda: Participation.objects.create(community=TIANAN, since=draw.first))


# --- when it is shown -----------------------------------------------------------------------------


def test_a_quarter_is_shown_when_nothing_of_it_can_be_answered_any_more():
    assert not diary.published(SUMMER, date(2026, 9, 30))
    assert not diary.published(SUMMER, date(2026, 10, 8))  # its last half-day is open
    assert diary.published(SUMMER, date(2026, 10, 9))
    make.answered()
    make.answered(FUDU, quarter=Quarter(date(2026, 10, 1)))
    assert diary.quarters_kept(make.TODAY) == [SUMMER]


def test_so_many_different_workers_answered_at_least():
    make.answered(halves=4)
    make.answered(FUDU, halves=0)
    assert diary.respondents([SUMMER]) == {SUMMER: {TIANAN: 4}}
