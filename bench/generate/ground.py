"""What stands before the first case: divisions with grids, calendar, items, routes, departments."""

import csv
import json
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from django.utils.timezone import localdate

from shanzhi.cases import commands as cases
from shanzhi.cases.importing import shipped_categories, shipped_items, shipped_routes
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.commands.departments import load_departments
from shanzhi.places import commands as places
from shanzhi.work import commands as work

SHANZHI = Path(__file__).resolve().parents[2] / "shanzhi"
DIVISIONS = SHANZHI / "places/data/divisions-changzhou.csv"
DEPARTMENTS = SHANZHI / "cases/data/departments.json"
GRIDS = 3  # of a community
SKEW = 0.7  # the busiest of a thousand communities has about 75 times the requests of the median


@dataclass(frozen=True)
class Ground:
    """The communities of the city, and each one's share of everything that happens."""

    communities: list[str]
    shares: np.ndarray

    @property
    def streets(self) -> list[str]:
        return sorted({code[:9] for code in self.communities})

    @property
    def districts(self) -> list[str]:
        return sorted({code[:6] for code in self.communities})


def lay(rng: np.random.Generator, founded: datetime) -> Ground:
    with DIVISIONS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    communities = sorted(row["code"] for row in rows if row["level"] == "community")
    _load_divisions(rows, communities, founded)
    work.load_calendar(by=SYSTEM, at=founded)
    departments = json.loads(DEPARTMENTS.read_text(encoding="utf-8"))
    load_departments(rows=departments, by=SYSTEM, at=founded)
    cases.load_categories(rows=shipped_categories(), by=SYSTEM, at=founded)
    cases.import_items(rows=shipped_items(), publish=True, by=SYSTEM, at=founded)
    cases.load_routes(rows=shipped_routes(), by=SYSTEM, at=founded)
    weights = np.arange(1, len(communities) + 1) ** -SKEW
    rng.shuffle(weights)
    return Ground(communities, weights / weights.sum())


def _load_divisions(rows, communities, at):
    """The shipped list, and grids below each community: one file, one command."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "divisions.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["code", "name", "level", "parent"])
            writer.writerows(
                [row["code"], row["name"], row["level"], row["parent"]] for row in rows
            )
            for code in communities:
                for n in range(1, GRIDS + 1):
                    writer.writerow([f"{code}{n:03d}", f"第{'一二三'[n - 1]}网格", "grid", code])
        places.load_divisions(path=path, by=SYSTEM, at=at, valid_from=localdate(at))
