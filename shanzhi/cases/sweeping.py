"""What time alone brings about: acceptance by silence, closing of what was answered."""

from datetime import datetime

from shanzhi.kernel.acting import SYSTEM
from shanzhi.work.models import Clock

from . import commands, rules
from .models import Case

AT_ONCE = 500  # each in its own transaction


def accept_silent(*, at: datetime) -> int:
    """Accept what nobody accepted or refused within the five days of the law."""
    late = Clock.objects.filter(
        duty__kind="cases.accept", basis=Clock.Basis.STATUTORY, stopped_at=None, due_at__lt=at
    )
    labels = late.order_by("due_at").values_list("duty__about", flat=True)[:AT_ONCE]
    cases = Case.objects.filter(
        pk__in=[int(label.partition(":")[2]) for label in labels], state=Case.State.SUBMITTED
    )
    return len([commands.accept_deemed(case=case, by=SYSTEM, at=at) for case in cases])


def close_answered(*, at: datetime) -> int:
    """Close what was answered fifteen days ago without objection."""
    waiting = Case.objects.filter(
        state__in=(Case.State.REPLIED, Case.State.DELIVERED),
        replied_at__lte=at - rules.CLOSE_AFTER,
    )
    cases = waiting.order_by("replied_at")[:AT_ONCE]
    return len([commands.close(case=case, by=SYSTEM, at=at) for case in cases])
