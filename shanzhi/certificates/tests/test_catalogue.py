"""The catalogue in editions: read, published, compared, searched, overruled by a district."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people

from .. import catalogue_files, commands, queries
from ..models import Edition, Entry
from . import factories as make
from .factories import CITY, DISTRICT, MONDAY, TIANAN

pytestmark = pytest.mark.usefixtures("city")
D = "/desk/certificates/"
HEAD = "code,name,also_known_as,allowed,issuer,check,commitment,promise,basis,basis_confirmed,fields,validity_days\r\n"  # noqa: E501
BANNED = "B01,居民财产证明,收入证明,no,银行,银行流水,,,民发〔2020〕20号,yes,,\r\n"
ALLOWED = "K01,居住情况证明,,yes,居民委员会,居民档案,,,,no,person.name|home.written,60\r\n"


def test_the_shipped_catalogue_has_the_twenty_and_what_may_be_issued():
    rows = list(queries.catalogue.entries(queries.catalogue.edition(TIANAN)))
    banned = [row for row in rows if not row.allowed]
    assert (len(banned), len(rows)) == (20, 31)
    assert all(row.issuer and (row.data_check or row.commitment) for row in banned)
    assert all(row.confirmed and row.basis == "民发〔2020〕20号" for row in banned)
    assert all(row.promise for row in rows if row.commitment)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("收入证明", "居民财产证明"), ("开个无房证明", "居民财产证明"),
        ("单身证明", "婚姻状况证明"),
        ("证明我妈是我妈", "亲属关系证明"), ("养狗", "居民养犬证明"), ("生存认证", "健在证明"),
        ("身份证丢了", "证件遗失证明"), ("没有犯罪", "无犯罪记录证明"), ("居住", "居住情况证明"),
        ("住改商", "市场主体住所证明"), ("义工", "志愿服务证明"),
        ("装电梯", "加装电梯方案公示情况证明"),
    ],
)  # fmt: skip
def test_what_people_ask_for_is_found_by_their_own_words(asked, name):
    assert queries.catalogue.search(queries.catalogue.edition(TIANAN), asked)[0].name == name


def test_what_nobody_has_heard_of_finds_nothing():
    edition = queries.catalogue.edition(TIANAN)
    for text in ("", "   ", "xyz", "吃饭"):
        assert queries.catalogue.search(edition, text) == []


def test_a_district_may_keep_its_own_and_a_new_edition_replaces_the_one_before():
    city = Edition.objects.get()
    district = make.edition(HEAD + BANNED, place=DISTRICT)
    assert queries.catalogue.edition(TIANAN) == district
    assert queries.catalogue.edition("320402") == city
    newer = make.edition(HEAD + BANNED + ALLOWED, place=DISTRICT)
    district.refresh_from_db()
    assert (district.state, newer.state, newer.number) == ("retired", "in_force", 2)
    changes = {each.code: each.kind for each in queries.catalogue.changes(district, newer)}
    assert changes == {"K01": "added"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD, "There is no certificate in this file"),
        ("a,b\r\n1,2\r\n", "The file has no column 编号、证明名称、可以出具、出具机关"),
        (HEAD + BANNED + BANNED, "Line 3: the code B01 stands in line 2 already"),
        (HEAD + "B01,,,no,银行,流水,,,,no,,\r\n", "Line 2: a certificate has a code and a name"),
        (HEAD + "B01,甲,,no,,流水,,,,no,,\r\n", "Line 2: say who issues it"),
        (HEAD + "B01,甲,,no,银行,,,,,no,,\r\n", "Line 2: say which data check or written"),
        (HEAD + "B01,甲,,no,银行,,承诺书,,,no,,\r\n", "Line 2: say what the written commitment"),
        (HEAD + "K01,甲,,yes,居委会,,,,,no,person.name,\r\n", "Line 2: say for how many days"),
        (HEAD + "K01,甲,,yes,居委会,,,,,no,person.name,x\r\n", "Line 2: days are a whole number"),
        (HEAD + "K01,甲,,yes,居委会,,,,,no,,30\r\n", "Line 2: say what it states"),
        (HEAD + "K01,甲,,yes,居委会,,,,,no,person.size,30\r\n", "no fact “person.size”"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_an_edition_is_refused_with_its_line(text, sentence):
    with pytest.raises(Refused, match=sentence):
        make.edition(text)
    assert Edition.objects.count() == 1


def test_what_is_written_is_read_again():
    again = "".join(catalogue_files.written(queries.catalogue.entries(Edition.objects.get())))
    rows = catalogue_files.read(again.encode())
    assert [row.values for row in rows] == [
        row.values for row in catalogue_files.read(make.shipped().encode())
    ]


def test_the_first_edition_begins_with_a_pattern_and_a_later_one_with_the_one_before(client):
    office = people.enter(client, people.post("burden_office", CITY))
    url = "/desk/certificates/catalogue/new/"
    assert f"{url}pattern.csv" not in office.get(url).content.decode()
    Entry.objects.all().delete()
    Edition.objects.all().delete()
    assert f"{url}pattern.csv" in office.get(url).content.decode()

    file = b"".join(office.get(f"{url}pattern.csv").streaming_content)

    assert len(catalogue_files.read(file)) == len(catalogue_files.read(make.shipped().encode()))
    assert file.decode().splitlines()[0].endswith("有效天数,来源")


def test_only_the_office_of_the_place_keeps_it():
    rows = catalogue_files.read((HEAD + BANNED).encode())
    office = people.actor(people.post("burden_office", DISTRICT))
    with pytest.raises(Refused, match="burden relief office"):
        commands.draft_edition(place=CITY, title="目录", rows=rows, by=office, at=MONDAY)
    draft = commands.draft_edition(place=DISTRICT, title="目录", rows=rows, by=office, at=MONDAY)
    with pytest.raises(Refused, match="burden relief office"):
        commands.publish_edition(
            edition=draft, on=MONDAY.date(), by=make.secretary(), at=MONDAY
        )  # fmt: skip
    commands.publish_edition(edition=draft, on=MONDAY.date(), by=office, at=MONDAY)
    with pytest.raises(Refused, match="published already"):
        commands.publish_edition(edition=draft, on=MONDAY.date(), by=office, at=MONDAY)
    with pytest.raises(Refused, match="Only a draft"):
        commands.discard_edition(edition=draft, by=office, at=MONDAY)
    earlier = commands.draft_edition(place=DISTRICT, title="又", rows=rows, by=office, at=MONDAY)
    with pytest.raises(Refused, match="cannot begin before it"):
        commands.publish_edition(edition=earlier, on=date(2026, 3, 1), by=office, at=MONDAY)


def test_the_basis_is_confirmed_by_the_office():
    row = Entry.objects.get(name="居住情况证明")
    with pytest.raises(Refused, match="Quote the clause"):
        commands.confirm_entry(entry=row, basis=" ", by=SYSTEM, at=MONDAY)
    commands.confirm_entry(entry=row, basis="本市保留目录第 3 项", by=SYSTEM, at=MONDAY)
    row.refresh_from_db()
    assert (row.confirmed, row.basis) == (True, "本市保留目录第 3 项")


def test_a_basis_confirmed_while_the_next_edition_waits_is_confirmed_there_too():
    rows = catalogue_files.read(make.shipped().encode())
    draft = commands.draft_edition(place=CITY, title="新版", rows=rows, by=SYSTEM, at=MONDAY)
    make.entry("居住情况证明")
    found = draft.entries.get(name="居住情况证明")
    assert (found.confirmed, found.basis) == (True, "本市保留目录")
    assert not draft.entries.get(name="人民调解情况说明").confirmed


def test_the_pages_from_a_file_to_the_edition_in_force(english):
    office = people.enter(english, people.post("burden_office", CITY))
    draft = {"title": "第二版", "file": SimpleUploadedFile("a.csv", (HEAD + ALLOWED).encode())}
    page = office.post(f"{D}catalogue/new/", draft)
    assert page.status_code == 302 and "removed" in office.get(page.url).content.decode()
    pk = Edition.objects.get(state="draft").pk
    worker = people.enter(type(english)(), people.post("community_worker", TIANAN))
    assert worker.get(f"{D}catalogue/{pk}/").status_code == 404
    assert worker.get(f"{D}entries/{Entry.objects.get(edition=pk).pk}/").status_code == 404
    assert office.post(f"{D}catalogue/{pk}/publish/", {"on": "2019-12-31"}).status_code == 422
    assert office.post(f"{D}catalogue/{pk}/publish/", {"on": "2026-03-02"}).status_code == 302
    entry = Entry.objects.get(edition=pk)
    assert office.post(f"{D}entries/{entry.pk}/", {"basis": ""}).status_code == 422
    assert office.post(f"{D}entries/{entry.pk}/", {"basis": "条例"}).status_code == 302
    saved = b"".join(office.get(f"{D}catalogue/{pk}.csv").streaming_content)
    bad = SimpleUploadedFile("a.csv", saved.replace("居民委员会".encode(), b""))
    page = office.post(f"{D}catalogue/new/", {"title": "第三版", "file": bad})
    assert page.status_code == 422 and "Line 2: say who issues it" in page.content.decode()
