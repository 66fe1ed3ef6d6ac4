"""The journal of the cases, and the tallies that followers would have folded from it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from .cases import City, numbers
from .lives import STEPS, Lives, stamps

COLUMNS = ("id", "xid", "at", "verb", "about", '"by"', "post", "behalf", "place", "data")
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
        texts = _texts(self.city, lives)
        for step in STEPS:
            who = np.flatnonzero(lives.reached(step))
            if len(who):
                lines = np.array(LINES[step](texts, lives, who.tolist()), dtype=object)
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
            yield f"{self.last}\t{self.last}\t{stamp}\t{line}"  # each of its own transaction

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


@dataclass
class Texts:
    """What lines about a month's cases are put together from: one text a case."""

    about: list[str]
    where: list[str]
    item: list[str]
    number: list[str]
    applicant: list[str]
    first: list[tuple[str, str]]  # the unit at first: in JSON, and who acts for it
    last: list[tuple[str, str]]  # and from where the case was passed on, if it was


def _texts(city: City, lives: Lives) -> Texts:
    items, places = city.pool.of_item[lives.variant].tolist(), lives.place.tolist()
    codes, communities = [item.code for item in city.pool.items], city.ground.communities
    accounts, passed = lives.account.tolist(), lives.reached("transferred").tolist()
    first = [city.told[place][item] for place, item in zip(places, items, strict=True)]
    return Texts(
        [f"cases.Case:{pk}" for pk in range(lives.first + 1, lives.first + len(lives) + 1)],
        [f"{communities[p]}{a % 3 + 1:03d}" for p, a in zip(places, accounts, strict=True)],
        [codes[item] for item in items],
        numbers(lives.first, lives.times["submitted"]),
        [
            f"{account}\t\\N\t" if by_phone else f"{place + 1}\t{place + 1}\tresident"
            for account, by_phone, place in zip(
                accounts, lives.by_phone.tolist(), places, strict=True
            )
        ],
        first,
        [city.told[p][-1] if on else at for p, on, at in zip(places, passed, first, strict=True)],
    )


def _submitted(texts: Texts, lives: Lives, who: list[int]) -> list[str]:
    channels = ["phone" if by_phone else "counter" for by_phone in lives.by_phone.tolist()]
    return [
        f"cases.submitted\t{texts.about[n]}\t{texts.applicant[n]}\t{texts.where[n]}\t"
        f'{{"item": "{texts.item[n]}", "number": "{texts.number[n]}", "channel": "{channels[n]}", '
        f'"category": "", "unit": {texts.first[n][0]}}}'
        for n in who
    ]


def _rated(texts: Texts, lives: Lives, who: list[int]) -> list[str]:
    score, account = lives.score.tolist(), lives.account.tolist()
    return [
        f"cases.rated\t{texts.about[n]}\t{account[n]}\t\\N\t\t{texts.where[n]}\t"
        f'{{"item": "{texts.item[n]}", "score": {score[n]}}}'
        for n in who
    ]


def _of_staff(verb: str, rest: str = "", *, late: bool = True, told: bool = False):
    """A step of the unit that leads: the one at first, or `late` the one it was passed on to."""

    def lines(texts: Texts, lives: Lives, who: list[int]) -> list[str]:
        leads = texts.last if late else texts.first
        return [
            f"cases.{verb}\t{texts.about[n]}\t{leads[n][1]}\t\t{texts.where[n]}\t"
            f'{{"item": "{texts.item[n]}"{rest}' + (f', "unit": {leads[n][0]}}}' if told else "}")
            for n in who
        ]

    return lines


def _transferred(texts: Texts, lives: Lives, who: list[int]) -> list[str]:
    return [
        f"cases.transferred\t{texts.about[n]}\t{texts.first[n][1]}\t\t{texts.where[n]}\t"
        f'{{"item": "{texts.item[n]}", "unit": {texts.last[n][0]}}}'
        for n in who
    ]


LINES = {
    "submitted": _submitted,
    "accepted": _of_staff("accepted", late=False, told=True),
    "started": _of_staff("started", late=False),
    "transferred": _transferred,
    "decided": _of_staff("decided", ', "decision": "granted"'),
    "replied": _of_staff("replied", ', "in_time": true'),
    "rated": _rated,
    "closed": _of_staff("closed"),
}
