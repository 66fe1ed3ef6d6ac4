"""The gate on the desk, as each side uses it, without JavaScript."""

import csv
import io
import re

import pytest
from django.test import Client
from django.utils import timezone

from shanzhi.burden import memory
from shanzhi.burden.models import Demand
from shanzhi.burden.tests import factories as burden
from shanzhi.burden.tests.factories import text_of
from shanzhi.people.models import Post
from shanzhi.people.tests import factories as people

from .. import commands
from ..models import Application, Call, Evaluation, Return, Review, Vote
from ..rules.applications import Ballot
from . import factories as make
from .factories import CITY, DISTRICT, FUDU, NOW, TIANAN

pytestmark = pytest.mark.usefixtures("city", "june")
G = "/desk/gate/"


@pytest.fixture
def june(monkeypatch):
    """The pages read the clock: it stands at NOW."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def enter(client, role, place, department=""):
    held = Post.objects.filter(role=role, place=place, department_id=department or None).first()
    return people.enter(client, held or people.post(role, place, department=department))


@pytest.fixture
def clerk(english):
    return enter(english, "department_clerk", CITY, "urban_management")


def typed(**changed) -> dict:
    known = {
        "title": "垃圾分类周报表", "category": "ledger", "purpose": "掌握投放情况", "basis": "",
        "scope": "常州市", "cycle": "weekly", "times": "", "minutes": "40", "staff": "1",
        "money": "", "payer": "", "medium": "electronic", "plaque": "", "url": "",
        "fields_asked": "户数\n投放点位\n本周督导次数\n现场照片", "starts_on": "2026-09-01",
        "ends_on": "2026-12-31", "alternatives": "月报不够及时", "edited": "0",
    }  # fmt: skip
    return known | changed


def test_the_joint_meeting_reads_what_was_changed_and_the_department_what_is_said(english):
    application = make.heard()
    for opinion in application.opinions.order_by("pk"):
        make.opine(opinion, "against", "每周都报，吃不消", minutes=90)
        if opinion.community == TIANAN:
            make.opine(opinion, "for", "可以试一试", minutes=40)
    url = f"{G}{application.number}/"
    office = enter(english, "burden_office", CITY)
    for page in (text_of(office.get(url)), text_of(office.get(f"{url}decide/"))):
        assert "“可以试一试” changed on" in page
        assert "Against · 90 minutes each time · “每周都报，吃不消”" in page
        assert page.count("changed on") == 1
    page = text_of(enter(english, "department_clerk", CITY, "urban_management").get(url))
    assert "可以试一试" in page and "changed on" not in page and "90 minutes each" not in page


def test_it_is_checked_while_it_is_typed_and_nothing_is_kept(clerk):
    make.monthly()
    page = text_of(clerk.post(f"{G}check/", typed()))
    assert "3 of 4 fields" not in page
    assert "overlaps by 75%" in page
    assert "No law or document is named" in page
    assert "104 hours" in page  # 3 communities × 52 × 40 minutes
    assert not Application.objects.exists()
    for broken in (
        {"scope": "没有这个地方"},
        {"minutes": "x"},
        {"starts_on": "9月"},
        {"title": ""},
    ):
        assert clerk.post(f"{G}check/", typed(**broken)).status_code == 200
    assert "do not pass" in text_of(clerk.post(f"{G}new/", typed(check="1")))
    for broken in ({"starts_on": "9999-12-31"}, {"starts_on": "0001-01-01"}, {"staff": "40000"}):
        assert clerk.post(f"{G}new/", typed(**broken)).status_code == 422
    assert not Application.objects.exists()


def test_a_draft_is_kept_changed_and_submitted(clerk):
    assert clerk.post(f"{G}new/", typed(starts_on="")).status_code == 302
    application = Application.objects.get()
    url = f"{G}{application.number}/"
    assert "Say when it begins" in text_of(clerk.get(url))
    page = clerk.post(f"{url}edit/", typed(starts_on="", submit="1"))
    assert page.status_code == 422
    assert "has to be filled in" in text_of(page)
    assert clerk.post(f"{url}edit/", typed(edited="1", submit="1")).status_code == 302
    application.refresh_from_db()
    assert (application.state, application.times) == ("screening", 52)
    assert clerk.get(f"{url}edit/").status_code == 302
    stale = clerk.post(f"{url}edit/", typed(edited="0"))
    assert stale.status_code == 302  # it is submitted: back to its page


def test_what_is_pressed_again_after_a_refusal_goes_on_with_the_same_draft(clerk):
    page = clerk.post(f"{G}new/", typed(alternatives="", submit="1"))
    application = Application.objects.get()
    edit = f"{G}{application.number}/edit/"
    assert f'action="{edit}"' in page.content.decode()

    page = clerk.post(edit, typed(alternatives="", submit="1"))
    assert page.status_code == 422
    assert '<input type="hidden" name="edited" value="1"' in page.content.decode()

    assert clerk.post(edit, typed(edited="1", submit="1")).status_code == 302
    assert [each.state for each in Application.objects.all()] == ["screening"]


def test_two_editors_read_that_somebody_was_faster(clerk):
    application = make.draft(make.clerk())
    clerk.post(f"{G}{application.number}/edit/", typed())
    page = clerk.post(f"{G}{application.number}/edit/", typed(title="另一个"))
    assert page.status_code == 422
    assert "Somebody else changed it" in text_of(page)


def test_the_office_screens_and_sees_who_was_drawn_the_department_does_not(english):
    application = make.submitted(money=0, payer=None)
    url = f"{G}{application.number}/"
    office = enter(english, "burden_office", CITY)
    page = text_of(office.get(url))
    assert "Hear communities" in page
    assert "Do not admit" in page
    office.post(f"{url}pass-on/")
    opinion = application.opinions.get(community=TIANAN)
    make.opine(opinion, text="系统里都有")
    page = text_of(office.get(url))
    assert "Against 1" in page
    assert "系统里都有" in page
    assert "天安社区" in page

    department = enter(english, "department_clerk", CITY, "urban_management")
    page = text_of(department.get(url))
    assert "系统里都有" in page
    assert "天安社区" not in page
    assert "Who was drawn" not in page


def test_a_community_says_its_own_before_it_reads_the_others(english):
    application = make.heard()
    make.opine(application.opinions.get(community=FUDU), text="富都的话")
    worker = enter(english, "community_worker", TIANAN)
    url = f"{G}{application.number}/"
    assert application.title in text_of(worker.get(G))
    assert "富都的话" not in text_of(worker.get(url))
    refused = worker.post(f"{url}opinion/", {"answer": "against", "text": ""})
    assert "why you are against" in text_of(refused)
    assert worker.post(f"{url}opinion/", {"answer": "for", "minutes": "30"}).status_code == 302
    assert "富都的话" in text_of(worker.get(url))


def test_the_meeting_merges_with_votes(english):
    monthly = make.monthly()
    application = make.deciding(fields=["户数", "投放点位", "本周督导次数"])
    office = enter(english, "burden_office", CITY)
    url = f"{G}{application.number}/decide/"
    page = office.get(url).content.decode()
    assert f'value="{monthly.number}"' in page
    assert "Opinions of communities" in page
    seats = {f"seat-{n}-member": name for n, name in enumerate(make.MEMBERS)}
    seats |= {f"seat-{n}-choice": "merge" for n in range(3)}
    given = {
        "seat-TOTAL_FORMS": "9", "seat-INITIAL_FORMS": "0", "choice": "merge", "reason": "一栏就够",
        "decided_on": "2026-06-01", "minutes_number": "联席〔2026〕6号", "heir": monthly.number,
        "kept": ["本周督导次数"], "added": "5", "times": "52", "minutes": "40", "staff": "1",
        "ends_on": "2026-12-31",
    }  # fmt: skip
    against = {"seat-1-choice": "refuse", "seat-2-choice": "refuse"}
    assert "more than half" in text_of(office.post(url, given | seats | against))
    assert office.post(url, given | seats).status_code == 302
    monthly.refresh_from_db()
    assert monthly.minutes == 65
    page = text_of(office.get(f"{G}{application.number}/"))
    assert "Merged; what is asked stands in" in page
    assert "Decision of the joint meeting 1 Jun" in page
    assert "at the latest" not in page
    assert make.MEMBERS[0] in page
    again = office.get(url)
    assert again.status_code == 302


def test_the_members_of_the_last_meeting_are_there_and_who_applied_stands_aside(english):
    applicant = Ballot("常州市城市管理局", "recused", "申请单位")
    votes = [*make.ruling().ballots, applicant]
    make.decide(make.deciding(title="小区摸底"), ballots=votes)
    application = make.deciding()

    page = enter(english, "burden_office", CITY).get(f"{G}{application.number}/decide/")
    page = page.content.decode()
    assert 'name="seat-2-member" value="常州市财政局"' in page
    assert len(re.findall(r'name="seat-3-choice" value="applied"[^>]* checked', page)) == 1
    assert len(re.findall(r'name="seat-\d-choice"[^>]* checked', page)) == 1


def seated(application, **choices):
    """The form as a meeting of three and more fills it: a choice for each seat by its number."""
    seats = {f"seat-{n}-member": name for n, name in enumerate(make.MEMBERS)}
    seats |= {f"seat-{n}-choice": "admit" for n in range(len(make.MEMBERS))}
    return seats | choices | {
        "seat-TOTAL_FORMS": "9", "seat-INITIAL_FORMS": "0", "choice": "admit", "reason": "可以",
        "decided_on": "2026-06-01", "minutes_number": "联席〔2026〕6号",
    }  # fmt: skip


@pytest.mark.parametrize(
    "tap, interest",
    [("applied", "申请单位"), ("carries", "由本单位承办"), ("pays", "由本单位出资")],
)
def test_standing_aside_takes_one_tap_and_says_why(english, tap, interest):
    application = make.deciding()
    office = enter(english, "burden_office", CITY)
    fourth = {"seat-3-member": "常州市司法局", "seat-3-choice": tap}
    given = seated(application, **fourth)
    assert office.post(f"{G}{application.number}/decide/", given).status_code == 302
    vote = Vote.objects.get(application=application, member="常州市司法局")
    assert (vote.choice, vote.interest) == ("recused", interest)


def test_another_interest_is_said_in_words_and_a_vote_is_not_forgotten(english):
    application = make.deciding()
    office, url = enter(english, "burden_office", CITY), f"{G}{application.number}/decide/"
    fourth = {"seat-3-member": "常州市司法局"}
    text = text_of(office.post(url, seated(application, **fourth)))
    assert "Say how it voted, or that it was absent." in text
    silent = fourth | {"seat-3-choice": "recused"}
    assert "Say what interest" in text_of(office.post(url, seated(application, **silent)))
    absent = fourth | {"seat-3-choice": "absent"}
    assert office.post(url, seated(application, **absent)).status_code == 302
    assert Vote.objects.filter(application=application).count() == 3


def test_an_emergency_is_filed_published_and_prolonged(english):
    clerk = enter(english, "department_clerk", CITY, "urban_management")
    given = {
        "title": "台风转移登记", "event": "台风红色预警", "approver": "市防汛指挥部",
        "approved_on": "2026-06-01", "category": "target", "scope": "常州市", "cycle": "daily",
        "times": "30", "minutes": "30", "staff": "1", "medium": "", "fields_asked": "",
    }  # fmt: skip
    page = clerk.post(f"{G}emergency/", given | {"approved_on": "2026-05-20"})
    assert "at the latest" in text_of(page)
    assert clerk.post(f"{G}emergency/", given).status_code == 302
    demand = Demand.objects.get(origin="bypass")
    public = text_of(Client().get("/admitted/"))
    assert "台风红色预警" in public
    assert demand.number in public
    url = f"{G}emergency/{demand.number}/"
    assert demand.title in text_of(clerk.get(G)) and url not in clerk.get(G).content.decode()
    office = enter(english, "burden_office", CITY)
    assert f'href="{url}"' in office.get(G).content.decode()
    assert "台风红色预警" in text_of(office.get(url))
    assert office.post(url, {"reason": "汛期未过"}).status_code == 302
    assert "prolonged once" in text_of(office.post(url, {"reason": "再延"}))
    page = office.get(G).content.decode()
    assert demand.title in page and f'href="{url}"' not in page
    elsewhere = enter(english, "burden_office", "320402")
    assert demand.title not in text_of(elsewhere.get(G))
    assert elsewhere.get(url).status_code == 404


def test_a_side_reads_the_other_only_after_its_own(english):
    demand = make.decide(make.deciding()).demand
    review = Review.objects.create(demand=demand, opened_on=NOW.date(), until="2026-07-01")
    for code in ("", TIANAN, FUDU):
        Evaluation.objects.create(review=review, community=code)
    commands.evaluate(evaluation=review.evaluations.get(community=FUDU), score=1, wish="end",
                      text="没有用处", minutes=90, by=make.worker(FUDU), at=NOW)  # fmt: skip
    url = f"{G}reviews/{review.pk}/"
    worker = enter(english, "community_worker", TIANAN)
    assert "没有用处" not in text_of(worker.get(url))
    assert worker.post(url, {"score": "9", "wish": "keep"}).status_code == 422
    assert worker.post(url, {"score": "4", "wish": "keep", "minutes": "30"}).status_code == 302
    page = text_of(worker.get(url))
    assert "没有用处" in page
    assert "富都社区" not in page
    assert enter(english, "community_worker", make.PANLONG).get(url).status_code == 404


def test_a_meeting_is_announced_seen_in_the_week_and_cancelled(english):
    clerk = enter(english, "department_clerk", CITY, "urban_management")
    given = {"kind": "system_meeting", "title": "年度会议", "demand": "", "scope": "常州市",
             "on": "2026-06-10", "begins": "09:00", "minutes": "90", "heads": "1",
             "where": "视频"}  # fmt: skip
    assert clerk.post("/desk/calls/new/", given | {"demand": "A26-0000"}).status_code == 422
    assert clerk.post("/desk/calls/new/", given).status_code == 302
    assert "that of 2026 was announced already" in text_of(clerk.post("/desk/calls/new/", given))
    worker = enter(english, "community_worker", TIANAN)
    week = text_of(worker.get("/desk/calls/?week=2026-06-12"))
    assert "1.5 hours of its people" in week and "average community" not in week
    assert "09:00 年度会议" in week
    assert "年度会议" not in text_of(worker.get("/desk/calls/?week=2026-06-15"))
    for strange in ("nonsense", "0001-01-01", "9999-12-31"):
        assert worker.get(f"/desk/calls/?week={strange}").status_code == 200
    call = Call.objects.get()
    clerk = enter(english, "department_clerk", CITY, "urban_management")
    assert clerk.post(f"/desk/calls/{call.number}/cancel/", {"reason": "改书面"}).status_code == 302
    assert "Cancelled" in text_of(clerk.get("/desk/calls/"))
    worker = enter(english, "community_worker", TIANAN)
    assert "年度会议" not in text_of(worker.get("/desk/calls/?week=2026-06-12"))


def test_three_taps_and_a_letter_and_the_department_reads_no_name(english):
    burden.edition(burden.NEGATIVE, "negative")
    worker = enter(english, "community_worker", TIANAN)
    given = {"department": "urban_management", "level": "city", "way": "message",
             "what": "群里要求报招商引资线索"}  # fmt: skip
    assert worker.post("/desk/returns/new/", given | {"what": ""}).status_code == 422
    made = worker.post("/desk/returns/new/", given)
    letter = text_of(worker.get(made["Location"]))
    assert "民发〔2015〕136号" in letter
    assert "天安社区" in letter
    clerk = enter(english, "department_clerk", CITY, "urban_management")
    for page in (clerk.get("/desk/returns/"), clerk.get(made["Location"])):
        assert "招商引资" in text_of(page)
        assert "天安社区" not in text_of(page)
    exported = list(csv.reader(io.StringIO(_read(clerk.get("/desk/returns.csv")))))
    assert len(exported) == 2
    assert "天安社区" not in str(exported)
    other = enter(english, "department_clerk", DISTRICT, "urban_management")
    assert other.get(made["Location"]).status_code == 404
    assert Return.objects.get().way == "message"


def _read(response):
    return b"".join(response.streaming_content).decode("utf-8-sig")


def test_pages_say_what_to_do_where_there_is_nothing(english):
    clerk = enter(english, "department_clerk", CITY, "urban_management")
    assert "You have applied for nothing yet" in text_of(clerk.get(G))
    assert "Your department has announced nothing" in text_of(clerk.get("/desk/calls/"))
    worker = enter(english, "community_worker", TIANAN)
    assert "Nothing is at the gate" in text_of(worker.get(G))
    assert "Nothing was returned" in text_of(worker.get("/desk/returns/"))
    assert "Nothing has been admitted yet" in text_of(english.get("/admitted/"))


@pytest.mark.parametrize("number", [3, 40])
def test_the_list_costs_the_same_however_many_there_are(english, number, django_assert_num_queries):
    by = make.clerk()
    for each in range(number):
        make.draft(by, title=f"申请{each}")
    clerk = enter(english, "department_clerk", CITY, "urban_management")
    clerk.get(G)
    with django_assert_num_queries(5):
        clerk.get(G)


def test_the_desk_reminds_of_what_may_not_be_asked_and_returns_it_with_one_press(english):
    monthly = make.monthly()
    burden.decide(monthly, "stop", decided_on=NOW.date())
    worker = enter(english, "community_worker", TIANAN)
    page = text_of(worker.get("/desk/"))
    assert "Not on the list any more" in page
    assert "生活垃圾分类月报" in page
    url = f"/desk/returns/of/{monthly.number}/"
    assert "Say how it came" in text_of(worker.post(url, {"way": "pigeon"}))
    letter = worker.post(url, {"way": "phone"})
    assert "生活垃圾分类月报" in text_of(worker.get(letter["Location"]))
    assert Return.objects.get().about == f"burden.Demand:{monthly.pk}"
    memory.forget()
    assert "Not on the list any more" not in text_of(worker.get("/desk/"))
    assert worker.post("/desk/returns/of/A26-0000/", {"way": "phone"}).status_code == 404


def test_what_is_in_force_cannot_be_returned_with_one_press(english):
    monthly = make.monthly()
    worker = enter(english, "community_worker", TIANAN)
    assert worker.post(f"/desk/returns/of/{monthly.number}/", {"way": "phone"}).status_code == 404
    assert not Return.objects.exists()
