"""Resident ledgers in the shapes communities keep them, and batches made of them."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import openpyxl
from django.utils import translation

from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.registry import importing, queries
from shanzhi.registry.bringing import bring, header_of, layout_with
from shanzhi.registry.commands import imports as commands
from shanzhi.registry.models import Batch

from . import factories
from .factories import MONDAY, TIANAN

TITLES = [
    "序号",
    "网格",
    "户号",
    "姓名",
    "与户主关系",
    "性别",
    "民族",
    "公民身份号码",
    "出生日期",
    "联系电话",
    "备用电话",
    "曾用名",
    "户籍所在地",
    "户籍地址",
    "人户状态",
    "现住址",
    "小区",
    "楼栋",
    "单元",
    "室号",
    "房屋性质",
    "文化程度",
    "婚姻状况",
    "政治面貌",
    "就业状况",
    "工作单位",
    "开户银行",
    "银行账号",
    "健康状况",
    "宗教信仰",
    "特长",
    "是否志愿者",
    "登记日期",
    "备注",
]
assert len(TITLES) == 34


@dataclass
class Someone:
    """A line of a ledger, before it has a shape."""

    household: int
    name: str
    relation: str
    born: date
    sex: str
    number: str = ""
    phone: str = ""
    building: int = 12
    unit: int = 1
    room: str = "301"

    @property
    def address(self) -> str:
        return f"天安别墅{self.building}幢{self.unit}单元{self.room}室"

    def cells(self, serial: int) -> dict[str, str]:
        return {
            "序号": str(serial),
            "网格": "第一网格",
            "户号": f"{self.household:04d}",
            "姓名": self.name,
            "与户主关系": self.relation,
            "性别": "男" if self.sex == "1" else "女",
            "民族": "汉族",
            "公民身份号码": self.number,
            "出生日期": f"{self.born:%Y-%m-%d}",
            "联系电话": self.phone,
            "户籍地址": "天安路1号",
            "人户状态": "人户一致",
            "现住址": self.address,
            "小区": "天安别墅",
            "楼栋": str(self.building),
            "单元": str(self.unit),
            "室号": self.room,
            "房屋性质": "自有",
            "文化程度": "大专",
            "婚姻状况": "已婚",
            "政治面貌": "群众",
            "就业状况": "在职",
            "工作单位": "示例厂",
            "健康状况": "良好",
            "是否志愿者": "否",
        }


FAMILY = ("户主", "配偶", "长子", "长女")


def families(count: int, *, first: int = 1, size: int = 3) -> list[Someone]:
    people = []
    for household in range(first, first + count):
        for n in range(size):
            born = date(1950 + (household % 40) + n // 2 * 22, 1 + n, 1 + household % 28)
            sex = "1" if n % 2 == 0 else "2"
            people.append(
                Someone(
                    household,
                    "张李王赵钱孙周吴郑陈"[household % 10]
                    + "示例样本"[n]
                    + "甲乙丙丁"[household % 4],
                    FAMILY[n],
                    born,
                    sex,
                    identity(born, sex, household * 4 + n),
                    f"1380000{(household * 4 + n) % 10000:04d}",
                    building=1 + household // 8 % 20,
                    unit=1 + household % 2,
                    room=f"{1 + household % 9}0{1 + household // 9 % 9}",
                )
            )
    return people


def identity(born: date, sex: str, serial: int) -> str:
    return factories.identity(born, sex, serial % 499)


def rows(people: Sequence[Someone]) -> list[list[str]]:
    """Without the header."""
    return [[cells.get(title, "") for title in TITLES]
            for cells in (each.cells(n) for n, each in enumerate(people, 1))]  # fmt: skip


# --- shapes ---------------------------------------------------------------------------------------


def as_csv(
    lines: Iterable[Sequence[str]], encoding: str = "utf-8-sig", delimiter: str = ","
) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return out.getvalue().encode(encoding)


def plain(people: Sequence[Someone], **how: str) -> bytes:
    return as_csv([TITLES, *rows(people)], **how)


def as_xlsx(fill: Callable[[openpyxl.Workbook], None]) -> bytes:
    book = openpyxl.Workbook()
    fill(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def under_a_caption(people: Sequence[Someone]) -> bytes:
    """A caption over all columns, a line of remarks, then the titles."""

    def fill(book):
        sheet = book.active
        sheet.append(["天安社区居民信息台账（2026年度）"])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(TITLES))
        sheet.append(["填报单位：天安社区居委会", "", "", "", "填报日期：2026年3月"])
        sheet.append([])
        sheet.append(TITLES)
        for row in rows(people):
            sheet.append(row)
        sheet.append(["填表人：", "", "", "", "审核人："])

    return as_xlsx(fill)


def two_rows_of_titles(people: Sequence[Someone]) -> bytes:
    """Groups above, titles below; single ones merged over both."""
    groups = {
        "户籍所在地": "户籍",
        "户籍地址": "户籍",
        "现住址": "居住",
        "小区": "居住",
        "楼栋": "居住",
        "单元": "居住",
        "室号": "居住",
        "开户银行": "银行卡",
        "银行账号": "银行卡",
    }

    def fill(book):
        sheet = book.active
        before = ""
        for n, title in enumerate(TITLES, 1):
            group = groups.get(title, "")
            if not group:
                sheet.cell(1, n, title)
                sheet.merge_cells(start_row=1, start_column=n, end_row=2, end_column=n)
            else:
                if group != before:
                    sheet.cell(1, n, group)
                sheet.cell(2, n, title)
            before = group
        for row in rows(people):
            sheet.append(row)

    return as_xlsx(fill)


SHARED = ("网格", "户号", "现住址", "小区", "楼栋", "单元", "室号", "房屋性质", "户籍地址")


def merged_households(people: Sequence[Someone]) -> bytes:
    """What a household shares stands once, merged over its members."""

    def fill(book):
        sheet = book.active
        sheet.append(TITLES)
        lines = rows(people)
        first = 0
        for n, each in enumerate(people):
            if each.relation == "户主":
                first = n
            sheet.append([
                "" if n != first and title in SHARED else cell
                for title, cell in zip(TITLES, lines[n], strict=True)
            ])  # fmt: skip
            last = n + 1 == len(people) or people[n + 1].relation == "户主"
            if last and n > first:
                for column, title in enumerate(TITLES, 1):
                    if title in SHARED:
                        sheet.merge_cells(start_row=first + 2, start_column=column,
                                          end_row=n + 2, end_column=column)  # fmt: skip

    return as_xlsx(fill)


def blank_households(people: Sequence[Someone]) -> bytes:
    """The same saved as CSV: merged cells became empty ones."""
    lines = []
    for each, row in zip(people, rows(people), strict=True):
        head = each.relation == "户主"
        lines.append([cell if head or title not in SHARED else ""
                      for title, cell in zip(TITLES, row, strict=True)])  # fmt: skip
    return as_csv([TITLES, *lines], encoding="gb18030")


def sheet_a_building(people: Sequence[Someone]) -> bytes:
    """One sheet for each building, whose number stands in its name only; a sheet of notes first."""
    left_out = {"楼栋", "现住址"}
    titles = [title for title in TITLES if title not in left_out]

    def fill(book):
        book.active.title = "填表说明"
        book.active.append(["一户一档，如实填写。"])
        for building in sorted({each.building for each in people}):
            sheet = book.create_sheet(f"{building}幢")
            sheet.append(titles)
            for n, each in enumerate([one for one in people if one.building == building], 1):
                cells = each.cells(n)
                sheet.append([cells.get(title, "") for title in titles])

    return as_xlsx(fill)


# --- batches --------------------------------------------------------------------------------------


def brought(content: bytes, name: str = "台账.csv", *, place: str = TIANAN, by: Actor = SYSTEM,
            source: str = "community", when: datetime = MONDAY) -> Batch:  # fmt: skip
    with translation.override("zh-hans"):
        return bring(content=[content], name=name, source=queries.source(source), place=place,
                     by=by, at=when)  # fmt: skip


def assigned(batch: Batch, *, by: Actor = SYSTEM, when: datetime = MONDAY, **more: Any) -> Batch:
    """With the columns as they are guessed, but for those in `more` (title → target)."""
    with translation.override("zh-hans"):
        found = header_of(batch)
        columns = [more.get(each.title, each.target) for each in found.columns]
        return commands.assign_columns(
            batch=batch, layout=layout_with(batch, found), columns=columns,
            fingerprint=found.header.fingerprint, by=by, at=when,
        )  # fmt: skip


def run(batch: Batch, when: datetime = MONDAY) -> Batch:
    with translation.override("zh-hans"):
        importing.run(batch.pk, now=lambda: when)
    return Batch.objects.get(pk=batch.pk)


def checked(content: bytes, name: str = "台账.csv", **more: Any) -> Batch:
    return run(assigned(brought(content, name, **more)))


def taken(batch: Batch, decision: str = "fill", lenient: bool = False, *, by: Actor = SYSTEM,
          when: datetime = MONDAY) -> Batch:  # fmt: skip
    commands.take_over(batch=batch, decision=decision, lenient=lenient, by=by, at=when)
    return run(batch, when)


def undone(batch: Batch, reason: str = "传错了文件", *, by: Actor = SYSTEM,
           when: datetime = MONDAY) -> Batch:  # fmt: skip
    commands.undo(batch=batch, reason=reason, by=by, at=when)
    return run(batch, when)
