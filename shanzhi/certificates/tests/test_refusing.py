"""Refusals and what a burden office reads off them."""

import csv
import io
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people

from .. import commands, queries
from ..models import Refusal, RequestingUnit
from . import factories as make
from .factories import BANK, CITY, FUDU, MONDAY, SCHOOL, STREET, TIANAN

pytestmark = pytest.mark.usefixtures("city")
DAY = timedelta(days=1)


def test_a_refusal_has_a_number_a_unit_and_perhaps_a_resident():
    by = make.worker()
    refusal = make.refused(by=by, purpose="贷款，电话 13800000019", holder="张示例")
    assert (refusal.number, refusal.unit.name) == ("G2026-11002018-0001", BANK)
    assert (refusal.purpose, refusal.holder) == ("贷款，电话 138****0019", "张示例")
    unnamed = make.refused(by=by)
    assert (unnamed.number, unnamed.holder) == ("G2026-11002018-0002", None)


def test_one_unit_is_one_row_whatever_the_spaces_and_brackets():
    for name in ("示例银行(新北)", " 示例银行（新北） ", "示例银行（新北）"):
        make.refused(unit=name)
    assert list(RequestingUnit.objects.values_list("name", "asked")) == [("示例银行（新北）", 3)]
    make.refused(unit=SCHOOL)
    assert queries.units() == ["示例银行（新北）", SCHOOL]


def test_rare_characters_and_signs_nobody_sees_make_no_other_unit():
    for name in ("\U00020bb7祥银行", "\U00020bb7 祥\u200b银行", "\u202e\U00020bb7祥银行\u202c"):
        make.refused(unit=name)
    assert list(RequestingUnit.objects.values_list("name", "asked")) == [("\U00020bb7祥银行", 3)]


def test_no_number_is_kept_with_the_name_of_a_unit_or_a_certificate():
    refusal = make.refused(name="", unit="示例银行13800000019", asked="证明 13800000019")
    assert (refusal.unit.name, refusal.asked) == ("示例银行138****0019", "证明138****0019")


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": "居住情况证明"}, "request it instead"),
        ({"name": "", "asked": "  "}, "Say which certificate"),
        ({"unit": "银"}, "Name the unit"),
        ({"place": STREET}, "a community's"),
        ({"by": FUDU}, "Only the community itself"),
    ],
)
def test_what_is_no_refusal(values, sentence):
    if isinstance(values.get("by"), str):
        values = values | {"by": make.worker(values["by"])}
    with pytest.raises(Refused, match=sentence):
        make.refused(**values)
    assert not Refusal.objects.exists() and not RequestingUnit.objects.exists()


def test_a_district_s_own_catalogue_decides_there():
    city = make.entry("居民财产证明")
    make.edition(
        "code,name,allowed,issuer,check\nB1,转学证明,no,学校,学籍系统\n", place=make.DISTRICT
    )
    with pytest.raises(Refused, match="not in force"):
        commands.refuse(place=TIANAN, entry=city, unit=BANK, by=SYSTEM, at=MONDAY)
    elsewhere = commands.refuse(place="320402001001", entry=city, unit=BANK, by=SYSTEM, at=MONDAY)
    assert elsewhere.title == "居民财产证明"


def test_what_stands_in_no_catalogue_is_refused_too():
    refusal = make.refused("", asked="我妈是我妈证明")
    assert (refusal.entry, refusal.title) == (None, "我妈是我妈证明")
    with pytest.raises(IntegrityError, match="refusal_of_something"), transaction.atomic():
        Refusal.objects.update(asked="")


def test_the_report_counts_what_was_refused_in_a_place_and_a_time():
    make.refused()
    make.refused("婚姻状况证明")
    make.refused("", asked="某某证明", unit=SCHOOL, place=FUDU)
    make.refused(unit=SCHOOL, place="320411003001", at=MONDAY + DAY)
    first, last = MONDAY.date(), MONDAY.date() + DAY

    whole = queries.report(CITY, first, last)
    assert (whole.total, whole.communities) == (4, 3)
    assert whole.units == [(SCHOOL, 2), (BANK, 2)] or whole.units == [(BANK, 2), (SCHOOL, 2)]
    assert whole.kinds == [("居民财产证明", 2), ("", 1), ("婚姻状况证明", 1)]
    assert queries.report(STREET, first, last).total == 3
    assert queries.report(CITY, last, last).cells == {(SCHOOL, "居民财产证明"): 1}


def test_a_new_edition_does_not_split_what_is_counted():
    make.refused()
    make.edition()
    make.refused()
    found = queries.report(CITY, MONDAY.date(), MONDAY.date())
    assert found.cells == {(BANK, "居民财产证明"): 2}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["居民财产证明", "健在证明", ""]), st.sampled_from([BANK, SCHOOL]),
            st.sampled_from([TIANAN, FUDU]), st.integers(0, 3),
        ),
        max_size=8,
    ),
    st.integers(0, 3), st.integers(0, 3),
)  # fmt: skip
def test_the_counts_are_those_of_the_rows(asked, since, until):
    with transaction.atomic():
        for name, unit, place, days in asked:
            make.refused(name, unit, place=place, at=MONDAY + days * DAY,
                         asked="" if name else "别的证明")  # fmt: skip
        start = MONDAY.date()
        found = queries.report(TIANAN, start + since * DAY, start + until * DAY)
        rows = [(unit, name) for name, unit, place, days in asked
                if place == TIANAN and since <= days <= until]  # fmt: skip
        assert found.cells == dict(Counter(rows))
        assert found.total == len(rows) == sum(many for _unit, many in found.units)
        assert found.total == sum(many for _kind, many in found.kinds)
        transaction.set_rollback(True)


def test_the_office_reads_its_places_and_no_community_is_named(english):
    make.refused()
    make.refused(unit=SCHOOL, place=FUDU)
    office = people.enter(english, people.post("burden_office", make.DISTRICT))
    year = "since=2026-01-01&until=2026-12-31"
    page = office.get(f"/desk/certificates/report/?{year}").content.decode()
    assert BANK in page and SCHOOL in page and "天安社区" not in page and "富都" not in page
    for place in (CITY, "320402", TIANAN):
        assert office.get(f"/desk/certificates/report/?place={place}").status_code == 404
    assert office.get(f"/desk/certificates/report/?place={STREET}&{year}").status_code == 200
    lines = b"".join(office.get(f"/desk/certificates/report.csv?{year}").streaming_content)
    rows = list(csv.reader(io.StringIO(lines.decode("utf-8-sig"))))
    assert sorted(rows[1:]) == sorted([[BANK, "居民财产证明", "1"], [SCHOOL, "居民财产证明", "1"]])
    worker = people.enter(english, people.post("community_worker", TIANAN))
    assert worker.get("/desk/certificates/report/").status_code == 403


def test_a_day_that_is_none_is_this_year(english):
    make.refused()
    office = people.enter(english, people.post("burden_office", CITY))
    page = office.get("/desk/certificates/report/?since=x&until=2026-13-40")
    assert page.status_code == 200


def test_names_are_let_go_after_three_years_and_the_count_stays():
    refusal = make.refused(by=make.worker(), holder="张示例")
    later = MONDAY.replace(year=2029)
    assert queries.due(Refusal, later.date()).count() == 0
    assert commands.forget_refusals(by=SYSTEM, at=later + DAY) == 1
    refusal.refresh_from_db()
    assert refusal.holder is None
    assert refusal.forgotten_on == date(2029, 3, 3)
    assert queries.report(CITY, MONDAY.date(), MONDAY.date()).total == 1
    assert commands.forget_refusals(by=SYSTEM, at=later + DAY) == 0
