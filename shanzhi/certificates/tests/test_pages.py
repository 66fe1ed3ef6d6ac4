"""Certificates on the desk, as a community worker and a secretary use them, without JavaScript."""

import csv
import io
import re

import pytest

from shanzhi.kernel import qr
from shanzhi.people.tests import factories as people
from shanzhi.registry import commands as registry_commands
from shanzhi.registry.models import ReadEntry
from shanzhi.registry.tests import factories as registry

from .. import paper, queries
from ..models import Certificate, Refusal
from . import factories as make
from .factories import BANK, FUDU, MONDAY, SCHOOL, TIANAN
from .reading import text_of as words_of

pytestmark = pytest.mark.usefixtures("city")
D = "/desk/certificates/"


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


@pytest.fixture
def worker(english):
    return people.enter(english, people.post("community_worker", TIANAN))


@pytest.fixture
def secretary(english):
    return people.enter(_second(english), people.post("community_secretary", TIANAN))


def _second(client):
    other = type(client)()
    other.cookies["django_language"] = "en"
    return other


def typed(**changed) -> dict:
    known = {"unit": SCHOOL, "purpose": "子女入学", "copies": "2", "days": "90"}
    return known | changed


def test_what_is_banned_ends_in_the_way_out_and_a_letter(worker):
    page = text_of(worker.get(f"{D}?q=收入证明"))
    assert "居民财产证明" in page and "Not issued" in page
    entry = make.entry("居民财产证明")
    page = text_of(worker.get(f"{D}entries/{entry.pk}/"))
    assert "不动产登记机构、银行" in page and "家庭经济状况告知承诺书" in page
    assert "民发〔2020〕20号" in page

    assert worker.post(f"{D}entries/{entry.pk}/refuse/", {"unit": ""}).status_code == 422
    page = worker.post(f"{D}entries/{entry.pk}/refuse/", {"unit": BANK, "purpose": "贷款"})
    refusal = Refusal.objects.get()
    assert page.url == f"{D}refusals/{refusal.number}/"
    assert BANK in text_of(worker.get(page.url))
    letter = text_of(worker.get(f"{page.url}?print=1"))
    for words in (BANK, refusal.number, "居民财产证明", "民发〔2020〕20号", "贷款",
                  "家庭经济状况告知承诺书", "常州市新北区三井街道天安社区居委会"):  # fmt: skip
        assert words in letter
    assert BANK in worker.get(f"{D}entries/{entry.pk}/refuse/").content.decode()  # offered again


def test_what_no_catalogue_has_is_refused_from_the_search(worker):
    page = worker.get(f"{D}?q=宇宙公民").content.decode()
    assert "No catalogue has this certificate" in page
    to = re.search(r"/desk/certificates/refuse/\?asked=[^\"]+", page)[0]
    assert "宇宙公民" in worker.get(to).content.decode()
    page = worker.post(to, {"asked": "宇宙公民证明", "unit": SCHOOL})
    assert "没有法律法规或者国务院决定作为依据" in text_of(worker.get(f"{page.url}?print=1"))


def test_a_certificate_from_the_resident_to_the_public_page(worker, secretary, client):
    registry.household("张示例")
    entry = make.entry("居住情况证明")
    found = worker.post(f"{D}entries/{entry.pk}/find/", {"q": "张示"}).content.decode()
    to = re.search(r"/desk/certificates/entries/\d+/request/\d+/", found)[0]
    page = text_of(worker.get(to))
    assert "天安别墅12幢1单元" in page and "The registry agrees" in page and "3204990" not in page

    wrong = worker.post(to, typed(said_3="2015-01-01", said_4="02"))
    assert wrong.status_code == 422 and "the registry says otherwise" in text_of(wrong)
    made = worker.post(to, typed(said_3="2020-01-01", said_4="02"))
    certificate = Certificate.objects.get()
    assert made.url == f"{D}register/{certificate.pk}/"
    assert "secretary looks at it" in text_of(worker.get(made.url))
    assert worker.get(f"{made.url}pdf/").status_code == 409
    assert worker.post(f"{made.url}seal/").status_code == 422

    assert "Waiting for the seal" in text_of(secretary.get(D))
    assert secretary.post(f"{made.url}seal/").status_code == 302
    assert secretary.post(f"{made.url}seal/").status_code == 422  # a second press
    assert worker.post(f"{made.url}hand-out/", {"receiver": ""}).status_code == 302

    certificate.refresh_from_db()
    pdf = worker.get(f"{made.url}pdf/")
    assert pdf.headers["Content-Type"] == "application/pdf"
    said = words_of(pdf.content)
    for words in ("张示例", "编号：Z20", "子女入学", "示例小学", "至", "天安别墅12幢1单元", "共2份",
                  "常州市新北区三井街道天安社区居委会", "演示，无法律效力", "/c/"):  # fmt: skip
        assert words in said, words
    assert certificate.token in said.replace("\n", "")

    public = type(client)().get(f"/c/{certificate.token}/")
    assert "张**" in text_of(public) and certificate.number in text_of(public)
    assert secretary.post(f"{made.url}end/", {"reason": ""}).status_code == 422
    assert secretary.post(f"{made.url}end/", {"reason": "已迁出"}).status_code == 302
    assert "已撤销，无效" in text_of(type(client)().get(f"/c/{certificate.token}/"))
    assert worker.get(f"{made.url}pdf/").status_code == 409


def test_the_code_on_the_sheet_holds_the_address_of_the_public_page():
    certificate = make.sealed()
    shown = paper.context(certificate, "https://city.example")
    assert shown["address"] == f"https://city.example/c/{certificate.token}/"
    assert shown["qr"] == qr.data_uri(shown["address"])


def test_whoever_is_looked_up_is_in_the_read_log(worker):
    person = registry.household("张示例").members.get().person
    entry = make.entry("居住情况证明")
    worker.post(f"{D}entries/{entry.pk}/find/", {"q": "张示"})
    worker.get(f"{D}entries/{entry.pk}/request/{person.pk}/")
    reads = ReadEntry.objects.filter(persons=[person.pk])
    assert {each.purpose for each in reads} == {"出具证明：居住情况证明"}
    assert reads.count() == 2


def test_to_another_community_neither_resident_nor_certificate_exists(english):
    person = registry.household("张示例").members.get().person
    certificate, refusal = make.sealed(person=person), make.refused()
    entry = make.entry("居住情况证明")
    stranger = people.enter(english, people.post("community_secretary", FUDU))
    assert "Nobody found" in text_of(stranger.post(f"{D}entries/{entry.pk}/find/", {"q": "张示例"}))
    for url in (f"entries/{entry.pk}/request/{person.pk}/", f"refusals/{refusal.number}/",
                f"register/{certificate.pk}/", f"register/{certificate.pk}/pdf/"):  # fmt: skip
        assert stranger.get(D + url).status_code == 404
    for step in ("seal", "end", "hand-out"):
        url = f"{D}register/{certificate.pk}/{step}/"
        assert stranger.post(url, {"reason": "x", "vouched": "x"}).status_code == 404
    assert certificate.number not in text_of(stranger.get(f"{D}register/"))
    for role, place in (("burden_office", "3204"), ("grid_leader", make.people.GRID)):
        other = people.enter(_second(english), people.post(role, place))
        assert other.get(f"{D}register/{certificate.pk}/").status_code == 403
        assert other.get(f"{D}entries/{entry.pk}/").status_code == 200


def test_the_register_is_searched_printed_and_saved(worker):
    first = make.sealed()
    make.requested(purpose="办理入园")
    page = text_of(worker.get(f"{D}register/?q={first.number}"))
    assert "子女入学" in page and "办理入园" not in page
    assert "办理入园" in text_of(worker.get(f"{D}register/?state=requested"))
    assert "No certificate fits" in text_of(worker.get(f"{D}register/?until=2026-01-01"))
    assert "张示例" in text_of(worker.get(f"{D}register/?print=1"))
    lines = b"".join(worker.get(f"{D}register.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert [(row["登记编号"], row["份数"], row["用途"]) for row in rows] == [
        (first.number, "2", "子女入学"), ("", "2", "办理入园"),
    ]  # fmt: skip
    make.refused(purpose="贷款")
    assert "贷款" in text_of(worker.get(f"{D}refusals/?q={BANK}"))
    saved = b"".join(worker.get(f"{D}refusals.csv").streaming_content).decode("utf-8-sig")
    assert saved.count(BANK) == 1


def test_of_a_matter_there_is_nobody_to_choose(worker):
    entry = make.entry("居民会议表决结果证明")
    to = f"{D}entries/{entry.pk}/request/"
    assert worker.get(f"{D}entries/{entry.pk}/find/").url == to
    said = {"said_0": "2026-02-01", "said_1": "加装充电桩", "said_2": "赞成 61 户"}
    page = worker.post(to, typed(holder="天安别墅业主代表", **said))
    assert Certificate.objects.get().holder == "天安别墅业主代表"
    assert "Not known to the registry" in text_of(worker.get(page.url))
    residence = make.entry("居住情况证明")
    assert worker.get(f"{D}entries/{residence.pk}/request/").status_code == 404
    banned = make.entry("健在证明")
    for step in ("find", "request"):
        assert worker.get(f"{D}entries/{banned.pk}/{step}/").status_code == 404
    assert worker.get(f"{D}entries/{residence.pk}/refuse/").status_code == 404


def test_a_worker_hears_that_somebody_has_died(worker):
    household = registry.household("张示例", "李示例")
    person = household.members.get(relation="10").person
    certificate = make.requested(person=person)
    registry_commands.die(person=person, on=MONDAY.date(), by=make.worker(), at=MONDAY)
    page = text_of(worker.get(f"{D}register/{certificate.pk}/"))
    assert "does not have this person" in page or "has died" in page


def stamped(pdf: bytes, *, number: str, place: str) -> bytes:
    stamped.pressed.append((number, place))
    return pdf + f"%{len(stamped.pressed)}".encode()


stamped.pressed = []


def test_an_electronic_seal_is_pressed_once_and_the_paper_is_kept(worker, settings):
    settings.SHANZHI_CERTIFICATE_SEAL = f"{__name__}.stamped"
    stamped.pressed.clear()
    certificate = make.sealed()
    url = f"{D}register/{certificate.pk}/pdf/"
    first, second = worker.get(url).content, worker.get(url).content
    assert first == second and first.endswith(b"%1")
    assert stamped.pressed == [(certificate.number, TIANAN)]
    assert "无法律效力" not in words_of(first)
    assert "carries the electronic seal" in text_of(worker.get(f"{D}register/{certificate.pk}/"))
    assert queries.certificates(make.worker()).get().paper
