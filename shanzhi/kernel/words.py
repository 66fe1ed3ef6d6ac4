"""Chinese text for full-text search: cut into words, kept in a `simple` tsvector."""

import re
import unicodedata
from typing import TYPE_CHECKING

from .later import Later

if TYPE_CHECKING:
    import rjieba
else:
    rjieba = Later("rjieba")  # reads its dictionary

LONGEST = 40  # characters of a word that count; the database refuses words of 2,048 bytes
MOST = 20  # words of a query
BETWEEN = re.compile(r"[\W_]+")


def cut(text: str) -> list[str]:
    """The searchable words of a text, in order, lower case, half width."""
    text = unicodedata.normalize("NFKC", text or "").lower()
    text = BETWEEN.sub(" ", text)  # 3.14 and a_b as the database's own parser would part them
    return [word[:LONGEST] for word in rjieba.cut_for_search(text) if not word.isspace()]


def for_index(*texts: str) -> str:
    """What `to_tsvector('simple', …)` gets."""
    return " ".join(word for text in texts for word in cut(text))


def for_query(text: str) -> str:
    """What `to_tsquery('simple', …)` gets: every word must occur, the last may be unfinished."""
    words = cut(text)[:MOST]
    return " & ".join([*words[:-1], f"{words[-1]}:*"]) if words else ""
