"""The burden on the desk, as a burden office and a community use it, without JavaScript."""

import csv
import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from shanzhi.people.tests import factories as people
from shanzhi.places.models import Division

from .. import files, queries
from ..models import Campaign, Decision, Demand
from . import factories as make
from .factories import CITY, DISTRICT, FUDU, TIANAN, text_of

pytestmark = pytest.mark.usefixtures("city")
B = "/desk/burden/"


@pytest.fixture
def office(english):
    return people.enter(english, people.post("burden_office", CITY))


@pytest.fixture
def worker(english):
    return people.enter(english, people.post("community_worker", TIANAN))


def filed(**changed) -> dict:
    known = {
        "category": "ledger", "title": "垃圾分类周报表", "department": "urban_management",
        "level": "city", "scope": "常州市", "cycle": "weekly", "minutes": "40", "staff": "1",
        "fields_asked": "姓名\n手机\n本周督导次数",
    }  # fmt: skip
    return known | changed


def test_from_the_launch_meeting_to_the_freeze(office):
    assert "No clean-up has begun here" in text_of(office.get(B))
    begun = {"title": "2026年社区减负专项清理", "began_on": "2026-03-02", "workers": "9"}
    assert office.get(f"{B}campaign/").url == f"{B}campaign/begin/"
    assert office.post(f"{B}campaign/begin/", begun).status_code == 302

    assert office.post(f"{B}campaign/enter/", filed()).status_code == 302
    demand = Demand.objects.get()
    assert (demand.scope, demand.communities, demand.times) == ([CITY], 3, 52)
    assert "2 of 3 are in the catalogue" in text_of(office.get(f"{B}demands/{demand.number}/"))

    page = text_of(office.post(f"{B}campaign/freeze/"))
    assert "Bodies: the count is missing" in page
    counts = dict.fromkeys(
        ["body", "venue", "target", "appraisal", "system", "certificate"], 0
    ) | {"ledger": 1}  # fmt: skip
    office.post(f"{B}campaign/count/", counts)
    assert office.post(f"{B}campaign/freeze/").status_code == 302
    assert Campaign.objects.get().frozen_at

    office.post(f"{B}campaign/remark/ledger/", {"text": "另有一项漏报"})
    assert "另有一项漏报" in text_of(office.get(B))
    assert office.get(f"{B}demands/{demand.number}/amend/").status_code == 404


def test_each_verb_is_decided_shown_and_undone(office):
    titles = ["甲", "乙", "丙", "丁", "戊"]
    stop, reduce, merge, transfer, limit = make.frozen(*({"title": each} for each in titles))
    basics = {"reason": "重复", "decided_on": "2026-04-01", "decider": "联席会议"}
    size = {"times": "1", "minutes": "30", "staff": "1"}
    for demand, verb, more in (
        (stop, "stop", {}),
        (reduce, "reduce", size),
        (merge, "merge", {"heir": limit.number}),
        (transfer, "transfer", {"taken_by": "civil_affairs", "duty": "由民政局直接采集"}),
        (limit, "limit", size | {"limits": "仅汛期"}),
    ):
        url = f"{B}demands/{demand.number}/{verb}/"
        assert office.get(url).status_code == 200
        assert office.post(url, {"reason": " "}).status_code == 422
        assert office.post(url, basics | more).status_code == 302, verb

    page = text_of(office.get(f"{B}demands/{limit.number}/"))
    assert "Limited to: 仅汛期" in page and "Merged into this one" in page and "丙" in page
    assert "由民政局直接采集" in text_of(office.get(f"{B}demands/{transfer.number}/"))
    assert "all are decided on" in text_of(office.get(f"{B}cleanup/?category=ledger"))

    decision = Decision.objects.get(demand=stop)
    undone = f"{B}demands/{stop.number}/undo/{decision.pk}/"
    assert office.post(undone, basics | {"decided_on": "2026-04-02"}).status_code == 302
    stop.refresh_from_db()
    assert stop.state == "in_force"
    assert office.post(undone, basics | {"decided_on": "2026-04-02"}).status_code == 422


def test_the_account_shows_before_and_after_of_every_place(office):
    demand, _kept = make.frozen({}, {"title": "只问天安", "scope": [TIANAN], "times": 6})
    make.decide(demand, "stop")

    page = text_of(office.get(B))
    assert "2 at the freeze" in page and "36 saved" not in page
    account = queries.account(TIANAN, date(2026, 6, 1)).total()
    assert (account.hours_before, account.hours_now) == (18, 6)
    assert queries.account(FUDU, date(2026, 6, 1)).total().hours_now == 0
    for kind in ("category", "department", "level", "place", "year"):
        page = office.get(f"{B}compare/?by={kind}")
        assert page.status_code == 200 and f"By {kind}" in text_of(page)
    assert office.get(f"{B}?place={DISTRICT}").status_code == 200
    assert office.get(f"{B}?place=3205").status_code == 404
    assert office.get(f"{B}?place={CITY}&on=nonsense").status_code == 200


def test_a_community_sees_what_is_asked_of_it_and_decides_nothing(worker):
    asked, elsewhere = make.frozen({}, {"title": "只问富都", "scope": [FUDU]})

    page = text_of(worker.get(f"{B}demands/"))
    assert "垃圾分类台账" in page and "只问富都" not in page
    assert worker.get(f"{B}demands/{elsewhere.number}/").status_code == 404
    assert "Stop" not in text_of(worker.get(f"{B}demands/{asked.number}/"))
    assert worker.post(f"{B}demands/{asked.number}/stop/", {}).status_code == 403
    assert worker.get(f"{B}?place={FUDU}").status_code == 404
    assert Demand.objects.filter(state="in_force").count() == 2


def test_what_is_exported_is_loaded_again(office):
    make.frozen(
        {"title": "=1+1", "basis": "民发〔2015〕136号", "payer": "civil_affairs", "money": 300},
        {"category": "body", "title": "社区综治委", "plaque": "综治委", "plaque_place": "outside"},
    )
    for demand in Demand.objects.all():
        demand.fields.create(position=0, name="联系电话", element="person.phone")
    content = b"".join(office.get(f"{B}demands.csv").streaming_content)
    assert "'=1+1" in content.decode()

    again = make.campaign()
    posted = {"file": SimpleUploadedFile("register.csv", content)}
    assert office.post(f"{B}campaign/load/", posted).status_code == 302
    columns = ("title", "category", "scope", "times", "minutes", "basis", "payer", "money",
               "plaque", "plaque_place", "place")  # fmt: skip
    first, second = (
        list(Demand.objects.filter(campaign=each).order_by("title").values_list(*columns))
        for each in Campaign.objects.order_by("pk")
    )
    assert first == second
    assert again.demands.get(category="body").fields.get().element == "person.phone"


def test_why_a_demand_cannot_take_in_another_is_said_also_by_its_title(office):
    first, heir = make.frozen({"title": "甲"}, {"title": "乙"})
    basics = {"reason": "重复", "decided_on": "2026-04-01", "decider": "联席会议"}
    office.post(f"{B}demands/{heir.number}/stop/", basics)
    answer = office.post(f"{B}demands/{first.number}/merge/", basics | {"heir": "乙"})
    assert "“乙” is not in force; choose one that is." in text_of(answer)
    again = office.post(f"{B}demands/{first.number}/merge/", basics | {"heir": "丙"})
    assert "There is no demand of this number or title." in text_of(again)


def test_from_a_demand_the_office_goes_on_item_by_item(office):
    [demand] = make.frozen({})
    link = f'href="{B}cleanup/?category=ledger"'
    assert link in office.get(f"{B}demands/{demand.number}/").content.decode()
    worker = people.enter(office, people.post("community_worker", TIANAN))
    assert link not in worker.get(f"{B}demands/{demand.number}/").content.decode()


@pytest.mark.parametrize("kind", ["category", "department", "level"])
def test_a_comparison_ends_with_its_sum(office, kind):
    [stopped, *_others] = make.frozen({}, {"category": "target", "department": "civil_affairs"},
                                      {"place": CITY, "scope": [CITY]})  # fmt: skip
    make.decide(stopped, "stop")
    account = queries.account(CITY, date(2026, 6, 1)).total()
    page = text_of(office.get(f"{B}compare/?by={kind}&on=2026-06-01"))
    hours = [f"{round(each):,}" for each in (account.hours_before, account.hours_now,
                                             account.hours_before - account.hours_now)]  # fmt: skip
    assert " ".join(["Altogether", "3", "2", *hours]) in page


def test_an_export_is_written_in_words(office):
    make.frozen({"payer": "civil_affairs", "scope": [DISTRICT], "place": CITY})
    content = b"".join(office.get(f"{B}demands.csv").streaming_content).decode().lstrip("\ufeff")
    row = next(csv.DictReader(io.StringIO(content)))
    names = ("类别", "发起部门", "层级", "涉及范围", "周期", "付费部门", "介质")
    assert [row[name] for name in names] == [
        "台账资料", "城管", "市级", "新北区", "每月", "民政", "电子"]  # fmt: skip


def test_the_example_of_a_file_shows_how_and_is_itself_no_demand(office):
    make.campaign()
    content = b"".join(office.get(f"{B}campaign/register.csv").streaming_content)
    assert "台账资料" in content.decode() and "ledger" not in content.decode()
    posted = {"file": SimpleUploadedFile("register.csv", content)}
    assert "Line 2: this is the example" in text_of(office.post(f"{B}campaign/load/", posted))
    own = content.decode().replace(files.EXAMPLE, "")
    posted = {"file": SimpleUploadedFile("register.csv", own.encode())}
    assert office.post(f"{B}campaign/load/", posted).status_code == 302
    assert Demand.objects.get().times == 52


def test_all_wrong_lines_are_told_on_the_page_itself(office):
    make.campaign()
    rows = "台账资料,台账,外星局,天安社区,每月,40\n第九类,台账,城管,天安社区,每月,40\n"
    content = f"类别,事项名称,发起部门,涉及范围,周期,每次分钟\n{rows}"
    posted = {"file": SimpleUploadedFile("a.csv", content.encode())}
    answer = office.post(f"{B}campaign/load/", posted)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Line 2: There is no department “外星局”" in page and "Line 3: “第九类”" in page
    assert "Freeze the baseline" in page and not Demand.objects.exists()


def test_a_name_that_two_divisions_share_is_not_guessed(office):
    Division.objects.filter(code=FUDU).update(short_name="天安社区")
    make.campaign()
    content = "类别,事项名称,发起部门,涉及范围,周期,每次分钟\n台账资料,台账,城管,天安社区,每月,40\n"
    posted = {"file": SimpleUploadedFile("a.csv", content.encode())}
    page = text_of(office.post(f"{B}campaign/load/", posted))
    assert "Several divisions are called “天安社区”; write the code." in page
    posted = {
        "file": SimpleUploadedFile("a.csv", content.replace(",天安社区,", f",{TIANAN},").encode())
    }
    assert office.post(f"{B}campaign/load/", posted).status_code == 302
    written = b"".join(office.get(f"{B}demands.csv").streaming_content).decode()
    assert f",{TIANAN}," in written


def test_what_was_refused_after_a_press_leads_back(office):
    make.campaign()
    answer = office.post(f"{B}campaign/freeze/")
    assert answer.status_code == 403
    assert (
        "Nothing was done" in text_of(answer) and f'href="{B}campaign/"' in answer.content.decode()
    )


def test_the_work_begins_with_the_first_category_that_has_some_left(office):
    make.frozen({"category": "ledger"}, {"category": "target"}, {"category": "appraisal"})
    page = office.get(f"{B}cleanup/").content.decode()
    assert 'href="?category=target&amp;place=3204" aria-current="true"' in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"category": "ninth"}, "Line 2: “ninth” is not one of 类别: 组织机构、活动阵地、"),
        ({"title": "示例：周报"}, "Line 2: this is the example of the form; delete this line"),
        ({"department": "无此局"}, "Line 2: There is no department “无此局”"),
        ({"scope": "无此区"}, "Line 2: There is no division “无此区” here"),
        ({"minutes": "四十"}, "Line 2: 每次分钟: a whole number, not “四十”"),
        ({"minutes": "0"}, "Line 2: Between 1 and"),
        ({"title": ""}, "Line 2: 事项名称: between 1 and 100 characters"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_entered(office, change, sentence):
    make.campaign()
    row = {"category": "ledger", "title": "台账", "department": "城管", "scope": "天安社区",
           "cycle": "每月", "minutes": "40"} | change  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([[files.TITLES[name] for name in row], list(row.values())])
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        posted = {"file": SimpleUploadedFile("a.csv", out.getvalue().encode(encoding))}
        assert sentence in text_of(office.post(f"{B}campaign/load/", posted))
    assert not Demand.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file has no column"),
        ("类别,事项名称\r\nledger,台账".encode(), "The file has no column 发起部门"),
        (b"PK\x03\x04\x00\x00", "Save the file as CSV"),
        ("类别,事项名称,发起部门,涉及范围,周期,每次分钟\r\n".encode(), "There is no demand"),
    ],
)
def test_a_file_of_another_kind_is_a_sentence(office, content, sentence):
    make.campaign()
    posted = {"file": SimpleUploadedFile("a.csv", content)}
    assert (sentence in text_of(office.post(f"{B}campaign/load/", posted))) or not content
    assert not Demand.objects.exists()


@pytest.mark.parametrize("many", [1, 40])
@pytest.mark.parametrize(
    ("path", "number"),
    [("", 11), ("compare/?by=department", 9), ("demands/", 4), ("cleanup/?category=ledger", 7)],
)
def test_pages_cost_the_same_however_many(office, path, number, many, django_assert_num_queries):
    make.frozen(*({"title": f"事项{each}"} for each in range(many)))
    office.get(B + path)
    with django_assert_num_queries(number):
        assert office.get(B + path).status_code == 200


def test_forty_demands_are_two_pages(office):
    make.frozen(*({"title": f"事项{each:02}"} for each in range(40)))
    first = office.get(f"{B}demands/")
    assert "事项29" in text_of(first) and "事项30" not in text_of(first)
    following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1]
    second = text_of(office.get(f"{B}demands/{following.replace('&amp;', '&')}"))
    assert "事项30" in second and "事项29" not in second
    found = text_of(office.get(f"{B}demands/?q=事项07&category=ledger"))
    assert "事项07" in found and "事项08" not in found


def test_a_district_office_counts_its_own_demands(english):
    campaign = make.campaign()
    make.demand(campaign)
    make.demand(campaign, title="只问天宁", place=CITY, scope=["320402", DISTRICT])
    make.demand(campaign, title="只问富都", category="body", scope=[FUDU])
    assert queries.entered(campaign, TIANAN) == {"ledger": 2}
    assert queries.entered(campaign, CITY) == {"ledger": 2, "body": 1}

    office = people.enter(english, people.post("burden_office", DISTRICT))
    counts = dict.fromkeys(
        ["venue", "target", "appraisal", "system", "certificate"], 0
    ) | {"body": 1, "ledger": 2}  # fmt: skip
    assert office.post(f"{B}campaign/count/", counts).status_code == 302
    page = text_of(office.get(f"{B}campaign/"))
    assert "differs" not in page and "Freeze the baseline" not in page
    assert office.post(f"{B}campaign/freeze/").status_code == 404
