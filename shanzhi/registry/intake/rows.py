"""A row of cells into what the registry would hold of it, with every problem it has."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, partial
from typing import Any

from shanzhi.kernel import Refused

from .. import kinds, spelling
from ..codelists import HEAD
from . import aliases, ground, headers, homes, values
from .cells import Line
from .problems import CELL, Found

OTHER = "80"
LIVING, REGISTERED = 2, 1
# Cells that a household shares: those below its first row are left empty, or merged.
SHARED = (
    "household.number", "household.kind", "home.place", "home.estate", "home.road",
    "home.building", "home.written", "home.holding", "row.grid", "row.room", "row.unit", "row.gate",
    "row.head",
)  # fmt: skip
FIRST = ("person.document", "home.place")  # others are read by them
IDENTITY = "person.identity"  # read by the kind of its document
PROBLEM_OF = {
    "person.name": "badname", IDENTITY: "identity", "home.place": "division",
    "row.presence": "presence", "row.relation": "relation", "person.phone": "phone",
    "person.other_phone": "phone", "row.since": "date",
}  # fmt: skip
BY_TYPE = {"code": "code", "date": "date"}


@dataclass(slots=True)
class Row:
    """`sections` holds values by section and field, `problems` what is wrong."""

    line: Line
    sections: dict[str, dict[str, Any]] = field(default_factory=dict)
    place: str = ""
    kinds: tuple[int, ...] = (LIVING,)
    relation: str = ""
    number: str = ""  # of the household
    head: str = ""  # the name of its head, where each row says it
    home: homes.Home | None = None
    since: date | None = None  # of living there
    problems: list[Found] = field(default_factory=list)
    key: bytes = b""  # of the household, made by `Sequence`
    skipped: bool = False

    @property
    def person(self) -> dict[str, Any]:
        return self.sections["person"]

    @property
    def refused(self) -> bool:
        return bool(self.problems) and any(each.level != CELL for each in self.problems)


@dataclass(frozen=True)
class Plan:
    """How the columns are read: compiled once for a file."""

    ground: ground.Ground
    today: date
    titles: tuple[str, ...]
    readers: tuple[tuple[int, str, values.Reader], ...]
    sheets: tuple[str, ...] = ("",)

    @cached_property
    def targets(self) -> dict[str, int]:
        return {code: n for n, code, _read in self.readers}


def plan(
    columns: Sequence[str], where: ground.Ground, *, today: date, titles: Sequence[str] = (),
    sheets: Sequence[str] = ("",),
) -> Plan:  # fmt: skip
    """`columns` name the target of each column, "" for those kept aside."""
    taken = [(n, code) for n, code in enumerate(columns) if code]
    taken.sort(key=lambda each: (each[1] not in FIRST, each[0]))
    readers = tuple((n, code, _reader(code, where, today)) for n, code in taken)
    return Plan(where, today, tuple(titles), readers, tuple(sheets))


def _reader(code, where, today):
    if code == IDENTITY:
        return partial(values.read_identity, today=today)
    if code == "home.place":
        return values.cached(partial(ground.place, where))
    entry = kinds.entry(code)
    read = values.reader(code, today=today)
    repeated = entry is None or entry.type in values.REPEATED or code == "person.name"
    return values.cached(read) if repeated and code != "row.head" else read


def read(plan: Plan, line: Line, shared: dict[str, str]) -> Row:
    """`shared` are the cells of the household above, kept from row to row of a sheet."""
    row, told = Row(line), {}
    texts = _texts(plan.readers, line)
    _share(texts, shared, line.sheet)
    for column, code, reader in plan.readers:
        if text := texts.get(code):
            try:
                told[code] = reader(text, _document(texts)) if code == IDENTITY else reader(text)
            except Refused:
                row.problems.append(Found(_problem(code), column))
                told[code] = None
    if not texts.get("person.name") and not texts.get("person.identity"):
        row.skipped = True
        return row
    if _is_header(plan, line):
        row.skipped = True
        return row
    _settle(plan, row, told, texts)
    return row


def _is_header(plan, line):
    """Titles that come again on every printed page."""
    n, titles = plan.targets.get("person.name", 0), plan.titles
    if n >= len(titles) or line.cells[n].strip() not in titles[n]:
        return False
    return tuple(map(headers.tidy, line.cells[: len(titles)])) == titles


def _texts(readers, line):
    texts, cells, tidy = {}, line.cells, values.tidy
    count = len(cells)
    for column, code, _reader in readers:
        if column < count and (cell := cells[column]):
            text = tidy(cell)
            if text and text != "无":
                texts[code] = text
    return texts


def _share(texts, shared, sheet):
    """Who is not the head and has none of the household's cells has those of the row above."""
    relation = texts.get("row.relation", "")
    own = {code: texts[code] for code in SHARED if code in texts}
    member = relation and values.RELATION.get(relation, "") != HEAD
    if member and not own.keys() - {"row.head"} and shared.get("sheet") == sheet:
        for code, text in shared.items():
            texts.setdefault(code, text)
        texts.pop("sheet", None)
    elif own:
        shared.clear()
        shared.update(own, sheet=sheet)


DOCUMENTS = aliases.words("document")


def _document(texts):
    text = texts.get("person.document", "")
    return DOCUMENTS.get(text, text)


def _problem(code):
    if code in PROBLEM_OF:
        return PROBLEM_OF[code]
    entry = kinds.entry(code)
    return BY_TYPE.get(entry.type if entry else "", "value")


# --- what follows from the cells together ---------------------------------------------------------


def _settle(plan, row, told, texts):
    person = {}
    for code, value in told.items():
        section, name = _apart(code)
        if value is None or section in NO_SECTION:
            continue
        if section == "person":
            person[name] = value
        else:
            row.sections.setdefault(section, {})[name] = value
    row.sections["person"] = person
    row.place = _place(plan, row, told, texts)
    row.kinds = told.get("row.presence") or row.kinds
    row.relation = told.get("row.relation") or ""
    row.number, row.head = texts.get("household.number", ""), texts.get("row.head", "")
    row.since = _day(told.get("row.since"))
    _settle_person(plan, row, person)
    _settle_registration(plan, row, person, texts)
    if row.place and LIVING in row.kinds:
        row.home = homes.home(plan.ground, row.place, texts, _building(plan, row, texts))
        if row.home and (holding := told.get("home.holding")):
            row.home = homes.holding(row.home, holding)


NO_SECTION = {"home", "row", "household"}


@cache
def _apart(code):
    section, _dot, name = code.partition(".")
    return section, name


def _day(told):
    """Of a month its first."""
    return date(*told, 1) if isinstance(told, values.Month) else told


def _building(plan, row, texts):
    """A sheet for each building: its name says which."""
    if len(plan.sheets) < 2 or "home.building" in plan.targets:
        return ""
    return homes.building_of_sheet(plan.sheets[row.line.sheet])


def _place(plan, row, told, texts):
    place = told.get("home.place") or ("" if "home.place" in texts else plan.ground.usual)
    if not place:
        if "home.place" not in texts:
            row.problems.append(Found("noplace"))
        return ""
    if len(place) < 15 and (name := texts.get("row.grid")):
        place = ground.grid(plan.ground, place, name) or place
    return place


def _settle_person(plan, row, person):
    if "name" not in person and not any(each.code == "badname" for each in row.problems):
        row.problems.append(Found("name"))
    number, document = person.get("identity"), person.get("document", "")
    born = person.get("birth")
    if isinstance(born, values.Month):
        del person["birth"]
    if number and not document:
        document = person["document"] = "111"
    if spelling.speaks(document, number):
        _by_number(row, person, spelling.told_by_number(number), born)
    elif not number and "birth" not in person and not _has(row, "identity"):
        _no_birth(plan, row)
    _check_death(row, person)


def _has(row, code):
    return any(problem.code == code for problem in row.problems)


def _by_number(row, person, told, born):
    if isinstance(born, values.Month):
        fits = born[0] == told["birth"].year and told["birth"].month in (born[1], born[1] * 10)
    else:
        fits = born in (None, told["birth"])
    if not fits or person.get("sex", told["sex"]) not in (told["sex"], "0", "9"):
        row.problems.append(Found("contradict"))
    person["birth"], person["sex"] = told["birth"], told["sex"]


def _no_birth(plan, row):
    """A birth that cannot be read is then a reason to refuse, not an empty cell."""
    column = plan.targets.get("person.birth")
    row.problems = [each for each in row.problems if (each.code, each.column) != ("date", column)]
    row.problems.append(Found("birth", column))


def _check_death(row, person):
    died, born = person.get("died_on"), person.get("birth")
    if isinstance(died, values.Month):
        del person["died_on"]
        died = None
    if (died and person.setdefault("state", "dead") != "dead") or (died and born and died < born):
        row.problems.append(Found("died"))


def _settle_registration(plan, row, person, texts):
    """A register of this community says so; a division that is not ours stays as words."""
    if text := texts.get("person.registered_place"):
        if code := ground.division(plan.ground, text):
            person["registered_place"] = code
        else:
            person.pop("registered_place", None)
            person.setdefault("registered_address", text)
    if REGISTERED in row.kinds and row.place:
        person.setdefault("registered_place", row.place[:12])
