"""What everybody may see: a certificate's page and no more of it, and the catalogue."""

import base64
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shanzhi.people.tests import factories as people

from .. import commands
from ..models import Certificate
from . import factories as make

pytestmark = pytest.mark.usefixtures("city")
DAY = timedelta(days=1)


def text_of(response) -> str:
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", main.partition(">")[2])).strip()


@pytest.fixture
def certificate():
    return make.sealed(at=timezone.now(), purpose="申请公租房")


def test_it_shows_number_unit_day_validity_and_a_masked_name_and_nothing_else(certificate, english):
    page = english.get(f"/c/{certificate.token}/")
    said = text_of(page)
    for words in (certificate.number, "常州市新北区三井街道天安社区居委会", "张**", "holds"):
        assert words in said
    assert re.search(r"Issued on \d+ \w+ \d{4} ", said)  # also this year's, as on the paper
    whole = page.content.decode()
    for words in (
        "张示例",
        "居住情况",
        "公租房",
        make.SCHOOL,
        "天安别墅",
        "320499",
        "户主",
        "2020",
    ):
        assert words not in whole, words
    assert "no-store" in page.headers["Cache-Control"]
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_nothing_sealed_is_opened_for_it(certificate, english):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        english.get(f"/c/{certificate.token}/")
    sql = " ".join(each["sql"] for each in asked if "certificates_certificate" in each["sql"])
    selected = sql.partition("FROM")[0]
    assert "shown_holder" in selected
    for column in ("statement", '"holder"', "vouched", "person", "purpose", '"token"'):
        assert column not in selected


def test_a_token_is_256_bits_from_the_system_and_never_the_same(certificate):
    token = certificate.token
    assert len(base64.urlsafe_b64decode(token + "=")) == 32
    others = {make.sealed().token for _n in range(5)}
    assert len(others | {token}) == 6
    row = Certificate.objects.filter(pk=certificate.pk)
    with connection.cursor() as cursor:
        cursor.execute("select token, token_hash from certificates_certificate where id = %s",
                       [row.get().pk])  # fmt: skip
        sealed, hashed = (bytes(each) for each in cursor.fetchone())
    assert token.encode() not in sealed + hashed


def test_expired_and_revoked_say_so(certificate, english):
    Certificate.objects.update(
        sealed_on=timezone.localdate() - 91 * DAY, valid_until=timezone.localdate() - DAY
    )
    assert "has run out" in text_of(english.get(f"/c/{certificate.token}/"))
    Certificate.objects.update(valid_until=timezone.localdate())
    assert "issued and holds" in text_of(english.get(f"/c/{certificate.token}/"))
    commands.revoke(certificate=certificate, reason="不符", by=make.secretary(), at=timezone.now())
    said = text_of(english.get(f"/c/{certificate.token}/"))
    assert "revoked and does not hold" in said and "不符" not in said


def test_what_leads_nowhere_answers_the_same_whatever_it_looks_like(certificate, english):
    requested = make.requested()
    assert requested.token is None
    unknown = [certificate.token[:-1] + "x", "1", "é", "a" * 300, "None", "%00"]
    answers = [english.get(f"/c/{each}/") for each in unknown]
    assert {each.status_code for each in answers} == {404}
    assert len({text_of(each) for each in answers}) == 1
    assert all("no-store" in each.headers["Cache-Control"] for each in answers)


def test_guessing_is_stopped(english):
    answers = [english.get(f"/c/{number}/").status_code for number in range(61)]
    assert answers[:60] == [404] * 60 and answers[60] == 429


def test_everybody_reads_who_issues_what_and_prints_the_commitment(english):
    page = text_of(english.get("/certificates/"))
    assert "婚姻登记机关" in page and "You need not ask the community" in page
    page = text_of(english.get("/certificates/?q=收入证明"))
    assert "居民财产证明" in page and "亲属关系证明" not in page
    assert "No catalogue has" in text_of(english.get("/certificates/?q=xyz"))
    entry = make.entry("居民财产证明")
    form = text_of(english.get(f"/certificates/commitment/{entry.pk}/?unit={make.BANK}"))
    assert "家庭经济状况告知承诺书" in english.get(
        f"/certificates/commitment/{entry.pk}/").content.decode()  # fmt: skip
    assert make.BANK in form and "上一年家庭总收入" in form
    for other in (make.entry("无犯罪记录证明").pk, 999999):
        assert english.get(f"/certificates/commitment/{other}/").status_code == 404


def test_a_resident_reads_the_catalogue_of_the_own_district(client):
    make.edition(
        "code,name,allowed,issuer,check\nB1,转学证明,no,学校,学籍系统\n", place=make.DISTRICT
    )
    resident = people.resident()
    type(resident).objects.filter(pk=resident.pk).update(home=make.TIANAN)
    page = text_of(people.enter(client, resident).get("/certificates/"))
    assert "转学证明" in page and "健在证明" not in page
