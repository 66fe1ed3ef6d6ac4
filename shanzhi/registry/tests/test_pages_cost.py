"""What the registry's pages ask of the database, to the statement."""

from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shanzhi.kernel import crypto
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from shanzhi.registry import commands

from . import factories
from . import sharing_factories as sharing
from .factories import MONDAY, TIANAN

# Eight of them are the frame of each page: session and account, the savepoint of the fence and its
# end, the range before, set and put back, and the number beside the inbox. Production, where no
# test's transaction is around, asks for six of these.
OF_A_COMMUNITY = {
    "residents": 18,
    "household": 9,  # the household with everybody in it, and the line in the read log
    "household_paper": 8,
    "person": 18,  # of which four are of a history
    "population": 9,
    "catalogue": 8,
    "settling": 11,
    "imports": 9,
    "comparisons": 10,
}
OF_A_DEPARTMENT = {"grants": 9, "grant": 15, "grant_persons": 26, "grant_log": 11}


@pytest.fixture
def family(db):
    """Two, one who has left, a history of three versions, a bank account."""
    sharing.city()
    home = factories.household("张示例", "李示例", "张小例", home=factories.dwelling("301"))
    head, _spouse, child = [each.person for each in home.members.order_by("id")]
    told = {"source": factories.source(), "by": SYSTEM, "at": MONDAY}
    for year in (2024, 2025):
        commands.change(
            section="person", person=head, values={"employer": f"示例公司{year}"},
            effective=date(year, 1, 1), **told,
        )  # fmt: skip
    account = {"bank": "示例银行", "number": "6222000000000000004"}
    commands.change(section="bank", person=head, values=account, effective=None, **told)
    commands.leave_household(person=child, on=date(2026, 1, 5), by=SYSTEM, at=MONDAY)
    return home


@pytest.fixture
def keeper(english, family):
    return people.enter(english, people.post("community_worker", TIANAN))


def asked(client, name, *args) -> int:
    url = reverse(f"registry:{name}", args=args)
    client.get(url)  # names of divisions and departments are kept in process
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", OF_A_COMMUNITY)
def test_pages_of_a_community(keeper, family, name):
    args = {"person": [family.members.first().person_id]}
    args |= {page: [family.pk] for page in ("household", "household_paper")}
    assert asked(keeper, name, *args.get(name, [])) == OF_A_COMMUNITY[name]


@pytest.mark.parametrize("name", OF_A_DEPARTMENT)
def test_pages_of_a_department(english, family, name):
    clerk = people.post("department_clerk", sharing.DISTRICT, department="health")
    grant = sharing.granted(people.actor(clerk))
    for _n in range(3):
        sharing.person()
    client = people.enter(english, clerk)
    args = [] if name == "grants" else [grant.number]
    assert asked(client, name, *args) == OF_A_DEPARTMENT[name]


def test_the_page_of_a_household_unseals_what_it_shows(keeper, family, monkeypatch):
    """Number and phone of each and the door: no second phone, no address, no register's number."""
    opened, unseal = [], crypto.unseal

    def watched(sealed, *, context):
        opened.append(context)
        return unseal(sealed, context=context)

    monkeypatch.setattr(crypto, "unseal", watched)
    keeper.get(reverse("registry:household", args=[family.pk]))
    shown = {"registry_person.identity": 3, "registry_person.phone": 3, "registry_dwelling.door": 1}
    assert Counter(opened) == shown
