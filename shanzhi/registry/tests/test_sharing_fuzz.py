"""Schemathesis asks the registry's addresses; half of its requests name a grant that is in use."""

from datetime import date

import pytest
import schemathesis
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings

from config.wsgi import application
from shanzhi.cases.tests.api import calls
from shanzhi.cases.tests.api.test_api_fuzz import KEPT
from shanzhi.people import api as keys
from shanzhi.people import queries as people
from shanzhi.people.models import Post

from . import sharing_factories as factories
from .test_sharing_api import used


@pytest.fixture
def program(transactional_db, settings, tmp_path):
    settings.SHANZHI_API_RATE = 1_000_000
    settings.STATIC_ROOT = tmp_path
    keys.forget()
    factories.city()
    health = factories.clerk("health")
    grant = used(health)
    factories.person("甲示例", identity=factories.identity(date(1945, 3, 15), 905))
    yield grant, calls.of(Post.objects.get(pk=health.post_id), writes=False)
    keys.forget()
    cache.clear()
    people.forget_departments()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_request_breaks_the_registry_or_its_document(program):
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    mine = document.include(path_regex="/registry/")
    good = set()
    for found in mine.get_all_operations():
        operation = found.ok()
        if {200} & set(_answers_of(operation, *program)):
            good.add(operation.label)
    assert len(good) == 6, sorted(good)


def _answers_of(operation, grant, program):
    statuses = []
    real = {
        "number": grant.number, "code": "person.sex", "elements": ["person.name"], "place": "",
        "identity": factories.identity(date(1945, 3, 15), 905), "cursor": "",
    }  # fmt: skip

    @settings(
        max_examples=10, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(request=operation.as_strategy())
    def check(request):
        if len(statuses) % 2:
            for part in (request.path_parameters, request.query, request.body):
                if isinstance(part, dict):
                    part |= {name: value for name, value in real.items() if name in part}
        answer = request.call(headers=program.headers())
        request.validate_response(answer, checks=KEPT)
        statuses.append(answer.status_code)

    check()
    return statuses
