"""Every change of divisions, grids and estates."""

from .divisions import merge, move, rename, split
from .estates import add_estate, change_estate, delete_estate
from .grids import add_grid, end_grid, set_grid
from .load import load_divisions

__all__ = [
    "add_estate",
    "add_grid",
    "change_estate",
    "delete_estate",
    "end_grid",
    "load_divisions",
    "merge",
    "move",
    "rename",
    "set_grid",
    "split",
]
