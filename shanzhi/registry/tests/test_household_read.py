"""A household is read by the statement that writes who read it."""

from datetime import date

import pytest
from django.urls import reverse

from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from shanzhi.people.tests.factories import FUDU, TIANAN

from .. import commands
from ..models import Household, ReadEntry
from . import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(english, city):
    return people.enter(english, people.post("community_worker", TIANAN))


def look(client, household, status=200):
    answer = client.get(reverse("registry:household", args=[household.pk]))
    assert answer.status_code == status
    return answer.content.decode()


def test_the_line_names_all_who_are_shown_and_who_moved_out(desk):
    home = factories.household("张示例", "李示例", "张小例", home=factories.dwelling("301"))
    *_others, child = [each.person for each in home.members.order_by("id")]
    commands.leave_household(person=child, on=date(2026, 1, 5), by=SYSTEM, at=factories.MONDAY)
    text = look(desk, home)
    line = ReadEntry.objects.get()
    assert line.persons == sorted(home.members.values_list("person", flat=True))
    assert child.name in text
    assert (line.place, line.role, line.through) == (TIANAN, "community_worker", "page")
    assert (line.purpose, line.withheld, line.review_on) == ("社区采集与服务", "", None)
    assert "person.identity" in line.elements


def test_of_a_household_without_anybody_and_of_one_elsewhere_nothing_is_written(desk):
    at, source = factories.MONDAY, factories.source()
    empty, elsewhere = (
        Household.objects.create(
            place=place,
            kind="family",
            source=source,
            valid_from=at,
            recorded_at=at,
            collected_on=at,
        )
        for place in (TIANAN, FUDU)
    )
    look(desk, empty)
    look(desk, elsewhere, status=404)
    assert not ReadEntry.objects.exists()
