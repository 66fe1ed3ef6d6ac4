"""Payments, supplements, the evaluation of the year, and what departments read of it."""

from datetime import date, datetime, timedelta

import pytest
from django.utils.timezone import localdate

from shanzhi.burden.commands import admit
from shanzhi.burden.models import Demand
from shanzhi.burden.tests import factories as burden
from shanzhi.kernel import Refused
from shanzhi.places.models import Division

from .. import commands, queries
from ..models import Agreement, Evaluation, Score
from . import factories as make
from .factories import AT, DECEMBER, FUDU, STREET, TIANAN, YEAR

pytestmark = pytest.mark.usefixtures("town")
LATER = datetime.fromisoformat("2027-07-01T10:00:00+08:00")


def test_a_payment_is_entered_with_its_voucher_and_confirmed_by_the_community():
    agreement = make.in_force()
    first, second = queries.of_agreement(agreement)
    seen = queries.payments(make.clerk(), YEAR)
    totals = queries.totals(seen, date(2027, 7, 1))
    assert totals == {"promised": 1200, "paid": 0, "overdue": 600}
    late = queries.narrowed(seen, "overdue", date(2027, 7, 1))
    assert [each.pk for each in late] == [first.pk]

    with pytest.raises(Refused, match="voucher"):
        pay(first, evidence=" ")
    with pytest.raises(Refused, match="between the signing and today"):
        pay(first, paid_on=date(2027, 7, 2))
    with pytest.raises(Refused, match="between the signing and today"):
        pay(first, paid_on=localdate(AT) - timedelta(days=1))
    with pytest.raises(Refused, match="clerk of the sub-district"):
        pay(first, by=make.secretary())
    with pytest.raises(Refused, match="not possible now"):
        commands.confirm_received(payment=first, by=make.secretary(), at=LATER)
    first = pay(first)
    with pytest.raises(Refused, match="entered already"):
        pay(first)
    with pytest.raises(Refused, match="community says"):
        commands.confirm_received(payment=first, by=make.secretary(FUDU), at=LATER)
    commands.confirm_received(payment=first, by=make.worker(), at=LATER)

    totals = queries.totals(queries.payments(make.clerk(), YEAR), date(2027, 7, 1))
    assert totals == {"promised": 1200, "paid": 600, "overdue": 0}
    assert [each.pk for each in queries.narrowed(seen, "due", date(2027, 7, 1))] == [second.pk]


def pay(payment, **changed):
    known = {"paid_on": date(2027, 6, 30), "evidence": "凭证1号", "by": make.clerk(), "at": LATER}
    return commands.pay(payment=payment, **known | changed)


def admitted(**changed):
    """A demand that came through the gate."""
    values = burden.values(**{
        "title": "取暖安全提示", "department": "civil_affairs", "basis": "突发事件应对法",
        "purpose": "入户提示", "scope": [STREET], "place": STREET, "cycle": "once", "times": 1,
        "valid_to": date(2027, 12, 31),
    } | changed)  # fmt: skip
    return admit(
        number=f"ZR{Demand.objects.count()}", origin=Demand.Origin.ADMITTED, values=values,
        fields=[], by=make.SYSTEM, at=AT,
    )  # fmt: skip


def test_a_supplement_is_negotiated_and_signed_by_itself():
    parent, demand = make.in_force(), admitted()
    asked = {"parent": parent, "code": demand.number, "by": make.clerk(), "at": AT}
    made = commands.supplement(values=make.values(), **asked)
    assert (made.number, made.kind, made.parent) == ("2027-320411002018-1", "supplement", parent)
    assert (made.admission, made.clauses.get().text) == (demand.number, "入户提示")
    made = commands.open_negotiation(agreement=made, by=make.clerk(), at=AT)
    for command in (commands.agree, commands.sign):
        for by in (make.secretary(), make.clerk()):
            made = command(agreement=made, by=by, at=AT)
    assert made.state == "in_force"
    assert queries.totals(queries.payments(make.clerk(), YEAR), LATER.date())["promised"] == 2400
    with pytest.raises(Refused, match=f"{demand.number} is agreed on already"):
        commands.supplement(values=make.values(), **asked)


def test_only_what_is_confirmed_or_admitted_for_this_community_is_added():
    parent = make.in_force()
    doubted = admitted(title="无依据的事")
    Demand.objects.filter(pk=doubted.pk).update(basis="")
    elsewhere = admitted(scope=[make.PANLONG], place="320411")
    for code in ("X03", "Z99", doubted.number, elsewhere.number):
        with pytest.raises(Refused, match="neither a confirmed entry"):
            commands.supplement(
                parent=parent, code=code, values=make.values(), by=make.clerk(), at=AT
            )
    assert not Agreement.objects.filter(kind="supplement").exists()


def test_what_was_stopped_since_is_not_signed():
    parent, demand = make.in_force(), admitted()
    made = commands.supplement(
        parent=parent, code=demand.number, values=make.values(), by=make.clerk(), at=AT
    )
    made = commands.open_negotiation(agreement=made, by=make.clerk(), at=AT)
    for by in (make.secretary(), make.clerk()):
        made = commands.agree(agreement=made, by=by, at=AT)
    Demand.objects.filter(pk=demand.pk).update(state="stopped")
    with pytest.raises(Refused, match=f"changed since this was agreed: {demand.number}"):
        commands.sign(agreement=made, by=make.secretary(), at=AT)


def test_what_is_admitted_for_all_becomes_a_supplement_of_each_that_has_it_not_yet():
    parent, demand = make.in_force(), admitted()
    make.in_force(FUDU)
    asked = {"code": demand.number, "values": make.values(), "by": make.clerk(), "at": AT}
    commands.supplement(parent=parent, **asked)
    made = commands.supplement_all(place=STREET, year=YEAR, **asked)
    assert [each.number for each in made] == ["2027-320411002019-1"]
    assert commands.supplement_all(place=STREET, year=YEAR, **asked) == []


def test_a_supplement_needs_an_agreement_in_force():
    agreement, demand = make.agreed(), admitted()
    with pytest.raises(Refused, match="belongs to an agreement in force"):
        commands.supplement(
            parent=agreement, code=demand.number, values=make.values(), by=make.clerk(), at=AT
        )
    assert not Agreement.objects.filter(kind="supplement").exists()


def scores(agreement, **row):
    return {each.pk: {"words": "", **row} for each in queries.asked(agreement)}


def test_both_evaluate_and_the_agreement_has_run_its_course():
    agreement = make.in_force()
    mine = scores(agreement, support=4, money=2)
    with pytest.raises(Refused, match="from December on"):
        commands.evaluate(agreement=agreement, scores=mine, words="", by=make.secretary(), at=LATER)
    with pytest.raises(Refused, match="score from 1 to 5"):
        commands.evaluate(
            agreement=agreement, scores=dict(list(mine.items())[:1]), words="",
            by=make.secretary(), at=DECEMBER,
        )  # fmt: skip
    agreement = commands.evaluate(
        agreement=agreement, scores=mine, words="经费晚到", by=make.secretary(), at=DECEMBER
    )
    assert agreement.state == "in_force"
    with pytest.raises(Refused, match="evaluated already"):
        commands.evaluate(
            agreement=agreement, scores=mine, words="", by=make.secretary(), at=DECEMBER
        )
    agreement = commands.evaluate(
        agreement=agreement, scores=scores(agreement, target=5), words="", by=make.clerk(),
        at=DECEMBER,
    )  # fmt: skip
    assert agreement.state == "evaluated"


def test_money_is_scored_only_where_money_was_promised():
    agreement = make.in_force()
    paid = [each.pk for each in queries.asked(agreement) if each.amount]
    mine = {
        each.pk: {"support": 4} | ({"money": 2} if each.pk in paid else {})
        for each in queries.asked(agreement)
    }
    assert 0 < len(paid) < len(mine)
    with pytest.raises(Refused, match="score from 1 to 5"):
        commands.evaluate(
            agreement=agreement, scores=mine | {paid[0]: {"support": 4}}, words="",
            by=make.secretary(), at=DECEMBER,
        )  # fmt: skip
    commands.evaluate(agreement=agreement, scores=mine, words="", by=make.secretary(), at=DECEMBER)
    given = Score.objects.filter(money__isnull=False).values_list("clause", flat=True)
    assert sorted(given) == sorted(paid)


def said_by(*places):
    """What communities say of their one clause of civil affairs."""
    for number, place in enumerate(places, 1):
        agreement = Agreement.objects.get(place=place, kind="yearly")
        evaluation = Evaluation.objects.create(agreement=agreement, side="community", at=DECEMBER)
        Score.objects.create(
            evaluation=evaluation, clause=agreement.clauses.get(code="X01"), support=number,
            money=5, words=f"意见{number}",
        )  # fmt: skip


def test_departments_read_averages_of_three_and_more_and_no_name():
    third = "320411002020"
    Division.objects.create(
        code=third, name="三社区居委会", short_name="三社区", level="community", parent=STREET,
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    make.run_of()
    said_by(TIANAN, FUDU)
    assert queries.departments(STREET, "civil_affairs", YEAR) == []
    assert queries.words_of(STREET, "civil_affairs", YEAR) == {}
    said_by(third)
    [found] = queries.departments(STREET, "civil_affairs", YEAR)
    assert (found.code, found.communities, found.money) == ("X01", 3, 5)
    assert found.support == pytest.approx(4 / 3)
    Score.objects.filter(evaluation__agreement__place=third).update(money=None)
    [found] = queries.departments(STREET, "civil_affairs", YEAR)
    assert (found.communities, found.money) == (3, None)  # of two communities it would tell who
    assert set(queries.words_of(STREET, "civil_affairs", YEAR)) == {"X01"}
    assert queries.departments(STREET, "urban_management", YEAR) == []


def test_the_overview_counts_by_division():
    make.in_force()
    make.negotiated(FUDU)
    [row] = queries.below("320411", YEAR, LATER.date())[:1]
    assert (row.code, row.communities, row.states) == (
        STREET, 2, {"in_force": 1, "negotiated": 1},
    )  # fmt: skip
    assert (row.signed, row.promised, row.paid, row.overdue) == (1, 1200, 0, 600)
    city = queries.below("3204", YEAR, LATER.date())
    assert [(each.code, each.promised) for each in city if each.signed] == [("320411", 1200)]
