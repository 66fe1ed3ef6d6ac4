"""Editions of the lists: drafted, published, compared, confirmed; and whose a task is."""

import csv
import io
import json
import re
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shanzhi.journal import queries as journal
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people

from .. import commands, list_files
from ..models import Edition, ListEntry
from ..queries import lists as queries
from . import factories as make
from .factories import (
    BEGAN,
    CITY,
    DISTRICT,
    FIRST,
    HEAD,
    NEGATIVE,
    NOON,
    SECOND,
    TIANAN,
    edition,
    text_of,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("city")
L = "/desk/burden/lists/"


def test_a_new_edition_replaces_the_one_in_force_and_both_can_be_compared():
    old, new = edition(), edition(SECOND)

    old.refresh_from_db()
    assert (old.state, old.number, new.state, new.number) == ("retired", 1, "in_force", 2)
    assert queries.edition("own", TIANAN) == new
    changes = {each.code: each.kind for each in queries.changes(old, new)}
    assert changes == {"Y01": "changed", "Y02": "removed", "Y03": "added"}
    assert journal.about(label(new))[-1].data["replaces"] == 1


def test_a_district_may_keep_its_own_list_and_others_use_the_citys():
    city, district = edition(), edition(SECOND, place=DISTRICT)
    assert queries.edition("own", TIANAN) == district
    assert queries.edition("own", "320402") == city
    assert queries.edition("assist", TIANAN) is None


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        (FIRST + "Y01,又一个,,,,no,\r\n", "own", "Line 4: the code Y01 stands in line 2 already"),
        (HEAD + "Y09,,,,,no,\r\n", "own", "Line 2: an entry has a code and a title"),
        (HEAD + "Y09,事,,nobody,,no,\r\n", "own", "Line 2: there is no department “nobody”"),
        (HEAD, "own", "There is no entry in this file"),
        ("a,b\r\n1,2\r\n", "own", "The file has no column 编号、事项"),
        (NEGATIVE.replace("stop", "maybe"), "negative", "Line 2: the verdict is stop or doubt"),
        (NEGATIVE.replace("target", "ninth"), "negative", "“ninth” is none"),
    ],
)
def test_a_file_that_cannot_be_an_edition_is_refused_with_its_line(text, kind, sentence):
    with pytest.raises(Refused, match=sentence):
        edition(text, kind)
    assert not Edition.objects.exists()


def test_an_edition_is_published_once_and_not_before_the_one_in_force():
    edition(on=date(2026, 3, 2))
    rows = list_files.read(SECOND.encode(), "own")
    draft = commands.draft_edition(
        kind="own", place=CITY, title="清单", rows=rows, by=SYSTEM, at=NOON
    )
    with pytest.raises(Refused, match="cannot begin before it"):
        commands.publish_edition(edition=draft, on=date(2026, 3, 1), by=SYSTEM, at=NOON)
    with pytest.raises(Refused, match="burden relief office"):
        commands.publish_edition(edition=draft, on=BEGAN, by=make.office(DISTRICT), at=NOON)
    commands.publish_edition(edition=draft, on=BEGAN, by=make.office(), at=NOON)
    with pytest.raises(Refused, match="published already"):
        commands.publish_edition(edition=draft, on=BEGAN, by=SYSTEM, at=NOON)
    with pytest.raises(Refused, match="Only a draft"):
        commands.discard_edition(edition=draft, by=SYSTEM, at=NOON)


def test_an_entry_without_a_quoted_clause_is_confirmed_by_the_city():
    edition()
    first, second = ListEntry.objects.order_by("position")
    assert (first.confirmed, second.confirmed) == (True, False)

    with pytest.raises(Refused, match="Quote the clause"):
        commands.confirm_entry(entry=second, clause=" ", by=make.office(), at=NOON)
    commands.confirm_entry(entry=second, clause="物业管理条例第三十五条", by=make.office(), at=NOON)
    second.refresh_from_db()
    assert (second.confirmed, second.clause) == (True, "物业管理条例第三十五条")


def drafted(text=FIRST, at=NOON):
    rows = list_files.read(text.encode(), "own")
    return commands.draft_edition(kind="own", place=CITY, title="新版", rows=rows, by=SYSTEM, at=at)


def confirm(code="Y02", clause="物业管理条例第三十五条"):
    """Of the edition in force."""
    entry = ListEntry.objects.get(code=code, edition__state="in_force")
    return commands.confirm_entry(entry=entry, clause=clause, by=make.office(), at=NOON)


def test_what_is_confirmed_while_the_next_edition_waits_is_confirmed_there_too():
    edition()
    draft = drafted()
    confirm()
    entry = draft.entries.get(code="Y02")
    assert (entry.confirmed, entry.clause) == (True, "物业管理条例第三十五条")
    assert journal.about(label(Edition.objects.get(number=1)))[-1].data["drafts"] == 1
    commands.publish_edition(edition=draft, on=BEGAN, by=SYSTEM, at=NOON)
    assert ListEntry.objects.get(code="Y02", edition__state="in_force").confirmed


@pytest.mark.parametrize(
    "text",
    [
        FIRST.replace("楼道灯维修", "楼道灯维修及更换"),
        FIRST.replace("楼道灯维修,,,", "楼道灯维修,,,另一条例"),
        FIRST.replace("Y02", "Y04"),
    ],
)
def test_an_entry_that_the_next_edition_words_otherwise_is_confirmed_by_itself(text):
    edition()
    draft = drafted(text)
    confirm()
    assert not draft.entries.get(position=1).confirmed


def test_who_confirms_reads_what_becomes_of_it_in_the_next_edition(english):
    office = people.enter(english, people.post("burden_office", CITY))
    entry = edition().entries.get(code="Y02")

    def said():
        return text_of(office.post(f"{L}entries/{entry.pk}/", {"clause": "条例"}, follow=True))

    assert "Confirmed." in said()
    drafted(FIRST)
    assert "in the draft of the next edition too" in said()
    drafted(SECOND.replace("Y03", "Y02"))
    assert "words it otherwise: confirm it there too" in said()


def test_what_is_written_is_read_again():
    for kind, text in (("own", FIRST), ("negative", NEGATIVE)):
        made = edition(text, kind)
        again = "".join(list_files.written(made, queries.entries(made)))
        rows = list_files.read(again.encode(), kind)
        assert [row.values for row in rows] == [
            row.values for row in list_files.read(text.encode(), kind)
        ]


@pytest.mark.parametrize("kind", ["own", "assist", "negative"])
def test_the_first_edition_begins_with_a_pattern_and_a_later_one_does_not(english, kind):
    shipped = json.loads(Path("shanzhi/cases/data/departments.json").read_text(encoding="utf-8"))
    people.commands.load_departments(rows=shipped, by=SYSTEM, at=NOON)
    office = people.enter(english, people.post("burden_office", CITY))
    link = f'href="{L}new/{kind}.csv"'
    assert link in office.get(f"{L}new/").content.decode()

    file = office.get(f"{L}new/{kind}.csv").content.decode()

    assert len(list_files.read(file.encode(), kind)) > 10
    assert "编号" in file or "序号" in file
    edition(NEGATIVE if kind == "negative" else FIRST, kind)
    assert link not in office.get(f"{L}new/").content.decode()
    assert office.get(f"{L}new/other.csv").status_code == 404


def test_files_are_written_in_words():
    made = edition(NEGATIVE, "negative")
    made.entries.filter(code="2").update(categories=["ledger"], levels=["city"])
    content = "".join(list_files.written(made, queries.entries(made).filter(code="2")))
    row = next(csv.DictReader(io.StringIO(content.lstrip("\ufeff"))))
    assert (row["适用类别"], row["适用层级"], row["结论"]) == ("台账资料", "市级", "禁止")
    own = edition(FIRST)
    own.entries.filter(code="Y01").update(cycle="on_demand", department="civil_affairs")
    text = "".join(list_files.written(own, queries.entries(own)))
    assert ",民政," in text and ",按需," in text and "on_demand" not in text


def test_all_wrong_lines_of_a_file_are_named():
    text = "编号,事项,责任部门,周期\nY01,,,\nY02,二,外星局,\nY03,三,,偶尔\n"
    with pytest.raises(Refused) as refusal:
        list_files.read(text.encode(), "own")
    assert str(refusal.value).splitlines() == [
        "Line 2: an entry has a code and a title.",
        "Line 3: there is no department “外星局”.",
        "Line 4: “偶尔” is not one of 周期: 一次性、每年、每半年、每季度、每月、每周、"
        "每日、每工作日、按需.",
    ]


def test_whose_a_task_is():
    edition()
    edition(NEGATIVE, "negative")
    own, _score = queries.whose("下个月要开居民大会", TIANAN)
    refused, _score = queries.whose("给社区下达招商引资任务", TIANAN)
    assert (own.code, refused.code) == ("Y01", "2")
    assert queries.whose("晚上吃什么", TIANAN) is None
    edition(SECOND)
    assert queries.whose("三单元的楼道灯不亮", TIANAN) is None  # its entry is gone


def test_the_pages_from_a_file_to_the_answer(english):
    office = people.enter(english, people.post("burden_office", CITY))
    assert "no edition in force" in text_of(office.get(L))
    draft = {
        "kind": "own",
        "title": "社区清单",
        "file": SimpleUploadedFile("a.csv", FIRST.encode()),
    }
    page = office.post(f"{L}new/", draft)
    assert page.status_code == 302
    assert "The first edition" in text_of(office.get(page.url))
    pk = Edition.objects.get().pk
    assert office.post(f"{L}editions/{pk}/publish/", {"on": "2026-03-02"}).status_code == 302
    assert "召集居民会议" in text_of(office.get(f"{L}?kind=own&q=大会"))
    assert "No entry has these words" in text_of(office.get(f"{L}?kind=own&q=xyz"))
    entry = ListEntry.objects.get(code="Y02")
    assert office.post(f"{L}entries/{entry.pk}/", {"clause": "条例"}).status_code == 302

    again = SimpleUploadedFile(
        "a.csv", b"".join(office.get(f"{L}editions/{pk}.csv").streaming_content)
    )
    page = office.post(f"{L}new/", {"kind": "own", "title": "又一版", "file": again})
    assert "Both say the same" in text_of(office.get(page.url))
    second = Edition.objects.get(state="draft").pk
    assert office.post(f"{L}editions/{second}/discard/").status_code == 302
    assert Edition.objects.count() == 1


def test_a_first_draft_is_found_again_and_every_condition_leads_to_its_own_list(english):
    office = people.enter(english, people.post("burden_office", CITY))
    for kind in Edition.Kind.values:
        assert f'href="{L}?kind={kind}"' in office.get("/desk/burden/gate/").content.decode()
    assert "a draft waits" not in text_of(office.get("/desk/burden/gate/"))
    draft = drafted()
    assert "a draft waits to be published" in text_of(office.get("/desk/burden/gate/"))
    page = office.get(f"{L}?kind=own").content.decode()
    assert f'href="{L}editions/{draft.pk}/">Look at the draft' in re.sub(r">\s+", ">", page)


def test_a_community_asks_whose_it_is_and_sees_no_draft(english):
    edition()
    rows = list_files.read(SECOND.encode(), "own")
    draft = commands.draft_edition(
        kind="own", place=CITY, title="清单", rows=rows, by=SYSTEM, at=NOON
    )
    worker = people.enter(english, people.post("community_worker", TIANAN))
    assert "list one" in text_of(worker.get("/desk/burden/whose/?q=召集居民会议"))
    assert "basis is still to be checked" in text_of(worker.get("/desk/burden/whose/?q=楼道灯维修"))
    assert "No entry of the lists says so" in text_of(worker.get("/desk/burden/whose/?q=吃饭"))
    assert worker.get(f"{L}editions/{draft.pk}/").status_code == 404
    assert worker.get(f"{L}?edition={draft.pk}").status_code == 404
    assert worker.post(f"{L}editions/{draft.pk}/publish/", {"on": "2026-03-02"}).status_code == 403


@pytest.mark.parametrize(
    ("role", "place", "asked", "offered"),
    [
        ("community_worker", TIANAN, "给社区下达招商引资任务", True),
        ("community_worker", TIANAN, "吃饭", True),
        ("community_worker", TIANAN, "召集居民会议", False),
        ("burden_office", CITY, "吃饭", False),
    ],
)
def test_a_community_returns_what_no_list_knows(english, role, place, asked, offered):
    edition()
    client = people.enter(english, people.post(role, place))
    page = client.get(f"/desk/burden/whose/?q={asked}").content.decode()
    assert (f"/desk/returns/new/?what={quote(asked)}" in page) is offered


def test_a_day_that_is_refused_leaves_the_comparison_on_the_page(english):
    edition(on=BEGAN)
    rows = list_files.read(SECOND.encode(), "own")
    draft = commands.draft_edition(
        kind="own", place=CITY, title="清单", rows=rows, by=SYSTEM, at=NOON
    )
    office = people.enter(english, people.post("burden_office", CITY))
    page = office.post(f"{L}editions/{draft.pk}/publish/", {"on": "2026-03-01"})
    assert page.status_code == 422
    assert "cannot begin before it" in text_of(page) and "3 entries differ" in text_of(page)


def test_an_entry_whose_words_match_nothing_is_told(english):
    make.frozen({"title": "招商引资线索月报", "category": "target", "place": CITY, "scope": [CITY]})
    text = make.NEGATIVE + (
        "3,不得要求打卡。,打卡|签到,,,check_in,stop,国办函〔2026〕12号\r\n"
        "4,没有识别词的条文。,,,,,stop,国办函〔2026〕12号\r\n"
    )
    rows = list_files.read(text.encode(), "negative")
    draft = commands.draft_edition(kind="negative", place=CITY, title="负面清单", rows=rows,
                                   by=SYSTEM, at=NOON)  # fmt: skip
    office = people.enter(english, people.post("burden_office", CITY))
    page = make.text_of(office.get(f"/desk/burden/lists/editions/{draft.pk}/"))
    said = page.split("match nothing in the register")[1].split("The first edition")[0]
    assert "不得要求打卡" in said
    assert "no words at all" in said
    assert "招商引资" not in said
