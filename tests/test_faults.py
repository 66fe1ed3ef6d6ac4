"""kill -9, a full disk, a database that is away or slow: nobody waits long, nothing is lost.

One real city for all of these tests, in processes of its own; each leaves it running.
"""

import contextlib
import io
import os
import random
import signal
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from PIL import Image

from .disks import small_disk
from .faults.load import FORM, ITEM, Answer, Load, Phone
from .faults.town import Town, eventually

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

BUSY = max(1.0, os.getloadavg()[0] / os.cpu_count())  # how much slower this machine is now
LONGEST = 5.0 * BUSY  # seconds anybody may wait for a page, whatever happens

OF_CASE = """
    select (select count(*) from work_duty where about = label),
           (select count(*) from work_clock where duty_id in
                (select id from work_duty where about = label)),
           (select count(*) from cases_involvement where case_id = cases_case.id),
           (select count(*) from journal_entry where about = label and verb = 'cases.submitted'),
           (select count(*) from journal_entry where about = label and verb like 'cases.%')
    from cases_case, lateral (select 'cases.Case:' || cases_case.id) as labels (label)
"""
STRAY = """
    select (select count(*) from work_duty), (select count(*) from work_clock) / 2,
           (select count(*) from journal_entry where verb = 'cases.submitted'),
           (select count(*) from cases_involvement), (select count(*) from cases_case)
"""
COUNTED = """
    select place, (at at time zone 'Asia/Shanghai')::date, data ->> 'item', count(*)
    from journal_entry where verb = 'cases.submitted' group by 1, 2, 3 order by 1, 2, 3
"""
TALLIED = """
    select place, day, key, count from journal_tally where measure = 'cases.received'
    order by place, day, key
"""
SHOWN = """
    select count(*), count(distinct entry),
           (select count(*) from journal_entry where verb = 'cases.submitted')
    from people_notice where text = 'cases.submitted'
"""


@pytest.fixture(scope="module")
def home():
    """Short, for the socket; open, for the database's own user."""
    with tempfile.TemporaryDirectory(prefix="shanzhi-faults-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture(scope="module")
def town(home):
    with small_disk(home / "postgres", "500m") as small, small_disk(home / "files", "1m"):
        town = Town(home)
        town.on_small_disks = small
        try:
            made = town.settle(residents=70)
            town.sessions, town.at_desk = iter(made["residents"]), made["worker"]
            town.visitor = next(town.sessions)
            yield town
        finally:
            town.end()


@pytest.fixture
def phone(town):
    phone = Phone(town.port, next(town.sessions))
    yield phone
    phone.close()


def audit(town: Town, load: Load) -> None:
    """Every acknowledged request is there once, whole; nothing is there by halves."""
    assert load.surprises == []
    assert load.receipts
    tried = [str(each) for each in load.tried]
    kept = dict(
        town.ask(
            "select submission, number from cases_case where submission = any(%s::uuid[])", tried
        )
    )
    assert {each: kept.get(each) for each in load.receipts} == load.receipts
    assert set(kept) <= load.tried

    assert set(town.ask(OF_CASE)) == {(1, 2, 1, 1, 1)}
    assert len(set(town.ask(STRAY)[0])) == 1


def verify(town: Town) -> None:
    """The followers counted each entry once, and the chain of the journal holds."""
    town.follow()
    assert town.ask(TALLIED) == town.ask(COUNTED)
    assert len(set(town.ask(SHOWN)[0])) == 1
    assert "Every line of the journal is as it was sealed." in town.command("journal", "verify")


def parallel(town: Town, path: str, count: int) -> list[Answer]:
    """So many visitors at the same moment, each on a connection of its own."""

    def visit(session):
        with contextlib.closing(Phone(town.port, session)) as phone:
            return phone.get(path)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(visit, [town.visitor] * count))


def recovered(town: Town, patience: float = 10) -> None:
    """Every web process answers again, by itself."""
    eventually(lambda: {each.status for each in parallel(town, "/mine/", 8)} == {200}, patience)


def test_a_web_process_killed_under_load_loses_nothing_and_is_replaced(town):
    before = town.web_workers()
    assert len(before) == 2

    with Load(town.port, town.sessions) as load:
        load.until(receipts=20)
        os.kill(before[0], signal.SIGKILL)
        load.until(receipts=20)
        after = eventually(
            lambda: len(found := town.web_workers()) == 2 and before[0] not in found and found
        )
        load.until(receipts=20)

    assert before[1] in after
    audit(town, load)
    assert load.slowest < LONGEST
    verify(town)


JOB = """
    insert into procrastinate_jobs (queue_name, task_name, args)
    values ('default', %s, '{"timestamp": 0}') returning id
"""
LOSE = "update procrastinate_workers set last_heartbeat = last_heartbeat - interval '1 minute'"
RIPEN = """
    update work_duty set blue_at = now() - interval '2 minutes',
                         yellow_at = now() - interval '1 minute',
                         turns_at = now() - interval '1 minute'
    where id = (select min(id) from work_duty) returning about
"""
TURNED = "select count(*) from journal_entry where verb = 'work.nearly_due' and about = %s"


def kill_while_it_waits_for(town: Town, *tables: str) -> None:
    """Kill the background process inside a transaction that writes each of these tables."""
    killed = town.worker()
    with contextlib.ExitStack() as stack:
        for table in tables:
            stack.enter_context(town.locked(table))
        for table in tables:
            eventually(lambda table=table: town.waiting_for(table))
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: town.worker() != killed)


def test_a_background_process_killed_anywhere_counts_nothing_twice_and_leaves_nothing_out(town):
    with Load(town.port, town.sessions) as load:
        load.until(receipts=5)
        kill_while_it_waits_for(town, "journal_tally")
        kill_while_it_waits_for(town, "journal_seal")
        load.until(receipts=5)
    audit(town, load)

    with Load(town.port, town.sessions) as load, town.locked("people_notice"):
        load.until(receipts=5)
    about = town.one(RIPEN)
    job = town.one(JOB, "shanzhi.work.tasks.sweep")
    kill_while_it_waits_for(town, "people_notice", "work_duty")
    assert town.one("select status from procrastinate_jobs where id = %s", job) == "doing"

    town.do(LOSE)
    town.one(JOB, "shanzhi.work.tasks.retry_stalled")
    state = "select status = 'succeeded' from procrastinate_jobs where id = %s"
    eventually(lambda: town.one(state, job), 40)
    assert town.one(TURNED, about) == 1
    verify(town)


def test_a_database_killed_under_load_comes_back_with_everything_acknowledged(town):
    web = town.web_workers()

    with Load(town.port, town.sessions) as load:
        load.until(receipts=20)
        killed = town.postmaster()
        for pid in [killed, *town.servers()]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        town.answers_again()
        load.until(receipts=20)

    assert town.postmaster() != killed
    assert town.web_workers() == web
    assert load.slowest < LONGEST
    audit(town, load)
    verify(town)


def signalled(servers, what):
    for pid in servers:
        with contextlib.suppress(ProcessLookupError):  # a connection that has ended meanwhile
            os.kill(pid, what)


def test_a_frozen_database_is_a_page_in_time_for_everybody(town):
    web, frozen = town.web_workers(), town.servers()
    signalled(frozen, signal.SIGSTOP)
    try:
        first = parallel(town, "/mine/", 8)
        second = parallel(town, "/mine/", 8)
    finally:
        signalled(frozen, signal.SIGCONT)

    for answer in [*first, *second]:
        assert (answer.status, answer.headers.get("Retry-After")) == (503, "60"), answer.text
        assert "服务正在恢复" in answer.text or "系统繁忙" in answer.text
    assert max(answer.seconds for answer in first) < LONGEST
    recovered(town)
    assert town.web_workers() == web


def test_a_database_whose_socket_is_gone_is_a_page_at_once_and_comes_back_by_itself(town):
    socket = next((town.place / "socket").glob(".s.PGSQL.*[0-9]"))
    hidden = socket.with_name("hidden")
    with town.database() as still:
        socket.rename(hidden)
        still.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where backend_type = 'client backend' and pid <> pg_backend_pid()"
        )
    try:
        answers = parallel(town, "/mine/", 8)
    finally:
        hidden.rename(socket)

    assert {answer.status for answer in answers} == {503}
    assert max(answer.seconds for answer in answers) < LONGEST
    recovered(town)


def test_a_slow_database_is_a_page_that_says_so_and_half_a_request_is_never_kept(town, phone):
    form = phone.get(f"/apply/{ITEM}/").location
    check = phone.post(form, phone.get(form).text, **FORM).location
    page = phone.get(check).text
    before = town.ask(STRAY)

    with town.locked("cases_case", "access exclusive"), ThreadPoolExecutor(1) as pool:
        sending = pool.submit(phone.post, check, page)
        answers = [*parallel(town, "/mine/", 12), sending.result()]
        elsewhere = parallel(town, "/me/", 4)

    assert {answer.status for answer in answers} == {503}
    assert max(answer.seconds for answer in answers) < LONGEST
    assert "系统繁忙" in answers[-1].text
    assert {answer.status for answer in elsewhere} == {200}
    assert town.ask(STRAY) == before
    assert phone.post(check, page).location.startswith("/receipt/")
    assert town.one("select count(*) from cases_case") == before[0][-1] + 1


def picture() -> bytes:
    """Noise: it stays as large as it is, however it is packed."""
    out = io.BytesIO()
    Image.frombytes("RGB", (300, 300), random.Random(1).randbytes(270_000)).save(out, "PNG")
    return out.getvalue()


def test_a_full_disk_of_uploads_is_a_sentence_and_no_half_of_a_file_stays(town, phone):
    if not town.on_small_disks:
        pytest.skip("only root may mount a small disk")
    page = phone.get(phone.get(f"/apply/{ITEM}/").location).text
    content = picture()

    refused = eventually(
        lambda: (answer := phone.upload("/files/upload/", page, content)).status != 200 and answer
    )

    assert refused.status == 422
    assert "服务器存储空间不足，文件未保存" in refused.text
    kept = {str(pk) for (pk,) in town.ask("select id from files_file")}
    lying = {path.name for path in (town.home / "files").rglob("*") if path.is_file()}
    assert kept and {name.removesuffix(".thumb") for name in lying} == kept
    assert town.one("select count(*) from journal_entry where verb = 'files.stored'") == len(kept)

    subprocess.run(["mount", "-o", "remount,size=9m", str(town.home / "files")], check=True)
    assert phone.upload("/files/upload/", page, content).status == 200


@contextlib.contextmanager
def filled(folder: Path):
    """No room left there, until this ends."""
    filler = folder / "filler"
    with filler.open("wb") as out, contextlib.suppress(OSError):
        while free := os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize:
            os.posix_fallocate(out.fileno(), out.tell(), free)
            out.seek(0, os.SEEK_END)
    try:
        yield
    finally:
        filler.unlink()


def test_a_full_disk_of_the_database_is_a_page_and_room_alone_mends_it(town, phone):
    if not town.on_small_disks:
        pytest.skip("only root may mount a small disk")
    web = town.web_workers()
    form = phone.get(f"/apply/{ITEM}/").location
    page = phone.get(form).text
    long = FORM | {"what": "x" * 2_000_000, "later": "1"}  # fills what is left soon

    with filled(town.place):
        try:
            full = eventually(
                lambda: (answer := phone.post(form, page, **long)).status != 302 and answer,
                patience=60,
            )
        except AssertionError:
            pytest.skip("the database found room in files it had kept: never full to it")
        # its tables cannot grow, or its log cannot: then it is soon down, as below
        says = {507: "服务器存储空间不足", 503: "系统繁忙"}
        assert says[full.status] in full.text
        assert phone.get("/mine/").status in {200, 503}

        with contextlib.suppress(psycopg.OperationalError), town.database() as database:
            for _ in range(50):  # until its own log has no room either, and it gives up
                database.execute("select pg_logical_emit_message(true, '', repeat('x', 1000000))")
                database.execute("select pg_switch_wal()")
        eventually(lambda: "The database is tried again every" in town.said.read_text())
        down = parallel(town, "/mine/", 8)
        assert {answer.status for answer in down} == {503}
        assert max(answer.seconds for answer in down) < LONGEST

    # what its log holds by now may be more than the filler left: a larger disk is room as well
    subprocess.run(["mount", "-o", "remount,size=1500m", str(town.place)], check=True)
    town.answers_again(patience=90)
    recovered(town)
    assert town.web_workers() == web
    with Load(town.port, town.sessions) as load:
        load.until(receipts=5)
    audit(town, load)
    verify(town)
