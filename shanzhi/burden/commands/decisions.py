"""The five verbs, their undoing, and the day on which a demand leaves by itself."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name

from .. import rules
from ..kinds import ENDS, Size
from ..models import Category, Decision, Demand, Span, Verb
from ..queries.systems import leading_to
from ..rules.decisions import Wish
from ..rules.following import check_stop
from ..rules.systems import check_heir_stays

KEPT = ("state", "state_since", "heir_id", "taken_by_id", "limits", "times", "minutes", "staff")
AT_ONCE = 500


@transaction.atomic
def decide(*, demand: Demand, wish: Wish, by: Actor, at: datetime) -> Decision:
    """One verb on one demand, from the day it was decided on."""
    demand, heir = locked(demand, wish.heir)
    wish = Wish(**{**vars(wish), "heir": heir})
    rules.check_decide(demand, wish, by, localdate(at))
    return _carried_out(demand, wish, by, at)


def _carried_out(demand, wish, by, at):
    if wish.verb in ENDS and demand.category == Category.SYSTEM:
        check_heir_stays(demand, leading_to(demand))
    before = written(demand)
    _apply(demand, wish)
    turn(demand, wish.decided_on)
    demand.save(update_fields=[each.removesuffix("_id") for each in KEPT])
    return decided(demand, wish, before, by, at)


def stop_of_nobody(demand: Demand, by: Actor, at: datetime) -> Decision:
    """Called where the unit or its office lets a demand go that asks nobody any more."""
    check_stop(demand.campaign)
    return _carried_out(demand, Wish(
        verb=Verb.STOP, decided_on=localdate(at), decider=unit_name(by.place, by.department),
        reason=_("Since divisions changed it asked no community any more."),
    ), by, at)  # fmt: skip


@transaction.atomic
def undo(*, decision: Decision, wish: Wish, by: Actor, at: datetime) -> Decision:
    """As it was before, from the day of the undoing; the decision stays in the history."""
    demand, _none = locked(decision.demand, None)
    decision = Decision.objects.select_related("demand").get(pk=decision.pk)
    rules.check_undo(decision, standing(demand), wish, by, localdate(at))
    before = written(demand)
    for name, value in decision.before.items():
        setattr(demand, name, value)
    demand.state_since = wish.decided_on
    turn(demand, wish.decided_on)
    demand.save(update_fields=[each.removesuffix("_id") for each in KEPT])
    return decided(demand, wish, before, by, at, undoes=decision)


@transaction.atomic
def exit_expired(*, by: Actor, at: datetime) -> int:
    """Demands whose last day has passed leave; how many. Run daily; one batch at a time."""
    today = localdate(at)
    due = (
        Demand.objects.select_for_update(skip_locked=True)
        .filter(state=Demand.State.IN_FORCE, valid_to__lt=today).order_by("pk")[:AT_ONCE]
    )  # fmt: skip
    for demand in due:
        last = demand.valid_to + timedelta(days=1)
        demand.state, demand.state_since = Demand.State.EXITED, last
        turn(demand, last)
        demand.save(update_fields=["state", "state_since"])
        record("burden.exited", about=label(demand), by=by, at=at, place=demand.place)
    return len(due)


def standing(demand: Demand) -> Decision | None:
    """The latest decision that nobody has undone."""
    return demand.decisions.exclude(verb=Verb.UNDO).filter(undone_by=None).order_by("-pk").first()


def locked(demand, heir):
    """Both in the order of their keys, so that two merges across each other do not block."""
    keys = sorted({demand.pk} | ({heir.pk} if heir else set()))
    found = {each.pk: each for each in
             Demand.objects.select_for_update(of=("self",)).select_related("campaign")
             .filter(pk__in=keys).order_by("pk")}  # fmt: skip
    return found[demand.pk], found[heir.pk] if heir else None


def written(demand):
    return {name: _plain(getattr(demand, name)) for name in KEPT}


def _plain(value):
    return str(value) if isinstance(value, date) else value


def _apply(demand, wish):
    if wish.verb in ENDS:
        demand.state = ENDS[wish.verb]
    demand.state_since = wish.decided_on
    demand.heir_id = wish.heir.pk if wish.verb == Verb.MERGE else None
    demand.taken_by_id = wish.taken_by if wish.verb == Verb.TRANSFER else None
    demand.limits = wish.limits if wish.verb == Verb.LIMIT else demand.limits
    if wish.verb in (Verb.REDUCE, Verb.LIMIT) and wish.size:
        demand.times, demand.minutes, demand.staff = vars(wish.size).values()


def turn(demand, day):
    """The open span ends; another begins where the demand still counts."""
    size = Size(demand.times, demand.minutes, demand.staff)
    Span.objects.filter(demand=demand, valid_to=None).update(valid_to=day)
    if demand.state == Demand.State.IN_FORCE:
        Span.objects.create(demand=demand, valid_from=day, **vars(size))


def decided(demand, wish, before, by, at, undoes=None):
    decision = Decision.objects.create(
        demand=demand, verb=wish.verb, reason=wish.reason.strip(), decided_on=wish.decided_on,
        decider=wish.decider.strip(), evidence=wish.evidence.strip(), heir=wish.heir,
        taken_by_id=wish.taken_by or None, duty=wish.duty.strip(), limits=wish.limits.strip(),
        before=before, after=written(demand), undoes=undoes, at=at,
        unit=unit_name(by.place, by.department) if by.place else "",
    )  # fmt: skip
    verb = "burden.undone" if undoes else "burden.decided"
    record(verb, about=label(demand), by=by, at=at, place=demand.place, chosen=wish.verb,
           decision=decision.pk)  # fmt: skip
    return decision
