"""Minutes of the tasks that the platform counts."""

from datetime import date

from ..kinds import ASSUMED, TASKS, Rate
from ..models import Standard


def rates(on: date) -> list[Rate]:
    """Of each kind what holds on the day: the office's latest, else what is assumed."""
    known = {each.kind: each for each in
             Standard.objects.filter(valid_from__lte=on).order_by("valid_from")}  # fmt: skip
    return [_rate(task, known.get(code)) for code, task in TASKS.items()]


def _rate(task, row):
    if row is None:
        return Rate(task, task.minutes, task.least, task.most, ASSUMED)
    return Rate(task, row.minutes, row.least, row.most, row.source, row.valid_from)


def history(kind: str) -> list[Standard]:
    return list(Standard.objects.filter(kind=kind).order_by("-valid_from"))
