"""Programs with keys, and what they send."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.commands import issue_key
from shanzhi.people.models import Key, Post
from shanzhi.people.tests import factories as people

from ...models import Case
from .. import factories

ROOT = "/api/v1"
_numbers = count(1)


@dataclass
class Program:
    """A client with a key; speaks English unless told otherwise."""

    key: Key
    secret: str
    post: Post

    def get(self, path: str, **query: Any):
        return Client().get(ROOT + path, query, headers=self.headers())

    def send(self, path: str, body: Any = None, *, once: str = "", **headers: str):
        return Client().post(
            ROOT + path,
            {} if body is None else body,
            content_type="application/json",
            headers=self.headers(once) | headers,
        )

    def upload(self, upload, *, once: str = ""):
        sent = {"file": upload} if upload else {}
        return Client().post(f"{ROOT}/attachments", sent, headers=self.headers(once))

    def headers(self, once: str = "") -> dict[str, str]:
        found = {"Authorization": f"Bearer {self.secret}", "Accept-Language": "en"}
        return found | ({"Idempotency-Key": once} if once else {})


def program(
    role: str, place: str, *, department: str = "", within: str = "", items=(), writes=True
) -> Program:
    return of(people.post(role, place, department=department), within, items, writes)


def of(post: Post, within: str = "", items=(), writes=True) -> Program:
    at = timezone.now()
    key, secret = issue_key(
        post=post, name="试用程序", place=within or post.place, items=list(items),
        may_write=writes, valid_to=localdate(at) + timedelta(days=30), by=SYSTEM, at=at,
    )  # fmt: skip
    return Program(key, secret, post)


def fresh() -> str:
    return f"test-{next(_numbers)}"


def submission(**changes: Any) -> dict[str, Any]:
    return {
        "item": "security-door",
        "place": factories.GRID,
        "name": "张示例",
        "phone": "13800000031",
        "answers": {"what": "单元门关不上", "address": factories.ADDRESS},
    } | changes


def recent(code="security-door", **asked: Any) -> Case:
    """Sent an hour ago: the API acts by the real clock."""
    return factories.make_case(code, when=timezone.now() - timedelta(hours=1), **asked)


def problem(answer, slug: str, status: int) -> dict[str, Any]:
    """The document, once its form is right."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    document = answer.json()
    assert document["type"] == f"/problems/{slug}"
    assert document["status"] == status
    assert document["instance"].startswith(ROOT)
    assert document["detail"] and document["title"]
    return document
