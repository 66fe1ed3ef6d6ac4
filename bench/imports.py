"""Bringing a million residents in from one file: how long, how much memory, beside a bare COPY.

The file has twenty columns and is made for the communities of the city that the database has. The
persons are taken away again afterwards, which is measured, too.
"""

import contextlib
import csv
import re
import resource
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from django.db import connection, transaction
from django.utils import timezone, translation

from operate import progress
from shanzhi.kernel import identifiers
from shanzhi.kernel.acting import SYSTEM

from .report import Row

COUNT = 1_000_000
MINUTES, MEGABYTES, FLIP = 5, 1024, 5
TITLES = [
    "社区代码",
    "户号",
    "姓名",
    "与户主关系",
    "性别",
    "民族",
    "证件类型",
    "公民身份号码",
    "出生日期",
    "手机号码",
    "户籍地址",
    "人户状态",
    "现住址",
    "文化程度",
    "婚姻状况",
    "政治面貌",
    "就业状况",
    "工作单位",
    "曾用名",
    "备注",
]
FAMILY = ("户主", "配偶", "长子")
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平"
AREA = "320498"  # there is no such county, and nobody of the generated city is from there
DAY_ONE = date(1940, 1, 1)


def file(path: Path, communities: list[str], count: int = COUNT) -> None:
    """Invented, with numbers whose check digit is right; the same each time."""
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(TITLES)
        writer.writerows(_lines(communities, count))


def _lines(communities: list[str], count: int) -> Iterator[list[str]]:
    for n in range(count):
        household, member = divmod(n, 3)
        born = DAY_ONE + timedelta(n % 25_000)
        first = f"{AREA}{born:%Y%m%d}{n // 25_000 * 2 % 1000 + member % 2:03d}"
        number = first + identifiers.check_digit(first)
        name = SURNAMES[n % 10] + GIVEN[n // 10 % 20] + GIVEN[n // 200 % 20]
        yield [
            communities[household * 3 * len(communities) // count],
            f"{household:07d}",
            name,
            FAMILY[member],
            "女" if int(number[16]) % 2 == 0 else "男",
            "汉族",
            "居民身份证",
            number,
            f"{born:%Y-%m-%d}",
            f"1380{n % 10_000_000:07d}",
            f"示例路{household % 900 + 1}号",
            "人户一致",
            f"示例路{household % 900 + 1}号{household // 900 % 40 + 1}幢{household % 6 + 1}0"
            f"{household // 36_000 % 9 + 1}室",
            ("本科", "大专", "高中", "初中")[n % 4],
            "未婚" if member == 2 else "已婚",
            "群众",
            "在职",
            "示例公司",
            "",
            "",
        ]


def rows(count: int = COUNT, folder: Path = Path("/tmp")) -> list[Row]:
    """Check, taking over, opening, undoing, and the bare COPY of the same file."""
    path = folder / f"import-{count}.csv"
    file(path, _communities(), count)
    try:
        with translation.override("zh-hans"):
            return _measured(path, count)
    finally:
        path.unlink()


def _communities() -> list[str]:
    from django.conf import settings

    from shanzhi.places import queries

    rows = queries.inside(settings.SHANZHI_CITY).filter(level="community")
    return list(rows.values_list("code", flat=True))


def _measured(path: Path, count: int) -> list[Row]:
    bare = _bare_copy(path)
    peak = _Peak()
    took, batch = _brought(path)
    flip = took.pop("opening")
    began = time.perf_counter()
    _step(batch, "undo")
    undone = time.perf_counter() - began
    whole = sum(took.values())
    written = sum(batch.counts["written"].values())
    detail = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in took.items())
    title = f"Import of {count:,} rows of {len(TITLES)} columns"
    return [
        Row("import", title, "minutes", whole / 60, MINUTES, most=True,
            detail=f"{detail}; {written:,} persons written"),
        Row("import.rate", f"{title}: rows", "a second", count / whole),
        Row("import.copy", f"{title}: beside a bare COPY", "times", whole / bare,
            detail=f"COPY of the same file as text: {bare:.1f} s"),
        Row("import.flip", f"{title}: until everybody sees it", "s", flip, FLIP, most=True),
        Row("import.memory", f"{title}: largest process", "MB", peak.megabytes(), MEGABYTES,
            most=True),
        Row("import.undo", f"{title}: undone", "s", undone),
    ]  # fmt: skip


class _Peak:
    """Of this process from now on, where the system lets the mark be set back; else of its life."""

    def __init__(self):
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")

    def megabytes(self) -> float:
        with contextlib.suppress(OSError):
            if found := re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text()):
                return int(found[1]) / 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _bare_copy(path: Path) -> float:
    columns = ", ".join(f"c{n} text" for n in range(len(TITLES)))
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bare ({columns}) ON COMMIT DROP")
        with (
            cursor.copy("COPY bare FROM STDIN (FORMAT csv, HEADER)") as to,
            path.open("rb") as source,
        ):
            while block := source.read(1 << 20):
                to.write(block)
    return time.perf_counter() - began


def _brought(path: Path):
    from django.conf import settings

    from shanzhi.registry import bringing, queries
    from shanzhi.registry.commands import imports as commands

    took, began = {}, time.perf_counter()
    with path.open("rb") as source:
        blocks = iter(lambda: source.read(1 << 20), b"")
        batch = bringing.bring(
            content=blocks,
            name=path.name,
            source=queries.source("community"),
            place=settings.SHANZHI_CITY,
            by=SYSTEM,
            at=timezone.now(),
        )
    found = bringing.header_of(batch)
    columns = [each.target for each in found.columns]
    commands.assign_columns(
        batch=batch,
        layout=bringing.layout_with(batch, found),
        columns=columns,
        fingerprint=found.header.fingerprint,
        by=SYSTEM,
        at=timezone.now(),
    )
    took["reading"] = time.perf_counter() - began
    for name in ("check", "take over"):
        began = time.perf_counter()
        batch, took["opening"] = _step(batch, name)
        took[name] = time.perf_counter() - began
    return took, batch


def _step(batch, name: str):
    from shanzhi.registry import importing
    from shanzhi.registry.commands import imports as commands
    from shanzhi.registry.models import Batch

    told = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if time.perf_counter() - told > 5:
            told = time.perf_counter()
            progress.say(f"    {name}: {done:,} of {total:,}")

    if name == "take over":
        commands.take_over(
            batch=batch, decision="fill", lenient=False, by=SYSTEM, at=timezone.now()
        )
    if name == "undo":
        commands.undo(batch=batch, reason="bench", by=SYSTEM, at=timezone.now())
    with _watched() as opening:
        importing.run(batch.pk, now=timezone.now, tell=tell)
    batch = Batch.objects.get(pk=batch.pk)
    if batch.trouble:
        raise RuntimeError(batch.trouble)
    return batch, sum(opening)


@contextlib.contextmanager
def _watched() -> Iterator[list[float]]:
    """How long the transaction takes by which everybody sees the batch."""
    from shanzhi.registry.commands import imports_open

    took, plain = [], imports_open.open_batch

    def timed(**given):
        began = time.perf_counter()
        try:
            return plain(**given)
        finally:
            took.append(time.perf_counter() - began)

    with patch.object(imports_open, "open_batch", timed):
        yield took
