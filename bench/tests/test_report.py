from datetime import datetime

import pytest

from bench import cli, report
from bench.report import Row
from operate.system import Problem

ROWS = [
    Row("list", "Desk list", "a second", 512.4, 500),
    Row("list.p95", "Desk list: 95 of 100 within", "ms", 52.04, 40, most=True),
    Row("followers", "Followers", "entries a second", None, 1000, detail="none"),
]


def test_a_row_is_met_by_at_least_or_by_at_most():
    assert [row.good for row in ROWS] == [True, False, None]


def test_the_table_shows_required_and_reached():
    assert report.markdown(ROWS).splitlines() == [
        "|  | required | reached | unit | met | more |",
        "| --- | --- | --- | --- | --- | --- |",
        "| Desk list | ≥ 500 | 512 | a second | yes |  |",
        "| Desk list: 95 of 100 within | ≤ 40.0 | 52.0 | ms | NO |  |",
        "| Followers | ≥ 1,000 | not measured | entries a second |  | none |",
    ]


def test_the_latest_section_comes_first_and_earlier_ones_stay(tmp_path):
    path = tmp_path / "RESULTS.md"
    path.write_text("# Measured\n\nWhy pages miss their rates.\n")
    for day in (1, 2):
        at = datetime(2026, 5, day, 12)
        text = report.section("100k cases", ROWS, at=at, on="A machine", remark="Seed 1.")
        report.write(text, path)
    heads = [line for line in path.read_text().splitlines() if line.startswith("#")]
    assert path.read_text().startswith("# Measured\n\nWhy pages miss their rates.\n\n## ")
    assert ["2026-05-02" in heads[1], "2026-05-01" in heads[2], len(heads)] == [True, True, 3]


def test_figures_are_compared_with_those_of_the_smaller_city(tmp_path):
    path = tmp_path / "100k.json"
    report.keep(path, ROWS[:2])
    rows = [Row("list", "Desk list", "a second", 400.0, 500)]
    [row] = report.compared(path, rows, 1.3, lambda row: True)
    assert (round(row.reached, 3), row.good) == (1.281, True)
    assert report.compared(tmp_path / "none.json", rows, 1.3, lambda row: True) == []


@pytest.mark.parametrize(
    ("text", "count"), [("100k", 100_000), ("1m", 1_000_000), ("10M", 10_000_000), ("2000", 2000)]
)
def test_sizes_are_read_as_they_are_said(text, count):
    assert cli._count(text) == count


@pytest.mark.parametrize("text", ["", "0", "ten", "1.55m", "-1k"])
def test_other_sizes_are_refused_with_a_sentence(text):
    with pytest.raises(Problem, match="must look like 100k"):
        cli._count(text)
