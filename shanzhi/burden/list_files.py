"""The three lists as files: read for a draft, written for anybody.

Codes are read as well as the words for them; words are written.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, sheets
from shanzhi.people.queries import departments

from .files import WORDS, WRITTEN, not_one_of
from .kinds import ListRow
from .models import Category, Cycle, Edition, ListEntry
from .rules import check_lines, in_line

COMMON = {
    "code": "编号", "title": "事项", "text": "内容", "department": "责任部门", "clause": "依据",
    "confirmed": "依据已核", "cycle": "周期", "fee": "经费标准", "words": "关键词",
    "source": "来源",
}  # fmt: skip
NEGATIVE = {
    "code": "序号", "title": "条文", "words": "识别词", "categories": "适用类别",
    "levels": "适用层级", "measures": "措施", "verdict": "结论", "clause": "依据",
    "confirmed": "依据已核", "source": "来源",
}  # fmt: skip
ALSO = {  # columns as the shipped files name them
    "description": "text", "clause_quoted": "confirmed", "fee_standard": "fee",
    "keywords": "words", "number": "code", "sentence": "title",
}  # fmt: skip
JOINED = ("words", "categories", "levels", "measures")
YES = ("yes", "是", "1", "true")
DATA = Path(__file__).resolve().parent / "data"
PATTERNS = {
    "own": "list-own.csv", "assist": "list-assist.csv", "negative": "negative-list.csv",
}  # fmt: skip
LEVELS = {"国家级": "state", "省级": "province", "市级": "city", "区级": "district",
          "街道级": "subdistrict"}  # fmt: skip
VERDICTS = {"禁止": "stop", "存疑": "doubt"}
LENGTHS = {"code": 12, "title": 200, "text": 500, "clause": 300, "fee": 200, "source": 200}
MOST = 5_000_000  # bytes


def columns(kind: str) -> dict[str, str]:
    return NEGATIVE if kind == Edition.Kind.NEGATIVE else COMMON


def pattern(kind: str) -> bytes:
    """What comes with the software, to begin the first edition with; for a spreadsheet."""
    head, rest = (DATA / PATTERNS[kind]).read_text(encoding="utf-8").split("\n", 1)
    titles = columns(kind)
    named = ",".join(titles[ALSO.get(each, each)] for each in head.split(","))
    return f"{sheets.MARK}{named}\n{rest}".encode()


def read(content: bytes, kind: str) -> list[ListRow]:
    """Refused names the lines. Of the negative list, what names no clause is not confirmed."""
    if len(content) > MOST:
        raise Refused(_("Save the file as CSV, in UTF-8 or GB18030."), field="file")
    known = {code: code for code in departments()}
    known |= {name: code for code, name in departments().items()}
    found, wrong = [], []
    for number, cells in sheets.table(content, columns(kind), ("code", "title"), ALSO):
        try:
            found.append(ListRow(number, _values(cells, kind, known)))
        except Refused as refusal:
            wrong.append(in_line(number, refusal))
    check_lines(wrong)
    return found


def _values(cells, kind, departments):
    if not cells["code"] or not cells["title"]:
        raise Refused(_("an entry has a code and a title."))
    department = cells.get("department", "")
    if department and department not in departments:
        raise Refused(_("there is no department “%(name)s”.") % {"name": department})
    values = {name: cells.get(name, "")[:most] for name, most in LENGTHS.items()}
    values["department_id"] = departments.get(department)
    values["cycle"] = _cycle(cells.get("cycle", ""))
    if kind == Edition.Kind.NEGATIVE:
        values["confirmed"] = bool(values["clause"])
    if "confirmed" in cells:
        values["confirmed"] = cells["confirmed"].lower() in YES and bool(values["clause"])
    for name in JOINED:
        values[name] = [piece.strip()[:60] for piece in cells.get(name, "").split("|")
                        if piece.strip()]  # fmt: skip
    return values | _of_negative(cells, values, kind)


def _cycle(text):
    code = WORDS[Cycle].get(text, text)
    if code and code not in Cycle.values:
        raise Refused(not_one_of(text, COMMON["cycle"], WORDS[Cycle]))
    return code


def _of_negative(cells, values, kind):
    if kind != Edition.Kind.NEGATIVE:
        return {}
    categories = [WORDS[Category].get(each, each) for each in values["categories"]]
    if strange := [each for each in categories if each not in Category.values]:
        raise Refused(_("there are eight categories; “%(name)s” is none.") % {"name": strange[0]})
    levels = [LEVELS.get(each, each) for each in values["levels"]]
    if strange := [each for each in levels if each not in LEVELS.values()]:
        raise Refused(not_one_of(strange[0], NEGATIVE["levels"], LEVELS))
    verdict = VERDICTS.get(cells.get("verdict", ""), cells.get("verdict", ""))
    if verdict not in ListEntry.Verdict.values:
        raise Refused(_("the verdict is stop or doubt."))
    return {"categories": categories, "levels": levels, "verdict": verdict}


def written(edition: Edition, rows: Iterable[ListEntry]) -> Iterator[str]:
    """What `read` reads back."""
    heads, words = columns(edition.kind), _words()
    rows = ([_cell(each, name, words) for name in heads] for each in rows)
    return sheets.lines(chain([list(heads.values())], rows))


def _words():
    """By column, what codes are called."""
    return {
        "department": departments(), "confirmed": {True: "是", False: "否"},
        "cycle": WRITTEN[Cycle], "categories": WRITTEN[Category],
        "levels": {code: word for word, code in LEVELS.items()},
        "verdict": {code: word for word, code in VERDICTS.items()},
    }  # fmt: skip


def _cell(row, name, words):
    known = words.get(name, {})
    value = row.department_id if name == "department" else getattr(row, name)
    if name in JOINED:
        return "|".join(known.get(each, each) for each in value)
    return known.get(value, value or "")
