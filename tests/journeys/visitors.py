"""What people do in a browser, in their own words."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Locator, Page, expect

from operate.environment import ROOT

__all__ = ["Visitor", "digits", "expect"]


AXE = ROOT / "node_modules/axe-core/axe.min.js"
RUN = """() => axe.run(document, {resultTypes: ["violations"], preload: false}).then(
    found => found.violations.map(one => `${one.impact} ${one.id}: ` + one.nodes.slice(0, 3).map(
        node => `${node.target} ${node.any.concat(node.all).map(why => why.message)[0] || ""}`
    ).join(" | "))
)"""


def digits(secret: str) -> str:
    """What an authenticator shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


class Visitor:
    def __init__(self, page: Page):
        self.page = page
        self.faults: list[str] = []
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message):
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def open(self, path: str) -> "Visitor":
        answer = self.page.goto(path)
        assert answer is None or answer.status < 400, f"{path}: {answer.status}"
        return self

    def press(self, name: str, nth: int = 0) -> "Visitor":
        """A button or a link with exactly these words."""
        words = re.compile(rf"^\s*{re.escape(name)}\s*$")
        found = self.page.get_by_role("button", name=words).or_(
            self.page.get_by_role("link", name=words)
        )
        found.nth(nth).click()
        return self

    def fill(self, **values: str) -> "Visitor":
        """By the names of the fields."""
        for name, value in values.items():
            self.page.locator(f"[name={name}]:visible").first.fill(value)
        return self

    def choose(self, name: str, value: str) -> "Visitor":
        self.page.locator(f"[name={name}][value='{value}']").check()
        return self

    def reads(self, *texts: str) -> "Visitor":
        for text in texts:
            expect(self.main).to_contain_text(text)
        return self

    @property
    def main(self) -> Locator:
        return self.page.locator("#main")

    @property
    def path(self) -> str:
        return re.sub(r"^https?://[^/]+", "", self.page.url)

    def signs_in_as(self, role: str) -> "Visitor":
        """By one click of the demonstration."""
        self.open("/demo/")
        self.page.locator(f"form[action='/demo/sign-in/{role}/'] button").click()
        return self

    def signs_in_by_phone(self, phone: str) -> "Visitor":
        """The code is read where the demonstration shows what would be sent."""
        self.open("/sign-in/").fill(phone=phone).press("获取验证码")
        shown = self.page.locator(".note-box:visible", has_text=re.compile(r"\d{6}")).inner_text()
        return self.fill(code=re.search(r"\d{6}", shown)[0]).press("登录")

    def signs_in_with_password(self, name: str, password: str, secret: str) -> "Visitor":
        self.open("/staff/sign-in/").fill(login=name, password=password).press("登录")
        self.fill(code=digits(secret)).page.locator("main form button").first.click()
        self.page.wait_for_url("**/desk/")
        return self

    def axe(self) -> list[str]:
        """What axe-core objects to on the page as it is now."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        return self.page.evaluate(RUN)

    def acts_as(self, unit: str) -> "Visitor":
        """Another of one's posts, chosen in the account menu."""
        self.page.locator("details.account summary").click()
        self.page.locator(".hats button", has_text=unit).first.click()
        return self
