"""Every page of addresses.py by axe-core: residents' pages on a phone, the desk's on a desk.

Who looks is whoever sees most of a page. None may be wider than a phone.
"""

import pytest

from shanzhi.people.tests.factories import PASSWORD

from ..addresses import DESK, RESIDENT, table
from ..world import SECRET, SECURED, World
from .conftest import served
from .visitors import AXE, Visitor

pytestmark = pytest.mark.browser

WIDE = """() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    return [...document.querySelectorAll("body *")]
        .filter(each => each.getBoundingClientRect().right > width + 1)
        .slice(0, 3).map(each => each.outerHTML.slice(0, 120));
}"""
SEES_MOST = (
    "city_clerk", "system_admin", "security_admin", "subdistrict_clerk", "community_secretary",
    "community_worker", "department_clerk", "audit_admin",
)  # fmt: skip


def looker(address) -> str:
    """Who sees this page, and most of it; "" where nobody gets a page."""
    if address.posted or not address.page or address.gate == "api":
        return ""
    if address.gate == RESIDENT and address.answers:
        return SECURED
    order = SEES_MOST if address.gate == DESK else ("resident", "anonymous", *SEES_MOST)
    fits = [party for party in order if set(address.expected(party)) - {302, 403, 404}]
    return fits[0] if fits else ""


PAGES = sorted((looker(address), name) for name, address in table().items() if looker(address))


@pytest.fixture(scope="module")
def built_city(tmp_path_factory, worker_id):
    """Its own: the world below would stand in the way of the journeys."""
    with served("axe", tmp_path_factory.mktemp("axe"), worker_id) as city:
        yield city


@pytest.fixture(scope="module")
def world(built_city, django_db_blocker):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with django_db_blocker.unblock(), built_city.entered():
            return World.of_demo()


@pytest.fixture(scope="module")
def lookers(built_city, browser):
    """One browser context a person, signed in once."""
    known: dict[str, Visitor] = {}

    def come(party: str) -> Visitor:
        if party not in known:
            context = browser.new_context(
                base_url=built_city.address, locale="zh-CN", timezone_id="Asia/Shanghai",
                service_workers="block",
            )  # fmt: skip
            context.add_init_script(path=AXE)
            known[party] = Visitor(context.new_page())
            if party == SECURED:
                known[party].signs_in_with_password(SECURED, PASSWORD, SECRET)
            elif party != "anonymous":
                known[party].signs_in_as(party)
        return known[party]

    yield come
    for each in known.values():
        each.page.context.close()


@pytest.mark.parametrize(("party", "name"), PAGES)
def test_axe_finds_nothing(party, name, city, world, lookers):
    address = table()[name]
    visitor, on_desk = lookers(party), address.gate == DESK
    visitor.page.set_viewport_size({"width": 1440 if on_desk else 390, "height": 900})
    url = address.url(name, world)
    answer = visitor.page.goto(url)
    assert address.answers or visitor.path == url, f"led to {visitor.path}"
    assert answer.ok or answer.status in address.answers, answer.status

    assert visitor.axe() == []
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    assert visitor.page.evaluate(WIDE) == [], "wider than a phone"


def test_nor_on_pages_that_come_after_a_press(city, world, visitor):
    guest = visitor().open("/sign-in/").fill(phone="13800000031").press("获取验证码")
    assert guest.axe() == []
    guest.open("/progress/").fill(number="260000000001", code="000000").press("查询进度")
    assert guest.reads("受理编号或查询码不正确。").axe() == []

    resident = visitor().signs_in_as("resident").open("/apply/elderly-allowance/")
    assert resident.axe() == []
    resident.press("内容有误").fill(identity="320499194503150017").press("下一步：核对")
    assert resident.reads("身份证号码有误，校验位不符，请核对。").axe() == []
    resident.open("/").press("大字版")
    assert resident.axe() == []
    resident.page.locator("details.menu summary").first.click()
    assert resident.axe() == []
    resident.open("/").press("标准版")  # the account would remember it for the next test

    clerk = visitor(wide=True).signs_in_as("community_worker")
    clerk.open(f"/desk/cases/{world.case.number}/reply/").press("答复")
    assert clerk.axe() == []
    clerk.page.locator("details.account summary").click()
    assert clerk.axe() == []
    clerk.open("/desk/cases/?q=没有这样的事").open("/desk/?filter=overdue")
    assert clerk.axe() == []
