"""Who may be drawn for a hearing, and what those drawn have said."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from django.db.models import Sum
from django.utils.timezone import localdate

from shanzhi.burden.queries import communities
from shanzhi.kernel import places
from shanzhi.places.models import Estate

from ..models import Application, Opinion, Said
from ..sampling import Community, urban


def candidates(scope: Sequence[str]) -> list[Community]:
    """Every community of the scope, with the households of its estates."""
    found = [code for code in communities() if any(places.holds(each, code) for each in scope)]
    sizes: Counter[str] = Counter()
    rows = Estate.objects.values_list("place").annotate(number=Sum("households")).order_by()
    for place, number in rows:
        sizes[place[:12]] += number or 0
    return [Community(code, urban(code), sizes[code]) for code in found]


@dataclass(frozen=True)
class Voice:
    """What somebody says, and before: (day, answer, text, minutes), the latest first."""

    answer: str
    text: str
    minutes: int | None = None
    changed_on: date | None = None
    earlier: Sequence[tuple[date, str, str, int | None]] = ()


@dataclass(frozen=True)
class Hearing:
    """What a hearing says, without the names of communities."""

    drawn: int
    answered: int
    votes: dict[str, int]
    voices: Sequence[Voice]  # of those who wrote something, or changed what they think
    minutes: float | None  # what it would take each time, on average


def hearing(application: Application) -> Hearing | None:
    """None where nobody has been drawn."""
    rows = list(application.opinions.order_by("pk"))
    if not rows:
        return None
    given = [each for each in rows if each.answer]
    said = _said(given)
    voices = [_voice(each, said[each.pk]) for each in given]
    votes = Counter(each.answer for each in given)
    return Hearing(
        drawn=len(rows),
        answered=len(given),
        votes={answer: votes[answer] for answer in Opinion.Answer.values},
        voices=sorted(
            (each for each in voices if each.text or each.earlier),
            key=lambda each: (each.answer, each.text),
        ),
        minutes=mean(each.minutes for each in given),
    )


def mean(numbers: Iterable[int | None]) -> float | None:
    """Of those that are known; None where none is."""
    known = [each for each in numbers if each is not None]
    return sum(known) / len(known) if known else None


def _said(opinions):
    """By opinion, in the order in which it was said."""
    found = defaultdict(list)
    for row in Said.objects.filter(voice__in=[each.pk for each in opinions]).order_by("pk"):
        found[row.voice].append(row)
    return found


def _voice(opinion, said):
    """The same words once more are no change; minutes are."""
    changed = [row for row, later in pairwise([*said, opinion]) if _differ(row, later)]
    earlier = [(localdate(row.at), row.answer, row.text, row.minutes) for row in reversed(changed)]
    return Voice(
        opinion.answer, opinion.text, opinion.minutes, localdate(opinion.at) if earlier else None,
        earlier,
    )  # fmt: skip


def _differ(one, other):
    return any(getattr(one, name) != getattr(other, name) for name in ("answer", "text", "minutes"))


def opinion_of(application: Application, community: str) -> Opinion | None:
    found = application.opinions.filter(community=community)
    return found.select_related("application").first()
