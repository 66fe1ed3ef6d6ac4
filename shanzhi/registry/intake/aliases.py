"""Words of ledgers for codes of lists, beside the lists' own labels: data/words.csv."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

YES = frozenset({"是", "有", "1", "Y", "YES", "TRUE", "对", "√"})
NO = frozenset({"否", "无", "没有", "0", "N", "NO", "FALSE", "不是", "×"})
# No value, however it is written. 无 is none either, but for a column of yes and no.
EMPTY = frozenset({
    "/", "\\", "-", "--", "—", "——", "–", "N/A", "n/a", "NA", "NULL", "null", "None", "#N/A",
    "#REF!", "#VALUE!", "空", "暂无", "不详",
})  # fmt: skip


@cache
def words(codelist: str) -> Mapping[str, str]:
    """Word → code."""
    path = Path(__file__).parents[1] / "data" / "words.csv"
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["list"] == codelist]
    return {word: row["code"] for row in rows for word in row["words"].split()}
