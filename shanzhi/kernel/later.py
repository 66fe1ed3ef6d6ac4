"""Libraries that take long to begin and that most processes never use are imported when first used:
a command starts sooner and a web process stays smaller.

    if TYPE_CHECKING:
        import shapely
    else:
        shapely = Later("shapely")
"""

from importlib import import_module
from typing import Any


class Later:
    """Stands in for a module."""

    def __init__(self, name: str):
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)
