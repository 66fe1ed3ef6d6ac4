"""The journal of the cases, and the tallies that followers would have folded from it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import orjson

from .cases import City, numbers
from .lives import STEPS, Lives, stamps

COLUMNS = ("id", "at", "verb", "about", '"by"', "post", "behalf", "place", "data")
TALLY = ("measure", "place", "day", "key", "count")
COUNTED = {
    "submitted": "cases.received", "accepted": "cases.accepted", "replied": "cases.replied",
    "rated": "cases.rated",
}  # fmt: skip


@dataclass
class Journal:
    """Entries wait here until their month is complete: a case goes on into the next ones."""

    city: City
    last: int  # identity number of the last entry written
    waiting: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    counts: list[np.ndarray] = field(default_factory=list)

    def add(self, lives: Lives) -> None:
        for step in STEPS:
            who = np.flatnonzero(lives.reached(step))
            if len(who):
                lines = np.array(list(LINES[step](self.city, lives, who)), dtype=object)
                self.waiting.append((lives.times[step][who], lines))
                self._count(step, lives, who)

    def _count(self, step, lives, who):
        if step in COUNTED:
            grid = lives.place[who] * 3 + lives.account[who] % 3
            day = (lives.times[step][who] + 8 * 3600) // 86_400
            items = self.city.pool.of_item[lives.variant[who]]
            key = lives.score[who] if step == "rated" else items
            measure = list(COUNTED).index(step)
            self.counts.append(((grid * 4 + measure) * 100_000 + day) * 100 + key)

    def until(self, beyond: int) -> Iterator[str]:
        """The lines of all entries before a moment, in order of time; the others wait on."""
        if not self.waiting:
            return
        at = np.concatenate([times for times, _lines in self.waiting])
        lines = np.concatenate([lines for _times, lines in self.waiting])
        later = at >= beyond
        self.waiting = [(at[later], lines[later])]
        at, lines = at[~later], lines[~later]
        order = np.argsort(at, kind="stable")
        for stamp, line in zip(stamps(at[order]), lines[order].tolist(), strict=True):
            self.last += 1
            yield f"{self.last}\t{stamp}\t{line}"

    def tallies(self) -> Iterator[str]:
        codes, counts = np.unique(np.concatenate(self.counts), return_counts=True)
        days = np.datetime_as_string((codes // 100 % 100_000).astype("M8[D]")).tolist()
        grids, keys = codes // 10**7, codes % 100
        rows = zip((grids // 4).tolist(), (grids % 4).tolist(), days, keys.tolist(),
                   counts.tolist(), strict=True)  # fmt: skip
        measures = list(COUNTED.values())
        communities, items = self.city.ground.communities, self.city.pool.items
        for grid, measure, day, key, count in rows:
            name = measures[measure]
            by = key if name == "cases.rated" else items[key].code
            place = f"{communities[grid // 3]}{grid % 3 + 1:03d}"
            yield f"{name}\t{place}\t{day}\t{by}\t{count}"


def _entry(city, lives, n, verb, by, data):
    pk, place = lives.first + n + 1, city.ground.communities[lives.place[n]]
    grid = lives.account[n] % 3 + 1
    return f"cases.{verb}\tcases.Case:{pk}\t{by}\t\t{place}{grid:03d}\t{data}"


def _of_staff(verb, **data):
    """A step that the unit takes which leads at that time."""
    fixed = {key: orjson.dumps(value).decode() for key, value in data.items()}
    rest = "".join(f', "{key}": {value}' for key, value in fixed.items())

    def lines(city, lives, who):
        items = city.pool.of_item[lives.variant[who]].tolist()
        places, passed = lives.place[who].tolist(), lives.reached("transferred")[who].tolist()
        codes = [item.code for item in city.pool.items]
        for n, item, place, went in zip(who.tolist(), items, places, passed, strict=True):
            first = city.units[place][item]
            unit = city.lead(place, item, went and verb not in ("accepted", "started"))
            by = city.handler(first if verb == "transferred" else unit)
            told = ""
            if verb in ("accepted", "transferred"):
                told = f', "unit": ["{unit.place}", "{unit.department}"]'
            data = f'{{"item": "{codes[item]}"{told}{rest}}}'
            yield _entry(city, lives, n, verb, f"{by}\t{by}", data)

    return lines


def _submitted(city, lives, who):
    known = numbers(lives.first, lives.times["submitted"])
    items = city.pool.of_item[lives.variant].tolist()
    for n in who.tolist():
        item, place, by_phone = items[n], lives.place[n], lives.by_phone[n]
        unit = city.units[place][item]
        by = f"{lives.account[n]}\t\\N" if by_phone else f"{place + 1}\t{place + 1}"
        channel = "phone" if by_phone else "counter"
        data = (
            f'{{"item": "{city.pool.items[item].code}", "number": "{known[n]}", '
            f'"channel": "{channel}", "category": "", "unit": ["{unit.place}", '
            f'"{unit.department}"]}}'
        )
        line = _entry(city, lives, n, "submitted", by, data)
        yield line if by_phone else line.replace("\t\t", "\tresident\t", 1)


def _rated(city, lives, who):
    items = city.pool.of_item[lives.variant].tolist()
    for n in who.tolist():
        data = f'{{"item": "{city.pool.items[items[n]].code}", "score": {lives.score[n]}}}'
        yield _entry(city, lives, n, "rated", f"{lives.account[n]}\t\\N", data)


LINES = {
    "submitted": _submitted,
    "accepted": _of_staff("accepted"),
    "started": _of_staff("started"),
    "transferred": _of_staff("transferred"),
    "decided": _of_staff("decided", decision="granted"),
    "replied": _of_staff("replied", in_time=True),
    "rated": _rated,
    "closed": _of_staff("closed"),
}
