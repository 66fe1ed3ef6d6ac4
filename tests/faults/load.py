"""People at their phones: each fills in, checks and sends, and tries again where nobody answers."""

import contextlib
import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import urlencode
from uuid import UUID

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
ITEM = "security-door"
GRID = "320411002018001"
FORM = {
    "name": "张示例",
    "phone": "13800000021",
    "place": GRID,
    "what": "单元门关不上",
    "next": "1",
}
PATIENCE = 40
MOST = 25  # requests of one account: the limit is 30 in an hour


class Unanswered(Exception):  # noqa: N818
    """No answer, or one that asks to try again."""


@dataclass
class Answer:
    status: int
    location: str
    text: str
    headers: Message
    seconds: float


class Phone:
    """One signed-in browser on one kept connection."""

    def __init__(self, port: int, session: str, patience: float = 20):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        self.cookies = {"sessionid": session} if session else {}

    def ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        began = time.monotonic()
        try:
            self.connection.request(method, path, body, headers)
            response = self.connection.getresponse()
            text = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise Unanswered(type(error).__name__) from None
        seconds = time.monotonic() - began
        for cookie in response.headers.get_all("Set-Cookie", []):
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        location = response.headers.get("Location", "")
        return Answer(response.status, location, text, response.headers, seconds)

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, page: str, **form) -> Answer:
        """With the token of the page the form stands on."""
        body = urlencode({"csrfmiddlewaretoken": TOKEN.search(page)[1], **form}).encode()
        return self.ask("POST", path, body, "application/x-www-form-urlencoded")

    def upload(self, path: str, page: str, content: bytes) -> Answer:
        """One picture, as the form of a page sends it."""
        fields = {"csrfmiddlewaretoken": TOKEN.search(page)[1], "field": "photos"}
        head = 'Content-Disposition: form-data; name="'
        parts = [f'--line\r\n{head}{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
        parts.append(f'--line\r\n{head}photos"; filename="door.png"\r\n\r\n')
        body = "".join(parts).encode() + content + b"\r\n--line--\r\n"
        return self.ask("POST", path, body, "multipart/form-data; boundary=line")

    def close(self) -> None:
        self.connection.close()


@dataclass
class Load:
    """Eight at once. What was acknowledged is in `receipts`, all that was tried in `tried`."""

    port: int
    sessions: Iterator[str]  # each is used once: the limit counts by account
    people: int = 8
    receipts: dict[UUID, str] = field(default_factory=dict)
    tried: set[UUID] = field(default_factory=set)
    statuses: Counter = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    slowest: float = 0

    def __enter__(self) -> "Load":
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self._person) for _ in range(self.people)]
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *fault) -> None:
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def until(self, receipts: int, patience: float = 30) -> None:
        """Go on until so many more have their receipt."""
        wanted = len(self.receipts) + receipts
        deadline = time.monotonic() + patience
        while len(self.receipts) < wanted and not self.surprises:
            assert time.monotonic() < deadline, (len(self.receipts), self.statuses)
            time.sleep(0.02)

    def _person(self) -> None:
        while not self.stopping.is_set():
            with self.lock:
                phone = Phone(self.port, next(self.sessions))
            with contextlib.closing(phone):
                for _ in range(MOST):
                    if self.stopping.is_set():
                        break
                    self._apply(phone)

    def _apply(self, phone: Phone) -> None:
        """Whatever is not answered is asked again from there, with the same submission."""
        step, deadline = self._begin, time.monotonic() + PATIENCE
        while step:
            try:
                step = step(phone)
            except Unanswered as reason:
                if time.monotonic() > deadline:
                    self.surprises.append(f"nobody answered for {PATIENCE} s: {reason}")
                    return
                time.sleep(0.1)

    def _begin(self, phone):
        found = self._see(phone.get(f"/apply/{ITEM}/"), 302).location
        submission = UUID(found.rstrip("/").rpartition("/")[2])
        self.tried.add(submission)
        return lambda phone: self._fill(phone, found, submission)

    def _fill(self, phone, url, submission):
        page = self._see(phone.get(url), 200)
        check = self._see(phone.post(url, page.text, **FORM), 302).location
        return lambda phone: self._send(phone, check, submission)

    def _send(self, phone, url, submission):
        page = self._see(phone.get(url), 200, 302)
        if page.status == 200:
            page = self._see(phone.post(url, page.text), 302)
        if page.location.startswith("/receipt/"):
            self.receipts[submission] = page.location.split("/")[2]
        else:
            self.surprises.append(f"sent, but led to {page.location}")

    def _see(self, answer: Answer, *expected: int) -> Answer:
        with self.lock:
            self.statuses[answer.status] += 1
            self.slowest = max(self.slowest, answer.seconds)
        if answer.status == 503:
            raise Unanswered("503")
        if answer.status not in expected:
            self.surprises.append(f"{answer.status}: {answer.text[:3000]}")
            raise Unanswered(str(answer.status))
        return answer
