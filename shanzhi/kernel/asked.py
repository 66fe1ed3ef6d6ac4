"""What an address asks for: text from outside, read as what it is meant to be."""

from datetime import date

LONGEST_KEY = 18  # digits that the database's whole numbers hold
OUR_TIME = range(1900, 2200)


def key(text: str) -> int | None:
    """The key of a row; None of anything else.

    >>> key("17"), key("²"), key("-1"), key("1" * 19)
    (17, None, None, None)
    """
    fits = text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
    return int(text) if fits else None


def day(text: str, otherwise: date) -> date:
    """A day of our time: one can go weeks and years before and after it.

    >>> day("2026-12-01", date.max), day("9999-12-31", date.min), day("tomorrow", date.min)
    (datetime.date(2026, 12, 1), datetime.date(1, 1, 1), datetime.date(1, 1, 1))
    """
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return otherwise
    return found if found.year in OUR_TIME else otherwise
