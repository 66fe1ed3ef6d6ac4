"""What the audit administrator can ask the journal for."""

from importlib.util import find_spec

import pytest
from django.apps import apps

from shanzhi.burden.tests import factories
from shanzhi.people.tests import factories as people
from shanzhi.shell.views.audit import AREAS


def test_every_area_that_writes_the_journal_can_be_looked_at_alone():
    names = {each.label for each in apps.get_app_configs() if each.name.startswith("shanzhi.")}
    writing = {f"{name}." for name in names if find_spec(f"shanzhi.{name}.commands")}
    assert {code for code, _title in AREAS} - {""} == writing


@pytest.mark.parametrize("asked", ["until=9999-12-31", "since=0001-01-01", "area=gate.", "area=x"])
def test_there_is_a_page_whatever_is_asked_for(client, db, asked):
    factories.city()
    client = people.enter(client, people.post("audit_admin", "3204"))
    assert client.get(f"/desk/audit/?{asked}").status_code == 200
