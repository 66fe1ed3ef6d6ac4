"""The table of required and reached, on the screen and in bench/RESULTS.md."""

import os
import platform
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
from rich.table import Table

from operate import environment, progress

RESULTS = Path(__file__).with_name("RESULTS.md")
HEAD = "# Measured\n"  # of a new file; what is written there about the figures stays


@dataclass(frozen=True)
class Row:
    """`reached` against `required`: at least, or at most where `most`."""

    code: str
    title: str
    unit: str
    reached: float | None
    required: float | None = None
    most: bool = False
    detail: str = ""

    @property
    def good(self) -> bool | None:
        if self.required is None or self.reached is None:
            return None
        return self.reached <= self.required if self.most else self.reached >= self.required

    @property
    def verdict(self) -> str:
        return {True: "yes", False: "NO", None: ""}[self.good]

    def cells(self) -> list[str]:
        sign = "≤" if self.most else "≥"
        required = f"{sign} {number(self.required)}" if self.required is not None else ""
        reached = number(self.reached) if self.reached is not None else "not measured"
        return [self.title, required, reached, self.unit, self.verdict, self.detail]


TITLES = ["", "required", "reached", "unit", "met", "more"]


def number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def show(rows: list[Row]) -> None:
    table = Table(*TITLES)
    for row in rows:
        style = {True: "green", False: "bold red", None: ""}[row.good]
        table.add_row(*row.cells(), style=style)
    progress.console.print(table)


def markdown(rows: list[Row]) -> str:
    lines = [TITLES, ["---"] * len(TITLES), *(row.cells() for row in rows)]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} "
        f"{platform.release()}, Python {platform.python_version()}, "
        f"load before {os.getloadavg()[0]:.1f}"
    )


def _processor() -> str:
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    return found[1] if found else platform.machine()


def commit() -> str:
    """Which code was measured, and whether it was changed since."""
    try:
        known = _git("rev-parse", "--short", "HEAD")
        return known + (" and changes" if _git("status", "--porcelain") else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    command = ["git", *arguments]
    ended = subprocess.run(
        command, cwd=environment.ROOT, capture_output=True, text=True, check=True
    )
    return ended.stdout.strip()


def section(what: str, rows: list[Row], *, at: datetime, on: str, remark: str) -> str:
    head = f"## {what}, {at:%Y-%m-%d %H:%M}, commit {commit()}\n\n{on}. {remark}\n\n"
    return head + markdown(rows)


def write(text: str, path: Path = RESULTS) -> None:
    """The latest before the earlier ones."""
    known = path.read_text(encoding="utf-8") if path.exists() else HEAD
    head, sign, rest = known.partition("\n## ")
    path.write_text(f"{head}\n{text}{sign}{rest}", encoding="utf-8")


# --- compared with the smaller city ---------------------------------------------------------------


def keep(path: Path, rows: list[Row]) -> None:
    path.write_bytes(orjson.dumps({row.code: row.reached for row in rows}))


def compared(
    path: Path, rows: list[Row], slowest: float, which: Callable[[Row], bool]
) -> list[Row]:
    """How many times slower than the city whose figures are kept there."""
    if not path.exists():
        return []
    before = orjson.loads(path.read_bytes())
    return [
        Row(
            f"{row.code}.slower", f"{row.title}: slower than with {path.stem}", "times",
            before[row.code] / row.reached, slowest, most=True,
        )
        for row in rows
        if which(row) and row.reached and before.get(row.code)
    ]  # fmt: skip
