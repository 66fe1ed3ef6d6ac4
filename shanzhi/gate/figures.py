"""What the platform holds or counts beside the catalogue: places, posts, numbers of people, cases.

data/figures.csv names only what a page shows today; a field on it need not be asked for.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from shanzhi.registry.queries.catalogue import plain

FILE = Path(__file__).resolve().parent / "data/figures.csv"
SOURCES = {
    "divisions": _("Divisions and grids"),
    "posts": _("Posts"),
    "registry": _("Figures of the registry"),
    "cases": _("Figures of the cases"),
}


def source(name: str) -> str:
    """Where the platform has it, in words; "" where it has not."""
    found = _known().get(plain(name))
    return str(SOURCES[found]) if found else ""


@cache
def _known() -> Mapping[str, str]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return {
            plain(name): row["source"]
            for row in csv.DictReader(lines)
            for name in (row["name"], *row["synonyms"].split("|"))
        }
