"""The demonstration city's clean-up: an invented register with the real counts of the baseline.

Every title, basis and decision in data/demonstration-*.csv is invented, but for the names that the
law itself uses; the counts are those of the reform.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from shanzhi.kernel.acting import SYSTEM

from . import commands, files, list_files
from .kinds import Size
from .models import Campaign, Demand, Verb
from .rules.decisions import Wish

DATA = Path(__file__).resolve().parent / "data"
BEGAN = date(2026, 3, 2)
MEETING = "市社区减负工作联席会议"


def clean_up(place: str, at: datetime) -> Campaign:
    """The baseline loaded and frozen, and what the clean-up has decided so far."""
    campaign = commands.begin_campaign(
        title="城乡社区减负专项清理（演示）",
        place=place,
        began_on=BEGAN,
        workers=9,
        by=SYSTEM,
        at=at,
    )
    counts = {row["category"]: int(row["baseline"]) for row in read_rows("baseline.csv")
              if row["baseline"]}  # fmt: skip
    commands.count_baseline(campaign=campaign, place=place, counts=counts, by=SYSTEM, at=at)
    rows = files.read((DATA / "demonstration-register.csv").read_bytes(), campaign)
    commands.load_register(campaign=campaign, rows=rows, by=SYSTEM, at=at)
    campaign = commands.freeze(campaign=campaign, by=SYSTEM, at=at)
    for row in sorted(read_rows("demonstration-decisions.csv"), key=lambda row: row["decided_on"]):
        _decide(campaign, row, at)
    return campaign


def lists(place: str, at: datetime) -> None:
    """The first edition of the three lists, written from the law as far as it is quoted."""
    for kind, title in (("own", "社区依法履行职责事项清单"), ("assist", "社区协助政府工作事项清单"),
                        ("negative", "社区工作准入负面清单")):  # fmt: skip
        name = f"list-{kind}.csv" if kind != "negative" else "negative-list.csv"
        rows = list_files.read((DATA / name).read_bytes(), kind)
        edition = commands.draft_edition(
            kind=kind, place=place, title=title, rows=rows, by=SYSTEM, at=at
        )
        commands.publish_edition(edition=edition, on=BEGAN, by=SYSTEM, at=at)


def read_rows(name) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def _decide(campaign, row, at):
    demand = campaign.demands.get(title=row["title"])
    heir = campaign.demands.get(title=row["heir"]) if row["verb"] == Verb.MERGE else None
    wish = Wish(
        verb=row["verb"], reason=row["reason"], decided_on=date.fromisoformat(row["decided_on"]),
        decider=MEETING, evidence=row["evidence"], heir=heir, taken_by=row["to_department"],
        duty=row["duty"], limits=row["limit_text"], size=_size(row, demand),
    )  # fmt: skip
    commands.decide(demand=demand, wish=wish, by=SYSTEM, at=at)


def _size(row, demand: Demand):
    given = [row["new_times"], row["new_minutes"], row["new_staff"]]
    if not any(given):
        return None
    now = (demand.times, demand.minutes, demand.staff)
    return Size(*(int(new or old) for new, old in zip(given, now, strict=True)))
