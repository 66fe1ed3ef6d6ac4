"""The pages of double entries, as a community's worker uses them."""

from datetime import date

import pytest
from django.urls import reverse

from shanzhi.registry import commands, comparing
from shanzhi.registry.models import LinkJob, LinkPair, Merge, NotSame, Person

from . import factories
from . import linking_factories as lists
from .factories import FUDU, MONDAY, TIANAN

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(city):
    return factories.person("王伟", phone="13800000001", identity=factories.identity())


@pytest.fixture
def other(kept):
    return lists.listed("王玮", phone="13800000001", birth=kept.birth, sex="1")


@pytest.fixture
def job(kept, other):
    factories.person("李娜", identity=factories.identity(date(1988, 7, 1), sex="2"))
    return compared(factories.worker())


def compared(by):
    job = commands.start_comparison(place=TIANAN, by=by, at=MONDAY)
    comparing.run(job, now=lambda: MONDAY)
    job.refresh_from_db()
    return job


def url(pair, **query):
    return reverse("registry:link_pair", args=[pair.first, pair.second]) + f"?job={pair.job_id}"


def answer(desk, pair, what, **values):
    return desk.post(url(pair), {"answer": what, "job": pair.job_id, **values}, follow=True)


def test_a_comparison_is_started_and_listed(desk, kept):
    page = desk.post(reverse("registry:comparisons"), {"batch": ""}, follow=True)
    assert "It begins within a minute" in page.content.decode()
    assert LinkJob.objects.get().place == TIANAN
    again = desk.post(reverse("registry:comparisons"), {"batch": ""}, follow=True)
    assert "A comparison is under way here" in again.content.decode()
    assert LinkJob.objects.count() == 1


def test_the_pair_is_found_and_shown_side_by_side(desk, job, kept, other):
    pair = LinkPair.objects.get()
    assert (pair.first, pair.second, pair.suggested) == (kept.pk, other.pk, True)
    listed = desk.get(reverse("registry:comparison", args=[job.pk])).content.decode()
    assert "王伟" in listed
    assert "王玮" in listed
    page = desk.get(url(pair)).content.decode()
    assert "The names sound the same." in page
    assert "Born on the same day." in page
    assert "138****0001" in page
    assert "13800000001" not in page


def test_the_same_merges_with_the_values_chosen_and_undo_gives_both_back(desk, job, kept, other):
    pair = LinkPair.objects.get()
    page = answer(desk, pair, "same", **{"value.person.name": "other"}).content.decode()
    assert "Merged." in page
    kept.refresh_from_db()
    assert kept.name == "王玮"
    assert Merge.objects.get().given_up == other
    pair.refresh_from_db()
    assert pair.state == "same"
    assert "Undo the merge" in desk.get(url(pair)).content.decode()
    assert "Undone." in answer(desk, pair, "undo").content.decode()
    kept.refresh_from_db()
    pair.refresh_from_db()
    assert (kept.name, pair.state) == ("王伟", "open")


def test_not_the_same_is_never_proposed_again_until_it_is_taken_back(desk, job):
    pair = LinkPair.objects.get()
    assert "two persons" in answer(desk, pair, "not_same").content.decode()
    assert compared(factories.worker()).found == 0
    assert "Undone." in answer(desk, pair, "undo").content.decode()
    assert not NotSame.objects.exists()
    assert compared(factories.worker()).found == 1


def test_a_pair_put_aside_stays_in_its_list(desk, job):
    pair = LinkPair.objects.get()
    answer(desk, pair, "later")
    page = desk.get(reverse("registry:comparison", args=[job.pk]) + "?state=later")
    assert "王玮" in page.content.decode()


def test_a_refusal_is_said_and_nothing_is_changed(desk, job, kept):
    pair = LinkPair.objects.get()
    Person.objects.filter(pk=pair.second).update(birth="1960-01-01")
    page = answer(desk, pair, "same", **{"value.person.birth": "other"}).content.decode()
    assert "date of birth differs" in page
    assert not Merge.objects.exists()


def test_two_entries_are_compared_without_a_comparison(desk, kept, other):
    address = reverse("registry:link_pair", args=[other.pk, kept.pk])
    assert "One person or two?" in desk.get(address).content.decode()
    desk.post(address, {"answer": "not_same"})
    assert NotSame.objects.get().low == kept.pk
    desk.post(address, {"answer": "undo"})
    assert not NotSame.objects.exists()
    assert desk.post(address, {"answer": "later"}).status_code == 404


def test_another_community_sees_none_of_it(client, english, job):
    from shanzhi.people.tests import factories as people

    pair = LinkPair.objects.get()
    stranger = people.enter(english, people.post("community_worker", FUDU))
    assert stranger.get(reverse("registry:comparison", args=[job.pk])).status_code == 404
    assert stranger.get(url(pair)).status_code == 404
    assert stranger.post(url(pair), {"answer": "same"}).status_code == 404
    page = stranger.post(url(pair), {"answer": "undo"}, follow=True)
    assert page.status_code == 404
    assert not Merge.objects.exists()


@pytest.mark.parametrize("answer", ["", "merge", "same\0"])
def test_what_is_no_answer_is_not_found(desk, kept, other, answer):
    address = reverse("registry:link_pair", args=[kept.pk, other.pk])
    assert desk.post(address, {"answer": answer}).status_code == 404
    assert desk.get(reverse("registry:link_pair", args=[kept.pk, kept.pk])).status_code == 404
    assert desk.get(reverse("registry:link_pair", args=[kept.pk, 10**15])).status_code == 404
    assert desk.get(address + "?job=x").status_code == 200


def test_lists_ask_as_often_for_many_rows_as_for_one(desk, job, django_assert_max_num_queries):
    address = reverse("registry:comparison", args=[job.pk])
    desk.get(address)
    pair = LinkPair.objects.get()
    for number in range(15):
        one, two = lists.listed("王一"), lists.listed("王二")
        LinkPair.objects.create(
            job=job, place=TIANAN, first=one.pk, second=two.pk, weight=number, start=-8,
            suggested=False, parts=[["name", "other", -6.0]],
        )  # fmt: skip
    with django_assert_max_num_queries(22):
        page = desk.get(address)
    assert page.content.decode().count("王二") == 15
    assert pair.pk
