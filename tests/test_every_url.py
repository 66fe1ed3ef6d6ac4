"""Every address of the site as everybody: who comes in, who reads a sentence, what is not there.

The table of expectations is in addresses.py. What is asked is taken back after each request.
"""

import re
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import localdate

from shanzhi.journal.models import Entry
from shanzhi.people.tests.factories import enter

from .addresses import API, DESK, RESIDENT, STAFF, named, table
from .journeys.city import elsewhere
from .world import PARTIES, World

pytestmark = pytest.mark.django_db
TABLE = table()
NAMES = sorted(TABLE)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), elsewhere("world"):
        yield World.small()


@pytest.fixture(scope="module")
def clients(world):
    found = {"anonymous": Client(raise_request_exception=False)}
    for party in PARTIES[1:]:
        found[party] = signed_in(world.holder(party))
    return found


def signed_in(holder):
    """With a session that is stamped: what a request notes of its use is taken back each time."""
    client = enter(Client(raise_request_exception=False), holder)
    session = client.session
    session["seen"], session["day"] = int(time.time()), str(localdate())
    session.save()
    return client


@pytest.fixture(scope="module")
def strangers(world):
    """The same roles in the neighbouring divisions, and a neighbour."""
    held = dict(world.strangers) | {"resident": world.neighbour}
    return {party: signed_in(each) for party, each in held.items()}


@contextmanager
def taken_back():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client, method, url, data=None):
    with taken_back():
        before = told(method)
        response = getattr(client, method)(url, data or {})
        body = b"".join(response.streaming_content) if response.streaming else response.content
        response.text_of = body.decode(errors="replace")
        response.told = told(method) - before
    return response


def told(method):
    """Lines of the journal; of pages that are only read it is not asked."""
    return Entry.objects.count() if method == "post" else 0


def askers(address, clients):
    """The API knows no sessions: that one of each kind finds the door shut says enough."""
    some = ("anonymous", "resident", "city_clerk") if address.gate == API else PARTIES
    return [(party, clients[party]) for party in some]


def problem(response):
    error = getattr(response, "exc_info", None)
    return f"{response.status_code}" + (f" {error[1]!r}" if error else "")


def test_no_address_is_forgotten():
    unknown = sorted(named().keys() - TABLE.keys())
    gone = sorted(TABLE.keys() - named().keys())
    assert unknown == [], "add them, with sample arguments, to tests/addresses.py"
    assert gone == [], "take them out of tests/addresses.py"


@pytest.mark.parametrize("name", NAMES)
def test_everybody_gets_what_is_theirs(name, world, clients):
    address = TABLE[name]
    wrong = []
    for party, client in askers(address, clients):
        response = ask(client, "get", address.url(name, world))
        if response.status_code not in address.expected(party):
            wrong.append((party, problem(response), sorted(address.expected(party))))
        wrong += [(party, fault) for fault in faults(address, party, response)]
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_breaks_when_an_empty_form_is_sent(name, world, clients):
    address = TABLE[name]
    wrong = []
    for party, client in askers(address, clients):
        response = ask(client, "post", address.url(name, world))
        stopped = address.expected(party) & {302, 403, 404}
        if response.status_code >= 500:
            wrong.append((party, problem(response)))
        if party not in allowed(address) and response.status_code not in stopped | {405, 302}:
            wrong.append((party, problem(response), "is not stopped"))
        if party not in allowed(address) and response.told:
            wrong.append((party, "changed something"))
    assert wrong == []


def allowed(address):
    if address.gate == DESK:
        return STAFF
    return set(PARTIES) - ({"anonymous"} if address.gate == RESIDENT else set())


# Texts that are no number, day or word anybody means; each address gets them under every name.
STRANGE = (
    "1" * 4400, "9" * 19, "²", "0001-01-01", "9999-12-31", "W251bGwsMV0", "\U00020bb7\u202e", "\0",
)  # fmt: skip
READ = re.compile(r"""GET(?:\.getlist|\.get)?[(\[]\s*"(\w+)\"""")


@pytest.fixture(scope="module")
def read():
    """Every name under which a view reads something from its address."""
    views = (Path(__file__).parents[1] / "shanzhi").glob("*/views/*.py")
    return {name for each in views for name in READ.findall(each.read_text())} | {"state", "q"}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_breaks_whatever_an_address_asks_for(name, world, clients, read):
    address = TABLE[name]
    if address.posted or address.gate == API:
        return
    url, wrong = address.url(name, world).partition("?")[0], []
    open_to = (each for each in reversed(PARTIES) if address.expected(each) & {200, 302})
    party = next(open_to, "anonymous")
    for strange in STRANGE:
        response = ask(clients[party], "get", url, dict.fromkeys(read, strange))
        if response.status_code >= 500:
            wrong.append((party, strange[:20], problem(response)))
        if "GET" not in vars(response.wsgi_request):  # Django reads it when it is first wanted
            break
    assert wrong == []


BOUND = [name for name in NAMES if TABLE[name].bound]


@pytest.mark.parametrize("name", BOUND)
def test_from_the_neighbouring_division_nothing_is_seen_or_changed(name, world, strangers):
    address = TABLE[name]
    url, wrong = address.url(name, world), []
    for party, client in strangers.items():
        seen = address.expected(party) & {200} and not (address.answers or address.looked_at)
        for method in ("get", "post"):
            response = ask(client, method, url, address.data)
            fits = {404, 405} if seen else {302, 403, 404, 405}
            if response.status_code not in fits:
                wrong.append((party, method, problem(response)))
            if response.told:
                wrong.append((party, method, "changed something"))
    assert wrong == []


# --- what every answer has ------------------------------------------------------------------------

CSP = {
    "default-src 'self'", "script-src 'self'", "style-src 'self'", "object-src 'none'",
    "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'",
}  # fmt: skip
INLINE = {
    "an inline script": re.compile(r"<script(?![^>]*\b(src=|type=\"application/json\"))"),
    "a style element": re.compile(r"<style"),
    "a style attribute": re.compile(r"<[a-z][^<>]*\sstyle="),
    "an event attribute": re.compile(r"<[a-z][^<>]*\son[a-z]+="),
    "a javascript: address": re.compile(r"(href|src|action)=\"\s*javascript:"),
    "something from elsewhere": re.compile(
        r"<(script|link|img|form)[^>]*(src|href|action)=\"(https?:)?//"
    ),
    "a number left by a placeholder": re.compile(r"%\([a-z_]+\)s"),
}


def faults(address, party, response):
    """What is wrong with the headers of any answer, and with the markup of a page."""
    yield from wrong_headers(response)
    kind = response.headers.get("Content-Type", "")
    if kind.startswith("text/html") and response.status_code != 302:
        yield from wrong_page(response, whole=address.page or response.status_code != 200)
    elif address.page and response.status_code in (200, 403, 404):
        yield f"{kind} instead of a page"


def wrong_headers(response):
    headers = response.headers
    policy = {each.strip() for each in headers.get("Content-Security-Policy", "").split(";")}
    sandboxed = "sandbox" in policy
    if not (policy >= CSP or sandboxed):
        yield f"CSP lacks {sorted(CSP - policy)}"
    if "unsafe" in headers.get("Content-Security-Policy", ""):
        yield "CSP allows something unsafe"
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    for name, value in wanted.items():
        if headers.get(name) != value:
            yield f"{name}: {headers.get(name)}"


def wrong_page(response, whole):
    page = response.text_of
    for what, pattern in INLINE.items():
        if found := pattern.search(page):
            yield f"{what}: {page[found.start() : found.start() + 80]}"
    if not whole:
        return
    if '<html lang="zh-Hans"' not in page:
        yield "no language"
    title = re.search(r"<title>(.*?) · 善治</title>", page, re.DOTALL)
    if not title or not title[1].strip():
        yield "no title"
    if len(re.findall(r"<h1[ >]", page)) != 1:
        yield f"{len(re.findall(r'<h1[ >]', page))} h1"
    if page.count('id="main"') != 1 or page.count("<main") != 1:
        yield "not in our layout"
    if response.status_code in (403, 404) and not re.search(r"[\u4e00-\u9fff]{6}.*。", page):
        yield "no sentence"
