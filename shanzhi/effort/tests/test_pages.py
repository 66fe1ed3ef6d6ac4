"""The measurement on the desk, without JavaScript."""

import csv
import io

import pytest

from shanzhi.burden.tests import factories as burden
from shanzhi.burden.tests.factories import text_of
from shanzhi.people.models import Post
from shanzhi.people.tests import factories as people

from ..models import Answer, Ballot, Headcount, Participation, Standard
from . import factories as make
from .factories import CITY, DISTRICT, FUDU, NIGHT, STREET, TIANAN

pytestmark = pytest.mark.usefixtures("city")
E = "/desk/effort/"
MINUTES = {"minutes": "30", "least": "10", "most": "60", "source": "实测",
           "valid_from": "2026-11-30"}  # fmt: skip


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.at("2026-11-30 10:00"))


@pytest.fixture
def office(english):
    return people.enter(english, people.post("burden_office", CITY))


@pytest.fixture
def secretary(english):
    make.secretary()
    return people.enter(english, Post.objects.get(role="community_secretary", place=TIANAN))


@pytest.fixture
def measured(city):
    make.counted(c320411002018=9, c320411002019=6)
    burden.frozen({"times": 12, "minutes": 60, "scope": [STREET]})
    make.answered(parts=("meetings", "ledgers", "residents"))


@pytest.mark.usefixtures("measured")
def test_the_answer_for_a_city(office):
    page = text_of(office.get(E))
    assert "How much of the week is meetings, inspections, ledgers?" in page
    assert "67% 36% to 88%" in page and "12 of 12 half-days were answered" in page
    assert "15 workers of 2 communities" in page
    assert "half to twice what departments declare" in page
    assert "By the department that asks" in page and "城管" in page
    assert "What it cannot know" in page and "times of sign-in are not used" in page
    picture = office.get(E).content.decode()
    assert picture.count("<svg viewBox") >= 10 and "style=" not in picture
    assert 'aria-label="Meetings: diary 33%' in picture


@pytest.mark.usefixtures("measured")
def test_a_secretary_sees_the_own_community_alone(secretary):
    assert "67%" in text_of(secretary.get(E))
    for place in (FUDU, STREET, CITY):
        assert secretary.get(f"{E}?place={place}").status_code == 404
        assert secretary.get(f"/desk/effort.csv?place={place}").status_code == 404


def test_a_small_community_says_with_whom_it_is_shown(secretary):
    make.counted(c320411002018=3, c320411002019=9)
    page = text_of(secretary.get(f"{E}?quarter=2026Q3"))
    assert "天安社区 is shown together with its neighbours (天安社区, 富都社区)" in page
    assert "one of them alone has fewer than 5 workers" in page
    make.counted(c320411002019=1)
    assert "Nothing can be shown here" in text_of(secretary.get(f"{E}?quarter=2026Q3"))


@pytest.mark.usefixtures("measured")
@pytest.mark.parametrize(
    "asked",
    ["", "2026Q3", "2026Q4", "2031Q1", "nonsense", "2026Q9", "0001Q1", "9999Q4", "²²²²Q1"],
)
def test_whatever_quarter_is_asked_for_there_is_a_page(office, asked):
    page = text_of(office.get(f"{E}?quarter={asked}"))
    if asked == "2026Q4":
        assert "shown when the quarter is over" in page and "67%" in page  # of the quarter before
    else:
        assert "67% 36% to 88%" in page


@pytest.mark.usefixtures("measured")
def test_the_file_says_what_the_page_says(office):
    content = b"".join(office.get("/desk/effort.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    [line] = [
        each
        for each in rows
        if (each["Quarter"], each["Place"], each["Measured by"]) == ("2026Q3", "常州市", "Diary")
        and "together" in each["Group or department"]
    ]
    assert (line["Share of the week (%)"], line["Half-days"]) == ("66.7", "12")
    assert {each["Measured by"] for each in rows} == {"Diary", "Records"}


def test_the_office_sets_minutes_and_states_workers(office):
    page = text_of(office.get(f"{E}standards/"))
    assert "Handle and answer a case" in page and "nobody has measured it here yet" in page
    good = {
        "minutes": "30",
        "least": "10",
        "most": "60",
        "source": "实测",
        "valid_from": "2026-11-30",
    }
    url = f"{E}standards/reply/"
    assert office.post(url, good | {"least": "31"}).status_code == 422
    assert office.post(url, good).status_code == 302
    assert Standard.objects.get().minutes == 30
    assert (
        "实测" in text_of(office.get(url)) and office.get(f"{E}standards/tea/").status_code == 404
    )

    url = f"{E}workers/"
    good = {"rows": "天安社区 9\n320411002019，6\n", "source": "花名册",
            "valid_from": "2026-11-30"}  # fmt: skip
    for wrong, sentence in (
        ("天安社区", "a name, a space, a number"),
        ("无名社区 9", "no division"),
        ("三井街道 9", "a community"),
        ("天安社区、富都社区 9", "a name, a space, a number"),
        ("天安社区 ²", "a name, a space, a number"),
        (f"天安社区 {'9' * 5000}", "a name, a space, a number"),
    ):
        page = office.post(url, good | {"rows": wrong})
        assert page.status_code == 422 and sentence in text_of(page)
    assert office.post(url, good).status_code == 302
    assert dict(Headcount.objects.values_list("community", "workers")) == {TIANAN: 9, FUDU: 6}


def test_an_office_of_a_district_reads_the_minutes_and_does_not_set_them(english):
    client = people.enter(english, people.post("burden_office", DISTRICT))
    assert "Set" not in text_of(client.get(f"{E}standards/")).split("Holds from")[1]
    good = {
        "minutes": "30",
        "least": "10",
        "most": "60",
        "source": "实测",
        "valid_from": "2026-11-30",
    }
    page = client.post(f"{E}standards/reply/", good)
    assert page.status_code == 422 and "of the city" in text_of(page)


def test_a_secretary_begins_and_ends_the_diary(secretary):
    assert "no such demand in force" in text_of(secretary.get(f"{E}diary/"))
    assert secretary.post(f"{E}diary/join/").status_code == 403
    make.admitted()
    assert "there are 1." in text_of(secretary.get(f"{E}diary/"))
    make.workers()
    assert "Keep the diary" in text_of(secretary.get(f"{E}diary/"))
    assert secretary.post(f"{E}diary/join/").status_code == 302
    assert "Kept since" in text_of(secretary.get(f"{E}diary/"))
    assert secretary.post(f"{E}diary/leave/").status_code == 302
    assert Participation.objects.get().until


def test_the_seed_is_told_when_the_quarter_is_over(secretary):
    make.kept(seed=4711)
    assert "4711" in text_of(secretary.get(f"{E}diary/"))
    make.commands.draw(community=TIANAN, seed=8123, by=make.SYSTEM, at=make.at("2026-10-01 00:20"))
    page = text_of(secretary.get(f"{E}diary/"))
    assert "8123" not in page and "told when the quarter is over" in page


def asked(english, monkeypatch):
    """A worker at the desk while a half-day is asked about."""
    ballot = make.kept(when=NIGHT).ballots.order_by("opens_at").first()
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.during(ballot))
    post = Post.objects.filter(account=ballot.account_id).first()
    return ballot, people.enter(english, post)


def test_three_taps_on_the_desk(english, monkeypatch):
    ballot, client = asked(english, monkeypatch)
    page = client.get("/desk/").content.decode()
    assert "This half-day, in three taps" in page and page.count('type="radio"') == 24
    taps = {"ballot": ballot.pk, "part0": "meetings", "part1": "meetings", "part2": "ledgers"}
    assert client.post(f"{E}half-day/", taps | {"part2": ""}).status_code == 403
    assert client.post(f"{E}half-day/", taps | {"part2": "tea"}).status_code == 403
    assert client.post(f"{E}half-day/", {}).status_code == 403
    assert Ballot.objects.count() == 10 and not Answer.objects.exists()
    assert client.post(f"{E}half-day/", taps).status_code == 302
    assert Answer.objects.get().parts == ["ledgers", "meetings", "meetings"]
    page = text_of(client.get("/desk/"))
    assert "Nobody can tell what you chose" in page and "in three taps" not in page
    assert client.post(f"{E}half-day/", taps).status_code == 403


def test_skipped_without_a_reason_it_is_thanked_the_same(english, monkeypatch):
    ballot, client = asked(english, monkeypatch)
    sent = {"ballot": ballot.pk, "skip": "1"}
    assert client.post(f"{E}half-day/", sent).status_code == 302
    assert "Nobody can tell what you chose" in text_of(client.get("/desk/"))
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    "role", ["community_worker", "grid_leader", "department_clerk", "system_admin"]
)
def test_it_is_nobody_elses_page(english, role):
    place = {"department_clerk": CITY, "system_admin": CITY, "grid_leader": make.TIANAN + "001"}
    department = "civil_affairs" if role == "department_clerk" else ""
    post = people.post(role, place.get(role, TIANAN), department=department)
    client = people.enter(english, post)
    for path in ("", "standards/", "workers/", "diary/"):
        assert client.get(E + path).status_code == 403
    assert 'href="/desk/effort/"' not in client.get("/desk/").content.decode()


@pytest.mark.parametrize("many", [1, 30])
@pytest.mark.parametrize(("path", "number"), [("", 33), ("diary/", 7), ("standards/", 4)])
def test_pages_cost_the_same_however_many(english, path, number, many, django_assert_num_queries):
    make.counted(c320411002018=9, c320411002019=6)
    burden.frozen(*({"title": f"事项{each}", "scope": [STREET]} for each in range(many)))
    make.answered(halves=5 + many)
    make.answered(FUDU, halves=5 + many)
    post = make.secretary()
    held = Post.objects.get(pk=post.post_id)
    if path != "diary/":
        held = people.post("burden_office", CITY)
    client = people.enter(english, held)
    client.get(E + path)
    with django_assert_num_queries(number):
        assert client.get(E + path).status_code == 200
