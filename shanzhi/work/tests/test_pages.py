"""The desk and the calendar as people see them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shanzhi.work import duties, kinds, yearbook
from shanzhi.work.models import Duty, Edition, Year

from .factories import GRID, STREET, at, days, hours, make_account, make_duty, notice_2027
from .test_calendar import TEXT_2026

NOVEMBER, DECEMBER = at("2026-11-10 09:00"), at("2026-12-30 10:00")
CLERK = {"role": "system_admin", "place": "3204"}


def now_duty(title="楼道防盗门损坏", **fields):
    """The pages read the real clock: opened an hour ago, a day to go."""
    return make_duty(hours(25), opened=timezone.now() - timedelta(hours=1), title=title, **fields)


def test_the_desk_shows_what_waits_for_the_unit(signed_in, published):
    kinds.register_duty(kinds.DutyKind("tests.answer", "To be answered", "Answer"))
    now_duty(person="张**", detail="反映 · 丽景花园")
    now_duty("another street's", place=STREET)
    client, _account = signed_in()

    page = client.get("/desk/").text

    for words in ("楼道防盗门损坏", "张**", "反映 · 丽景花园", "To be answered", "Take it"):
        assert words in page
    assert "another street" not in page


def test_an_empty_desk_says_so(signed_in, published):
    client, _account = signed_in()

    assert "Nothing waits for you." in client.get("/desk/").text
    assert "Nothing of this kind waits." in client.get("/desk/?filter=overdue").text


@pytest.mark.parametrize("n", [1, 3])
def test_the_desk_costs_the_same_for_one_duty_and_for_three(signed_in, published, n):
    client, _account = signed_in()
    client.get("/desk/")
    for _n in range(n):
        now_duty(place=GRID)

    with CaptureQueriesContext(connection) as asked:
        client.get("/desk/")
    # the list, its counts, and the number beside the entry in the side bar
    assert sum("work_duty" in each["sql"] for each in asked) == 3


def test_a_filter_chip_fetches_only_the_list(signed_in, published):
    now_duty()
    client, _account = signed_in()

    part = client.get("/desk/?filter=mine", headers={"HX-Request": "true"}).text

    assert "<html" not in part and 'id="duties"' in part
    assert "Nothing of this kind waits." in part


def test_figures_and_panels_of_other_areas_stand_on_the_desk(signed_in, published):
    kinds.register_kpi(
        kinds.Kpi("tests.k", "Saved", lambda actor, at: kinds.Figure("41.5", "less forms", "up"))
    )
    kinds.register_kpi(kinds.Kpi("tests.none", "Not for you", lambda actor, at: None))
    seen = []
    kinds.register_panel(
        kinds.Panel("tests.p", "people/refused.html", lambda actor, at: seen.append(actor))
    )
    client, account = signed_in()

    page = client.get("/desk/").text

    assert "Saved" in page and "41.5" in page and "less forms" in page
    assert "Not for you" not in page
    assert [(actor.account_id, type(actor.place)) for actor in seen] == [(account.pk, str)]


def test_a_worker_takes_and_gives_back_and_stays_on_the_filter(signed_in, published):
    duty = now_duty()
    client, account = signed_in()

    answer = client.post(f"/desk/duties/{duty.pk}/take/", {"back": "filter=today"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/?filter=today")
    duty.refresh_from_db()
    assert duty.assignee == account.pk
    assert "Give back" in client.get("/desk/").text

    client.post(f"/desk/duties/{duty.pk}/give-back/")
    duty.refresh_from_db()
    assert duty.assignee is None


def test_a_duty_is_handed_to_a_colleague(signed_in, published):
    duty = now_duty()
    colleague, _post = make_account("李某")
    client, _account = signed_in()

    assert "李某" in client.get(f"/desk/duties/{duty.pk}/assign/").text
    client.post(f"/desk/duties/{duty.pk}/assign/", {"to": colleague.pk})

    duty.refresh_from_db()
    assert duty.assignee == colleague.pk


def test_a_refusal_is_shown_on_the_desk(signed_in, published):
    duty = now_duty()
    duties.assign(duty=duty, account=999)
    client, _account = signed_in()

    answer = client.post(f"/desk/duties/{duty.pk}/take/", follow=True)

    assert "A colleague has taken this" in answer.text


@pytest.mark.parametrize("step", ["take", "give-back", "assign"])
def test_the_duty_of_another_unit_does_not_exist_here(signed_in, published, step):
    duty = now_duty(place=STREET)
    client, _account = signed_in()

    assert client.post(f"/desk/duties/{duty.pk}/{step}/").status_code == 404
    assert Duty.objects.get().assignee is None


def test_a_broken_cursor_is_answered_with_a_sentence(signed_in, published):
    client, _account = signed_in()

    answer = client.get("/desk/?cursor=nonsense")

    assert (answer.status_code, "page link is broken" in answer.text) == (409, True)


@pytest.mark.parametrize("address", ["/desk/", "/desk/calendar/", "/desk/calendar/2027/edit/"])
def test_the_desk_is_closed_to_those_without_a_post(signed_in, client, settings, address):
    account, _post = make_account()
    settings.ROOT_URLCONF = "shanzhi.work.tests.urls"
    client.force_login(account)  # by phone, say: not as staff

    assert client.get(address).status_code == 403


def test_work_by_unit_is_for_those_above(signed_in, published):
    client, _account = signed_in(role="subdistrict_clerk", place=STREET)
    assert "No units lie below yours." in client.get("/desk/units/").text

    client, _account = signed_in()
    assert client.get("/desk/units/").status_code == 403


def test_one_entry_of_the_side_bar_is_current(signed_in, published):
    client, _account = signed_in(**CLERK)

    for address in ("/desk/", "/desk/calendar/2026/", "/desk/calendar/2026/edit/"):
        assert client.get(address).text.count('aria-current="page"') == 1


# --- the calendar ---------------------------------------------------------------------------------


def fields(notice, **more):
    values = {"source": notice.source}
    for n, rest in enumerate(notice.rests):
        values |= {f"name_{n}": rest.name, f"first_{n}": rest.first, f"last_{n}": rest.last}
    return values | {f"makeup_{n}": day for n, day in enumerate(notice.makeups)} | more


def test_a_published_year_shows_twelve_months(signed_in, published):
    client, _account = signed_in()

    page = client.get("/desk/calendar/2026/").text

    assert page.count("<caption>") == 12
    assert "248 working days" in page
    assert 'title="春节"' in page
    assert "Correct the calendar" not in page
    assert "provisional" in client.get("/desk/calendar/2027/").text


def test_only_those_who_keep_the_calendar_reach_its_form(signed_in, published):
    client, _account = signed_in()

    assert client.get("/desk/calendar/2027/edit/").status_code == 403


def test_a_pasted_notice_fills_the_form(signed_in):
    client, _account = signed_in(**CLERK)

    page = client.post(
        "/desk/calendar/2026/edit/", {"step": "read", "text": TEXT_2026, "source": "7"}
    ).text

    for value in ("2026-02-15", "2026-02-23", "2026-10-10", "中秋节"):
        assert f'value="{value}"' in page
    assert not Year.objects.exists()


def test_text_without_a_notice_is_said_so_and_kept(signed_in, published):
    client, _account = signed_in(**CLERK)

    answer = client.post("/desk/calendar/2027/edit/", {"step": "read", "text": "各部门"})

    assert answer.status_code == 422
    assert "No holidays were found" in answer.text and "各部门" in answer.text


def test_nothing_is_published_without_a_look_at_what_would_move(signed_in, published, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOVEMBER)
    duty = make_duty(days(30), opened=DECEMBER, title="会移动的办件")
    client, _account = signed_in(**CLERK)
    address = "/desk/calendar/2027/edit/"
    notice = notice_2027()
    moved = notice_2027(makeups=())

    page = client.post(address, fields(notice, step="preview")).text
    assert "会移动的办件" in page and "What would move" in page
    looked_at = yearbook.digest(notice)
    assert f'value="{looked_at}"' in page
    again = client.post(address, fields(moved, step="publish", looked_at=looked_at))
    assert again.status_code == 200 and "What would move" in again.text
    assert not Year.objects.filter(year=2027).exists()

    answer = client.post(address, fields(notice, step="publish", looked_at=looked_at))
    assert (answer.status_code, answer["Location"]) == (302, "/desk/calendar/2027/")
    assert Year.objects.get(year=2027).source == notice.source
    assert Edition.objects.latest("number").years == [2027]
    assert yearbook.notice(2027) == notice
    duty.refresh_from_db()
    assert duty.provisional  # until the recount comes


def test_a_wrong_notice_is_answered_with_a_sentence_and_nothing_typed_is_lost(
    signed_in, published, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOVEMBER)
    client, _account = signed_in(**CLERK)
    wrong = notice_2027(makeups=(notice_2027().rests[0].first,))

    answer = client.post("/desk/calendar/2027/edit/", fields(wrong, step="preview"))

    assert answer.status_code == 422
    assert "is a weekday" in answer.text and 'value="2027-02-05"' in answer.text
    assert not Year.objects.filter(year=2027).exists()
