"""The four clean-ups on the desk, the notices without sign-in, and a second campaign."""

import csv
import html
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.files import queries as files
from shanzhi.files.tests import factories as pictures
from shanzhi.kernel import places
from shanzhi.people.tests import factories as people
from shanzhi.places.models import Division

from ..models import Campaign, Plan, Plaque, SystemUse
from . import factories as make
from .factories import CITY, CLOSING, FUDU, TIANAN, text_of

pytestmark = pytest.mark.usefixtures("city")
B = "/desk/burden/"
TODAY = localdate(timezone.now())
HANGING = {"plaque": "综治委", "plaque_place": "outside", "category": "body"}


@pytest.fixture
def office(english):
    return people.enter(english, people.post("burden_office", CITY))


@pytest.fixture
def worker(english):
    return people.enter(english, people.post("community_worker", TIANAN))


def decided(verdict="take_down", **more):
    return {"verdict": verdict, "reason": "重复", "decided_on": TODAY.isoformat()} | more


def test_the_overview_says_how_far_each_is_and_what_is_next(office):
    ledger, _system = make.frozen({}, make.system(title="打卡小程序"))
    page = text_of(office.get(f"{B}four/"))
    assert "3 of 7 conditions hold" in page and "Negative list in force" in page
    assert "3 communities have not gone round yet" in page
    assert "Say of 1 ledgers where their data is now" in page
    assert "Say of 1 systems what becomes of them" in page

    make.replace(ledger, "nothing")
    make.edition()
    page = text_of(office.get(f"{B}four/?place={TIANAN}"))
    assert "4 of 7 conditions hold" in page and "1 of 1 ledgers" in page
    assert "Go round and record what hangs" in page
    assert "Say which systems you log into" in page
    assert "systems/logins/" not in office.get(f"{B}four/?place={TIANAN}").content.decode()
    assert "1 entry still to be confirmed" in text_of(office.get(f"{B}gate/"))


def test_a_community_walks_round_adds_decides_and_takes_down(worker):
    asked, ended = make.frozen(HANGING, HANGING | {"title": "乙", "plaque": "禁毒站"})
    make.decide(ended, "stop")
    url = f"{B}wall/?place={TIANAN}"
    assert "Walk round: what of this hangs?" in text_of(worker.get(url))
    posted = {asked.number: "outside", ended.number: "inside"}
    assert worker.post(f"{B}wall/walk/?place={TIANAN}", posted).url == url
    new = f"{B}wall/new/?place={TIANAN}"
    assert worker.post(new, {"text": "", "place": "wall"}).status_code == 422
    assert (
        worker.post(new, {"text": "学习园地", "place": "wall", "department": ""}).status_code == 302
    )

    page = text_of(worker.get(url))
    assert "More hang than may: On a wall: 1 too many" in page and "学习园地" in page
    unknown = Plaque.objects.get(text="学习园地")
    assert "/desk/returns/new/" in worker.get(f"{B}wall/{unknown.pk}/").content.decode()

    of_asked = Plaque.objects.get(demand=asked)
    page = text_of(worker.post(f"{B}wall/{of_asked.pk}/mark/", decided()))
    assert "the burden relief office decides" in page
    assert worker.post(f"{B}wall/{unknown.pk}/mark/", decided()).status_code == 302
    down = {"down_on": TODAY.isoformat(), "evidence": ""}
    assert worker.post(f"{B}wall/{unknown.pk}/down/", down).status_code == 422
    assert (
        worker.post(f"{B}wall/{unknown.pk}/down/", down | {"evidence": "清单"}).status_code == 302
    )
    assert "recorded 3, hanging 2, taken down 1" in text_of(worker.get(url))

    of_ended = Plaque.objects.get(demand=ended)
    assert worker.post(f"{B}wall/{of_ended.pk}/strike/").status_code == 302
    assert not Plaque.objects.filter(pk=of_ended.pk).exists()


def test_what_is_outside_the_list_is_returned_by_one_press_from_the_wall(worker):
    asked, ended = make.frozen(HANGING, HANGING | {"title": "示范点", "plaque": "示范点"})
    make.decide(ended, "stop")
    for of in (asked, ended):
        make.plaque(demand=of, department=of.department_id, text=of.plaque)
    unknown = make.plaque(text="学习园地")
    page = worker.get(f"{B}wall/?place={TIANAN}").content.decode()
    links = [html.unescape(each) for each in re.findall(r'href="(/desk/returns/new/[^"]+)"', page)]
    assert len(links) == 2  # what a demand in force asks for has none
    of_ended = next(each for each in links if "department" in each)
    shown = worker.get(of_ended).content.decode()
    assert f"Plaque “示范点”, At the door {ended.number}" in html.unescape(shown)
    assert f'<option value="{ended.department_id}" selected' in shown
    radio = re.search(rf'<input[^>]*value="{places.level(ended.place)}"[^>]*>', shown)[0]
    assert "checked" in radio
    own = f"{B}wall/{unknown.pk}/"
    assert (
        "学习园地" in worker.get(next(e for e in links if "department" not in e)).content.decode()
    )
    assert "/desk/returns/new/" in worker.get(own).content.decode()
    told = {"department": ended.department_id, "level": "city", "way": "paper", "what": "示范点"}
    assert worker.post(of_ended, told).url.startswith("/desk/returns/")
    office = people.enter(worker, people.post("burden_office", CITY))
    assert "/desk/returns/new/" not in office.get(own).content.decode()


def test_an_address_cannot_fill_a_return_with_anything_but_words(worker):
    page = worker.get("/desk/returns/new/?department=none&level=x&what=%00<b>x</b>")
    assert page.status_code == 200 and "<b>x</b>" not in page.content.decode()


def test_a_photo_may_be_added_and_is_read_by_those_above_and_no_neighbour(worker, client):
    posted = {"text": "学习园地", "place": "wall", "photo": pictures.upload(pictures.jpeg())}
    assert worker.post(f"{B}wall/new/?place={TIANAN}", posted).status_code == 302
    plaque = Plaque.objects.get()
    (photo,) = files.of(f"burden.Plaque:{plaque.pk}")
    assert f"/files/{photo.pk}" in worker.get(f"{B}wall/{plaque.pk}/").content.decode()

    above, neighbour = (people.actor(people.post(role, place)) for role, place in
                        (("burden_office", CITY), ("community_worker", FUDU)))  # fmt: skip
    assert files.readable(photo.pk, above) == photo
    assert files.readable(photo.pk, neighbour) is None
    people.enter(client, people.post("community_secretary", FUDU))
    assert client.get(f"{B}wall/{plaque.pk}/").status_code == 404
    assert client.get(f"{B}wall/?place={TIANAN}").status_code == 404


def test_the_office_sees_every_community_its_caps_and_the_file(office, settings):
    settings.SHANZHI_PLAQUES = {"outside": 1, "inside": 4, "wall": 0}
    for text in ("甲", "=乙"):
        make.plaque(text)
    make.plaque("丙", place=FUDU)
    office.post(f"{B}wall/walk/?place={TIANAN}")

    page = text_of(office.get(f"{B}wall/"))
    assert "天安社区" in page and "富都" not in page, "who went round comes first"
    page = text_of(office.get(f"{B}wall/?show=over"))
    assert "At the door: 1 too many" in page and "富都" not in page
    assert "富都" in text_of(office.get(f"{B}wall/?show=waiting"))
    content = b"".join(office.get(f"{B}wall.csv").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert [row[2] for row in rows[1:]] == ["甲", "'=乙", "丙"]
    assert rows[1][:4] == ["天安社区", TIANAN, "甲", "At the door"]

    sheet = text_of(office.get(f"{B}wall/sheet/?place={TIANAN}"))
    assert "Walk-round of 天安社区" in sheet and "=乙" in sheet
    assert office.get(f"{B}wall/sheet/?place={CITY}").status_code == 404


def test_a_ledger_is_led_to_a_page_and_the_community_finds_its_data(office, client):
    demand, heir = make.frozen({"place": CITY, "medium": "paper"}, {"title": "一表通"})
    url = f"{B}ledgers/{demand.number}/"
    assert "It cannot stay" in text_of(office.get(url))
    assert "Still in force: 1" in text_of(office.get(f"{B}ledgers/?show=paper"))
    assert office.post(url, {"kind": "page", "reason": "居民档案可查"}).status_code == 422
    page = {"kind": "page", "page": "residents", "reason": "居民档案可查"}
    assert office.post(url, page).status_code == 302
    assert office.post(url, {"kind": "demand", "heir": "没有", "reason": "一"}).status_code == 422
    office.post(url, {"kind": "demand", "heir": "一表通", "reason": "合并填报"})
    assert "一表通" in text_of(office.get(f"{B}ledgers/"))
    office.post(url, {"kind": "elements", "elements": "电话\nperson.birth", "reason": "已有"})

    people.enter(client, people.post("community_worker", TIANAN))
    client.cookies["language"] = "en"
    page = client.get(url)
    assert "/person.phone/" in page.content.decode() and "Name what replaces it" not in text_of(
        page
    )
    assert client.post(url, {"kind": "nothing", "reason": "一"}).status_code == 200
    assert demand.replacement.kind == "elements"
    assert "垃圾分类台账" not in text_of(client.get(f"{B}ledgers/{heir.number}/"))


def test_a_system_is_led_into_another_and_its_closing_can_be_read_by_everybody(office, client):
    one, two = make.frozen(make.system(title="打卡小程序"), make.system(title="平台"))
    url = f"{B}systems/{one.number}/"
    posted = {"fate": "merge", "heir": "平台", "reason": "同源"}
    assert office.post(url, posted | {"heir": one.number}).status_code == 422
    assert office.post(url, posted).status_code == 302
    page = office.get(f"{B}systems/").content.decode()
    assert "<svg" in page and page.count('d="M300') == 1 and "平台 ← 1" in page
    refused = text_of(office.post(f"{B}systems/{two.number}/", posted | {"heir": one.number}))
    assert "the map would be a circle" in refused

    public = f"/closings/{one.number}/"
    assert office.get(f"{url}notice/").status_code == 404
    assert office.post(f"{url}announce/").status_code == 403
    later = {"closes_on": (TODAY + timedelta(days=30)).isoformat(), "data_to": "导入平台",
             "contact": "市民政局"}  # fmt: skip
    assert office.post(url, posted | later).status_code == 302
    assert "Draft, not announced" in text_of(office.get(f"{url}notice/"))
    client.cookies["language"] = "en"
    assert client.get(public).status_code == 404
    assert office.post(f"{url}announce/").status_code == 302
    notice = text_of(client.get(public))
    assert "打卡小程序" in notice and "导入平台" in notice and "市民政局" in notice
    assert "Draft" not in notice
    assert "Closing soon" in text_of(client.get("/closings/"))
    Plan.objects.update(announced_on=TODAY, closes_on=TODAY)
    assert "closed on" in text_of(client.get(public))
    assert "still asked of communities" in text_of(office.get(url))


def test_a_community_tells_what_it_logs_into_on_one_page(worker):
    one, _two = make.frozen(make.system(title="打卡小程序"), make.system(title="平台"))
    url, number = f"{B}systems/logins/", one.number
    posted = {f"people-{number}": "3", f"often-{number}": "daily", f"login-{number}": ""}
    assert "say how often" in text_of(worker.post(url, posted))
    assert worker.post(url, posted | {f"login-{number}": "shared"}).status_code == 302
    found = SystemUse.objects.order_by("demand__number").values_list("community", "people", "login")
    assert list(found) == [(TIANAN, 3, "shared"), (TIANAN, 0, "")]
    page = text_of(worker.get(f"{B}systems/{number}/"))
    assert "Every day" in page and "One account of the community" in page
    assert 'value="3"' in worker.get(url).content.decode()


# --- a second campaign ----------------------------------------------------------------------------


def test_a_second_clean_up_is_begun_chosen_and_counted_apart(office):
    make.frozen({}, {"title": "乙"})
    (first,) = Campaign.objects.all()
    assert "Begin another clean-up" in text_of(office.get(f"{B}campaign/"))
    begun = {"title": "第二轮清理", "began_on": TODAY.isoformat(), "workers": "9"}
    assert office.post(f"{B}campaign/begin/", begun).status_code == 302
    second = Campaign.objects.latest("pk")
    page = text_of(office.get(f"{B}campaign/"))
    assert "Begin another clean-up" not in page and "第二轮清理" in page
    assert office.post(f"{B}campaign/begin/", begun).status_code == 422

    grown = make.demand(second, title="新长出来的台账", valid_from=TODAY)
    page = text_of(office.get(B))
    assert "2 at the freeze" in page, "what is being prepared does not count yet"
    assert "0 of 2 demands" in text_of(office.get(f"{B}cleanup/"))
    assert office.post(f"{B}campaign/freeze/?campaign={first.pk}").status_code == 403
    make.freeze(second)

    assert "3 at the freeze" in text_of(office.get(B))
    assert "1 at the freeze" in text_of(office.get(f"{B}?campaign={second.pk}"))
    assert "2 at the freeze" in text_of(office.get(f"{B}?campaign={first.pk}"))
    page = text_of(office.get(f"{B}cleanup/?campaign={second.pk}&category=ledger"))
    assert grown.title in page and "乙" not in page and "0 of 1 demands" in page
    page = text_of(office.get(f"{B}demands/?campaign={first.pk}"))
    assert grown.title not in page and "乙" in page
    assert "3 at the freeze" in text_of(office.get(f"{B}?campaign=999"))
    assert office.post(f"{B}campaign/freeze/?campaign=999").status_code == 404
    for kind in ("category", "department", "place", "year"):
        assert office.get(f"{B}compare/?by={kind}&campaign={first.pk}").status_code == 200


def test_a_remark_goes_to_the_clean_up_that_was_chosen(office):
    make.frozen({})
    first = Campaign.objects.get()
    second = make.campaign()
    url = f"{B}campaign/remark/ledger/"
    assert office.post(f"{url}?campaign={second.pk}", {"text": "一"}).status_code == 404
    assert office.post(f"{url}?campaign={first.pk}", {"text": "漏报一项"}).status_code == 302
    assert "漏报一项" in text_of(office.get(f"{B}campaign/?campaign={first.pk}"))
    assert "漏报一项" not in text_of(office.get(f"{B}campaign/"))


# --- what pages cost ------------------------------------------------------------------------------


def many_communities(number):
    """Beside the three of the small city; each went round and told."""
    first = Division.objects.get(code=TIANAN)
    systems = make.frozen(make.system(title="打卡小程序"), {"title": "台账", "plaque": "站"})
    for each in range(number):
        code = f"{TIANAN[:9]}{each + 200:03}"
        Division.objects.create(code=code, name=f"社区{each}", short_name=f"社区{each}",
                                level="community", parent=first.parent,
                                valid_from=first.valid_from)  # fmt: skip
        make.commands.walk_round(community=code, found=[], by=make.SYSTEM, at=make.LATER)
        make.plaque(hangs="wall", place=code)  # over the cap
        SystemUse.objects.create(community=code, demand=systems[0], people=2, often="daily",
                                 login="named", told_on=make.LATER.date())  # fmt: skip
    make.plan(systems[0], "close", **CLOSING)
    make.replace(systems[1], "nothing")


@pytest.mark.parametrize("number", [1, 40])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("four/", 19),
        ("gate/", 9),
        ("wall/", 8),
        ("wall/?show=over", 9),
        (f"wall/?place={TIANAN}", 9),
        ("ledgers/", 6),
        ("systems/", 9),
    ],
)
def test_pages_cost_the_same_however_many(office, path, queries, number, django_assert_num_queries):
    many_communities(number)
    office.get(B + path)
    with django_assert_num_queries(queries):
        assert office.get(B + path).status_code == 200


def test_forty_communities_are_two_pages(office):
    many_communities(40)
    first = office.get(f"{B}wall/")
    following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1]
    second = text_of(office.get(f"{B}wall/{following.replace('&amp;', '&')}"))
    assert "社区29" in text_of(first) and "社区30" not in text_of(first)
    assert "社区39" in second and "社区29" not in second
