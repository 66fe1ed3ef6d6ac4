"""Who may be drawn for a hearing, and what those drawn have said."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Sum

from shanzhi.burden.queries import communities
from shanzhi.kernel import places
from shanzhi.places.models import Estate

from ..models import Application, Opinion
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
class Hearing:
    """What a hearing says, without the names of communities."""

    drawn: int
    answered: int
    votes: dict[str, int]
    texts: Sequence[tuple[str, str]]  # (answer, what was said)
    minutes: float | None  # what it would take each time, on average


def hearing(application: Application) -> Hearing | None:
    """None where nobody has been drawn."""
    rows = list(application.opinions.order_by("pk"))
    if not rows:
        return None
    given = [each for each in rows if each.answer]
    told = [each.minutes for each in given if each.minutes is not None]
    votes = Counter(each.answer for each in given)
    return Hearing(
        drawn=len(rows),
        answered=len(given),
        votes={answer: votes[answer] for answer in Opinion.Answer.values},
        texts=sorted((each.answer, each.text) for each in given if each.text),
        minutes=sum(told) / len(told) if told else None,
    )


def opinion_of(application: Application, community: str) -> Opinion | None:
    found = application.opinions.filter(community=community)
    return found.select_related("application").first()
