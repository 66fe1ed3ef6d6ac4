"""Divisions merge, split and move: whom something asks follows, or somebody is asked."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from shanzhi.journal import labels
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import places
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name
from shanzhi.places import queries as divisions
from shanzhi.work import duties
from shanzhi.work.duties import Limit
from shanzhi.work.models import Clock

from .. import following, rules, spreading
from ..following import Change
from ..kinds import SCOPED
from ..models import ScopeChange
from ..queries import communities
from ..queries import following as queries
from ..queries.offices import OFFICE, office_of

Kind = ScopeChange.Kind
DECIDE_DAYS = 10  # working days of the unit and of the office; nothing happens when they are over


@transaction.atomic
def follow_divisions(*, change: Change, by: Actor, at: datetime) -> int:
    """Everything that asks one of these divisions; how many rows follow."""
    known, done = communities(), 0
    for scoped in reversed(SCOPED.values()):  # the order of locks: docs/gate.md
        rows = queries.touched(scoped, change, localdate(at))
        for row in rows.select_for_update(no_key=True):
            done += _followed(scoped, row, change, known, by, at)
    return done


def _followed(scoped, row, change, known, by, at):
    before, asks, many = list(row.scope), [], row.communities
    moved = row.place in change.pairs
    row.place = change.pairs.get(row.place, row.place)
    if _is(row, scoped.follows, at):
        found = following.follow(before, change, lambda code: queries.children(code, change.on))
        row.scope, asks = _inside(row.place, before, found.scope), found.asks
        row.communities = _number(row.scope, known)
    row.save(update_fields=["place", "scope", "communities"])
    if moved:
        ScopeChange.objects.filter(queries.OPEN, about=label(row)).update(place=row.place)
    if row.scope != before:
        _written(row, Kind.FOLLOWED, change.on, before, at=at)
    dropped = _ask(scoped, row, change, before, asks, at)
    _ask_of_nobody(scoped, row, change.on, many or dropped, at)
    if not (moved or asks or row.scope != before):
        return 0
    record("burden.scope_followed", about=label(row), by=by, at=at, place=row.place,
           on=change.on.isoformat(), asks=len(asks))  # fmt: skip
    return 1


def _is(row, which, at):
    return type(row).objects.filter(which(localdate(at)), pk=row.pk).exists()


def _inside(place, before, scope):
    """A unit asks nobody outside its own division; what would leave it with nothing stays under
    the codes that ended, where nobody is asked."""
    kept = [code for code in scope if code in before or places.holds(place, code)]
    return spreading.reduced(kept) or before


def _number(scope, known):
    return sum(spreading.within(known, [code], code) for code in scope)


def _written(row, kind, on, before, *, at, **more):
    return ScopeChange.objects.create(
        about=label(row), kind=kind, number=row.number, title=row.title, place=row.place,
        department_id=row.department_id, on=on, before=before, after=row.scope, at=at, **more,
    )  # fmt: skip


def _ask(scoped, row, change, before, old, at):
    """Whether the larger division is asked; what waited for an answer about a part of it is
    asked anew. How many were part of it, where nobody can be asked."""
    larger, old = change.larger, list(old)
    for waiting in queries.open_changes(label(row)):
        if not waiting.new or (waiting.new not in change.pairs and waiting.new != larger):
            continue
        old += waiting.old
        larger = change.pairs.get(waiting.new, larger)
        _close(waiting, row, Kind.REPLACED, at)
    if not old or not places.holds(row.place, larger):
        return len(old)
    unasked = [each for each in change.joined if each not in old]
    asked = _written(row, Kind.ASKED, change.on, before, at=at, old=sorted(set(old)), new=larger,
                     unasked=unasked)  # fmt: skip
    if _is(row, scoped.asking, at):
        _tell(asked, row, at)
    return 0


def _ask_of_nobody(scoped, row, on, before, at):
    """Whether it ends, where the last of its communities has left; unless a question waits that may
    bring some back. Where some have come back, there is no question any more."""
    waiting = queries.open_changes(label(row))
    if row.communities:
        for each in waiting:
            if each.kind == Kind.EMPTY:
                _close(each, row, Kind.REPLACED, at)
    elif before and not waiting:
        asked = _written(row, Kind.EMPTY, on, row.scope, at=at, old=row.scope)
        if _is(row, scoped.asking, at):
            _tell(asked, row, at)


def _tell(asked, row, at):
    """Both wait; who presses first decides."""
    sides = {(row.place, row.department_id), (office_of(row.place, localdate(at)), OFFICE)}
    for place, department in sorted(sides):
        duties.open_duty(
            kind="burden.scope", about=label(asked), title=row.title,
            link=reverse("burden:scopes"), place=place, department=department, at=at,
            limits=[Limit(Clock.Basis.PROMISED, DECIDE_DAYS, Clock.Unit.WORKING_DAYS)],
        )  # fmt: skip


def _close(waiting, row, kind, at, before: Sequence[str] = (), unit=""):
    duties.close_duties(about=label(waiting), at=at, outcome=kind)
    return _written(row, kind, waiting.on, list(before) or row.scope, at=at, answers=waiting,
                    new=waiting.new, old=waiting.old, unit=unit)  # fmt: skip


def _locked(change):
    scoped = SCOPED[change.about.partition(":")[0]]
    row = scoped.model.objects.select_for_update().get(pk=labels.pk(change.about))
    change = ScopeChange.objects.select_for_update().get(pk=change.pk)
    return scoped, row, change, ScopeChange.objects.filter(answers=change).exists()


@transaction.atomic
def answer_scope(*, change: ScopeChange, take: bool, by: Actor, at: datetime) -> ScopeChange:
    """One press: the larger division is asked, or it is not."""
    scoped, row, change, answered = _locked(change)
    rules.check_answer(change, scoped, take, answered, _is(row, scoped.asking, at), by)

    before, many = list(row.scope), row.communities
    kept = [code for code in before if code not in change.old]
    new = divisions.successors(change.new, localdate(at)) if take else []
    scope = spreading.reduced([*kept, *new]) or before
    scoped.check(row, scope)
    row.scope, row.communities = scope, _number(scope, communities())
    row.save(update_fields=["scope", "communities"])

    answer = _close(change, row, Kind.TAKEN if take else Kind.LEFT, at, before,
                    unit_name(by.place, by.department))  # fmt: skip
    if not take:
        _ask_of_nobody(scoped, row, change.on, len(change.old) or many, at)
    record(f"burden.scope_{answer.kind}", about=label(row), by=by, at=at, place=row.place,
           to=change.new)  # fmt: skip
    return answer


@transaction.atomic
def answer_nobody(*, change: ScopeChange, end: bool, by: Actor, at: datetime) -> ScopeChange:
    """One press: what asks nobody any more ends, or stays for communities to come."""
    scoped, row, change, answered = _locked(change)
    rules.check_answer_nobody(change, answered, _is(row, scoped.asking, at), by)

    if end:
        scoped.end(row, by, at)
    answer = _close(change, row, Kind.ENDED if end else Kind.KEPT, at, row.scope,
                    unit_name(by.place, by.department))  # fmt: skip
    record(f"burden.scope_{answer.kind}", about=label(row), by=by, at=at, place=row.place)
    return answer
