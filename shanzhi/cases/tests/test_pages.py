"""The pages of a request, as a browser without JavaScript uses them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shanzhi.cases import commands, numbers
from shanzhi.cases.models import Case, Draft
from shanzhi.cases.routing import Unit
from shanzhi.cases.views.actions import ACTIONS
from shanzhi.people.models import Account, Post
from shanzhi.people.tests import factories as people

from . import factories
from .factories import ADDRESS, BANK, DAY, FUDU, GRID, IDENTITY, PHONE, STREET, TIANAN, make_case

PICTURE = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00\xc9\xfe\x92\xef"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)


def at_home(actor) -> Client:
    account = Account.objects.get(pk=actor.account_id)
    Account.objects.filter(pk=account.pk).update(home=GRID, name="张示例")
    return people.enter(Client(), account)


def at_desk(actor) -> Client:
    return people.enter(Client(), Post.objects.get(pk=actor.post_id))


def filled(**changed):
    given = {
        "name": "张示例", "phone": PHONE, "place": GRID, "estate": "天安别墅", "next": "1",
        "identity": IDENTITY, "address": ADDRESS, "bank": BANK,
    }  # fmt: skip
    return given | changed


def begin(client, code="elderly-allowance"):
    response = client.get(f"/apply/{code}/")
    assert response.status_code == 302
    return response.url


def text_of(response):
    return response.content.decode()


def test_three_screens_from_a_phone_to_a_receipt(resident, worker):
    client = at_home(resident)
    form = begin(client)
    assert f'value="{PHONE}"' in text_of(client.get(form))

    check = client.post(form, filled())
    assert check.url == f"{form}check/"
    page = text_of(client.get(check.url))
    assert IDENTITY in page and ADDRESS in page

    sent = client.post(check.url)
    case = Case.objects.get()
    assert sent.url == f"/receipt/{case.number}/"
    assert f"{case.number[:4]} {case.number[4:8]}" in text_of(client.get(sent.url))
    assert (case.location, Draft.objects.count()) == ("天安别墅", 0)

    again = client.post(check.url)
    assert (again.url, Case.objects.count()) == (sent.url, 1)


def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(resident):
    client = at_home(resident)
    form = begin(client)

    response = client.post(form, filled(identity="320499194503150017", bank=""))

    page = text_of(response)
    assert response.status_code == 422
    assert 'value="320499194503150017"' in page and ADDRESS in page
    assert page.count('class="wrong"') == 2
    assert not Case.objects.exists()


def test_a_form_is_kept_for_later_and_taken_up_again(resident):
    client = at_home(resident)
    form = begin(client)

    assert client.post(form, filled(identity="", next="", later="1") | {"next": ""}).url == "/mine/"
    assert form in text_of(client.get("/mine/"))
    assert ADDRESS in text_of(client.get(form))
    client.post(f"/drafts/{Draft.objects.get().pk}/discard/")
    assert not Draft.objects.exists()


def test_what_is_typed_is_kept_by_the_page_and_offered_the_next_time(resident):
    browser = at_home(resident)
    page = browser.get("/apply/elderly-allowance/")["Location"]
    typed = {key: value for key, value in filled(bank="").items() if key != "next"}

    answer = browser.post(page, typed | {"keep": "1"})

    assert (answer.status_code, answer.content) == (204, b"")
    draft = Draft.objects.get()
    assert draft.sealed["answers"]["address"] == ADDRESS
    again = browser.get("/apply/elderly-allowance/", follow=True)
    assert f'<a href="{page}">'.encode() in again.content
    assert "begun=" not in browser.get("/apply/security-door/")["Location"]

    browser.post(page, filled())
    browser.post(f"{page}check/")
    assert browser.post(page, typed | {"keep": "1"}).status_code == 204  # it came too late
    assert (Case.objects.count(), Draft.objects.count()) == (1, 0)


@pytest.mark.parametrize("begun", ["", "x", "../../sign-out/"])
def test_what_was_begun_is_a_number_or_nothing(resident, begun):
    answer = at_home(resident).get("/apply/security-door/", {"begun": begun}, follow=True)
    assert answer.status_code == 200
    assert "上次填写的内容还没有提交" not in answer.content.decode()


def test_where_the_free_report_is_not_published_the_first_page_leads_nowhere_else(resident):
    factories.Item.objects.filter(code="open-report").update(state="retired")
    browser = at_home(resident)
    answer = browser.get("/apply/open-report/", follow=True)
    assert answer.redirect_chain == [("/serve/", 302)]
    assert "暂不能在线反映" in answer.content.decode()
    assert browser.get("/apply/nothing/").status_code == 404


def test_photos_travel_with_the_form_and_are_seen_by_the_desk(resident, worker):
    client = at_home(resident)
    form = begin(client, "security-door")
    upload = SimpleUploadedFile("门.png", PICTURE, "image/png")

    client.post(form, filled(what="关不上", photos=upload))
    client.post(f"{form}check/")

    case = Case.objects.get()
    page = text_of(at_desk(worker).get(f"/desk/cases/{case.number}/"))
    link = re.search(r'href="(/files/[0-9a-f-]+/)"', page)[1]
    assert at_desk(worker).get(link).status_code == 200
    assert client.get(link).status_code == 200
    assert at_desk(factories.worker(FUDU)).get(link).status_code == 404


def test_another_community_is_found_by_its_name(resident):
    client = at_home(resident)
    form = begin(client)

    page = text_of(client.post(form, filled(where="富都", find="1", next="")))

    assert f'name="place" value="{FUDU}"' in page.replace('class="form-check-input" ', "")


def test_a_worker_helps_someone_without_a_phone_and_prints_the_receipt(worker):
    client = at_desk(worker)
    form = begin(client)

    client.post(form, filled(phone=""))
    sent = client.post(f"{form}check/")

    case = Case.objects.get()
    paper = text_of(client.get(f"{sent.url}?print=1"))
    code = re.search(r"<dd><b>(\d{6})</b></dd>", paper)[1]
    followed = Client().post("/progress/", {"number": case.number, "code": code})
    assert (case.channel, followed.status_code) == ("counter", 200)
    assert IDENTITY not in text_of(followed) and "张示例" not in text_of(followed)
    wrong = Client().post("/progress/", {"number": case.number, "code": "000000"})
    assert wrong.status_code == 422 or code == "000000"


def test_the_paper_receipt_rates_for_who_has_no_account(worker):
    case = factories.answered(by=worker, when=timezone.now() - DAY)
    code = "123456"
    Case.objects.filter(pk=case.pk).update(
        applicant=None, channel="counter", code_hash=numbers.code_hash(case.number, code)
    )
    paper = {"number": case.number, "code": code}
    assert 'name="score"' in text_of(Client().post("/progress/", paper))

    assert Client().post("/progress/", paper | {"rate": "1", "words": ""}).status_code == 422
    rated = Client().post("/progress/", paper | {"rate": "1", "score": "2", "words": "太慢"})

    assert (rated.status_code, case.ratings.get().score) == (200, 2)
    assert 'name="score"' not in text_of(rated)
    again = at_desk(worker).post("/progress/", paper | {"rate": "1", "score": "5", "words": ""})
    assert (again.status_code, case.ratings.count()) == (422, 1)


def test_the_desk_accepts_and_answers_on_pages(resident, worker, clerk):
    case = make_case("elderly-allowance", by=resident)
    page = f"/desk/cases/{case.number}/"
    assert f"{page}accept/" in text_of(at_desk(worker).get(page))

    assert at_desk(worker).post(f"{page}accept/").url == page
    decision = {"decision": "granted", "text": "符合条件，从下月起发放。"}
    assert at_desk(clerk).post(f"{page}decide/", decision).url == page

    case.refresh_from_db()
    assert (case.state, case.decision) == ("replied", "granted")
    own = text_of(at_home(resident).get(f"/mine/{case.number}/"))
    assert "符合条件，从下月起发放。" in own
    rated = at_home(resident).post(f"/mine/{case.number}/rate/", {"score": "5", "words": ""})
    assert (rated.url, case.ratings.get().score) == (f"/mine/{case.number}/", 5)


def test_no_level_of_satisfaction_is_chosen_beforehand(resident, worker):
    case = factories.answered(by=worker, when=timezone.now() - DAY)
    Case.objects.filter(pk=case.pk).update(applicant=resident.account_id)
    client = at_home(resident)

    assert "checked" not in text_of(client.get(f"/mine/{case.number}/"))
    assert client.post(f"/mine/{case.number}/rate/", {}).status_code == 422
    assert not case.ratings.exists()


@pytest.mark.parametrize(("score", "told"), [("5", "感谢您的评价。"), ("2", "1 个工作日内回访您")])
def test_who_is_not_satisfied_is_told_that_somebody_calls(resident, worker, score, told):
    case = factories.answered(by=worker, when=timezone.now() - DAY)
    Case.objects.filter(pk=case.pk).update(applicant=resident.account_id)
    client = at_home(resident)
    answer = client.post(f"/mine/{case.number}/rate/", {"score": score}, follow=True)
    assert told in text_of(answer)


@pytest.mark.parametrize(
    "action",
    [
        "accept", "ask_correction", "not_accept", "start", "transfer", "pass_up", "ask_help",
        "suspend", "resume", "extend", "decide", "reply", "deliver", "call_back", "close",
        "reopen", "terminate",
    ],
)  # fmt: skip
def test_every_step_has_a_page_and_a_refusal_on_it(worker, action):
    case = make_case(place=FUDU)
    stranger, street = at_desk(worker), at_desk(factories.street())
    page = f"/desk/cases/{case.number}/{action}/"

    assert stranger.get(page).status_code == 404
    assert stranger.post(page, {}).status_code == 404
    assert street.get(page).status_code == 200
    response = street.post(page, {"reason": "原因说明", "text": "已经修好了。", "method": "邮寄"})
    case.refresh_from_db()
    assert (response.status_code, case.state) == (422, "submitted")


def test_a_step_that_does_not_exist_is_not_found(worker):
    case = make_case()

    assert at_desk(worker).get(f"/desk/cases/{case.number}/explode/").status_code == 404


def test_the_gaps_are_told_and_the_form_is_sent_again(resident, worker):
    case = make_case("elderly-allowance", by=resident)
    page = f"/desk/cases/{case.number}/"
    at_desk(worker).post(f"{page}ask_correction/", {"gaps": "银行账号不是本人的\n缺地址"})
    client = at_home(resident)
    assert "银行账号不是本人的" in text_of(client.get(f"/mine/{case.number}/"))

    again = client.post(f"/correct/{case.number}/", {"identity": IDENTITY, "bank": "1"})
    assert again.status_code == 422
    done = client.post(
        f"/correct/{case.number}/", {"identity": IDENTITY, "bank": BANK, "address": ADDRESS}
    )

    case.refresh_from_db()
    assert (done.url, case.state) == (f"/mine/{case.number}/", "submitted")


def test_numbers_are_masked_until_someone_says_why(worker):
    case = make_case("elderly-allowance")
    client, page = at_desk(worker), f"/desk/cases/{case.number}/"
    assert IDENTITY not in text_of(client.get(page)) and PHONE not in text_of(client.get(page))

    assert client.post(f"{page}reveal/", {"reason": ""}).status_code == 422
    shown = text_of(client.post(f"{page}reveal/", {"reason": "上门核对"}))

    assert IDENTITY in shown and PHONE in shown
    assert IDENTITY not in text_of(client.get(page))


def test_remarks_steps_and_help_are_done_on_the_page(worker, clerk):
    case = factories.accepted(by=worker)
    page = f"/desk/cases/{case.number}/"
    client = at_desk(worker)
    client.post(f"{page}remark/", {"text": "已电话联系"})
    client.post(
        f"{page}ask_help/", {"unit": "320411002/civil_affairs", "task": "核实", "days": "2"}
    )
    helper = case.involvements.get(leads=False)
    assert at_desk(clerk).post(f"{page}help/{helper.pk}/", {"opinion": "情况属实"}).url == page

    shown = text_of(client.get(page))
    assert "已电话联系" in shown and "情况属实" in shown


def test_other_residents_and_strangers_do_not_find_a_case(resident, worker):
    case = make_case(by=resident)
    other = at_home(factories.resident("13800008888"))

    assert other.get(f"/mine/{case.number}/").status_code == 404
    assert other.get(f"/receipt/{case.number}/").status_code == 404
    assert other.post(f"/mine/{case.number}/withdraw/").status_code == 404
    assert Client().get(f"/mine/{case.number}/").status_code == 302
    assert at_desk(factories.worker(FUDU)).get(f"/desk/cases/{case.number}/").status_code == 404


def test_withdrawing_and_opening_again(resident, worker):
    client = at_home(resident)
    case = make_case(by=resident)
    client.post(f"/mine/{case.number}/withdraw/")
    case.refresh_from_db()
    assert case.state == "withdrawn"

    case = factories.answered(by=worker, when=timezone.now() - DAY)
    Case.objects.filter(pk=case.pk).update(applicant=resident.account_id)
    assert client.post(f"/mine/{case.number}/reopen/", {"reason": ""}).status_code == 422
    client.post(f"/mine/{case.number}/reopen/", {"reason": "又坏了"})
    case.refresh_from_db()
    assert case.state == "handling"


def test_while_papers_are_missing_the_desk_waits_and_leads_nobody_to_end_the_case(worker):
    case = make_case("elderly-allowance", when=timezone.now())
    commands.ask_correction(case=case, gaps=["缺户口簿"], by=worker, at=timezone.now())

    page = text_of(at_desk(worker).get(f"/desk/cases/{case.number}/"))

    assert "前补正" in page and "终止办理" in page
    assert "act-primary w-100" not in page


def test_while_a_helper_has_not_answered_the_next_step_says_so(worker):
    case = factories.accepted(by=worker)
    commands.ask_help(
        case=case, unit=Unit(STREET, "civil_affairs"), task="核实", days=3, number="",
        by=worker, at=timezone.now(),
    )  # fmt: skip

    assert "协办单位尚未反馈" in text_of(at_desk(worker).get(f"/desk/cases/{case.number}/"))


def test_a_form_left_empty_says_what_to_do_in_our_words(resident, worker):
    case = factories.answered(by=worker, when=timezone.now())
    Case.objects.filter(pk=case.pk).update(applicant=resident.account_id)
    client = at_home(resident)

    assert "请先选择一项评价。" in client.post(f"/mine/{case.number}/rate/", {}).content.decode()
    page = at_desk(worker).post(f"/desk/cases/{case.number}/reopen/", {}).content.decode()
    assert "请填写此项。" in page and "字段" not in page


def test_each_step_says_before_it_is_taken_what_comes_of_it():
    assert [code for code, action in ACTIONS.items() if not action.hint] == []


def test_the_list_of_cases_keeps_in_its_address_what_it_is_narrowed_to(city):
    case = make_case(place=GRID)
    client = at_desk(factories.street())

    choosing = text_of(client.get("/desk/cases/?state=open&choose=1"))
    assert 'name="state" value="open"' in choosing and ">天安社区</option>" in choosing

    narrowed = text_of(client.get(f"/desk/cases/?item=security-door&place={TIANAN}"))
    assert case.get_absolute_url() in narrowed and "地点：天安社区" in narrowed
    assert f"?state=open&amp;item=security-door&amp;place={TIANAN}" in narrowed
    assert "没有符合筛选条件的办件" in text_of(client.get("/desk/cases/?item=elderly-allowance"))


def test_a_guide_that_is_done_elsewhere_says_where_and_is_not_applied_for(city, resident):
    factories.make_item(
        "residence-proof", name="居住证明", kind="referral", level="community", form=[], steps=[],
        instead={"reason": "社区不出具", "where": "派出所", "items": ["elderly-allowance"]},
    )  # fmt: skip
    client = at_home(resident)

    page = text_of(client.get("/serve/residence-proof/"))

    assert "社区不出具" in page and "/serve/elderly-allowance/" in page
    assert client.get("/apply/residence-proof/").url == "/serve/residence-proof/"


@pytest.mark.parametrize("how_many", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"), [("/mine/", 4), ("/desk/cases/", 4), ("/serve/", 3), ("/", 4)]
)
def test_lists_cost_the_same_however_long(
    resident, worker, path, queries, how_many, django_assert_num_queries
):
    for _n in range(how_many):
        make_case(by=resident)
    client = at_desk(worker) if path.startswith("/desk") else at_home(resident)
    client.get(path)  # names and departments are kept in the process

    with django_assert_num_queries(queries):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize("how_many", [1, 3])
def test_a_case_page_costs_the_same_however_much_happened(
    worker, how_many, django_assert_num_queries
):
    case = factories.accepted(by=worker)
    for n in range(how_many):
        commands.note(case=case, text=f"第 {n} 次联系", by=worker, at=timezone.now())
    client = at_desk(worker)
    client.get(f"/desk/cases/{case.number}/")

    with django_assert_num_queries(8):
        client.get(f"/desk/cases/{case.number}/")
