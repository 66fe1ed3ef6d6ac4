"""The clean-ups' rows in small: what is laid out can be read by every page that is measured."""

import random

import pytest
from django.test import Client

from shanzhi.burden.models import Plan, Plaque, SystemUse
from shanzhi.burden.tests import factories as make
from shanzhi.people.tests import factories as people

from .. import cleanups, looking

COMMUNITIES = [make.TIANAN, make.FUDU]


@pytest.mark.django_db
def test_each_page_of_the_clean_ups_has_a_row(monkeypatch):
    monkeypatch.setattr(looking, "LOOKS", 2)
    monkeypatch.setattr(cleanups, "SYSTEMS", 6)
    monkeypatch.setattr(cleanups, "OF_PLAQUES", 2)
    make.city()
    make.frozen(*({"title": f"台账{number}"} for number in range(10)))
    said = cleanups.fill(COMMUNITIES, random.Random(1), make.LATER.date())
    assert said == "2 communities, 12 plaques, 2 ledgers, 6 systems, 12 sign-ins"
    assert (Plaque.objects.count(), Plan.objects.count(), SystemUse.objects.count()) == (12, 6, 12)
    client = people.enter(Client(), people.post("burden_office", make.CITY))
    rows = cleanups.pages(client, make.TIANAN, said)
    assert [row.code for row in rows] == [
        "four", "wall", "wall.over", "wall.community", "ledgers", "systems",
    ]  # fmt: skip
    assert all(row.required == looking.PAGE and row.reached > 0 for row in rows)
