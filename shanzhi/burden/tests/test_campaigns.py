"""A baseline is entered, agrees with its register, is frozen, and stays."""

import pytest
from django.db import DatabaseError, connection, transaction

from shanzhi.journal import queries as journal
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM

from .. import commands, queries
from ..models import Baseline, Campaign, Demand, Remark
from . import factories as make
from .factories import BEGAN, CITY, DISTRICT, LATER, NOON, TIANAN

pytestmark = pytest.mark.usefixtures("city")


def test_a_demand_knows_its_communities_its_number_and_the_fields_the_catalogue_knows():
    demand = make.demand(
        make.campaign(), ["姓名", "手机", "本周督导次数"], scope=[TIANAN, DISTRICT]
    )

    assert (demand.number, demand.scope, demand.communities) == ("2026-0001", [DISTRICT], 3)
    assert list(demand.fields.values_list("name", "element")) == [
        ("姓名", "person.name"), ("手机", "person.phone"), ("本周督导次数", ""),
    ]  # fmt: skip
    assert list(demand.spans.values_list("valid_from", "valid_to", "times", "minutes")) == [
        (BEGAN, None, 12, 60)
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"scope": []}, "scope"),
        ({"scope": ["320402"]}, "scope"),  # another district
        ({"place": "3205", "scope": ["3205"]}, "place"),
        ({"place": TIANAN, "scope": [TIANAN]}, "place"),
        ({"minutes": 0}, "minutes"),
        ({"times": 2001}, "times"),
        ({"valid_to": BEGAN.replace(day=1)}, "valid_to"),
        ({"scope": ["320402"], "place": CITY}, "scope"),  # a district without communities
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_entered(changed, field):
    campaign = make.campaign()

    with pytest.raises(Refused) as refusal:
        make.demand(campaign, **changed)

    assert refusal.value.field == field
    assert not Demand.objects.exists()


def test_the_counts_have_to_agree_with_the_register():
    campaign = make.campaign()
    make.demand(campaign)
    counts = {"body": 0, "venue": 0, "target": 0, "appraisal": 0, "system": 0, "certificate": 0}
    with pytest.raises(Refused, match="Bodies: the count is missing"):
        commands.freeze(campaign=campaign, by=SYSTEM, at=NOON)

    commands.count_baseline(
        campaign=campaign, place=CITY, counts=counts | {"ledger": 2}, by=SYSTEM, at=NOON
    )
    with pytest.raises(Refused, match="Ledgers: the count says 2, the register holds 1"):
        commands.freeze(campaign=campaign, by=SYSTEM, at=NOON)

    commands.count_baseline(campaign=campaign, place=CITY, counts={"ledger": 1}, by=SYSTEM, at=NOON)
    commands.freeze(campaign=campaign, by=SYSTEM, at=NOON)
    counted = Baseline.objects.get(campaign=campaign, category="assessment")
    assert (counted.number, counted.origin) == (0, "counted")
    assert journal.about(label(campaign))[-1].verb == "burden.frozen"


def test_what_is_frozen_is_not_edited_only_annotated():
    (demand,) = make.frozen({})
    campaign = Campaign.objects.get()
    edits = [
        lambda: commands.count_baseline(
            campaign=campaign, place=CITY, counts={"ledger": 5}, by=SYSTEM, at=LATER
        ),
        lambda: make.demand(campaign),
        lambda: commands.amend(
            demand=demand, values=make.values(title="别的"), fields=[], by=SYSTEM, at=LATER
        ),
        lambda: commands.discard(demand=demand, by=SYSTEM, at=LATER),
        lambda: commands.freeze(campaign=campaign, by=SYSTEM, at=LATER),
    ]
    for edit in edits:
        with pytest.raises(Refused, match="The baseline is frozen"):
            edit()

    baseline = Baseline.objects.get(category="ledger")
    commands.remark(baseline=baseline, text="漏报一项", by=make.office(), at=LATER)
    assert Remark.objects.get().text == "漏报一项"
    assert (baseline.number, Demand.objects.get().title) == (1, "垃圾分类台账")


@pytest.mark.parametrize(
    "statement",
    [
        "update burden_baseline set number = 7",
        "delete from burden_baseline",
        "insert into burden_baseline (campaign_id, place, category, number, origin)"
        " select id, '320411', 'body', 3, 'reported' from burden_campaign",
        "delete from burden_demand",
    ],
)
def test_the_database_guards_a_frozen_baseline_as_well(statement):
    make.frozen({})
    with (
        pytest.raises(DatabaseError, match="frozen"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("delete from burden_asked; delete from burden_span")
        cursor.execute(statement)
    assert Baseline.objects.get(category="ledger").number == 1


def test_before_the_freeze_a_demand_is_corrected_and_discarded():
    campaign = make.campaign()
    demand = make.demand(campaign, ["姓名"])

    commands.amend(
        demand=demand, values=make.values(title="环境整治台账", minutes=30),
        fields=["电话", "备注"], by=SYSTEM, at=NOON,
    )  # fmt: skip
    demand.refresh_from_db()
    assert (demand.title, demand.spans.get().minutes) == ("环境整治台账", 30)
    assert [each.name for each in demand.fields.order_by("position")] == ["电话", "备注"]

    commands.discard(demand=demand, by=SYSTEM, at=NOON)
    assert not Demand.objects.exists()
    assert journal.about(label(demand))[-1].verb == "burden.discarded"


def test_only_the_burden_office_of_the_place_keeps_the_campaign():
    from shanzhi.people.tests import factories as people

    campaign = make.campaign()
    others = [
        people.actor(people.post("department_clerk", CITY, department="civil_affairs")),
        make.office(DISTRICT),
        people.actor(people.post("community_secretary")),
    ]
    for actor in others:
        with pytest.raises(Refused, match="burden relief office"):
            commands.count_baseline(
                campaign=campaign, place=CITY, counts={"body": 1}, by=actor, at=NOON
            )
    assert not Baseline.objects.exists()


def test_a_second_clean_up_waits_until_the_first_is_frozen():
    campaign = make.campaign()
    with pytest.raises(Refused, match="being prepared already"):
        make.campaign()
    make.freeze(campaign)
    assert make.campaign().pk != campaign.pk
    assert queries.campaign_of(TIANAN).pk != campaign.pk


def test_a_district_counts_for_itself_and_annotates_its_own_counts():
    campaign, office = make.campaign(), make.office(DISTRICT)
    commands.count_baseline(
        campaign=campaign, place=DISTRICT, counts={"body": 5}, by=office, at=NOON
    )
    with pytest.raises(Refused, match="burden relief office"):
        commands.count_baseline(
            campaign=campaign, place="320402", counts={"body": 5}, by=office, at=NOON
        )
    make.freeze(campaign)
    own, citys = Baseline.objects.get(place=DISTRICT), Baseline.objects.filter(place=CITY)[0]
    commands.remark(baseline=own, text="含一项待核", by=office, at=LATER)
    with pytest.raises(Refused, match="burden relief office"):
        commands.remark(baseline=citys, text="含一项待核", by=office, at=LATER)
    assert list(Remark.objects.values_list("baseline__place", flat=True)) == [DISTRICT]
