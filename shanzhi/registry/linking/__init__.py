"""Which entries of two lists, or of one, are the same person where no number says so.

Pure: no table, no setting, no clock. `propose` compares records by Splink on DuckDB and answers
pairs with a weight in bits and what each field said for or against; a person decides.
"""

from .engine import propose
from .model import CHINESE, Comparison, Level, Model, Pair, Part, likely
from .records import Record, from_row
from .rivals import Ranked, rank

__all__ = [
    "CHINESE",
    "Comparison",
    "Level",
    "Model",
    "Pair",
    "Part",
    "Ranked",
    "Record",
    "from_row",
    "likely",
    "propose",
    "rank",
]
