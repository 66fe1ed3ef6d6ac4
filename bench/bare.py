"""The command alone from eight threads, and the same SQL sent by pgbench: what Python costs."""

import re
import subprocess
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from django.db import connection, connections
from django.utils import timezone

from operate import postgres
from shanzhi.cases import commands
from shanzhi.cases.commands.submitting import Request
from shanzhi.kernel import uuids
from shanzhi.kernel.acting import Actor

from .load import Answers
from .visitors import Crowd

THREADS = 8
# drawn by pgbench: a function that may answer differently in each row would be asked for each row
DRAWN = "\\set drawn random(1, 281474976710655)\n"
NEW_UUID = (  # like kernel.uuids.rising
    "(lpad(to_hex((extract(epoch from now()) * 1000)::bigint), 12, '0')"
    " || '70008000' || lpad(to_hex(:drawn::bigint), 12, '0'))"
)
NEW_NUMBER = "lpad(nextval('cases_number')::text, 12, '9')"


def submit(crowd: Crowd, n: int, submission: uuid.UUID):
    item, content, _sealed = crowd.forms[n % len(crowd.forms)]
    visitor = crowd.residents[n % len(crowd.residents)]
    request = Request(
        item=item, place=content["place"], name=content["name"], phone=content["phone"],
        answers=content["answers"], estate=content["estate"],
    )  # fmt: skip
    by = Actor(account_id=visitor.account)
    return commands.submit(request=request, submission=submission, by=by, at=timezone.now())


def command(crowd: Crowd, seconds: float) -> Answers:
    """Eight threads of one process, each with a connection, for so long."""
    until = time.perf_counter() + seconds
    taken: list[list[float]] = [[] for _n in range(THREADS)]
    threads = [
        threading.Thread(target=_press, args=[crowd, n, until, taken[n]]) for n in range(THREADS)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return Answers(seconds, [took for each in taken for took in each])


def _press(crowd, first, until, took):
    n = first
    while (began := time.perf_counter()) < until:
        submit(crowd, n, uuids.rising(timezone.now()))
        took.append(time.perf_counter() - began)
        n += THREADS
    connections.close_all()


# --- pgbench --------------------------------------------------------------------------------------


@dataclass
class Recorder:
    """Every statement of a command, with its values in it."""

    statements: list[str] = field(default_factory=list)

    def __call__(self, execute, sql, params, many, context):
        cursor = psycopg.ClientCursor(connection.connection)
        self.statements.append(cursor.mogrify(sql, params) if params else sql)
        return execute(sql, params, many, context)


def script(crowd: Crowd) -> str:
    """The statements of one submission; number and submission are drawn anew each time."""
    recorder, submission = Recorder(), uuids.rising(timezone.now())
    with connection.execute_wrapper(recorder):
        case = submit(crowd, 1, submission).case
    lines = ["BEGIN", *recorder.statements, "COMMIT"]
    text = "".join(re.sub(r"\s+", " ", line).strip() + ";\n" for line in lines)
    text = text.replace(f"'{submission.hex}'::uuid", f"{NEW_UUID}::uuid")
    text = text.replace(f"'{submission}'", NEW_UUID)
    return DRAWN + text.replace(f"'{case.number}'", NEW_NUMBER)


@dataclass(frozen=True)
class Bench:
    rate: float
    latency: float  # milliseconds
    statements: int


def pgbench(place: Path, text: str, seconds: float) -> Bench:
    path = place / "submit.sql"
    path.write_text(text, encoding="utf-8")
    folder = postgres.socket_folder(place / "postgres")
    command = [
        str(postgres.binaries() / "pgbench"), "-n", "-h", str(folder), "-p", postgres.PORT,
        "-U", postgres.NAME, "-M", "prepared", "-c", str(THREADS), "-j", "2",
        "-T", str(max(1, round(seconds))), "-f", str(path), postgres.NAME,
    ]  # fmt: skip
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode or "number of failed transactions: 0 " not in ended.stdout:
        raise RuntimeError(f"pgbench failed: {ended.stderr[-800:]}{ended.stdout[-400:]}")
    rate = float(re.search(r"tps = ([\d.]+)", ended.stdout)[1])
    latency = float(re.search(r"latency average = ([\d.]+)", ended.stdout)[1])
    return Bench(rate, latency, text.count(";\n"))
