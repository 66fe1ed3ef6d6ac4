"""Asking for elements: an application until its owners have it."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.kernel.acting import Actor
from shanzhi.work import duties

from ..models import Grant, GrantPart
from ..rules import sharing as rules
from ..rules.sharing import Decision, State, Wanted
from . import grant_steps as steps


@transaction.atomic
def draft_grant(*, wanted: Wanted, by: Actor, at: datetime) -> Grant:
    """A new application of the actor's unit; nobody else sees it yet."""
    rules.check_may_ask(by)
    rules.check_wanted(wanted, by, localdate(at))

    grant = Grant(
        number=steps.number(at), place=by.place, department_id=by.department, made_by=by.account_id,
        made_at=at, **steps.columns(wanted),
    )  # fmt: skip
    grant.save()
    steps.set_parts(grant, wanted)

    steps.record("registry.grant_drafted", grant, by=by, at=at)
    return grant


@transaction.atomic
def redraft_grant(*, grant: Grant, wanted: Wanted, by: Actor, at: datetime) -> Grant:
    grant = steps.locked(grant)
    rules.check_asks(by, grant)
    rules.check_state(grant, State.DRAFT)
    rules.check_wanted(wanted, by, localdate(at))

    for name, value in steps.columns(wanted).items():
        setattr(grant, name, value)
    grant.save(update_fields=steps.COLUMNS)
    grant.parts.all().delete()
    steps.set_parts(grant, wanted)

    steps.record("registry.grant_redrafted", grant, by=by, at=at)
    return grant


@transaction.atomic
def discard_grant(*, grant: Grant, by: Actor, at: datetime) -> None:
    """A draft that was never sent leaves nothing but its line in the journal."""
    grant = steps.locked(grant)
    rules.check_asks(by, grant)
    rules.check_state(grant, State.DRAFT)

    steps.record("registry.grant_discarded", grant, by=by, at=at)
    grant.delete()


@transaction.atomic
def ask_grant(*, grant: Grant, by: Actor, at: datetime) -> Grant:
    """Send it to every owner; a unit that owns elements itself has agreed by asking."""
    grant = steps.locked(grant)
    rules.check_asks(by, grant)
    rules.check_state(grant, State.DRAFT)
    wanted = steps.wanted(grant)
    rules.check_wanted(wanted, by, localdate(at))

    grant.asked_at = at
    grant.save(update_fields=["asked_at"])
    for part in steps.parts(grant):
        if rules.owns(by, part.owner_id):
            steps.decide(part, Decision.PROVIDED, by, at)
        else:
            days = rules.answer_days(steps.shares(part))
            steps.open_duty(grant, part, "registry.grant_decide", days, at)
    steps.settle(grant, at)

    steps.record("registry.grant_asked", grant, by=by, at=at, elements=sorted(wanted.elements))
    return grant


@transaction.atomic
def complete_grant(*, part: GrantPart, answer: str, by: Actor, at: datetime) -> Grant:
    """Answer what an owner found missing; its clock runs on."""
    grant, part = steps.locked_part(part)
    rules.check_asks(by, grant)
    rules.check_state(grant, State.GAPS)
    rules.check_part(part, Decision.GAPS)
    rules.check_reason(answer)

    part.answer, part.state = answer.strip(), Decision.WAITING
    part.save(update_fields=["answer", "state"])
    duties.close_duties(
        about=steps.label(part), kind="registry.grant_complete", at=at, outcome="completed"
    )
    duties.resume(duty=steps.duty(part, "registry.grant_decide"), at=at)
    steps.settle(grant, at)

    steps.record("registry.grant_completed", grant, by=by, at=at, owner=part.owner_id)
    return grant


@transaction.atomic
def withdraw_grant(*, grant: Grant, by: Actor, at: datetime) -> Grant:
    grant = steps.locked(grant)
    rules.check_asks(by, grant)
    rules.check_state(grant, State.ASKED, State.GAPS, State.AGREED)

    for part in steps.parts(grant):
        duties.close_duties(about=steps.label(part), at=at, outcome="withdrawn")
    steps.become(grant, State.WITHDRAWN)

    steps.record("registry.grant_withdrawn", grant, by=by, at=at)
    return grant
