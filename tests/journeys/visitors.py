"""What people do in a browser, in their own words."""

import re

from playwright.sync_api import Locator, Page, expect

__all__ = ["Visitor", "expect"]


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
        shown = self.page.locator(".note-box").inner_text()
        return self.fill(code=re.search(r"\d{6}", shown)[0]).press("登录")

    def acts_as(self, unit: str) -> "Visitor":
        """Another of one's posts, chosen in the account menu."""
        self.page.locator("details.account summary").click()
        self.page.locator(".hats button", has_text=unit).first.click()
        return self
