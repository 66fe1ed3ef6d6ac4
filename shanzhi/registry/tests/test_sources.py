"""Sources: a real server, a real other database, a folder; outages and what is to be settled."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import psycopg
import pytest
from django.db import connection
from django.utils import translation

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as people
from shanzhi.registry import adapters, feeding, queries
from shanzhi.registry.commands import sources as commands
from shanzhi.registry.commands.settling import settle_difference
from shanzhi.registry.models import Batch, ChangeRequest, Feed, FeedRun, Person

from . import factories
from . import imports_factories as shapes
from .factories import MONDAY, TIANAN
from .imports_factories import families

HOUR = timedelta(hours=1)


@pytest.fixture
def ground(db, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    settings.SHANZHI_SOURCE_FOLDER = str(tmp_path / "drop")
    settings.SHANZHI_SOURCE_HOSTS = ["127.0.0.1", "localhost"]
    settings.SHANZHI_SOURCE_LOOPBACK = True
    (tmp_path / "drop" / "civil").mkdir(parents=True)
    factories.city()
    factories.estate()
    return tmp_path


def keep(adapter, settings, **more):
    given = {"every": 60, "place": TIANAN, "adds": True} | more
    return commands.keep_feed(
        code="civil.elderly", name="民政老人库", adapter=adapter, settings=settings, by=SYSTEM,
        at=MONDAY, **given,
    )  # fmt: skip


def ask(feed, when=MONDAY):
    with translation.override("zh-hans"):
        feeding.run(feed.pk, now=lambda: when)
    feed.refresh_from_db()
    return feed


# --- a folder -------------------------------------------------------------------------------------


def test_a_file_is_taken_once_its_mark_is_there(ground):
    drop = ground / "drop" / "civil"
    (drop / "a.csv").write_bytes(shapes.plain(families(1)))
    feed = ask(keep("folder", {"folder": "civil"}))
    assert (feed.trouble, Person.objects.count()) == ("", 0)
    (drop / "a.csv.done").touch()
    feed = ask(feed, MONDAY + HOUR)
    assert Person.objects.count() == 3
    assert sorted(path.name for path in drop.iterdir()) == ["a.csv.taken"]
    assert queries.source("civil.elderly") == Person.objects.first().source
    assert (feed.succeeded_at, feed.due_at) == (MONDAY + HOUR, MONDAY + 2 * HOUR)


@pytest.mark.parametrize("folder", ["../files", "/etc", "nowhere"])
def test_no_other_folder(ground, folder):
    feed = ask(keep("folder", {"folder": folder}))
    assert feed.trouble
    assert Batch.objects.count() == 0


# --- HTTP -----------------------------------------------------------------------------------------


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        status, content = self.server.answers.get(self.path, (404, b""))
        if self.headers.get("Authorization") != "Bearer open sesame":
            status, content = 401, b""
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/elderly.json")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    server = HTTPServer(("127.0.0.1", 0), Answer)
    server.answers = {}
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def address(server, path):
    return {"address": f"http://127.0.0.1:{server.server_port}{path}", "key": "open sesame"}


def as_json(someones):
    return json.dumps({"data": [
        {"xm": each.name, "sfzh": each.number, "lxdh": each.phone, "bz": None} for each in someones
    ]}).encode()  # fmt: skip


COLUMNS = {"xm": "person.name", "sfzh": "person.identity", "lxdh": "person.phone"}


def test_json_with_its_own_names(ground, server):
    server.answers["/elderly.json"] = 200, as_json(families(2))
    ask(keep("http", address(server, "/elderly.json"), columns=COLUMNS))
    assert Person.objects.count() == 6
    assert set(Person.objects.values_list("presences__place", flat=True)) == {TIANAN}


def test_an_outage_is_shown_and_the_source_is_asked_again_later_and_later(ground, server):
    feed = keep("http", address(server, "/elderly.json"), columns=COLUMNS)
    waits = []
    for n in range(6):
        when = MONDAY + n * HOUR
        feed = ask(feed, when)
        waits.append((feed.due_at - when).total_seconds() / 60)
    assert waits == [5, 10, 20, 40, 60, 60]
    assert (feed.failures, feed.succeeded_at) == (6, None)
    assert "404" in feed.trouble
    server.answers["/elderly.json"] = 200, as_json(families(1))
    feed = ask(feed, MONDAY + 9 * HOUR)
    assert (feed.failures, feed.trouble) == (0, "")


@pytest.mark.parametrize("content", [b"[1, 2]", b'{"other": 1}', b"[{", b""])
def test_an_answer_that_is_no_table(ground, server, content):
    server.answers["/elderly.json"] = 200, content
    feed = ask(keep("http", address(server, "/elderly.json"), columns=COLUMNS))
    assert feed.trouble
    assert Batch.objects.count() == 0


def test_it_does_not_follow_a_redirect(ground, server):
    server.answers |= {"/moved": (302, b""), "/elderly.json": (200, as_json(families(1)))}
    assert "302" in ask(keep("http", address(server, "/moved"))).trouble


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://evil.example/x", "not among those"),
        ("file:///etc/passwd", "must begin with"),
        ("http://127.0.0.1:1/x", "the server itself"),
        ("http://localhost/x", "the server itself"),
    ],
)
def test_only_hosts_the_operator_named_and_never_the_server_itself(settings, url, sentence):
    settings.SHANZHI_SOURCE_HOSTS = ["127.0.0.1", "localhost"]
    settings.SHANZHI_SOURCE_LOOPBACK = False
    with translation.override("en"), pytest.raises(Refused, match=sentence):
        adapters.from_http({"address": url})


def test_the_server_itself_is_known_by_every_way_to_write_it(settings, monkeypatch):
    settings.SHANZHI_SOURCE_HOSTS = ["data.example"]
    settings.SHANZHI_SOURCE_LOOPBACK = False
    monkeypatch.setattr(
        adapters.socket, "getaddrinfo", lambda *_: [(0, 0, 0, "", ("::ffff:127.0.0.1", 0))]
    )
    with pytest.raises(Refused, match="the server itself"):
        adapters.check_host("data.example")


# --- a view of another database -------------------------------------------------------------------


@pytest.fixture
def elsewhere(django_db_blocker):
    """Another database of the same server, with a view."""
    with django_db_blocker.unblock():
        params = connection.get_connection_params()
    known = {key: params[key] for key in ("host", "port", "user", "password") if params.get(key)}
    name = f"{params['dbname']}_civil"
    with psycopg.connect(**known, dbname=params["dbname"], autocommit=True) as own:
        own.execute(f'DROP DATABASE IF EXISTS "{name}"')
        own.execute(f'CREATE DATABASE "{name}"')
    dsn = psycopg.conninfo.make_conninfo(**known, dbname=name)
    with psycopg.connect(dsn) as other:
        other.execute("CREATE TABLE old (xm text, sfzh text, lxdh text)")
        other.cursor().executemany(
            "INSERT INTO old VALUES (%s, %s, %s)",
            [(each.name, each.number, each.phone) for each in families(2)],
        )
        other.execute("CREATE VIEW elderly AS SELECT * FROM old")
    yield dsn
    with psycopg.connect(**known, dbname=params["dbname"], autocommit=True) as own:
        own.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_view_of_a_real_database(ground, elsewhere):
    ask(keep("database", {"dsn": elsewhere, "view": "elderly"}, columns=COLUMNS))
    assert Person.objects.count() == 6


@pytest.mark.parametrize("way", ["hostaddr=10.0.0.5", "service=other"])
def test_no_other_server_than_the_host_that_was_named(settings, way):
    settings.SHANZHI_SOURCE_HOSTS = ["localhost"]
    with pytest.raises(Refused, match="not written as it must be"):
        adapters.from_database({"dsn": f"host=localhost {way} dbname=x", "view": "v"})


def test_a_view_that_is_not_there_and_a_name_that_is_sql(ground, elsewhere):
    feed = ask(keep("database", {"dsn": elsewhere, "view": 'old"; DROP TABLE old; --'}))
    assert feed.trouble
    feed = ask(keep("database", {"dsn": elsewhere, "view": "nothing"}))
    assert feed.trouble
    with psycopg.connect(elsewhere) as other:
        assert other.execute("SELECT count(*) FROM old").fetchone() == (6,)


# --- what is to be settled ------------------------------------------------------------------------


@pytest.fixture
def differing(ground, server):
    one = families(1)[0]
    people.civil_affairs()
    person = factories.person(one.name, identity=one.number, phone="13800001111")
    server.answers["/elderly.json"] = 200, as_json([one])
    feed = ask(keep("http", address(server, "/elderly.json"), columns=COLUMNS, adds=False,
                    department="civil_affairs"))  # fmt: skip
    return person, feed


def test_a_disagreement_waits_for_the_community_and_does_not_grow(differing):
    person, feed = differing
    worker = factories.worker()
    from shanzhi.registry.queries import sources

    [found] = sources.to_settle(worker, feed)
    assert (found.person_id, found.fields) == (person.pk, ["phone"])
    ask(feed, MONDAY + HOUR)
    assert sources.to_settle(worker, feed).count() == 1


def test_settled_for_the_registry_it_does_not_come_back(differing):
    from shanzhi.registry.queries import sources

    person, feed = differing
    worker = factories.worker()
    [found] = sources.to_settle(worker, feed)
    settle_difference(difference=found, take=False, by=worker, at=MONDAY)
    ask(feed, MONDAY + HOUR)
    assert sources.to_settle(worker, feed).count() == 0
    person.refresh_from_db()
    assert person.phone == "13800001111"


def test_settled_for_the_source_the_registry_follows_with_its_history(differing, english):
    from shanzhi.registry.queries import sources

    person, feed = differing
    desk = people.enter(english, people.post("community_worker", TIANAN))
    page = desk.get("/desk/registry/sources/civil.elderly/").content.decode()
    assert "138****1111" in page
    assert "138****0004" in page
    [found] = sources.to_settle(factories.worker(), feed)
    desk.post(f"/desk/registry/sources/civil.elderly/settle/{found.pk}/", {"right": "source"})
    person.refresh_from_db()
    assert (person.phone, person.source.code) == ("13800000004", "civil.elderly")
    assert FeedRun.objects.count() == 1
    with translation.override("en"), pytest.raises(Refused, match="settled already"):
        settle_difference(difference=found, take=True, by=factories.worker(), at=MONDAY)


def test_what_another_department_owns_is_asked_of_it_and_not_changed(differing):
    from shanzhi.registry.queries import sources

    person, feed = differing
    feed.source.department_id = None  # whoever tells, it is not 民政
    feed.source.save(update_fields=["department"])
    [found] = sources.to_settle(factories.worker(), feed)
    settled = settle_difference(difference=found, take=True, by=factories.worker(), at=MONDAY)

    person.refresh_from_db()
    assert (settled.state, settled.taken) == ("asked", [])
    assert (person.phone, person.disputed) == ("13800001111", ["phone"])
    request = ChangeRequest.objects.get()
    assert (request.element, request.wanted, request.held, request.department) == (
        "person.phone", "13800000004", "13800001111", "civil_affairs",
    )  # fmt: skip
    assert "民政老人库" in request.reason
    ask(feed, MONDAY + HOUR)
    assert sources.to_settle(factories.worker(), feed).count() == 0


def test_pages_of_sources(ground, english):
    feed = keep("folder", {"folder": "nowhere"}, place=factories.CITY)
    ask(feed)
    desk = people.enter(english, people.post("community_worker", TIANAN))
    assert "Out of reach" in desk.get("/desk/registry/sources/").content.decode()
    desk.post("/desk/registry/sources/civil.elderly/ask/")
    assert desk.get("/desk/registry/sources/new/").status_code == 403
    clerk = people.enter(english, people.post("city_clerk", factories.CITY))
    form = {
        "code": "hr.work", "name": "就业库", "adapter": "http", "address": "https://hr.example/x",
        "key": "secret", "place": factories.CITY, "every": 60, "fresh": 120, "decision": "fill",
    }  # fmt: skip
    assert clerk.post("/desk/registry/sources/new/", form).status_code == 302
    page = clerk.get("/desk/registry/sources/hr.work/edit/").content.decode()
    assert "secret" not in page
    form |= {"key": "", "every": 90}
    clerk.post("/desk/registry/sources/hr.work/edit/", form)
    kept = Feed.objects.get(source__code="hr.work")
    assert (kept.settings["key"], kept.every) == ("secret", 90)
