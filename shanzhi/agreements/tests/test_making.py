"""All agreements of a place: from the lists, once, wherever the job was stopped."""

from datetime import date

import pytest

from shanzhi.burden.models import Edition, ListEntry
from shanzhi.kernel import Refused
from shanzhi.places.models import Division

from .. import commands, queries, tasks
from ..commands import making
from ..models import Agreement, Clause, Run
from . import factories as make
from .factories import AT, CITY, FUDU, PANLONG, STREET, TIANAN, YEAR

pytestmark = pytest.mark.usefixtures("town")


def rows():
    return list(Agreement.objects.order_by("number").values_list("number", "kind", "state"))


def test_every_community_gets_what_is_confirmed_in_the_lists_and_nothing_else():
    run = make.run_of()

    assert (run.state, run.total, run.done, run.made, run.failures) == ("done", 2, 2, 2, [])
    assert rows() == [
        ("2027-320411002", "pattern", "draft"),
        ("2027-320411002018", "yearly", "draft"),
        ("2027-320411002019", "yearly", "draft"),
    ]
    agreement = Agreement.objects.get(place=TIANAN, kind="yearly")
    assert list(agreement.clauses.order_by("position").values_list("code", "kind")) == [
        ("Y01", "own"), ("X01", "assist"), ("X02", "assist"),
    ]  # fmt: skip
    assert agreement.assist == Edition.objects.get(kind="assist", state="in_force")


def test_made_again_nothing_changes_but_what_was_missing():
    make.run_of()
    before = make.everything(Agreement.objects.get(place=TIANAN, kind="yearly"))
    Agreement.objects.filter(place=FUDU).delete()

    run = make.run_of(CITY)

    assert (run.total, run.made, run.kept) == (3, 2, 1)
    assert make.everything(Agreement.objects.get(place=TIANAN, kind="yearly")) == before
    assert Agreement.objects.filter(kind="yearly").count() == 3


class Killed(BaseException):
    pass


def test_killed_in_the_middle_it_goes_on_and_makes_each_once(monkeypatch):
    monkeypatch.setattr(making, "CHUNK", 1)
    run = commands.start_run(place=CITY, year=YEAR, by=make.SYSTEM, at=AT)
    commands.make_more(run=run, by=make.SYSTEM, at=AT)
    with monkeypatch.context() as patched:
        patched.setattr(making.steps, "record", _kill)
        with pytest.raises(Killed):
            commands.make_more(run=run, by=make.SYSTEM, at=AT)
    run.refresh_from_db()
    assert (run.done, run.made, Agreement.objects.filter(kind="yearly").count()) == (1, 1, 1)

    assert tasks.make(run=run.pk) == 3
    assert tasks.make(run=run.pk) == 3  # asked again, it has nothing to do
    run.refresh_from_db()
    assert (run.state, run.done, run.made, run.kept) == ("done", 3, 3, 0)
    assert Agreement.objects.filter(kind="yearly").count() == 3


def _kill(*args, **kwargs):
    raise Killed


def test_what_was_killed_is_found_and_taken_up(monkeypatch):
    run = commands.start_run(place=STREET, year=YEAR, by=make.SYSTEM, at=AT)
    taken = []
    monkeypatch.setattr(tasks, "go_on", taken.append)
    tasks.resume(timestamp=0)
    assert taken == [run.pk]
    with pytest.raises(Refused, match="at this moment"):
        commands.start_run(place=STREET, year=YEAR, by=make.SYSTEM, at=AT)


def test_where_nothing_is_confirmed_each_community_is_named_with_the_reason():
    ListEntry.objects.filter(edition__kind="assist").update(confirmed=False)
    run = make.run_of()
    assert (run.made, [place for place, _why in run.failures]) == (0, [TIANAN, FUDU])
    assert {why for _place, why in run.failures} == {
        "No entry of list two has a confirmed basis; nothing can be agreed on."
    }


def test_who_may_have_them_made_and_for_which_year():
    for by, place in ((make.clerk("320411003"), STREET), (make.secretary(), TIANAN),
                      (make.office("320411"), CITY)):  # fmt: skip
        with pytest.raises(Refused, match="sub-district or a burden office"):
            commands.start_run(place=place, year=YEAR, by=by, at=AT)
    with pytest.raises(Refused, match="this year or the next"):
        commands.start_run(place=STREET, year=2030, by=make.clerk(), at=AT)
    assert not Run.objects.exists()
    assert commands.start_run(place=CITY, year=YEAR, by=make.office(), at=AT).total == 3


def test_the_pattern_is_taken_over_and_a_later_change_goes_where_nobody_differs():
    pattern = commands.make_pattern(place=STREET, year=YEAR, by=make.clerk(), at=AT)
    clause = pattern.clauses.get(code="X01")
    first = make.values(target="旧目标")
    commands.edit_clause(clause=clause, values=first, everywhere=True, by=make.clerk(), at=AT)
    make.run_of()
    of = Clause.objects.filter(agreement__kind="yearly", code="X01")
    assert set(of.values_list("target", "amount")) == {("旧目标", 1200)}
    make.priced(Agreement.objects.get(place=FUDU), target="富都另有目标")

    commands.edit_clause(
        clause=clause, values=make.values(amount=900), everywhere=True, by=make.clerk(), at=AT
    )

    assert dict(of.values_list("agreement__place", "target")) == {
        TIANAN: "知晓率百分之九十五", FUDU: "富都另有目标",
    }  # fmt: skip
    assert of.get(agreement__place=TIANAN).amount == 900


def test_a_withdrawn_one_stays_and_another_gets_a_number_of_its_own():
    agreement = make.draft()
    commands.withdraw(agreement=agreement, by=make.clerk(), at=AT)
    make.run_of()
    found = Agreement.objects.filter(place=TIANAN, kind="yearly").order_by("number")
    assert [(each.number, each.state) for each in found] == [
        ("2027-320411002018", "withdrawn"), ("2027-320411002018r2", "draft"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"payer_id": None}, "which department pays"),
        ({"due_on": []}, "when it is paid"),
        ({"amount": 0}, "no amount"),
        ({"amount": make.Decimal("1.005")}, "two decimals"),
        ({"amount": -1}, "two decimals"),
        ({"due_on": [date(2026, 12, 31)]}, "lie in 2027"),
        ({"due_on": [date(2028, 4, 1)]}, "at the latest on 2028-03-31"),
        ({"due_on": [date(2027, 5, 1)] * 2}, "each once"),
        ({"amount": make.Decimal("0.01")}, "too small"),
    ],
)
def test_money_without_a_payer_or_a_day_is_refused(changed, sentence):
    agreement = make.draft()
    before = make.everything(agreement)
    with pytest.raises(Refused, match=sentence):
        make.priced(agreement, **changed)
    assert make.everything(agreement) == before


def test_an_entry_whose_basis_is_in_doubt_enters_by_no_door():
    agreement = make.draft()
    entry = agreement.assist.entries.get(code="X03")
    with pytest.raises(Refused, match="X03 is not confirmed"):
        commands.add_clause(agreement=agreement, entry=entry, by=make.clerk(), at=AT)
    known = agreement.assist.entries.get(code="X01")
    with pytest.raises(Refused, match="agreed on already"):
        commands.add_clause(agreement=agreement, entry=known, by=make.clerk(), at=AT)

    commands.remove_clause(clause=agreement.clauses.get(code="X01"), by=make.clerk(), at=AT)
    assert not queries.drift(agreement)  # left out on purpose
    commands.add_clause(agreement=agreement, entry=known, by=make.clerk(), at=AT)
    assert agreement.clauses.filter(code="X01").exists()


def test_a_community_that_ended_gets_none():
    Division.objects.filter(code=PANLONG).update(valid_to=date(2026, 6, 1))
    assert make.run_of(CITY).total == 2
