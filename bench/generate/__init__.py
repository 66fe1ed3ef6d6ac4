"""A city of any number of cases, by COPY: the same seed gives the same city.

What is set up once (divisions, calendar, items, routes) is made by the commands that make it in
life; what there are millions of is drawn by numpy, written as rows of text and copied, in one
transaction, into tables whose indexes are built afterwards.
"""

from .build import build
from .lives import MONTHS

__all__ = ["MONTHS", "build"]
