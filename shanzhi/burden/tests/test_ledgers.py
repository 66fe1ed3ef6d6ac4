"""What replaces a ledger: one thing, that stays, without circles; and which cannot stay."""

import pytest
from django.db import IntegrityError, transaction

from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused
from shanzhi.people.tests import factories as people

from ..models import Demand, Replacement
from ..queries import ledgers as queries
from ..rules import ledgers as rules
from . import factories as make
from .factories import CITY, DISTRICT, TIANAN

pytestmark = pytest.mark.usefixtures("city")


def refused(sentence, field=None, **values):
    before = list(Replacement.objects.order_by("pk").values())
    told = Entry.objects.count()
    with pytest.raises(Refused, match=sentence) as refusal:
        make.replace(**values)
    assert refusal.value.field == field
    assert list(Replacement.objects.order_by("pk").values()) == before
    assert Entry.objects.count() == told


def test_a_ledger_names_a_page_elements_another_ledger_or_nothing():
    one, two, three, four, heir = make.frozen(*({"title": each} for each in "甲乙丙丁戊"))
    make.decide(one, "stop")  # ended ones as well

    make.replace(one, "page", page="residents")
    make.replace(two, "elements", elements=["person.phone"])
    make.replace(three, "demand", heir=heir)
    make.replace(four, "nothing")
    kinds = Replacement.objects.order_by("pk").values_list("kind", "page", "elements", "heir")
    assert list(kinds) == [
        ("page", "residents", [], None), ("elements", "", ["person.phone"], None),
        ("demand", "", [], heir.pk), ("nothing", "", [], None),
    ]  # fmt: skip
    assert [each.demand for each in queries.replaced_by(heir)] == [three]
    assert queries.counts(CITY) == {"all": 5, "open": 1, "named": 4, "paper": 0, "lost": 0}

    make.replace(one, "nothing", by=make.office(DISTRICT), reason="不再需要")
    row = Replacement.objects.get(demand=one)
    assert (row.kind, row.page, row.reason, row.unit) == ("nothing", "", "不再需要", "新北区")
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.data) == ("burden.ledger_replaced", {"chosen": "nothing"})


def test_what_is_missing_or_leads_nowhere_is_refused():
    ledger, other, body = make.frozen(
        {}, {"title": "乙"}, {"title": "丙", "category": "body", "medium": ""}
    )
    refused("Give the reason", "reason", of=ledger, kind="nothing", reason=" ")
    refused("Say what replaces it", "kind", of=ledger, kind="magic")
    refused("Choose the page", "page", of=ledger, kind="page", page="nowhere")
    refused("Name the elements", "elements", of=ledger, kind="elements")
    refused("“person.wings” is not in the catalogue", "elements", of=ledger, kind="elements",
            elements=["person.wings"])  # fmt: skip
    refused("Choose the ledger", "heir", of=ledger, kind="demand")
    refused("does not replace itself", "heir", of=ledger, kind="demand", heir=ledger)
    refused("Only a ledger", of=body, kind="nothing")
    for by in (make.office("320402"), people.actor(people.post("community_worker", TIANAN))):
        refused("Only the burden relief office", of=ledger, kind="nothing", by=by)

    make.decide(other, "stop")
    refused("“乙” is not in force", "heir", of=ledger, kind="demand", heir=other)


def test_replacements_make_no_circle():
    one, two, three = make.frozen(*({"title": each} for each in "甲乙丙"))
    make.replace(one, "demand", heir=two)
    make.replace(two, "demand", heir=three)
    refused("“甲” is itself replaced by this ledger", "heir", of=three, kind="demand", heir=one)
    make.replace(one, "nothing")
    make.replace(three, "demand", heir=one)


def test_a_paper_ledger_of_the_city_cannot_stay_whatever_replaces_it():
    city = {"place": CITY, "scope": [CITY]}
    paper, both, electronic, district = make.frozen(
        city | {"title": "甲", "medium": "paper"}, city | {"title": "乙", "medium": "both"},
        city | {"title": "丙"}, {"title": "丁", "medium": "paper"},
    )  # fmt: skip
    assert [rules.cancelled(each) for each in (paper, both, electronic, district)] == [
        True, True, False, False]  # fmt: skip
    make.replace(paper, "nothing")
    assert queries.counts(TIANAN)["paper"] == 2
    refused("kept on paper by the city", "heir", of=electronic, kind="demand", heir=both)

    make.decide(paper, "stop")
    make.decide(both, "stop")
    assert queries.counts(TIANAN)["paper"] == 0
    assert not rules.cancelled(Demand.objects.get(pk=paper.pk))


def test_an_heir_that_ends_is_said():
    ledger, heir = make.frozen({}, {"title": "乙"})
    make.replace(ledger, "demand", heir=heir)
    assert queries.counts(CITY)["lost"] == 0
    make.decide(heir, "stop")
    assert queries.counts(CITY)["lost"] == 1
    assert [each.title for each in queries.page(CITY, "lost").rows] == ["垃圾分类台账"]


def test_how_many_fields_the_platform_knows_already():
    of = make.campaign()
    demand = make.demand(of, ["姓名", "电话", "本周督导次数"])
    assert queries.ledger(CITY, demand.number) is None, "the baseline is not frozen yet"
    make.freeze(of)
    row = queries.ledger(CITY, demand.number)
    assert (row.known, row.asked) == (2, 3)
    assert queries.counts("320402")["all"] == 0


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "page", "page": ""},
        {"kind": "elements", "elements": []},
        {"kind": "demand"},
        {"kind": "nothing", "page": "residents"},
    ],
)
def test_the_database_refuses_half_a_replacement(values):
    (demand,) = make.frozen({})
    row = make.replace(demand, "nothing")
    with pytest.raises(IntegrityError), transaction.atomic():
        Replacement.objects.filter(pk=row.pk).update(**values)
