"""The pages of a request from the phone: what a resident and a worker see and press."""

import re

import pytest
from django.utils import timezone

from shanzhi.people.models import Account
from shanzhi.people.tests import factories as people
from shanzhi.registry.models import Binding, ReadEntry

from .. import commands
from ..models import Application, Certificate, Refusal
from . import factories as make
from .factories import BANK, FUDU, SCHOOL, TIANAN

pytestmark = pytest.mark.usefixtures("city")
ME, D = "/certificates/mine/", "/desk/certificates/applications/"


def text_of(response) -> str:
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main.partition(">")[2])).strip()


@pytest.fixture
def person():
    return make.known()


@pytest.fixture
def by(person):
    return make.asker(person=person)


@pytest.fixture
def phone(english, by):
    return people.enter(english, Account.objects.get(pk=by.account_id))


@pytest.fixture
def desk(english):
    other = type(english)()
    other.cookies["django_language"] = "en"
    return people.enter(other, people.post("community_worker", TIANAN))


def typed(**changed) -> dict:
    return {"unit": SCHOOL, "purpose": "子女入学", "copies": "1", "note": ""} | changed


def test_asked_on_the_phone_taken_at_the_desk_and_collected(phone, desk, person):
    row = make.entry("居住情况证明")
    assert f"/certificates/{row.pk}/apply/" in phone.get("/certificates/").content.decode()
    page = phone.get(f"/certificates/{row.pk}/apply/")
    assert "天安别墅12幢1单元" in text_of(page) and "said_" not in page.content.decode()
    assert person.identity not in page.content.decode()
    assert phone.post(f"/certificates/{row.pk}/apply/", typed(unit="")).status_code == 422
    sent = phone.post(f"/certificates/{row.pk}/apply/", typed(note="周末前要"))
    application = Application.objects.get()
    assert sent.url == f"{ME}{application.pk}/"
    assert "answers within two working days" in text_of(phone.get(sent.url))
    assert "With the community" in text_of(phone.get(ME))

    assert "张**" in text_of(desk.get("/desk/certificates/"))
    page = text_of(desk.get(f"{D}{application.pk}/"))
    assert "The registry agrees" in page and "周末前要" in page and SCHOOL in page
    assert ReadEntry.objects.filter(persons=[person.pk]).count() == 1
    taken = desk.post(f"{D}{application.pk}/", typed(days="90", said_3="2020-01-01", said_4="02"))
    certificate = Certificate.objects.get()
    assert taken.url == f"/desk/certificates/register/{certificate.pk}/"
    assert f"{D}{application.pk}/" in desk.get(taken.url).content.decode()
    assert "secretary looks at it" in text_of(phone.get(sent.url))
    assert phone.post(f"{sent.url}withdraw/").status_code == 403

    make.sealed_by(certificate, make.secretary(), timezone.now())
    page = text_of(phone.get(sent.url))
    assert "Collect it at the service desk" in page and "天安社区居委会" in page
    assert phone.get(f"{sent.url}file/").status_code == 404  # no electronic seal


def stamped(pdf: bytes, *, number: str, place: str) -> bytes:
    return pdf + b"%sealed"


def test_with_an_electronic_seal_the_file_is_downloaded_after_the_phone_s_code(
    phone, by, person, settings, rf
):
    settings.SHANZHI_CERTIFICATE_SEAL = f"{__name__}.stamped"
    at = timezone.now()
    application = make.taken(make.applied(by, person=person, at=at))
    certificate = make.sealed_by(application.certificate, make.secretary(), at)
    url = f"{ME}{application.pk}/"
    assert "Download the PDF" in text_of(phone.get(url))
    assert phone.get(f"{url}file/").url.startswith("/me/data/unlock/")

    session = phone.session
    session["data_open"] = int(timezone.now().timestamp()) + 60
    session.save()
    file = phone.get(f"{url}file/")
    assert file.content.startswith(b"%PDF") and file.content.endswith(b"%sealed")
    assert "attachment" in file.headers["Content-Disposition"]
    certificate.refresh_from_db()
    assert (certificate.state, certificate.handed_by) == ("issued", by.account_id)
    assert phone.get(f"{url}file/").content == file.content
    commands.revoke(certificate=certificate, reason="登记有误", by=make.secretary(), at=at)
    assert phone.get(f"{url}file/").status_code == 404
    assert "登记有误" in text_of(phone.get(url))


def test_what_is_missing_is_read_and_completed(phone, desk, by, person):
    application = make.applied(by, person=person)
    assert desk.post(f"{D}{application.pk}/ask/", {"missing": ""}).status_code == 422
    assert desk.post(f"{D}{application.pk}/ask/", {"missing": "写学校全名"}).status_code == 302
    url = f"{ME}{application.pk}/"
    assert "写学校全名" in text_of(phone.get(url))
    page = phone.get(f"{url}complete/")
    assert "写学校全名" in text_of(page) and SCHOOL in page.content.decode()
    assert phone.post(f"{url}complete/", typed(unit="示例实验小学")).url == url
    assert Application.objects.get().unit == "示例实验小学"
    assert phone.get(f"{url}complete/").url == url  # no longer

    assert desk.post(f"{D}{application.pk}/decline/", {"reason": " "}).status_code == 422
    assert desk.post(f"{D}{application.pk}/decline/", {"reason": "学校可在线查"}).status_code == 302
    assert "学校可在线查" in text_of(phone.get(url)) and "Not issued" in text_of(phone.get(ME))
    assert "学校可在线查" in text_of(desk.get(f"{D}{application.pk}/"))
    assert text_of(desk.get(f"{D}?state=sent")).count("居住情况证明") == 0
    assert "居住情况证明" in text_of(desk.get(f"{D}?state=declined"))


def test_an_account_nobody_has_proved_is_led_to_the_proof_or_the_counter(english):
    row = make.entry("居住情况证明")
    client = people.enter(english, Account.objects.get(pk=make.asker().account_id))
    page = client.get(f"/certificates/{row.pk}/apply/")
    assert "/me/data/bind/" in page.content.decode() and "Or come in person" in text_of(page)
    client.post(f"/certificates/{row.pk}/apply/", typed())
    assert not Application.objects.exists()
    vote = make.entry("居民会议表决结果证明")
    said = {"said_0": "2026-02-01", "said_1": "加装充电桩", "said_2": "赞成 61 户"}
    client.post(f"/certificates/{vote.pk}/apply/", typed(holder="天安别墅业主代表", **said))
    assert Application.objects.get().holder == "天安别墅业主代表"
    Account.objects.update(home="")
    assert "/me/home/" in client.get(f"/certificates/{vote.pk}/apply/").content.decode()


def test_what_is_banned_ends_in_the_way_out_and_a_letter(phone):
    row = make.entry("居民财产证明")
    page = text_of(phone.get(f"/certificates/{row.pk}/letter/"))
    assert "不动产登记机构、银行" in page and "家庭经济状况告知承诺书" in page
    assert phone.get(f"/certificates/{row.pk}/apply/").status_code == 404
    assert phone.post(f"/certificates/{row.pk}/letter/", {"unit": ""}).status_code == 422
    made = phone.post(f"/certificates/{row.pk}/letter/", {"unit": BANK, "purpose": "贷款"})
    refusal = Refusal.objects.get()
    assert made.url == f"{ME}letters/{refusal.number}/"
    letter = text_of(phone.get(f"{made.url}?print=1"))
    for words in (BANK, refusal.number, "贷款", "常州市新北区三井街道天安社区居委会"):
        assert words in letter
    assert refusal.number in phone.get(ME).content.decode()


def test_the_desk_sees_that_the_letter_was_taken_on_the_phone(desk, by):
    commands.take_letter(entry=make.entry("居民财产证明"), unit=BANK, by=by, at=timezone.now())
    page = text_of(desk.get("/desk/certificates/refusals/"))
    assert "taken on the phone" in page and "张示例" not in page


def test_nobody_else_sees_any_of_it(phone, english, by, person):
    application = make.applied(by, person=person)
    letter = commands.take_letter(
        entry=make.entry("居民财产证明"), unit=BANK, by=by, at=timezone.now()
    )
    other = type(english)()
    people.enter(other, Account.objects.get(pk=make.asker("13800000012").account_id))
    urls = (f"{ME}{application.pk}/", f"{ME}{application.pk}/complete/",
            f"{ME}{application.pk}/file/", f"{ME}letters/{letter.number}/")  # fmt: skip
    assert {other.get(url).status_code for url in urls} == {404}
    assert other.post(f"{ME}{application.pk}/withdraw/").status_code == 404

    stranger = type(english)()
    people.enter(stranger, people.post("community_secretary", FUDU))
    assert stranger.get(f"{D}{application.pk}/").status_code == 404
    for step in ("ask", "decline"):
        answer = stranger.post(f"{D}{application.pk}/{step}/", {"missing": "x", "reason": "x"})
        assert answer.status_code == 404
    office = type(english)()
    people.enter(office, people.post("burden_office", "3204"))
    assert office.get(f"{D}{application.pk}/").status_code == 403

    Binding.objects.update(ended_at=timezone.now(), ended="phone")  # the number changed hands
    assert phone.get(f"{ME}{application.pk}/").status_code == 404
    assert "居住情况证明" not in text_of(phone.get(ME))
    assert Application.objects.get().state == "sent"


def test_units_are_offered_while_typing_and_to_residents_only_the_usual_ones(phone, desk):
    for _n in range(3):
        make.refused(unit=BANK)
    make.refused(unit="示例信托公司")
    assert BANK in phone.get("/certificates/units/?unit=新北").content.decode()
    assert "示例信托" not in phone.get("/certificates/units/?unit=示例").content.decode()
    assert "示例信托" in desk.get("/certificates/units/?unit=示例").content.decode()
    assert "<option" not in desk.get("/certificates/units/?unit=某某").content.decode()


def test_the_pages_ask_the_same_few_times_however_much_there_is(
    phone, desk, by, person, django_assert_max_num_queries
):
    for number in range(4):
        make.applied(by, person=person, unit=f"示例单位{number}")
    for client, url in ((phone, ME), (desk, D)):
        client.get(url)
        with django_assert_max_num_queries(22):
            client.get(url)
