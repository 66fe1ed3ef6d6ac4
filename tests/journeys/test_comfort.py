"""Large type, three languages, and a phone without a network."""

import pytest

from shanzhi.files.tests.factories import jpeg

from .visitors import Visitor, expect

pytestmark = pytest.mark.browser

TEXT = "main => getComputedStyle(main).fontSize"
HEIGHTS = """() => [...document.querySelectorAll(
    "main .btn, main a.call, main a.tile, nav.tabs a, .choices button, .choices summary"
)].filter(each => each.offsetParent)
 .map(each => [each.innerText, each.getBoundingClientRect().height])
"""


def font(visitor: Visitor) -> float:
    return float(visitor.main.evaluate(TEXT).removesuffix("px"))  # waits for the page


def test_large_type_is_one_tap_and_stays(city, visitor):
    resident = visitor().signs_in_as("resident")
    assert font(resident) < 18

    resident.press("大字版")

    assert font(resident) >= 18
    for path in ("/", "/serve/elderly-allowance/", "/apply/elderly-allowance/", "/mine/"):
        resident.open(path)
        assert font(resident) >= 18
        low = [(name, size) for name, size in resident.page.evaluate(HEIGHTS) if size < 60]
        assert low == [], path
        assert resident.page.evaluate("document.documentElement.scrollWidth") <= 390
    resident.page.reload()
    assert font(resident) >= 18
    resident.open("/me/").press("退出登录")
    resident.open("/")
    expect(resident.page.get_by_role("link", name="手机登录")).to_be_visible()
    assert font(resident) >= 18
    resident.press("标准版")
    assert font(resident) < 18


def test_the_longest_button_breaks_its_line_in_large_type(city, visitor):
    resident = visitor().signs_in_as("resident")
    if font(resident) < 18:  # the account remembers what another test chose
        resident.press("大字版")
    resident.open("/me/data/bind/").page.locator("details.menu > summary").first.click()
    resident.press("English").reads("Identity service (demonstration)", "Bound already", "Oneself")
    assert resident.page.evaluate("document.documentElement.scrollWidth") <= 390
    resident.page.locator("details.menu > summary").first.click()
    resident.press("简体中文").press("标准版")


@pytest.mark.parametrize("path", ["/serve/elderly-allowance/", "/"])
def test_the_same_page_in_three_languages(city, visitor, path):
    guest = visitor().open(path)
    words = {
        "/": ("社区服务不打烊", "A community that never closes", "社區服務不打烊"),
        "/serve/elderly-allowance/": ("立即办理", "Apply now", "立即辦理"),
    }[path]
    for name, code, text in zip(
        ("简体中文", "English", "繁體中文"), ("zh-Hans", "en", "zh-Hant"), words, strict=True
    ):
        if code != "zh-Hans":
            guest.page.locator("details.menu > summary").first.click()
            guest.press(name)
        assert guest.path == path
        guest.reads(text)
        expect(guest.page.locator("html")).to_have_attribute("lang", code)
    assert guest.faults == []


def test_what_was_typed_outlives_a_lost_network(city, visitor):
    resident = visitor().signs_in_as("resident").open("/apply/open-report/")
    page, typing = resident.path, resident.page.context
    photo = {"name": "灯.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    resident.page.locator("input[type=file]").set_input_files(photo)
    expect(resident.page.locator(".upload")).to_contain_text("灯.jpg")
    resident.fill(what="秋千的链条断了一根。")
    expect(resident.page.locator("[data-kept]")).to_be_visible()

    typing.set_offline(True)
    resident.fill(what="秋千的链条断了一根，请尽快修。").press("下一步：核对")
    expect(resident.page.locator("#lost")).to_be_visible()
    assert resident.path == page
    with resident.page.expect_response(lambda answer: answer.status == 204):
        typing.set_offline(False)
    expect(resident.page.locator("#lost")).to_be_hidden()

    resident.open("/apply/open-report/").reads("您上次填写的内容还没有提交。").press("继续填写")
    expect(resident.page.locator("[name=what]")).to_have_value("秋千的链条断了一根，请尽快修。")
    expect(resident.page.locator(".upload")).to_contain_text("灯.jpg")
    resident.press("下一步：核对").reads("秋千的链条断了一根，请尽快修。", "1 个文件")
    assert resident.faults == []


def test_without_a_network_the_phone_says_so_and_goes_on_afterwards(city, visitor):
    resident = visitor().open("/")
    resident.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    resident.page.reload()

    resident.page.context.set_offline(True)
    resident.page.goto("/serve/")
    expect(resident.page.get_by_role("heading", level=1)).to_have_text("网络未连接")
    resident.page.context.set_offline(False)
    resident.press("重试")

    expect(resident.page.get_by_role("heading", level=1)).to_have_text("办事")
