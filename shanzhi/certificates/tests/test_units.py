"""Spellings of one unit: normalised, suggested, declared, counted as one, and parted again."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.journal.labels import label
from shanzhi.journal.queries import about
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people

from .. import commands, queries
from ..models import RequestingUnit
from ..spelling import alike, core, spelled
from . import factories as make
from .factories import BANK, MONDAY, SCHOOL

ON = MONDAY.date()
SHORT = "示例银行新北支行营业部"
PAGE = "/desk/certificates/report/units/"


@given(st.text(alphabet="示例银行 \t（）()[]ＡＢab１2　", max_size=30))
def test_a_name_that_is_spelled_stays_as_it_is_and_has_one_width(text):
    once = spelled(text)
    assert spelled(once) == once == once.strip()
    assert not set("()[]ＡＢ１　\t") & set(once) and "  " not in once
    assert core(once) == core(text)


@pytest.mark.parametrize(
    ("one", "two", "near"),
    [
        ("示例信托有限公司", "示例信托（股份有限公司）", True),
        ("示例银行新北支行", "示例银行新北分行", True),
        ("示例银行新北支行", "示例银行新北支", True),
        ("示例银行第一支行", "示例银行第二支行", False),
        ("示例银行新北支行", "示例银行新南支行", False),
        ("示例第1小学", "示例第2小学", False),
        ("示例幼儿园", "示例实验幼儿园", False),
        ("银行", "银行有限公司", False),  # too short to say
    ],
)
def test_which_names_look_like_one_unit(one, two, near):
    assert alike([one, two]) == ([(one, two)] if near else [])


@given(st.lists(st.text(alphabet="示例银行支新", min_size=4, max_size=7), unique=True, max_size=12))
def test_pairs_are_found_whatever_the_order_and_never_of_a_name_with_itself(names):
    found = {frozenset(pair) for pair in alike(names)}
    assert found == {frozenset(pair) for pair in alike(names[::-1])}
    assert all(len(pair) == 2 for pair in found)


def units(*names) -> list[RequestingUnit]:
    return [make.refused(unit=name).unit for name in names]


def office(place: str = make.CITY):
    return people.actor(people.post("burden_office", place))


@pytest.mark.usefixtures("city")
def test_what_is_declared_one_is_counted_as_one_and_parted_again():
    unit, into = units(SHORT, BANK)
    make.refused(unit=BANK)
    before = queries.report(make.CITY, ON, ON)
    assert (before.total, before.units) == (3, [(BANK, 2), (SHORT, 1)])

    unit = commands.join_units(unit=unit, into=into, by=office(), at=MONDAY)
    after = queries.report(make.CITY, ON, ON)
    assert (after.total, after.units) == (3, [(BANK, 3)])
    assert queries.units() == [BANK]  # offered no more
    assert make.refused(unit=SHORT).unit == unit  # the letter keeps its words
    assert queries.report(make.CITY, ON, ON).units == [(BANK, 4)]

    commands.part_units(unit=unit, by=office(), at=MONDAY)
    assert queries.report(make.CITY, ON, ON).units == [(BANK, 2), (SHORT, 2)]
    told = [(each.verb, each.data["into"]) for each in about(label(unit))]
    assert told == [("certificates.units_joined", into.pk), ("certificates.units_parted", into.pk)]


@pytest.mark.usefixtures("city")
def test_what_cannot_be_joined():
    one, two, three = units(SHORT, BANK, SCHOOL)
    commands.join_units(unit=one, into=two, by=SYSTEM, at=MONDAY)

    def refuses(sentence, command=commands.join_units, by=SYSTEM, **values):
        before = list(RequestingUnit.objects.order_by("pk").values_list())
        with pytest.raises(Refused, match=sentence):
            command(**values, by=by, at=MONDAY)
        assert list(RequestingUnit.objects.order_by("pk").values_list()) == before

    refuses("same words", unit=three, into=three)
    refuses("separate it first", unit=three, into=one)
    refuses("separate it first", unit=one, into=three)
    refuses("Other spellings", unit=two, into=three)
    refuses("not possible now", commands.part_units, unit=two)
    for by in (office(make.DISTRICT), make.worker()):
        refuses("burden relief office", unit=three, into=two, by=by)
        refuses("burden relief office", commands.part_units, unit=one, by=by)
    with pytest.raises(IntegrityError, match="unit_not_same_as_itself"), transaction.atomic():
        RequestingUnit.objects.filter(pk=three.pk).update(same_as=three.pk)


@pytest.mark.usefixtures("city")
def test_the_office_presses_a_suggestion_types_another_and_separates(english):
    units("示例信托公司", "示例信托有限公司", BANK, SHORT)
    client = people.enter(english, people.post("burden_office", make.CITY))
    page = client.get(PAGE).content.decode()
    assert "Keep “示例信托公司”" in page and "Keep “示例信托有限公司”" in page
    pressed = {"unit": "示例信托公司", "into": "示例信托有限公司"}
    assert client.post(PAGE, pressed).status_code == 302
    assert "Keep “" not in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"unit": SHORT, "into": "没有这个单位"}).status_code == 422
    assert client.post(PAGE, {"unit": SHORT, "into": BANK}).status_code == 302
    joined = RequestingUnit.objects.get(name=SHORT)
    assert client.post(f"{PAGE}{joined.pk}/part/").status_code == 302
    assert client.post(f"{PAGE}{joined.pk}/part/").status_code == 403  # it is apart already

    other = type(english)()
    other.cookies["django_language"] = "en"
    people.enter(other, people.post("burden_office", make.DISTRICT))
    page = other.get(PAGE).content.decode()
    assert "The list of units is the city" in page and "Separate" not in page
    assert other.post(PAGE, {"unit": SHORT, "into": BANK}).status_code == 422
