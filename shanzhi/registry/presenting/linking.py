"""Pairs as plain rows: both entries side by side, and why they are taken for one person."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from django.utils.translation import pgettext_lazy

from .. import kinds, masks
from ..linking import likely
from ..merging import Side
from ..models import Batch, Dwelling, Household, LinkJob, LinkPair, Person
from ..rules.linking import KEPT, OTHER
from .persons import FULL, address, on

TONES = {"waiting": "grey", "running": "blue", "done": "green", "failed": "red"}
SEEN = ("person.name", "person.sex", "person.birth")
NOT_SHOWN = {"person.registered_place"}
FIELDS = {
    "name": pgettext_lazy("person", "Name"), "birth": t("Date of birth"), "sex": t("Sex"),
    "phone": t("Phone"), "home": t("Address"),
    "relation": t("Relation to the head of household"),
}  # fmt: skip
STEPS = {
    ("name", "same"): t("The names are equal, or differ only in the way they are written."),
    ("name", "former"): t("The name of one is the former name of the other."),
    ("name", "sound"): t("The names sound the same."),
    ("name", "part"): t("One name is part of the other."),
    ("name", "one_of_siblings"): t(
        "One character differs, with the same birth and home: mistyped, or twins."),
    ("name", "one_sign"): t("One character of the name differs."),
    ("name", "alike"): t("The names sound nearly the same."),
    ("name", "surname"): t("Only the surname is equal."),
    ("name", "other"): t("The names differ."),
    ("birth", "same"): t("Born on the same day."),
    ("birth", "turned"): t("Month and day are exchanged."),
    ("birth", "only_year"): t("Of one only the year is known; it is the same."),
    ("birth", "digit"): t("One digit of the birth differs, or two changed places."),
    ("birth", "lunar"): t("The days are as far apart as the old calendar and the new one."),
    ("birth", "near_year"): t("The same day, one or two years apart."),
    ("birth", "other"): t("Born on different days."),
    ("sex", "same"): t("The same sex."),
    ("sex", "other"): t("Different sex."),
    ("phone", "same"): t("A phone number is the same."),
    ("phone", "digit"): t("One digit of the phone number differs, or two changed places."),
    ("phone", "other"): t("The phone numbers differ."),
    ("home", "door_and_phone"): t(
        "The same home; as the phone is the same, this tells little more."),
    ("home", "door"): t("The same home, now or earlier."),
    ("home", "building"): t("The same building, now or earlier."),
    ("home", "estate"): t("The same estate, now or earlier."),
    ("home", "other"): t("Different addresses."),
    ("relation", "same"): t("The same relation to the head of household."),
    ("relation", "other"): t("A different relation to the head of household."),
}  # fmt: skip
UNKNOWN = t("One of them has nothing here.")


def verdict(weight: float) -> str:
    """In words, for those whom bits tell nothing."""
    words = ((12, _("Almost certainly one person")), (6, _("Probably one person")),
             (0, _("Possibly one person")))  # fmt: skip
    return next((text for least, text in words if weight >= least), _("Hardly one person"))


def percent(weight: float) -> str:
    share = likely(weight) * 100
    return _("over 99.9 %%") % {} if share > 99.9 else f"{share:.1f} %"


# --- comparisons ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class JobRow:
    href: str
    title: str
    state: str
    tone: str
    found: str
    at: str


def job_rows(jobs: Iterable[LinkJob]) -> list[JobRow]:
    jobs = list(jobs)
    names = dict(Batch.objects.filter(pk__in={each.batch for each in jobs if each.batch})
                 .values_list("pk", "name"))  # fmt: skip
    return [_job_row(each, names) for each in jobs]


def _job_row(job, names):
    done = job.state == LinkJob.State.DONE
    return JobRow(
        href=reverse("registry:comparison", args=[job.pk]), title=job_title(job, names),
        state=str(job.get_state_display()), tone=TONES[job.state],
        found=str(job.found) if done else "",
        at=on(localdate(job.made_at) if job.made_at else None),
    )  # fmt: skip


def job_title(job: LinkJob, names: dict[int, str] | None = None) -> str:
    if job.batch is None:
        return _("All entries with each other")
    if names is None:
        names = dict(Batch.objects.filter(pk=job.batch).values_list("pk", "name"))
    return names.get(job.batch) or _("An import")


@dataclass(frozen=True)
class PairRow:
    href: str
    first: str
    first_about: str
    second: str
    second_about: str
    verdict: str
    percent: str
    suggested: bool
    why: str


def pair_rows(pairs: Iterable[LinkPair]) -> list[PairRow]:
    pairs = list(pairs)
    ids = {end for pair in pairs for end in (pair.first, pair.second)}
    persons = Person.objects.only("name", "birth").in_bulk(ids)
    return [_pair_row(pair, persons) for pair in pairs]


def _pair_row(pair, persons):
    names, births = zip(*(_named(persons.get(each)) for each in (pair.first, pair.second)),
                        strict=True)  # fmt: skip
    return PairRow(
        href=pair_href(pair), first=names[0], second=names[1] or _("(merged)"),
        first_about=births[0], second_about=births[1],
        verdict=verdict(pair.weight), percent=percent(pair.weight), suggested=pair.suggested,
        why=_("; ").join(str(FIELDS[field]) for field, _step, weight in pair.parts if weight > 1),
    )  # fmt: skip


def _named(person):
    return (person.name, on(person.birth)) if person else (_("(not here)"), "")


def pair_href(pair: LinkPair) -> str:
    base = reverse("registry:link_pair", args=[pair.first, pair.second])
    return f"{base}?job={pair.job_id}"


# --- side by side ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """`differs` is "same", "differs", "kept" or "other" (only that one has a value)."""

    code: str
    title: str
    kept: str
    other: str
    differs: str
    choice: str


def lines(found: Iterable[Side]) -> list[Line]:
    """What one of them has; equal fields last."""
    shown = [_line(side) for side in found if side.code not in NOT_SHOWN]
    shown = [line for line in shown if line.kept or line.other]
    return sorted(shown, key=lambda line: line.differs == "same")


def _line(side):
    kept, other = (_shown(side.code, value) for value in (side.kept, side.other))
    differs = "same" if side.same else "differs"
    if differs == "differs" and not (kept and other):
        differs = KEPT if kept else OTHER
    return Line(side.code, title(side.code), kept, other, differs, side.choice)


def title(code: str) -> str:
    if entry := kinds.entry(code):
        return str(entry.element.title)
    return _("Where the person lives") if code == "living" else _("Household")


def _shown(code: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if code == "living":
        return _living(value)
    if code == "household":
        return _household(value)
    entry = kinds.entry(code)
    if entry is None or (code == "person.sex" and value == "0"):
        return ""
    full = entry.section.code == "person" and entry.element.field in FULL
    return masks.shown(entry, value, full=full)


def _living(value):
    if isinstance(value, int):
        return address(Dwelling.objects.select_related("estate").filter(pk=value).first())
    return masks.places.name(value)


def _household(value):
    row = Household.objects.filter(pk=value).first()
    head = row and row.members.filter(until=None, relation="02").select_related("person").first()
    return _("Household of %(name)s") % {"name": head.person.name} if head else _("Without a head")


@dataclass(frozen=True)
class Why:
    title: str
    text: str
    weight: str
    size: float  # of the bar, 0 to 15
    speaks: str  # "for", "against" or ""


def reasons(pair: LinkPair) -> list[Why]:
    """What each field said; what is not known says nothing."""
    return [_why(*part) for part in pair.parts]


def _why(field, step, weight):
    text = str(STEPS.get((field, step), UNKNOWN))
    speaks = "" if step == "unknown" or abs(weight) < 0.05 else "for" if weight > 0 else "against"
    return Why(str(FIELDS[field]), text, f"{weight:+.1f}" if speaks else "", min(15, abs(weight)),
               speaks)  # fmt: skip


def elements(found: Iterable[Line]) -> list[str]:
    """For the read log."""
    return [line.code for line in found if kinds.entry(line.code)]
