"""The first day of a city: divisions, a calendar, people with posts, and nothing else.

Each page without an object of its own says what it is for and what comes next: no bare "none", no
head of a table without rows, no chart of nothing, no link that leads nowhere.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse

from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from shanzhi.work import commands as work

from .addresses import DESK, nothing, table
from .journeys.city import elsewhere
from .world import COMMUNITY, GRID, STREET

pytestmark = pytest.mark.django_db
HOLDERS = {
    "anonymous": None,
    "resident": None,
    "community_secretary": COMMUNITY,
    "grid_leader": GRID,
    "subdistrict_clerk": STREET,
    "department_clerk": STREET,
    "burden_office": "3204",
    "city_clerk": "3204",
}
PAGES = {
    name: address for name, address in table().items()
    if address.args is nothing and address.page and not address.posted and not address.answers
}  # fmt: skip
EMPTY = re.compile(r'<div class="empty-state">(.*?)</div>', re.DOTALL)
# What says all there is to say, and where the page's head says what it is for.
ENOUGH = {"shell:styleguide_desk"}


@pytest.fixture(scope="module")
def clients(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), elsewhere("first_day"):
        people.city()
        people.civil_affairs()
        work.load_calendar(by=SYSTEM, at=people.NOON)
        yield {party: _enter(party, place) for party, place in HOLDERS.items()}


def _enter(party, place):
    client = Client()
    if party == "resident":
        people.enter(client, people.resident())
    elif place:
        department = "civil_affairs" if party == "department_clerk" else ""
        people.enter(client, people.post(party, place, department=department))
    return client


def main_of(page):
    found = re.search(r"<main.*?</main>", page, re.DOTALL)
    return found[0] if found else page


def faults(main):
    """What is wrong with a page on which there is nothing."""
    for shown in EMPTY.findall(main):
        words = re.sub(r"<svg.*?</svg>|<[^>]+>", " ", shown, flags=re.DOTALL).split()
        if "<br>" not in shown and "<a " not in shown:
            yield f"says only {' '.join(words)}"
    if re.search(r"</thead>\s*(<tbody[^>]*>\s*</tbody>\s*)?</table>", main):
        yield "a head without rows"
    if '<svg class="pyramid' in main:
        yield "a chart of nothing"
    if found := re.search(r">(no [a-z ]+)<", main):
        yield f"is not translated: {found[1]}"


@pytest.mark.parametrize("party", HOLDERS)
def test_the_first_day_says_what_each_page_is_for_and_leads_nowhere_in_vain(party, clients):
    client, wrong, links = clients[party], [], {}
    for name, address in PAGES.items():
        if 200 not in address.expected(party) or (HOLDERS[party] and address.gate != DESK):
            continue
        url = reverse(name)
        answer = client.get(url)
        if answer.status_code != 200:
            continue  # asks for a place: tests/test_every_url.py gives one
        main = main_of(answer.content.decode())
        wrong += [(name, fault) for fault in faults(main) if name not in ENOUGH]
        for href in re.findall(r'<a [^>]*href="(/[^"#?]*)', main):
            links.setdefault(href, name)
    for href, name in links.items():
        answer = client.get(href, follow=True)
        if answer.status_code >= 400:
            wrong.append((name, f"leads to {href}: {answer.status_code}"))
    assert wrong == []
