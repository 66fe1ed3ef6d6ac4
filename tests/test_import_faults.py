"""kill -9, a full disk, two at once, a database that restarts: an import is seen whole or not at
all, and goes on where it was. Real processes on a database of their own.
"""

import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection

from operate.environment import ROOT
from shanzhi.registry.tests import imports_factories as shapes

from .journeys.city import beside, database

pytestmark = [pytest.mark.slow]
PLACE = "320411002018"
SEEN = """
    select count(*) from registry_presence here where until is null and (batch is null
        or not exists (select from registry_hidden hidden where hidden.batch = here.batch))
"""
RUN = """
    import django, sys
    django.setup()
    from django.utils import timezone, translation
    from shanzhi.registry import importing
    from shanzhi.registry.intake import cells
    importing.ROWS = 100
    translation.activate("zh-hans")
    print(importing.run(int(sys.argv[1]), now=timezone.now), flush=True)
"""
READY = """
    import django, sys
    django.setup()
    from pathlib import Path
    from django.core.management import call_command
    from django.utils import timezone, translation
    from shanzhi.kernel.acting import SYSTEM
    from shanzhi.places.commands.load import load_divisions
    from django.utils.timezone import localdate
    call_command("migrate", interactive=False, verbosity=0)
    now = timezone.now()
    load_divisions(path=Path("shanzhi/places/data/divisions-changzhou.csv"), by=SYSTEM, at=now,
                   valid_from=localdate(now), end_missing=False)
"""
BRING = """
    import django, sys
    django.setup()
    from pathlib import Path
    from django.utils import timezone, translation
    from shanzhi.kernel.acting import SYSTEM
    from shanzhi.registry import bringing, importing, queries
    from shanzhi.registry.commands import imports
    importing.ROWS = 100
    translation.activate("zh-hans")
    batch = bringing.bring(content=[Path(sys.argv[1]).read_bytes()], name="x.csv",
        source=queries.source("community"), place="320411002018", by=SYSTEM, at=timezone.now())
    found = bringing.header_of(batch)
    imports.assign_columns(batch=batch, layout=bringing.layout_with(batch, found),
        columns=[each.target for each in found.columns],
        fingerprint=found.header.fingerprint, by=SYSTEM, at=timezone.now())
    importing.run(batch.pk, now=timezone.now)
    imports.take_over(batch=batch, decision="fill", lenient=True, by=SYSTEM, at=timezone.now())
    print(batch.pk)
"""


@contextmanager
def a_town(home, worker_id, name):
    """A small city in a database of its own, beside that of the tests."""
    of_tests = connection.settings_dict["NAME"].removeprefix("test_")
    name = f"{of_tests}_{name}_{worker_id}"
    with database(name):
        env = os.environ | {"DATABASE_URL": beside(name), "SHANZHI_FILES": str(home / "files"),
                            "DJANGO_SETTINGS_MODULE": "tests.journeys.settings"}  # fmt: skip
        town = Town(home, env, beside(name))
        town.python(READY)
        yield town


@pytest.fixture(scope="module")
def town(tmp_path_factory, worker_id):
    with a_town(tmp_path_factory.mktemp("imports"), worker_id, "imports") as town:
        yield town


class Town:
    def __init__(self, home, env, url):
        self.home, self.env, self.url = home, env, url

    def start(self, code, *words):
        command = [sys.executable, "-c", textwrap.dedent(code), *map(str, words)]
        return subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)  # fmt: skip

    def python(self, code, *words):
        process = self.start(code, *words)
        out, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
        return out.strip()

    def brought(self, first, count=400, change=()):
        """`change` are cells that every row of the file has instead."""
        path = self.home / f"{first}.csv"
        rows = shapes.rows(shapes.families(count, first=first))
        for title, cell in dict(change).items():
            for row in rows:
                row[shapes.TITLES.index(title)] = cell
        path.write_bytes(shapes.as_csv([shapes.TITLES, *rows]))
        return int(self.python(BRING, path).splitlines()[-1])

    def ask(self, sql, *values):
        with psycopg.connect(self.url, autocommit=True) as own:
            return own.execute(sql, values).fetchone()

    def wait_for(self, sql, *values):
        deadline = time.monotonic() + 120
        while not self.ask(sql, *values)[0]:
            assert time.monotonic() < deadline
            time.sleep(0.02)


WRITTEN = "select count(*) > 2 from registry_chunk where batch_id = %s and applied"


def test_killed_in_the_middle_nothing_is_seen_and_it_goes_on_to_the_whole(town):
    seen = town.ask(SEEN)[0]
    batch = town.brought(1)
    process = town.start(RUN, batch)
    town.wait_for(WRITTEN, batch)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stderr.close()

    assert town.ask("select state from registry_batch where id = %s", batch)[0] == "applying"
    assert town.ask("select count(*) > 0 from registry_person where batch = %s", batch)[0]
    assert town.ask(SEEN)[0] == seen
    assert town.python(RUN, batch).endswith("opened")
    persons = town.ask("select count(*), count(distinct identity_hash) from registry_person"
                       " where batch = %s", batch)  # fmt: skip
    assert persons[0] == persons[1] > 1000
    assert town.ask(SEEN)[0] > seen + 1000


def test_killed_while_being_undone_it_is_undone_in_the_end(town):
    batch = town.brought(1001)
    town.python(RUN, batch)
    seen = town.ask(SEEN)[0]
    with psycopg.connect(town.url) as own:
        own.execute(
            "update registry_batch set state = 'undoing', reason = 'x' where id = %s", [batch]
        )
    process = town.start(RUN, batch)
    town.wait_for("select count(*) > 0 from registry_hidden where batch = %s", batch)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stderr.close()
    assert town.ask(SEEN)[0] < seen
    assert town.python(RUN, batch).endswith("undone")
    assert town.ask("select count(*) from registry_person where batch = %s", batch) == (0,)
    assert town.ask("select count(*) from registry_hidden") == (0,)


UNDO_SLOWLY = RUN.replace(
    "importing.ROWS = 100",
    """
    from shanzhi.registry.commands import imports_undo
    imports_undo.PIECE = imports_undo.AT_ONCE = 50""",
)
STAGES = {
    "while those who stay are looked for": "select counts ? 'left' from registry_batch"
    " where id = %s and not counts ? 'removed'",
    "while known persons are put back": "select count(*) > 50 from registry_difference"
    " where batch_id = %s and state = 'undone'",
    "while persons are removed": "select (counts ->> 'removed')::int > 200 from registry_batch"
    " where id = %s",
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
    """500 persons known before, of whom the batch says something else, and 1,000 new ones."""
    first = 4001 + list(STAGES.values()).index(stage) * 1000
    town.python(RUN, town.brought(first, 170, change={"工作单位": ""}))
    before, seen = town.ask(WHOLE), town.ask(SEEN)[0]
    batch = town.brought(first, 500)
    assert town.python(RUN, batch).endswith("opened")
    assert town.ask("select count(*) from registry_difference where batch_id = %s"
                    " and state = 'taken'", batch)[0] == 510  # fmt: skip
    with psycopg.connect(town.url) as own:
        own.execute(
            "update registry_batch set state = 'undoing', reason = 'x' where id = %s", [batch]
        )
    process = town.start(UNDO_SLOWLY, batch)
    town.wait_for(stage, batch)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    process.stderr.close()
    assert town.ask(SEEN)[0] in (seen, seen + 2 * 990)  # all of it or nothing
    assert town.python(UNDO_SLOWLY, batch).endswith("undone")
    assert town.ask(WHOLE) == before
    assert town.ask(SEEN)[0] == seen
    assert town.ask("select count(*) from registry_hidden") == (0,)


def test_two_imports_of_the_same_file_at_once_enter_nobody_twice(town):
    batches = [town.brought(2001), town.brought(2001)]
    running = [town.start(RUN, batch) for batch in batches]
    states = [process.communicate(timeout=240)[0].strip() for process in running]
    assert states == ["opened", "opened"]
    twice = "select count(*) from (select from registry_person where identity_hash is not null" \
            " group by identity_hash having count(*) > 1) twins"  # fmt: skip
    assert town.ask(twice) == (0,)
    late = town.ask("select count(*) from registry_problem where code = 'late'")[0]
    assert late > 1000


def test_the_database_ends_every_connection_in_the_middle(town):
    """As at a restart: the job fails, and the next one goes on."""
    batch = town.brought(3001)
    process = town.start(RUN, batch)
    town.wait_for(WRITTEN, batch)
    with psycopg.connect(town.url, autocommit=True) as own:
        own.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()")  # fmt: skip
    process.communicate(timeout=120)
    assert process.returncode != 0
    assert town.python(RUN, batch).endswith("opened")
    persons = town.ask("select count(*), count(distinct identity_hash) from registry_person"
                       " where batch = %s", batch)  # fmt: skip
    assert persons[0] == persons[1] > 1000
