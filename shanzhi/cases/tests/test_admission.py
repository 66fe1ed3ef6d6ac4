"""What a department sends down to a community carries a number, or goes back with a letter."""

from datetime import date

import pytest

from shanzhi.burden.models import Campaign, Demand
from shanzhi.burden.tests import factories as burden
from shanzhi.gate.models import Return
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people import commands as people

from .. import commands
from ..presenting import actions
from ..routing import Unit
from . import factories
from .factories import DAY, FUDU, MONDAY, STREET, TIANAN, make_case

pytestmark = pytest.mark.usefixtures("city")
TODAY = date(2026, 3, 3)


@pytest.fixture
def clerk():
    return factories.clerk()


@pytest.fixture
def worker():
    return factories.worker()


@pytest.fixture
def number():
    """Of a demand in force that is asked of 天安社区 alone."""
    of = burden.campaign()
    made = burden.demand(
        of, title="困难家庭走访", category="target", department="civil_affairs", place=STREET,
        scope=[TIANAN],
    )  # fmt: skip
    burden.freeze(of)
    return made.number


@pytest.fixture
def case(worker, clerk):
    """With 三井街道民政办."""
    case = commands.accept(case=make_case(), by=worker, at=MONDAY)
    return commands.transfer(
        case=case, to=Unit(STREET, "civil_affairs"), reason="需核实", by=worker, at=MONDAY
    )


def send(case, clerk, number="", to=TIANAN):
    return commands.transfer(
        case=case, to=Unit(to), reason="请走访", by=clerk, at=MONDAY + DAY, number=number
    )


def test_without_a_number_a_department_passes_nothing_to_a_community(case, clerk, number):
    for wrong in ("", "A26-9999", "X99"):
        with pytest.raises(Refused, match="only under the number") as refused:
            send(case, clerk, wrong)
        assert refused.value.field == "number"
    with pytest.raises(Refused, match="only under the number"):
        send(case, clerk, number, FUDU)  # it is not asked there
    assert send(case, clerk, number).lead_place == TIANAN
    helped = commands.accept(case=make_case(), by=factories.worker(), at=MONDAY)
    assert helped.lead_place == TIANAN  # what residents bring needs none


def test_the_number_of_another_department_will_not_do(case, clerk, number):
    people.load_departments(rows=burden.DEPARTMENTS, by=SYSTEM, at=MONDAY)
    Demand.objects.filter(number=number).update(department="urban_management")
    with pytest.raises(Refused, match="demand of its own in force"):
        send(case, clerk, number)


def test_help_is_asked_of_a_community_under_a_number_too(case, clerk, number):
    ask = {"unit": Unit(TIANAN), "task": "走访", "days": 3, "by": clerk, "at": MONDAY + DAY}
    with pytest.raises(Refused, match="only under the number"):
        commands.ask_help(case=case, **ask)
    assert commands.ask_help(case=case, number=number, **ask).admission == number


def test_an_entry_of_the_lists_will_do_once_its_clause_is_confirmed(case, clerk):
    edition = burden.edition()
    assert [each.confirmed for each in edition.entries.order_by("code")] == [True, False]
    with pytest.raises(Refused, match="only under the number"):
        send(case, clerk, "Y02")
    assert send(case, clerk, "y01").lead_place == TIANAN


def test_between_departments_and_offices_no_number_is_needed(case, clerk):
    assert send(case, clerk, to=STREET).lead_place == STREET


def test_what_is_no_longer_on_the_list_goes_back_with_one_press(case, clerk, worker, number):
    case = send(case, clerk, number)
    with pytest.raises(Refused, match="in force here"):
        commands.send_back(case=case, by=worker, at=MONDAY + DAY)
    assert "send_back" not in actions.possible(case, worker, TODAY)
    demand = Demand.objects.get(number=number)
    burden.decide(demand, "stop", decided_on=TODAY, at=MONDAY + 2 * DAY)

    assert actions.possible(case, worker, TODAY)[0] == "send_back"
    case = commands.send_back(case=case, by=worker, at=MONDAY + 2 * DAY)

    assert (case.lead_place, case.lead_department) == (STREET, "civil_affairs")
    letter = Return.objects.get()
    assert (letter.community, letter.place, letter.department_id) == (TIANAN, STREET,
                                                                      "civil_affairs")  # fmt: skip
    assert letter.about == f"cases.Case:{case.pk}"
    assert case.number in letter.what
    assert Campaign.objects.count() == 1


def test_what_no_department_sent_is_passed_up_instead(worker):
    case = commands.accept(case=make_case(), by=worker, at=MONDAY)
    with pytest.raises(Refused, match="pass it up instead"):
        commands.send_back(case=case, by=worker, at=MONDAY)
