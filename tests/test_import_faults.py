"""kill -9, a full disk, two at once, a database that restarts: an import is seen whole or not at
all, and goes on where it was. Real processes on a database of their own.
"""

import os
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from shanzhi.registry.tests import imports_factories as shapes

from . import import_steps as steps
from .journeys.city import beside, database

pytestmark = [pytest.mark.slow]
SEEN = """
    select count(*) from registry_presence here where until is null and (batch is null
        or not exists (select from registry_hidden hidden where hidden.batch = here.batch))
"""


@contextmanager
def a_town(home, worker_id, name):
    """A small city in a database of its own, beside that of the tests."""
    of_tests = connection.settings_dict["NAME"].removeprefix("test_")
    name = f"{of_tests}_{name}_{worker_id}"
    with database(name):
        town = Town(home, name)
        town.does(steps.ready)
        yield town


@pytest.fixture(scope="module")
def town(tmp_path_factory, worker_id):
    with a_town(tmp_path_factory.mktemp("imports"), worker_id, "imports") as town:
        yield town


class Town:
    def __init__(self, home, name):
        self.home, self.name, self.url = home, name, beside(name)
        self.env = os.environ | {"DATABASE_URL": self.url, "SHANZHI_FILES": str(home / "files"),
                                 "DJANGO_SETTINGS_MODULE": "tests.journeys.settings"}  # fmt: skip

    def start(self, step, *words):
        """A process that does it, and where its answer comes."""
        answer, theirs = steps.forked.Pipe()
        files = str(self.home / "files")
        given = (theirs, self.name, files, step, words)
        process = steps.forked.Process(target=steps.begin, args=given)
        process.start()
        theirs.close()
        return process, answer

    def does(self, step, *words):
        return self.ends(*self.start(step, *words))

    def ends(self, process, answer):
        said = answer.recv() if answer.poll(240) else None
        process.join(60)
        assert process.exitcode == 0
        return said

    def killed_when(self, sql, batch):
        """A process has the batch in hand, and is killed as soon as this is so."""
        process, _answer = self.start(steps.run_slowly, batch)
        self.wait_for(sql, batch)
        process.kill()
        process.join(60)
        assert process.exitcode == -9

    def brought(self, first, count=100, change=()):
        """`change` are cells that every row of the file has instead."""
        path = self.home / f"{first}.csv"
        rows = shapes.rows(shapes.families(count, first=first))
        for title, cell in dict(change).items():
            for row in rows:
                row[shapes.TITLES.index(title)] = cell
        path.write_bytes(shapes.as_csv([shapes.TITLES, *rows]))
        return self.does(steps.bring, str(path))

    def undoing(self, batch):
        sql = "update registry_batch set state = 'undoing', reason = 'x' where id = %s"
        with psycopg.connect(self.url) as own:
            own.execute(sql, [batch])

    def ask(self, sql, *values):
        with psycopg.connect(self.url, autocommit=True) as own:
            return own.execute(sql, values).fetchone()

    def wait_for(self, sql, *values):
        deadline = time.monotonic() + 120
        with psycopg.connect(self.url, autocommit=True) as own:
            while not own.execute(sql, values).fetchone()[0]:
                assert time.monotonic() < deadline
                time.sleep(0.01)


WRITTEN = "select count(*) > 2 from registry_chunk where batch_id = %s and applied"
PERSONS = """
    select count(*), count(distinct identity_hash) from registry_person where batch = %s
"""


def test_killed_in_the_middle_nothing_is_seen_and_it_goes_on_to_the_whole(town):
    seen = town.ask(SEEN)[0]
    batch = town.brought(1)
    town.killed_when(WRITTEN, batch)

    assert town.ask("select state from registry_batch where id = %s", batch)[0] == "applying"
    assert 0 < town.ask(PERSONS, batch)[0] < 300
    assert town.ask(SEEN)[0] == seen
    assert town.does(steps.run, batch) == "opened"
    persons = town.ask(PERSONS, batch)
    assert persons[0] == persons[1] == 300
    assert town.ask(SEEN)[0] >= seen + 300


def test_killed_while_being_undone_it_is_undone_in_the_end(town):
    batch = town.brought(1001)
    town.does(steps.run, batch)
    seen = town.ask(SEEN)[0]
    town.undoing(batch)
    town.killed_when("select count(*) > 0 from registry_hidden where batch = %s", batch)

    assert town.ask(SEEN)[0] < seen
    assert town.does(steps.run, batch) == "undone"
    assert town.ask("select count(*) from registry_person where batch = %s", batch) == (0,)
    assert town.ask("select count(*) from registry_hidden") == (0,)


STAGES = {
    "while those who stay are looked for": "select counts ? 'left' from registry_batch"
    " where id = %s and not counts ? 'removed'",
    "while known persons are put back": f"select count(*) > {steps.PIECE} from registry_difference"
    " where batch_id = %s and state = 'undone'",
    "while persons are removed": f"select (counts ->> 'removed')::int > {steps.PIECE}"
    " from registry_batch where id = %s",
    "while households are removed": "select (counts ->> 'removed')::int > 0 and not exists"
    " (select from registry_person where batch = registry_batch.id) from registry_batch"
    " where id = %s",
}  # fmt: skip
WHOLE = """
    select (select count(*) from registry_person), (select count(*) from registry_presence),
        (select count(*) from registry_household), (select count(*) from registry_dwelling),
        (select count(*) from registry_membership),
        (select md5(string_agg(id || name || coalesce(phone_hash::text, '')
            || coalesce(employer, ''), ',' order by id)) from registry_person)
"""


@pytest.mark.parametrize("stage", STAGES.values(), ids=[*STAGES])
def test_killed_at_any_piece_of_an_undo_it_is_undone_to_the_row(town, stage):
    """120 persons known before, of whom the batch says something else, and 120 new ones: six
    pieces of each.
    """
    first = 4001 + list(STAGES.values()).index(stage) * 1000
    town.does(steps.run, town.brought(first, 40, change={"工作单位": ""}))
    before, seen = town.ask(WHOLE), town.ask(SEEN)[0]
    batch = town.brought(first, 80)
    assert town.does(steps.run, batch) == "opened"
    assert town.ask("select count(*) from registry_difference where batch_id = %s"
                    " and state = 'taken'", batch)[0] == 120  # fmt: skip
    opened = town.ask(SEEN)[0]
    assert opened >= seen + 120
    town.undoing(batch)
    town.killed_when(stage, batch)
    assert town.ask("select state from registry_batch where id = %s", batch)[0] == "undoing"
    assert town.ask(SEEN)[0] in (seen, opened)  # all of it or nothing
    assert town.does(steps.run, batch) == "undone"
    assert town.ask(WHOLE) == before
    assert town.ask(SEEN)[0] == seen
    assert town.ask("select count(*) from registry_hidden") == (0,)


def test_two_imports_of_the_same_file_at_once_enter_nobody_twice(town):
    batches = [town.brought(2001), town.brought(2001)]
    running = [town.start(steps.run, batch) for batch in batches]
    assert [town.ends(*each) for each in running] == ["opened", "opened"]
    twice = "select count(*) from (select from registry_person where identity_hash is not null" \
            " group by identity_hash having count(*) > 1) twins"  # fmt: skip
    assert town.ask(twice) == (0,)
    assert town.ask("select count(*) from registry_problem where code = 'late'") == (300,)


def test_the_database_ends_every_connection_in_the_middle(town):
    """As at a restart: the job fails, and the next one goes on."""
    batch = town.brought(3001)
    process, _answer = town.start(steps.run_slowly, batch)
    town.wait_for(WRITTEN, batch)
    with psycopg.connect(town.url, autocommit=True) as own:
        own.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()")  # fmt: skip
    process.join(120)
    assert process.exitcode == 1
    assert town.does(steps.run, batch) == "opened"
    persons = town.ask(PERSONS, batch)
    assert persons[0] == persons[1] == 300
