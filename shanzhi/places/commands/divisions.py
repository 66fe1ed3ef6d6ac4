"""Rename, merge, split, move: the old version ends on a day, the new one begins on it."""

from datetime import date, datetime

from django.db import transaction

from shanzhi.kernel.acting import Actor

from .. import plans, queries, rules
from ..models import Division, Estate, Succession
from ..plans import Part
from .versions import (
    _carry_out,
    _end,
    _join_areas,
    _locked,
    _part,
    _renamed,
    _succeed,
    _target,
    _told,
)


@transaction.atomic
def rename(
    *, code: str, name: str, on: date, reason: str, by: Actor, at: datetime, short: str = ""
) -> Division:
    """From `on` the place has another name; pages about earlier days keep the old one."""
    old = _locked([code])[0]
    rules.check_change(by=by, at=at, on=on, reason=reason, codes=[code])
    rules.check_name(name)
    rules.check_not_before(old, on)

    new = _renamed(old, name.strip(), on, short.strip())

    _told("places.renamed", code, by=by, at=at, on=on, reason=reason)
    return new


@transaction.atomic
def merge(
    *, olds: list[str], new: str, on: date, reason: str, by: Actor, at: datetime, name: str = ""
) -> Division:
    """`olds` end and are `new` from now on: one of them, another present one, or a new one `name`.

    What lies below them gets codes under `new`; estates go with it.
    """
    divisions = _locked(olds)
    rules.check_change(by=by, at=at, on=on, reason=reason, codes=[*olds, new])
    rules.check_merge(divisions, new, name, on=on)
    plan = plans.merge(olds, new)

    target = _target(new, name.strip(), divisions[0], on)
    _join_areas([*olds, new], new)
    _carry_out(plan, on)
    for old in divisions:
        if old.code != new:
            _end(old, on)
            _succeed(old.code, new, Succession.Kind.MERGED, on)
            Estate.objects.filter(place=old.code).update(place=new)

    _told(
        "places.merged", new, by=by, at=at, on=on, reason=reason,
        olds=[code for code in olds if code != new], moved=plan.pairs,
    )  # fmt: skip
    return target


@transaction.atomic
def split(
    *, code: str, parts: list[Part], on: date, reason: str, by: Actor, at: datetime
) -> list[Division]:
    """One becomes several. A part with the old code goes on under it, else the old one ends.

    Estates that belong to no grid go to the part that keeps the code, else to the first.
    """
    old = _locked([code])[0]
    rules.check_change(by=by, at=at, on=on, reason=reason, codes=[code])
    rules.check_split(old, parts, on=on)
    plan = plans.split(code, parts)

    codes = [part.code for part in parts]
    if code not in codes:
        _end(old, on)
        Estate.objects.filter(place=code).update(place=codes[0])
    found = [_part(old, part, on) for part in parts]
    _carry_out(plan, on)

    _told("places.split", code, by=by, at=at, on=on, reason=reason, news=codes, moved=plan.pairs)
    return found


@transaction.atomic
def move(
    *, code: str, parent: str, on: date, reason: str, by: Actor, at: datetime, new: str = ""
) -> Division:
    """To another parent, under a new code (`new`, or the next free one), with all that is below."""
    old = _locked([code])[0]
    rules.check_change(by=by, at=at, on=on, reason=reason, codes=[code, parent])
    rules.check_parent(old, parent)
    new = new or plans.free_code(parent, like=code)
    rules.check_move(old, new, on=on)
    plan = plans.move(code, new)

    _carry_out(plan, on)

    _told("places.moved", new, by=by, at=at, on=on, reason=reason, old=code, moved=plan.pairs)
    return queries.current(new)
