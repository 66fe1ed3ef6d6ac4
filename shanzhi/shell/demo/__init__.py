"""The demonstration city: real divisions and calendar, invented people, and weeks of work.

Everything is made by the commands that make it in life, so the journal, the clocks and the numbers
are those of a city at work.
"""

from .building import build
from .people import PEOPLE, Person
from .roles import ROLES, Role

__all__ = ["PEOPLE", "ROLES", "Person", "Role", "build"]
