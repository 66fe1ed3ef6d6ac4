"""Agreements on the desk, as a sub-district and a community use them, without JavaScript."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shanzhi.burden.tests.factories import text_of
from shanzhi.people.models import Account
from shanzhi.people.tests import factories as people

from .. import commands, forms, queries, tasks
from ..models import Agreement, Clause, Comment, Payment, Run
from ..pades import seal as pades
from . import factories as make
from .factories import CITY, FUDU, STREET, TIANAN

pytestmark = pytest.mark.usefixtures("town")
A = "/desk/agreements/"


@pytest.fixture
def year():
    return timezone.localdate().year


@pytest.fixture
def clerk(english):
    return people.enter(english, people.post("subdistrict_clerk", STREET))


@pytest.fixture
def secretary(english):
    return people.enter(Client(), people.post("community_secretary", TIANAN, account=known()))


def known() -> Account:
    return people.staff("secretary.wang", "王示例")


def english_of(client, url, **more):
    client.cookies["language"] = "en"
    return text_of(client.get(url, **more))


def test_from_the_pattern_to_two_signatures_that_verify(clerk, secretary, year):
    assert clerk.post(f"{A}pattern/", {"year": year}).url == f"{A}{year}-{STREET}/"
    pattern = Agreement.objects.get(kind="pattern")
    clause = pattern.clauses.get(code="X01")
    url = f"{A}{pattern.number}/clauses/{clause.pk}/"
    assert "费随事转" in text_of(clerk.get(url))
    page = clerk.post(url, {"target": "全部办结", "amount": "1000", "payer": "civil_affairs",
                            "due_on": "next year"})  # fmt: skip
    assert page.status_code == 422 and "Write days as" in text_of(page)
    typed = {"target": "全部办结", "amount": "1000", "payer": "civil_affairs",
             "due_on": f"{year}-12-20、{year}-06-30", "everywhere": "on"}  # fmt: skip
    assert clerk.post(url, typed).status_code == 302

    assert clerk.post(f"{A}generate/", {"year": year}).status_code == 302
    run = Run.objects.get()
    assert "Agreements are being made" in text_of(clerk.get(f"{A}runs/{run.pk}/"))
    progress = f"{A}runs/{run.pk}/progress/"
    assert "0 of 2 communities" in text_of(clerk.get(progress))
    assert "stands still" not in text_of(clerk.get(progress))
    Run.objects.update(began_at=run.began_at - timedelta(minutes=3))
    assert "stands still" in text_of(clerk.get(progress))
    tasks.make(run=run.pk)
    assert "All communities are done" in text_of(clerk.get(f"{A}runs/{run.pk}/"))
    one = f"{A}{year}-{TIANAN}/"
    assert secretary.get(one).status_code == 404  # a draft is the sub-district's
    assert clerk.post(f"{A}open/", {"year": year}).status_code == 302

    assert "全部办结" in text_of(secretary.get(one))
    secretary.post(f"{one}comment/", {"code": "X01", "text": "请提高到一千二百元"})
    assert secretary.post(f"{one}comment/", {"code": "Z99", "text": "x"}).status_code == 404
    said = Comment.objects.get()
    assert "请提高到一千二百元" in text_of(clerk.get(one))
    assert clerk.post(f"{one}comments/{said.pk}/answer/", {"text": " "}).status_code == 422
    clerk.post(f"{one}comments/{said.pk}/answer/", {"text": "经费已定"})
    assert clerk.post(f"{one}agree/").status_code == 403
    secretary.post(f"{one}comments/{said.pk}/settle/")
    for client in (secretary, clerk):
        assert client.post(f"{one}agree/").status_code == 302
    assert clerk.get(f"{one}agreement.pdf").status_code == 302

    page = secretary.post(f"{one}sign/", {"sure": "on", "password": "wrong"})
    assert page.status_code == 422 and not queries.found(make.clerk(), f"{year}-{TIANAN}") \
        .signatures.exists()  # fmt: skip
    page = secretary.post(f"{one}sign/", {"password": people.PASSWORD})
    assert "请先阅读协议文本，再勾选此项。" in text_of(page)
    assert "demonstration certificate" in text_of(clerk.get(f"{one}sign/"))
    signed = {"sure": "on", "password": people.PASSWORD}
    assert secretary.post(f"{one}sign/", signed).status_code == 302
    assert clerk.post(f"{one}sign/", signed).status_code == 302
    agreement = Agreement.objects.get(number=f"{year}-{TIANAN}")
    assert agreement.state == "in_force"
    page = text_of(clerk.get(f"{one}signatures/"))
    assert "All signatures are valid" in page and "without legal force" in page
    first, second = page.split("After it")[1:]
    assert first.lstrip().startswith("nothing but further signatures")
    assert second.lstrip().startswith("nothing Certificate")
    content = b"".join(clerk.get(clerk.get(f"{one}agreement.pdf").url).streaming_content)
    assert pades.examine(content).good
    middle = len(content) // 3
    changed = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    for upload, sentence in ((content, "All signatures are valid"),
                             (changed, "Do not rely"), (b"%PDF-1.7 x", "damaged")):  # fmt: skip
        page = clerk.post(f"{A}verify/", {"file": SimpleUploadedFile("a.pdf", upload)})
        assert sentence in text_of(page), sentence
        assert (upload == content) == ("Signature valid" in text_of(page))


def test_a_wrong_password_five_times_locks_the_name(secretary, year):
    make.run_of(year=year)
    agreement = Agreement.objects.get(place=TIANAN, kind="yearly")
    agreement = commands.open_negotiation(agreement=agreement, by=make.clerk(), at=make.AT)
    for by in (make.secretary(), make.clerk()):
        agreement = commands.agree(agreement=agreement, by=by, at=make.AT)
    url = f"{A}{agreement.number}/sign/"
    answers = [
        secretary.post(url, {"sure": "on", "password": "wrong"}).status_code for _n in range(6)
    ]
    assert answers == [422] * 5 + [429]
    page = secretary.post(url, {"sure": "on", "password": people.PASSWORD})
    assert page.status_code == 429
    assert not agreement.signatures.exists()


def test_when_the_list_changes_the_page_says_what_and_renews(clerk, year):
    agreement = make.negotiated()
    make.newer_list()
    one = f"{A}{agreement.number}/"
    page = text_of(clerk.get(one))
    assert "changed in the list X02" in page and "new in the list X04" in page
    assert "公示七日 → 公示五日" in page
    assert clerk.post(f"{one}renew/").status_code == 302
    assert "The lists in force say something else" not in text_of(clerk.get(one))


def test_terms_clauses_and_supplements_are_typed(clerk):
    agreement = make.draft()
    one = f"{A}{agreement.number}/"
    clerk.post(f"{one}terms/", {"terms": "场地由街道提供。\n设备共用。"})
    clause = agreement.clauses.get(code="X02")
    assert clerk.post(f"{one}clauses/{clause.pk}/remove/").status_code == 302
    assert clerk.post(f"{one}add/", {"entry": "X03"}).status_code == 422
    assert clerk.post(f"{one}add/", {"entry": "X02"}).status_code == 302
    page = text_of(clerk.get(one))
    assert "设备共用。" in page and "协助低保公示" in page
    assert clerk.get(f"{one}agreement.pdf")["Content-Type"] == "application/pdf"


def test_a_supplement_of_an_entry_for_one_or_for_all(clerk):
    agreement = make.in_force()
    make.in_force(FUDU)
    make.newer_list()
    url = f"{A}{agreement.number}/supplement/"
    assert "X04 高龄津贴协助" in text_of(clerk.get(url))
    assert clerk.post(url, {"entry": "X03"}).status_code == 422
    page = clerk.post(url, {"entry": "X04", "amount": "10"})
    assert page.status_code == 422 and "which department pays" in text_of(page)
    assert clerk.post(url, {"entry": "X04", "for_all": "on"}).status_code == 302
    made = Agreement.objects.filter(kind="supplement").order_by("number")
    assert [each.place for each in made] == [TIANAN, FUDU]
    assert "高龄津贴协助" in text_of(clerk.get(f"{A}{made[0].number}/"))


def test_payments_are_listed_entered_and_confirmed(clerk, secretary):
    agreement = make.in_force()
    year, payment = agreement.year, Payment.objects.order_by("due_on").first()
    page = text_of(clerk.get(f"{A}payments/?year={year}"))
    assert "1,200.00" in page and "X01" in page
    for which in ("overdue", "due", "paid", "unconfirmed", "nonsense"):
        assert clerk.get(f"{A}payments/?year={year}&which={which}").status_code == 200
    url = f"{A}payments/{payment.pk}/pay/"
    assert clerk.post(url, {"paid_on": "2020-01-01", "evidence": "1号"}).status_code == 422
    today = timezone.localdate().isoformat()
    assert clerk.post(url, {"paid_on": today, "evidence": "凭证1号"}).status_code == 302
    assert secretary.post(f"{A}payments/{payment.pk}/received/").status_code == 302
    payment.refresh_from_db()
    assert payment.received_at
    sheet = b"".join(clerk.get(f"{A}payments.csv?year={year}").streaming_content).decode()
    assert "凭证1号" in sheet and sheet.count("\r\n") == 3


def test_payments_are_entered_and_confirmed_from_the_list(clerk, secretary):
    agreement = make.in_force()
    payment, year = Payment.objects.order_by("due_on").first(), agreement.year
    there = f"{A}payments/?which=due&year={year}"
    url = f"{A}payments/{payment.pk}/pay/?which=due&year={year}"
    assert url.replace("&", "&amp;") in clerk.get(there).content.decode()
    today = timezone.localdate().isoformat()
    assert "Community 天安社区" in text_of(clerk.get(url))
    assert clerk.post(url, {"paid_on": today, "evidence": "凭证1号"}).url == there
    there = f"{A}payments/?year={year}"
    url = f"{A}payments/{payment.pk}/received/?year={year}"
    assert url in secretary.get(there).content.decode()
    assert secretary.post(url).url == there
    sheet = b"".join(clerk.get(f"{A}payments.csv?year={year}").streaming_content).decode()
    assert f",{today},凭证1号,{today}" in sheet


@pytest.mark.parametrize("text", [
    "2027-06-30 2027-12-20", "2027.6.30，2027.12.20", "2027年6月30日、2027年12月20日",
])  # fmt: skip
def test_payment_dates_are_read_as_people_write_them(text):
    assert forms.Days().clean(text) == [date(2027, 6, 30), date(2027, 12, 20)]


@pytest.mark.parametrize("text", ["2027-02-30", "年底", "2027-06-30 年底", "2027-06"])
def test_what_is_no_payment_date_is_refused(text):
    with pytest.raises(ValidationError):
        forms.Days().clean(text)


def test_the_list_is_filtered_and_exported_and_each_sees_its_own(clerk, secretary):
    make.negotiated()
    make.draft(FUDU)
    year = make.YEAR
    page = text_of(clerk.get(f"{A}?year={year}"))
    assert "天安社区" in page and "富都社区" in page
    assert "富都社区" not in text_of(clerk.get(f"{A}?year={year}&state=negotiated"))
    assert "天安社区" not in text_of(clerk.get(f"{A}?year={year}&q=富都"))
    assert "No agreement is like this" in text_of(clerk.get(f"{A}?year={year}&q=没有"))
    own = english_of(secretary, f"{A}?year={year}")
    assert "天安社区" in own and "富都" not in own
    sheet = b"".join(clerk.get(f"/desk/agreements.csv?year={year}").streaming_content).decode()
    assert sheet.count("\r\n") == 3
    assert clerk.get(f"{A}?place=320411003").status_code == 404
    assert clerk.get(f"{A}?year=99999999999&place=x").status_code == 404
    assert clerk.get(f"{A}?year=abc").status_code == 200


def test_the_evaluation_is_typed_clause_by_clause(clerk):
    agreement = make.in_force()
    url = f"{A}{agreement.number}/evaluate/"
    names = re.findall(r'name="(target_\d+)"', clerk.get(url).content.decode())
    assert len(names) == 2
    page = clerk.post(url, {"words": "好"})
    assert page.status_code == 422
    for clause in agreement.clauses.filter(amount__gt=0):
        assert f"{clause.code} Target reached" in text_of(page)
    page = clerk.post(url, dict.fromkeys(names, "5"))
    assert page.status_code == 422 and "from December on" in text_of(page)
    rows = {int(name.partition("_")[2]): {"target": 4, "words": ""} for name in names}
    commands.evaluate(
        agreement=agreement, scores=rows, words="按期完成", by=make.clerk(), at=make.DECEMBER
    )
    page = text_of(clerk.get(f"{A}{agreement.number}/"))
    assert "Evaluation by: Sub-district" in page and "按期完成" in page


def test_the_city_looks_at_all_and_a_department_at_its_own(english):
    make.in_force()
    office = people.enter(english, people.post("burden_office", CITY))
    page = text_of(office.get(f"{A}overview/?year={make.YEAR}"))
    assert "新北区" in page and "1 / 3" in page
    assert "天安社区" in text_of(office.get(f"{A}overview/?year={make.YEAR}&place={STREET}"))
    assert office.get(f"{A}overview/?place={TIANAN}").status_code == 302
    held = people.post("department_clerk", STREET, department="civil_affairs")
    department = people.enter(Client(), held)
    page = department.get(f"{A}departments/?year={make.YEAR}")
    assert page.status_code == 200 and "天安" not in text_of(page)
    assert department.get(A).status_code == 403


def test_whose_is_it_is_answered_by_the_agreement_in_force(english, monkeypatch):
    agreement = make.in_force()
    spring = timezone.make_aware(datetime(agreement.year, 3, 1))
    monkeypatch.setattr(timezone, "now", lambda: spring)
    secretary = people.enter(english, people.post("community_secretary", TIANAN))
    page = text_of(secretary.get("/desk/burden/whose/?q=协助居民申请低保"))
    assert "In your agreement" in page
    assert agreement.number in page
    stranger = people.enter(Client(), people.post("community_secretary", FUDU))
    assert agreement.number not in text_of(stranger.get("/desk/burden/whose/?q=协助居民申请低保"))
    added = Clause.objects.create(
        agreement=agreement, kind="admitted", position=99, code="A26-0001", title="台风转移名册",
        basis="《江苏省防汛条例》", department_id="civil_affairs",
    )  # fmt: skip
    page = text_of(secretary.get("/desk/burden/whose/?q=报送台风转移名册"))
    assert added.code in page
