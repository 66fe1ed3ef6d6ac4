"""Which entry of a list a text speaks of: words and pairs of characters, rare ones weighing more.

Nothing is learned and nothing is guessed: below THRESHOLD, or where two entries are as near as each
other, there is no answer. How often an answer is right is measured in tests/test_matching.py.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from shanzhi.kernel import words

THRESHOLD = 0.30
MARGIN = 1.15  # how much nearer than the next one that would be answered otherwise
TITLE, KEYWORD, TEXT = 3.0, 2.0, 1.0  # what a word of each weighs
PHRASE = 0.35  # a keyword of the entry that stands in the text as it is


@dataclass(frozen=True)
class Entry:
    """What can be answered: `group` entries answer alike, and do not compete for the margin."""

    key: str
    title: str
    keywords: tuple[str, ...] = ()
    text: str = ""
    group: str = ""


@dataclass(frozen=True)
class Match:
    entry: Entry
    score: float  # 0 to about 1.3


class Matcher:
    """Entries made ready once; `best` then takes well under a millisecond."""

    def __init__(self, entries: Iterable[Entry]):
        self.entries = tuple(entries)

    @cached_property
    def _weights(self) -> dict[str, float]:
        found = Counter(term for entry in self.entries for term in set(_terms(_everything(entry))))
        many = len(self.entries) + 1
        return {term: math.log(many / (1 + count)) + 0.1 for term, count in found.items()}

    @cached_property
    def _index(self) -> dict[str, list[tuple[int, float]]]:
        """Term → (position of the entry, its share of the entry's vector)."""
        index = defaultdict(list)
        for position, entry in enumerate(self.entries):
            for term, share in self._vector(_counted(entry)).items():
                index[term].append((position, share))
        return index

    def _vector(self, counts) -> dict[str, float]:
        raw = {term: (1 + math.log(count)) * self._weights[term]
               for term, count in counts.items() if term in self._weights}  # fmt: skip
        length = math.sqrt(sum(value * value for value in raw.values())) or 1.0
        return {term: value / length for term, value in raw.items()}

    def ranked(self, text: str, most: int = 5) -> list[Match]:
        """The nearest entries, nearest first, whatever their score."""
        scores = Counter()
        for term, share in self._vector(Counter(_terms(text))).items():
            for position, other in self._index.get(term, ()):
                scores[position] += share * other
        plain = text.lower()
        for position in list(scores):
            scores[position] += self._phrases(position, plain)
        best = sorted(scores.items(), key=lambda each: (-each[1], each[0]))[:most]
        return [Match(self.entries[position], score) for position, score in best]

    def _phrases(self, position, text):
        found = [each for each in self.entries[position].keywords
                 if len(each) > 1 and each.lower() in text]  # fmt: skip
        return PHRASE * min(1.0, sum(len(each) for each in found) / 4) if found else 0.0

    def best(self, text: str, threshold: float = THRESHOLD, margin: float = MARGIN) -> Match | None:
        """The answer, or None where it would be a guess."""
        ranked = self.ranked(text, most=10)
        if not ranked or ranked[0].score < threshold:
            return None
        first = ranked[0]
        for other in ranked[1:]:
            if other.entry.group != first.entry.group or not first.entry.group:
                return first if first.score >= margin * other.score else None
        return first


def _everything(entry):
    return " ".join([entry.title, *entry.keywords, entry.text])


def _counted(entry) -> Counter:
    counts = Counter()
    parts: Sequence[tuple[str, float]] = (
        (entry.title, TITLE), (" ".join(entry.keywords), KEYWORD), (entry.text, TEXT),
    )  # fmt: skip
    for text, weight in parts:
        for term in _terms(text):
            counts[term] += weight
    return counts


def _terms(text: str) -> list[str]:
    """Words of two characters and more, and every pair of characters inside a run of them."""
    cut = words.cut(text)
    pairs = [
        run[at : at + 2] for run in words.BETWEEN.split(text.lower()) for at in range(len(run) - 1)
    ]
    return [each for each in cut if len(each) > 1] + pairs
