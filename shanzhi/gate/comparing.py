"""How near a new demand is to those in force: shared fields, and purpose in other words.

A field is its catalogue element, or its name in one spelling; names without an element are the same
where most of their pairs of characters are. Purposes are compared by pairs of characters, rare ones
weighing more. How often the answer is right is measured in tests/test_comparing.py.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from django.conf import settings
from django.utils import translation

from shanzhi.registry.queries import element_named
from shanzhi.registry.queries.catalogue import plain

ALIKE = 0.5  # of the pairs of characters of two names, for the names to be one field
SHARED, PURPOSE = 0.2, 0.8  # what fields and purpose weigh: a field serves many ends
SAME = 0.42  # from this score on two demands are for one end
LEAST_LIKE = SAME ** (1 / PURPOSE)  # with every field shared
MANY, HALF = 5, 0.5  # so many fields, and half of those asked for: worth a look whatever the end
MOST = 5
# Words that every demand has: they say nothing about what it is for.
EVERYWHERE = (
    "周报表", "月报表", "日报表", "季报表", "周报", "月报", "日报", "季报", "社区", "情况", "工作",
    "统计", "登记", "台账", "报表", "汇总", "信息", "记录", "掌握", "了解", "及时", "开展", "辖区",
    "进行", "相关",
)  # fmt: skip


@dataclass(frozen=True)
class Text:
    """What is compared of a demand: what it is called and for, and the fields it asks for."""

    id: int
    title: str
    purpose: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Overlap:
    """`pairs` are (field asked for, field of the demand in force)."""

    id: int
    score: float
    share: float  # of the fields asked for
    likeness: float  # of the purposes
    pairs: tuple[tuple[str, str], ...]

    @property
    def same(self) -> bool:
        """For the same end, as far as words tell."""
        return self.score >= SAME

    @property
    def counts(self) -> bool:
        return self.same or (len(self.pairs) >= MANY and self.share >= HALF)


@lru_cache(20_000)
def element(name: str) -> str:
    """Code of the catalogue's element, "" where it has none. Departments write in the city's
    language, whatever the reader's is."""
    with translation.override(settings.LANGUAGE_CODE):
        found = element_named(name)
    return found.code if found else ""


@lru_cache(50_000)
def key(name: str) -> str:
    """The same for two names of one element of the catalogue."""
    return element(name) or plain(name)


@lru_cache(20_000)
def pairs(text: str) -> frozenset[str]:
    """Every two characters that stand together.

    >>> sorted(pairs("投放点"))
    ['投放', '放点']
    """
    text = plain(text)
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset([text])


def alike(one: str, other: str) -> float:
    """0 to 1: twice the pairs that both have, of those that either has."""
    first, second = pairs(one), pairs(other)
    return 2 * len(first & second) / (len(first) + len(second))


def subject(title: str, purpose: str) -> frozenset[str]:
    """What a demand is for: its pairs of characters without those of every demand."""
    text = f"{title} {purpose}"
    for word in EVERYWHERE:
        text = text.replace(word, " ")
    return frozenset(pair for part in text.split() for pair in pairs(part) if len(pair) > 1)


class Register:
    """Demands in force, made ready once; what changed since is read anew by `refresh`."""

    def __init__(self, texts: Iterable[Text] = ()):
        self._texts: dict[int, Text] = {}
        self._versions: dict[int, str] = {}
        self._fields: defaultdict[str, set[int]] = defaultdict(set)
        self._names: defaultdict[str, set[str]] = defaultdict(set)  # pair → names that have it
        self._seen: set[str] = set()  # names among them: few for all the demands that ask
        self._subjects: defaultdict[str, set[int]] = defaultdict(set)
        for text in texts:
            self._add(text)

    def refresh(
        self, versions: Mapping[int, str], read: Callable[[Collection[int]], Iterable[Text]]
    ) -> bool:
        """Drop what is gone, read what is new or changed; did anything change?"""
        gone = [pk for pk, known in self._versions.items() if versions.get(pk) != known]
        fresh = [pk for pk, version in versions.items() if self._versions.get(pk) != version]
        for pk in gone:
            self._remove(pk)
        for text in read(fresh) if fresh else ():
            self._add(text)
        self._versions = dict(versions)
        return bool(gone or fresh)

    def _add(self, text):
        self._texts[text.id] = text
        for name in text.fields:
            self._fields[key(name)].add(text.id)
            if name not in self._seen:
                self._seen.add(name)
                for pair in pairs(name):
                    self._names[pair].add(name)
        for pair in subject(text.title, text.purpose):
            self._subjects[pair].add(text.id)

    def _remove(self, pk):
        text = self._texts.pop(pk, None)
        for name in text.fields if text else ():
            self._fields[key(name)].discard(pk)
        for pair in subject(text.title, text.purpose) if text else ():
            self._subjects[pair].discard(pk)

    def title(self, pk: int) -> str:
        return self._texts[pk].title

    def holders(self, name: str) -> Mapping[int, str]:
        """Demands that ask for this field, and what they call it."""
        found = {}
        for other in self._same(name):
            for pk in self._fields.get(key(other), ()):
                found.setdefault(pk, other)
        return found

    def _same(self, name: str) -> list[str]:
        """Names of the register for the same field, the nearest first."""
        near = Counter(other for pair in pairs(name) for other in self._names.get(pair, ()))
        close = [(alike(name, other), other) for other in near if other != name]
        return [name] + [
            other
            for likeness, other in sorted(close, reverse=True)
            if likeness >= ALIKE and not (element(name) and element(other))
        ]

    def overlaps(self, text: Text, most: int = MOST) -> list[Overlap]:
        """The demands in force that ask for nearly the same, nearest first."""
        likeness = self._likeness(text)
        near = {pk for pk, value in likeness.items() if value >= LEAST_LIKE}
        shared = self._shared(text, near | self._asking_much(text))
        found = [
            self._overlap(pk, text, shared.get(pk, ()), likeness.get(pk, 0.0))
            for pk in (near | set(shared)) - {text.id}
        ]
        found = [each for each in found if each.counts]
        return sorted(found, key=lambda each: (-each.share - each.likeness, each.id))[:most]

    def _asking_much(self, text) -> set[int]:
        """Those that may share enough fields to be worth a look."""
        hits: Counter[int] = Counter()
        for name in text.fields:
            hits.update(
                set().union(*(self._fields.get(key(each), ()) for each in self._same(name)))
            )
        least = max(MANY, HALF * len(text.fields))
        return {pk for pk, number in hits.items() if number >= least}

    def _shared(self, text, among: set[int]) -> dict[int, list[tuple[str, str]]]:
        """Of each demand the pairs of fields: the very same first, and no field in two pairs."""
        shared: defaultdict[int, dict[str, str]] = defaultdict(dict)  # its field → ours
        found = [
            (key(name) != key(other), name, other, pk)
            for name in text.fields
            for other in self._same(name)
            for pk in among & self._fields.get(key(other), set())
        ]
        for _differ, name, other, pk in sorted(found, key=itemgetter(0)):
            if other not in shared[pk] and name not in shared[pk].values():
                shared[pk][other] = name
        return {pk: [(name, other) for other, name in rows.items()] for pk, rows in shared.items()}

    def _overlap(self, pk, text, pairs_of, likeness) -> Overlap:
        if not text.fields or not self._texts[pk].fields:
            return Overlap(pk, likeness**PURPOSE, 0.0, likeness, ())
        share = len(pairs_of) / len(text.fields)
        return Overlap(pk, share**SHARED * likeness**PURPOSE, share, likeness, tuple(pairs_of))

    def _likeness(self, text) -> dict[int, float]:
        """Cosine of the purposes by pairs of characters, rare ones weighing more."""
        many = len(self._texts) + 1
        wanted = {pair: math.log(1 + many / (1 + len(self._subjects.get(pair, ()))))
                  for pair in subject(text.title, text.purpose)}  # fmt: skip
        scores: Counter[int] = Counter()
        for pair, weight in wanted.items():
            for pk in self._subjects.get(pair, ()):
                scores[pk] += weight * weight
        length = self._length(wanted.values())
        return {pk: score / (length * self._length_of(pk)) for pk, score in scores.most_common(200)}

    def _length_of(self, pk):
        many, text = len(self._texts) + 1, self._texts[pk]
        return self._length(
            math.log(1 + many / (1 + len(self._subjects.get(pair, ()))))
            for pair in subject(text.title, text.purpose)
        )

    @staticmethod
    def _length(weights: Iterable[float]) -> float:
        return math.sqrt(sum(weight * weight for weight in weights)) or 1.0
