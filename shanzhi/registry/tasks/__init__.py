"""What the worker does for the registry by itself. Each may be stopped anywhere and run twice."""

from . import imports, linking, persons, population, rights, sharing

__all__ = ["imports", "linking", "persons", "population", "rights", "sharing"]
