"""The lists of the gate with many rows: pages, filters, words, files; and what they cost."""

import csv
import io
import re
from datetime import date, time, timedelta

import openpyxl
import pytest
from django.utils import timezone
from django.utils.translation import override

from shanzhi.burden.tests.factories import text_of
from shanzhi.people.models import Department
from shanzhi.people.tests import factories as people

from .. import presenting
from ..models import Application, Call, Return
from .factories import CITY, DISTRICT, FUDU, NOW, TIANAN

pytestmark = pytest.mark.usefixtures("city", "june")
G, CALLS, RETURNS = "/desk/gate/", "/desk/calls/", "/desk/returns/"
MANY = 75  # two pages and a half


@pytest.fixture
def june(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def enter(client, role, place, department=""):
    return people.enter(client, people.post(role, place, department=department))


@pytest.fixture
def office(english):
    return enter(english, "burden_office", CITY)


def units(number):
    """Two departments of two places take turns."""
    codes = ("urban_management", "civil_affairs")
    return (CITY, DISTRICT)[number % 2], Department.objects.get(pk=codes[number % 2])


def applications(many):
    for number in range(many):
        place, department = units(number)
        Application.objects.create(
            number=f"A26-{number:04d}", title=f"表{number}",
            category=("ledger", "target")[number % 2],
            state=("screening", "refused")[number % 3 == 0], state_since=NOW, place=place,
            department=department, made_at=NOW, submitted_at=NOW, scope=[place], communities=3,
            times=5, minutes=30, starts_on=date(2026, 9, 1), ends_on=date(2026, 12, 31),
        )  # fmt: skip


def calls(many):
    for number in range(many):
        place, department = units(number)
        Call.objects.create(
            number=f"C26-{number:04d}", kind=("meeting", "inspection")[number % 2],
            title=f"会议{number}", place=place, department=department, scope=[place], communities=3,
            on=NOW.date() + timedelta(days=number // 3 - 10), begins=time(9), minutes=60, heads=1,
            announced_at=NOW, cancelled_at=NOW if number % 5 == 0 else None,
        )  # fmt: skip


def returns(many):
    for number in range(many):
        place, department = units(number)
        Return.objects.create(
            number=f"R26-{number:04d}", community=(TIANAN, FUDU)[number % 2], place=place,
            department=department, way="phone", what=f"要求{number}", clause="第四十三条",
            returned_on=NOW.date(), at=NOW,
        )  # fmt: skip


LISTS = {G: (applications, "A26"), CALLS: (calls, "C26"), RETURNS: (returns, "R26")}


def numbers(page, sign):
    return re.findall(rf'class="code">({sign}-\d+)', page.content.decode())


def walked(client, url, sign):
    """Every number, page by page."""
    found, seen = [], 0
    while url and seen < 9:
        page = client.get(url)
        found += numbers(page, sign)
        onward = re.search(r'rel="next" href="([^"]+)"', page.content.decode())
        url = url.partition("?")[0] + onward[1].replace("&amp;", "&") if onward else ""
        seen += 1
    return found


@pytest.mark.parametrize("url", LISTS)
def test_every_row_stands_on_one_of_the_pages(office, url):
    make_rows, sign = LISTS[url]
    make_rows(MANY)
    found = walked(office, url, sign)
    assert len(found) == len(set(found)) == MANY


@pytest.mark.parametrize("url", LISTS)
def test_words_number_and_department_narrow_the_list(office, url):
    make_rows, sign = LISTS[url]
    make_rows(MANY)
    assert numbers(office.get(f"{url}?q={sign}-0042"), sign) == [f"{sign}-0042"]
    own = walked(office, f"{url}?department=civil_affairs", sign)
    assert len(own) == MANY // 2 and all(int(each[-4:]) % 2 for each in own)
    assert numbers(office.get(f"{url}?q=没有这样的"), sign) == []


def test_applications_and_calls_are_told_apart_by_state_and_kind(office):
    applications(30)
    calls(30)
    assert len(numbers(office.get(f"{G}?state=refused&category=ledger"), "A26")) == 5
    assert len(numbers(office.get(f"{CALLS}?state=cancelled"), "C26")) == 6
    coming = numbers(office.get(f"{CALLS}?state=coming&kind=meeting"), "C26")
    over = numbers(office.get(f"{CALLS}?state=over&kind=meeting"), "C26")
    assert len(coming) + len(over) == 12 and not coming


@pytest.mark.parametrize("url", LISTS)
def test_the_file_holds_what_the_filters_leave(office, url):
    make_rows, sign = LISTS[url]
    make_rows(MANY)
    file = f"{url.rstrip('/')}.csv?department=civil_affairs"
    text = b"".join(office.get(file).streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    book = openpyxl.load_workbook(io.BytesIO(office.get(file.replace(".csv", ".xlsx")).content))
    sheet = [["" if cell is None else str(cell) for cell in row]
             for row in book.active.iter_rows(values_only=True)]  # fmt: skip
    assert sheet == rows
    assert rows[0][0] == "Number" and len(rows) == 1 + MANY // 2
    assert {row[0][:3] for row in rows[1:]} == {sign}
    assert office.get(f"{url.rstrip('/')}.pdf").status_code == 404


@pytest.mark.parametrize("url", LISTS)
def test_a_sign_that_no_database_keeps_breaks_no_file(office, url):
    file = office.get(f"{url.rstrip('/')}.csv?q=%00&department=%00")
    assert len(b"".join(file.streaming_content).splitlines()) == 1  # its head


def test_a_department_reads_and_exports_its_own_alone(english):
    calls(20)
    clerk = enter(english, "department_clerk", CITY, "urban_management")
    assert len(walked(clerk, CALLS, "C26")) == 10
    text = b"".join(clerk.get("/desk/calls.csv").streaming_content).decode("utf-8-sig")
    assert "区城市管理局" not in text and len(text.splitlines()) == 11
    worker = enter(english, "community_worker", TIANAN)
    assert "announced" not in text_of(worker.get(CALLS))
    assert worker.get("/desk/calls.csv").status_code == 403


def test_a_formula_in_a_title_stays_text(office):
    applications(1)
    Application.objects.update(title="=1+1")
    book = openpyxl.load_workbook(io.BytesIO(office.get("/desk/gate.xlsx").content))
    assert book.active["B2"].value == "'=1+1"
    assert book.active["B2"].data_type == "s"


def test_the_first_column_of_a_file_is_a_number_one_is_called_by():
    with override("zh-hans"):
        assert next(presenting.application_lines([]))[0] == "编号"
        assert next(presenting.call_lines([], NOW.date()))[0] == "编号"


@pytest.mark.parametrize("many", [2, MANY])
@pytest.mark.parametrize(("url", "queries"), [(G, 5), (CALLS, 6), (RETURNS, 5)])
def test_a_list_costs_the_same_however_many_there_are(
    office, url, queries, many, django_assert_num_queries
):
    LISTS[url][0](many)
    office.get(url)
    with django_assert_num_queries(queries):
        office.get(url)


def test_a_community_reads_what_it_sent_back_before_it_was_merged(english):
    from shanzhi.kernel.acting import SYSTEM
    from shanzhi.places import commands as divisions

    returns(4)
    divisions.merge(
        olds=[TIANAN], new=FUDU, on=NOW.date(), reason="调整", by=SYSTEM, at=NOW, name=""
    )
    worker = enter(english, "community_worker", FUDU)
    assert len(numbers(worker.get(RETURNS), "R26")) == 4
