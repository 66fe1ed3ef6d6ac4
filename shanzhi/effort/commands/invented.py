"""For the demonstration alone: a quarter of a diary that nobody kept."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor

from ..kinds import Quarter
from ..models import Answer, Draw, Half

Invented = Sequence[tuple[Half, Sequence[str]]]


@transaction.atomic
def keep_invented(
    *, quarter: Quarter, workers: Mapping[str, int], answers: Mapping[str, Invented], seed: int,
    by: Actor, at: datetime,
) -> int:  # fmt: skip
    """Both by community; how many half-days were kept."""
    draws = Draw.objects.bulk_create(
        Draw(community=code, quarter=quarter.first, seed=seed, first=quarter.first, workers=number)
        for code, number in sorted(workers.items())
    )
    made = Answer.objects.bulk_create(_answers(draws, answers))
    record("effort.invented", about=f"effort.Draw:{draws[0].pk}", by=by, at=at,
           place=settings.SHANZHI_CITY, quarter=str(quarter))  # fmt: skip
    return len(made)


def _answers(draws, answers) -> Iterable[Answer]:
    for draw in draws:
        for half, parts in answers[draw.community]:
            yield Answer(draw=draw, half=half, parts=sorted(parts))
