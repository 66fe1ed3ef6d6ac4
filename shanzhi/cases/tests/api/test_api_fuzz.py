"""Schemathesis sends what the document allows and what it does not; the answers keep to it.

Half of the requests are led to a case in a state that fits, so that they get past the 404.
"""

from datetime import timedelta

import pytest
import schemathesis
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi

from config.wsgi import application

from ... import commands
from ...models import Case
from ...routing import Unit
from .. import factories
from . import calls

KEPT = [
    checks.not_a_server_error,
    openapi.status_code_conformance,
    openapi.content_type_conformance,
    openapi.response_schema_conformance,
]
REAL = {
    "code": "security-door",
    "item": "security-door",
    "name": "张示例",
    "phone": "",
    "category": "",
    "answers": {"what": "单元门关不上"},
    "place": factories.GRID,
    "parent": factories.STREET,
    "unit": {"place": factories.STREET, "department": ""},
}
NEEDED = {  # the state a step begins in; the others begin in a submitted case
    "correct": "correcting",
    "resume": "suspended",
    **dict.fromkeys(("start", "suspend", "ask-help", "release-helper"), "accepted"),
    **dict.fromkeys(("reply", "terminate"), "accepted"),
    **dict.fromkeys(("close", "reopen", "call-back"), "replied"),
}


class World:
    """A program, and for each state a case that is in it, made anew once it has left it."""

    def __init__(self):
        self.program = calls.program("community_worker", factories.TIANAN)
        self.by = factories.people.actor(self.program.post)
        self.cases = {}

    def number(self, path):
        state = NEEDED.get(path.rsplit("/", 1)[-1], "submitted")
        case = self.cases.get(state)
        here = {"state": state, "lead_place": factories.TIANAN}
        if case is None or not Case.objects.filter(pk=case.pk, **here).exists():
            self.cases[state] = case = self.make(state)
        return case.number

    def make(self, state):
        case, given = calls.recent(by=self.by), {"by": self.by, "at": timezone.now()}
        if state == "correcting":
            return commands.ask_correction(case=case, gaps=["门牌号"], **given)
        if state != "submitted":
            commands.accept(case=case, **given)
        if state == "accepted":
            commands.ask_help(
                case=case, unit=Unit(factories.TIANAN[:9]), task="修", days=1, **given
            )
        if state == "suspended":
            commands.suspend(case=case, reason="hearing", document="3 号", **given)
        if state == "replied":
            commands.reply(case=case, text="已经修好了。", **given)
            walk_in = factories.Actor(account_id=None)
            at = given["at"] + timedelta(seconds=1)
            commands.rate(case=case, score=1, words="", by=walk_in, at=at)
        return case

    def helper(self, number):
        case, unit = Case.objects.get(number=number), Unit(factories.STREET, "police")
        given = {"unit": unit, "task": "修", "days": 1, "by": self.by, "at": timezone.now()}
        helper = case.involvements.filter(leads=False, ended_at=None).first()
        return (helper or commands.ask_help(case=case, **given)).pk

    def lead(self, request):
        """Put what there is where something is named."""
        path = request.operation.path
        real = REAL | {"number": self.number(path)}
        if path.endswith("/release-helper"):
            real["helper"] = self.helper(real["number"])
        if "/places/" in path:
            real["code"] = factories.TIANAN
        for part in (request.path_parameters, request.query, request.body):
            if isinstance(part, dict):
                part |= {name: value for name, value in real.items() if name in part}


@pytest.fixture
def world(committed, settings):
    settings.SHANZHI_API_RATE = 1_000_000
    return World()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_request_breaks_the_api_or_its_document(world):
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    answered = set()
    for found in document.get_all_operations():
        operation = found.ok()
        answered |= {(operation.label, status) for status in _answers_of(operation, world)}

    done = {label for label, status in answered if status in (200, 201)}
    assert len(done) >= 25, sorted(done)


def _answers_of(operation, world):
    statuses = []

    @settings(
        max_examples=10, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(request=operation.as_strategy())
    def check(request):
        if len(statuses) % 2:
            world.lead(request)
        headers = world.program.headers(f"{operation.label.split()[0]}-{calls.fresh()}")
        answer = request.call(headers=headers)
        request.validate_response(answer, checks=KEPT)
        statuses.append(answer.status_code)

    check()
    return statuses
