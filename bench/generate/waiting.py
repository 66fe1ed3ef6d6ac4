"""The duties of cases that are not answered yet, with their clocks, counted by work itself."""

from collections.abc import Iterator
from datetime import UTC, datetime

from shanzhi.kernel import masking
from shanzhi.work import duties
from shanzhi.work.duties import Limit

from .cases import City, numbers
from .lives import Lives

DUTY = (
    "id", "kind", "about", "title", "detail", "person", "link", "place", "department", "item",
    "scene", "opened_at", "due_at", "blue_at", "yellow_at", "red_at", "turns_at", "provisional",
    "edition", "paused", "mark", "outcome",
)  # fmt: skip
CLOCK = ("id", "duty_id", "basis", "unit", "amount", "started_at", "due_at", "provisional")


class Waiting:
    """Collects the open ones over all months: they are few."""

    def __init__(self, city: City):
        self.city = city
        self.duties: list[str] = []
        self.clocks: list[str] = []

    def add(self, lives: Lives) -> None:
        known = numbers(lives.first, lives.times["submitted"])
        replied, accepted = lives.reached("replied"), lives.reached("accepted")
        for n in (~replied).nonzero()[0].tolist():
            self._open(lives, n, known[n], bool(accepted[n]))

    def _open(self, lives: Lives, n: int, number: str, accepted: bool) -> None:
        city, place = self.city, int(lives.place[n])
        index = int(city.pool.of_item[lives.variant[n]])
        item = city.pool.items[index]
        unit = city.lead(place, index, bool(lives.reached("transferred")[n]))
        community = city.ground.communities[place]
        own = unit.place == community and not unit.department
        at = lives.times["accepted" if accepted else "submitted"][n]
        limits = _limits(item) if accepted else [Limit("promised", 1, "working_days")]
        duty, values = duties.prepare(
            at=datetime.fromtimestamp(int(at), UTC),
            limits=limits,
            kind="cases.answer" if accepted else "cases.accept",
            about=f"cases.Case:{lives.first + n + 1}",
            title=city.pool.variants[lives.variant[n]].title,
            detail=item.name,
            person=masking.name(city.people.name(int(lives.account[n]))),
            link=f"/desk/cases/{number}/",
            place=f"{community}{lives.account[n] % 3 + 1:03d}" if own else unit.place,
            department=unit.department,
        )
        self._write(duty, values, limits)

    def _write(self, duty, values, limits) -> None:
        pk = len(self.duties) + 1
        columns = [str(pk), *(_text(getattr(duty, name)) for name in DUTY[1:-3]), "f", "", ""]
        self.duties.append("\t".join(columns))
        dues = zip(limits, values["clock_due_at"], values["clock_provisional"], strict=True)
        for limit, due_at, provisional in dues:
            clock = [len(self.clocks) + 1, pk, limit.basis, limit.unit, limit.amount,
                     duty.opened_at, due_at, provisional]  # fmt: skip
            self.clocks.append("\t".join(map(_text, clock)))

    def lines(self) -> Iterator[tuple[str, tuple[str, ...], list[str]]]:
        yield "work_duty", DUTY, self.duties
        yield "work_clock", CLOCK, self.clocks


def _limits(item):
    limits = [Limit("promised", item.promised_amount, item.promised_unit)]
    if item.statutory_amount:
        limits.append(Limit("statutory", item.statutory_amount, item.statutory_unit))
    return limits


def _text(value) -> str:
    return "\\N" if value is None else str(value)
