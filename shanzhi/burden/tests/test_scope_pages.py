"""The page where somebody says whether a larger division is asked, and what a demand shows."""

import pytest
from django.urls import reverse

from shanzhi.people.tests import factories as people

from ..models import Demand, ScopeChange
from . import factories as make
from .factories import CITY, DISTRICT, FUDU, STREET, TIANAN, text_of

pytestmark = pytest.mark.usefixtures("city")
PAGE = reverse("burden:scopes")


@pytest.fixture
def change():
    (demand,) = make.frozen({"scope": [TIANAN], "title": "走访台账"})
    return make.question(demand, [TIANAN], FUDU)


@pytest.fixture
def office(english):
    return people.enter(english, people.post("burden_office", CITY))


def entered(english, department):
    post = people.post("department_clerk", DISTRICT, department=department)
    return people.enter(english, post)


def test_the_office_presses_once(office, change):
    text = text_of(office.get(PAGE))
    assert "Asked so far: 天安社区. It is now part of 富都社区." in text
    assert "Ask all of 富都社区" in text and "Do not ask it" in text
    response = office.post(reverse("burden:scope_answer", args=[change.pk]), {"answer": "take"},
                           follow=True)  # fmt: skip
    assert "The larger one is asked." in text_of(response)
    assert Demand.objects.get().scope == [FUDU]
    assert "Nothing has to be decided." in text_of(office.get(PAGE))
    text = text_of(office.get(f"{PAGE}?show=all"))
    assert text.count("走访台账") == 2
    again = office.post(reverse("burden:scope_answer", args=[change.pk]), {"answer": "leave"})
    assert again.status_code in (403, 409, 422)
    assert office.post(reverse("burden:scope_answer", args=[change.pk])).status_code == 404


def test_the_department_may_let_go_and_another_does_not_see_it(english, change):
    own = entered(english, "urban_management")
    text = text_of(own.get(PAGE))
    assert "Do not ask it" in text and "Ask all of" not in text
    other = entered(english, "civil_affairs")
    assert "走访台账" not in text_of(other.get(PAGE))
    url = reverse("burden:scope_answer", args=[change.pk])
    assert other.post(url, {"answer": "leave"}).status_code == 404
    assert ScopeChange.objects.count() == 1


def test_a_demand_shows_what_waits_and_what_was(office, english, change):
    demand = Demand.objects.get()
    text = text_of(office.get(reverse("burden:demand", args=[demand.number])))
    assert "part of a larger one now. 天安社区 → 富都社区 Decide whom it asks" in text
    assert "Changed divisions To be decided" in text
    worker = people.enter(english, people.post("community_worker", TIANAN))
    text = text_of(worker.get(reverse("burden:demand", args=[demand.number])))
    assert "part of a larger one" in text and "Decide whom it asks" not in text


@pytest.mark.parametrize("number", [1, 40])
def test_the_page_takes_as_many_queries_whatever_it_shows(
    number, office, change, django_assert_num_queries
):
    for _each in range(number - 1):
        make.question(Demand.objects.get(), [TIANAN], STREET)
    office.get(PAGE)
    with django_assert_num_queries(7):
        response = office.get(PAGE)
    assert response.content.decode().count("scope-change") == min(number, 30)
