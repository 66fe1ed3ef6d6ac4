"""What an address asks for: text from outside, read as what it is meant to be."""

from datetime import date

LONGEST_KEY = 18  # digits that the database's whole numbers hold
OUR_TIME = range(1800, 2200)  # whoever is registered was born in it


def key(text: str) -> int | None:
    """The key of a row; None of anything else.

    >>> key("17"), key("²"), key("-1"), key("1" * 19)
    (17, None, None, None)
    """
    fits = text.isascii() and text.isdecimal() and len(text) <= LONGEST_KEY
    return int(text) if fits else None


def words(text: str, most: int = 60) -> str:
    """What is looked for, short, and without what no database keeps.

    >>> words(" 天安\\0社区 "), words("天" * 70, most=3)
    ('天安社区', '天天天')
    """
    return text.replace("\0", "").strip()[:most]


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
