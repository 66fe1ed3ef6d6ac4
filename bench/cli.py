"""`shanzhi bench`, `python -m bench`: build the city, put load on it, print and keep the table."""

import contextlib
import hashlib
import logging
import re
import time
from pathlib import Path
from typing import Annotated

import orjson
import typer

from operate import progress
from operate.system import Problem

from . import places

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
UNITS = {"": 1, "k": 1000, "m": 1_000_000}
LARGE = 5_000_000  # from here on the build has a limit
BUILD_MINUTES = 40
SLOWEST = 1.3  # from the small city to the large one
BESIDE = {"imports", "linking"}  # rows that need no server


@app.callback(invoke_without_command=True)
def bench(
    cases: Annotated[str, typer.Option(help="Size of the city: 100k, 1m, 10m.")] = "100k",
    persons: Annotated[
        str, typer.Option(help="Instead, a registry of so many: 54k, 540k, 5.4m.")
    ] = "",
    burden: Annotated[
        bool, typer.Option("--burden", help="Instead, the register of demands and its gate.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.")] = 1,
    seconds: Annotated[float, typer.Option(min=1, help="How long each row is measured.")] = 10,
    rows: Annotated[str, typer.Option(help="Only these, by code, with commas.")] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="Build anew what is there.")] = False,
    build_only: Annotated[bool, typer.Option("--build-only", help="Measure nothing.")] = False,
    lighthouse: Annotated[bool, typer.Option("--lighthouse", help="Also Lighthouse.")] = False,
    record: Annotated[bool, typer.Option(help="Write bench/RESULTS.md.")] = True,
) -> None:
    """Build a city of a chosen size, measure it, and compare with what is required."""
    logging.disable(logging.INFO)
    places.FOLDER.mkdir(parents=True, exist_ok=True)
    chosen = {code for code in rows.split(",") if code}
    record = record and not chosen
    if burden:
        _burden(seed, chosen, record)
        return
    if persons:
        _registry(persons.lower(), seed, seconds, chosen, fresh, build_only, record)
        return
    count, size = _count(cases), cases.lower()
    built = _city(size, count, seed, fresh)
    if not build_only:
        _measure(size, count, seed, seconds, chosen, lighthouse, record, built)


def _count(text: str, option: str = "--cases is", examples: str = "100k, 1m or 10m") -> int:
    found = re.fullmatch(r"(\d+(?:\.\d)?)([km]?)", text.lower())
    if not found or not (count := round(float(found[1]) * UNITS[found[2]])):
        raise Problem(f"{option} {text!r}; it must look like {examples}.")
    return count


def _registry(persons, seed, seconds, chosen, fresh, build_only, record) -> None:
    """A city by its persons, without cases."""
    count, size = _count(persons, "--persons is", "54k, 540k or 5.4m"), f"persons-{persons}"
    built = _city(size, count, seed, fresh, of_persons=True)
    if build_only:
        return
    with places.database(size) as cluster:
        places.load_django(size)
        prepare()
        from . import registry, server

        rows = [registry.building(count, built)]
        if not chosen or chosen - BESIDE:
            with server.serving(size, cluster.process.pid) as web:
                rows += registry.rows(web, size, seed, seconds, chosen)
        rows += _brought_in(count, chosen)
    _told(f"{count:,} persons", rows, seed, seconds, record)


def _burden(seed, chosen, record) -> None:
    """A register of what is asked of communities; built anew each time, as its rows use it up."""
    import shutil

    shutil.rmtree(places.place("burden"), ignore_errors=True)
    with places.database("burden"):
        places.load_django("burden")
        from django.core.management import call_command
        from django.utils import timezone

        from . import agreements, burden

        prepare()
        call_command("migrate", interactive=False, verbosity=0)
        rows, now = [], timezone.now()
        city = burden.begin(seed, now)
        if not chosen or chosen - {"agreements"}:
            rows += burden.rows(seed, now, city)
        if not chosen or "agreements" in chosen:
            progress.say("    agreements …")
            rows += agreements.rows()
    _told("burden", rows, seed, 0, record)


def _brought_in(count, chosen):
    """A file of residents, and lists that are linked."""
    from . import imports, linking

    found = []
    if not chosen or "imports" in chosen:
        progress.say("    imports …")
        found += imports.rows(min(count, imports.COUNT))
    if not chosen or "linking" in chosen:
        progress.say("    linking …")
        found += linking.rows()
    return found


# --- the city -------------------------------------------------------------------------------------


def _fingerprint(count: int, seed: int) -> str:
    """Of what a city is made by: after a change it is built anew."""
    root = Path(__file__).resolve().parents[1]
    files = [*root.glob("bench/generate/*.py"), *root.glob("shanzhi/*/migrations/*.py")]
    digest = hashlib.sha256(f"{count} {seed}".encode())
    for path in sorted(files):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _city(size: str, count: int, seed: int, fresh: bool, of_persons: bool = False) -> float:
    """The database of this size, built if it is not there; seconds the build took."""
    import shutil

    stamp = places.place(size) / "built.json"
    made = _fingerprint(count, seed)
    if stamp.exists() and not fresh:
        known = orjson.loads(stamp.read_bytes())
        if known["fingerprint"] == made:
            return known["seconds"]
    shutil.rmtree(places.place(size), ignore_errors=True)
    began = time.monotonic()
    with progress.step(
        f"Building a city of {count:,} {'persons' if of_persons else 'cases'}"
    ) as tell:
        _build(size, count, seed, of_persons, tell)
    seconds = time.monotonic() - began
    stamp.write_bytes(orjson.dumps({"fingerprint": made, "seconds": seconds}))
    return seconds


def _build(size, count, seed, of_persons, tell) -> None:
    with places.database(size, loading=True):
        places.load_django(size)
        from django.core.management import call_command
        from django.db import connections
        from django.utils import timezone

        from operate import environment

        from .generate import build, registering

        fill = registering.build if of_persons else build
        environment.be_patient()
        call_command("migrate", interactive=False, verbosity=0)
        fill(count=count, seed=seed, now=timezone.now(), tell=tell)
        connections.close_all()


# --- the measuring --------------------------------------------------------------------------------


def _measure(size, count, seed, seconds, chosen, lighthouse, record, built) -> None:
    from . import report

    machine = report.machine()
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(places.database(size))
        places.load_django(size)
        prepare()
        from django.utils import timezone

        from . import run, server
        from .visitors import Crowd

        at = timezone.localtime()
        serving = server.serving(size, cluster.process.pid)
        measuring = run.Measuring(
            size, stack.enter_context(serving), Crowd(seed, at), seconds,
            lambda code: not chosen or code in chosen,
        )  # fmt: skip
        progress.say(f"Measuring, {run.CLIENTS} clients, {seconds:g} s a row")
        rows = [_building(count, built), *measuring.all()]
        if lighthouse:
            rows += run.by_browser(measuring)
    rows += _compared(size, rows, run.COMPARED, record)
    report.show(rows)
    if record:
        remark = f"Seed {seed}, {run.CLIENTS} clients, {seconds:g} s a row."
        report.write(report.section(f"{size} cases", rows, at=at, on=machine, remark=remark))


def _told(what, rows, seed, seconds, record) -> None:
    from django.utils import timezone

    from . import report

    report.show(rows)
    if record:
        head = {"at": timezone.localtime(), "on": report.machine()}
        remark = f"Seed {seed}, {seconds:g} s a row."
        report.write(report.section(what, rows, remark=remark, **head))


def prepare() -> None:
    from operate import environment, steps

    environment.be_patient()
    for step in steps.STEPS[:3]:  # translations and static files; the tables are there
        if not step.is_done():
            with progress.step(step.title) as tell:
                step.do(tell)


def _building(count, seconds):
    from .report import Row

    required = BUILD_MINUTES if count >= LARGE else None
    return Row(
        "build", f"Building {count:,} cases", "minutes", seconds / 60, required, most=True
    )  # fmt: skip


def _compared(size, rows, codes, record):
    from . import report

    if record:
        report.keep(places.FOLDER / f"{size}.json", rows)
    if size == "100k":
        return []
    smaller = places.FOLDER / "100k.json"
    return report.compared(smaller, rows, SLOWEST, lambda row: row.code in codes)
