"""What owners decide of an application, and what becomes of the grant until it ends."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name
from shanzhi.work import duties
from shanzhi.work.models import Clock, Pause

from ..models import Grant, GrantPart
from ..rules import sharing as rules
from ..rules import sharing_moves
from ..rules.sharing import Decision, State
from . import grant_steps as steps

# --- the owner ------------------------------------------------------------------------------------


@transaction.atomic
def tell_gaps(*, part: GrantPart, gaps: list[str], by: Actor, at: datetime) -> Grant:
    """Say once what is missing, all of it; the owner's clock stands still meanwhile."""
    grant, part = steps.locked_part(part)
    gaps = [each.strip() for each in gaps if each.strip()]
    rules.check_owns(by, part)
    rules.check_state(grant, State.ASKED, State.GAPS)
    rules.check_part(part, Decision.WAITING)
    rules.check_gaps(part, gaps)

    part.gaps, part.gaps_at, part.state = gaps, at, Decision.GAPS
    part.save(update_fields=["gaps", "gaps_at", "state"])
    duties.pause(
        duty=steps.duty(part, "registry.grant_decide"), reason=Pause.Reason.APPLICANT,
        document=grant.number, at=at,
    )  # fmt: skip
    duties.open_duty(
        kind="registry.grant_complete", about=steps.label(part), place=grant.place,
        department=grant.department_id, at=at, title=grant.purpose,
        detail=unit_name(settings.SHANZHI_CITY, part.owner_id), link=steps.link(grant),
        limits=[steps.limit(Clock.Basis.STEP, rules.COMPLETE_DAYS)],
    )  # fmt: skip
    steps.settle(grant, at)

    steps.record(
        "registry.grant_gaps_told", grant, by=by, at=at, owner=part.owner_id, gaps=len(gaps)
    )
    return grant


@transaction.atomic
def agree_grant(
    *,
    part: GrantPart,
    by: Actor,
    at: datetime,
    full: list[str] | None = None,
    conditions: str = "",
    statute: str = "",
    provided: bool = True,
) -> Grant:
    """Consent. `full` names what is seen without a mask, at most what was asked for so; None
    leaves it as asked. Not `provided` yet: twenty working days to do so begin."""
    grant, part = steps.locked_part(part)
    asked = list(part.elements.filter(full=True).values_list("element", flat=True))
    given = asked if full is None else full
    rules.check_owns(by, part)
    rules.check_state(grant, State.ASKED, State.GAPS)
    rules.check_part(part, Decision.WAITING)
    rules.check_agree(part, steps.shares(part), statute)
    rules.check_full(asked, given)

    part.elements.filter(full=True).exclude(element__in=given).update(full=False)
    part.conditions, part.statute = conditions.strip(), statute.strip()
    part.save(update_fields=["conditions", "statute"])
    steps.decide(part, Decision.PROVIDED if provided else Decision.AGREED, by, at)
    duties.close_duties(about=steps.label(part), at=at, outcome="agreed")
    if not provided:
        steps.open_duty(grant, part, "registry.grant_provide", rules.PROVIDE_DAYS, at)
    steps.settle(grant, at)

    steps.record(
        "registry.grant_agreed", grant, by=by, at=at, owner=part.owner_id, provided=provided
    )
    return grant


@transaction.atomic
def provide_grant(*, part: GrantPart, by: Actor, at: datetime) -> Grant:
    grant, part = steps.locked_part(part)
    rules.check_owns(by, part)
    rules.check_state(grant, State.ASKED, State.GAPS, State.AGREED)
    rules.check_part(part, Decision.AGREED)

    steps.decide(part, Decision.PROVIDED, by, at)
    duties.close_duties(about=steps.label(part), at=at, outcome="provided")
    steps.settle(grant, at)

    steps.record("registry.grant_provided", grant, by=by, at=at, owner=part.owner_id)
    return grant


@transaction.atomic
def refuse_grant(*, part: GrantPart, ground: str, reason: str, by: Actor, at: datetime) -> Grant:
    """For a listed ground, with the reason in words; the other owners' parts go on."""
    grant, part = steps.locked_part(part)
    rules.check_owns(by, part)
    rules.check_state(grant, State.ASKED, State.GAPS)
    rules.check_part(part, Decision.WAITING)
    rules.check_refuse(steps.shares(part), ground, reason)

    part.ground, part.reason = ground, reason.strip()
    part.save(update_fields=["ground", "reason"])
    steps.decide(part, Decision.REFUSED, by, at)
    duties.close_duties(about=steps.label(part), at=at, outcome="refused")
    steps.settle(grant, at)

    steps.record("registry.grant_refused", grant, by=by, at=at, owner=part.owner_id, ground=ground)
    return grant


@transaction.atomic
def extend_grant(*, part: GrantPart, days: int, approved: str, by: Actor, at: datetime) -> Grant:
    """Once, by ten working days at most, with the name of who approved it."""
    grant, part = steps.locked_part(part)
    rules.check_owns(by, part)
    rules.check_state(grant, State.ASKED, State.GAPS)
    rules.check_part(part, Decision.WAITING)
    rules.check_extend(part, steps.shares(part), days, approved)

    duties.extend(duty=steps.duty(part, "registry.grant_decide"), days=days, at=at)
    part.extended = approved.strip()
    part.save(update_fields=["extended"])

    steps.record("registry.grant_extended", grant, by=by, at=at, owner=part.owner_id, days=days)
    return grant


# --- a grant in use -------------------------------------------------------------------------------


@transaction.atomic
def suspend_grant(*, grant: Grant, reason: str, by: Actor, at: datetime) -> Grant:
    """On misuse: nothing is read from this moment on."""
    grant = steps.locked(grant)
    rules.check_watches(by, steps.owners(grant))
    rules.check_state(grant, State.GRANTED)
    rules.check_reason(reason)

    grant.suspended_for = reason.strip()
    steps.become(grant, State.SUSPENDED, "suspended_for")

    steps.record("registry.grant_suspended", grant, by=by, at=at)
    return grant


@transaction.atomic
def resume_grant(*, grant: Grant, by: Actor, at: datetime) -> Grant:
    grant = steps.locked(grant)
    rules.check_watches(by, steps.owners(grant))
    rules.check_state(grant, State.SUSPENDED)

    grant.suspended_for = ""
    steps.become(grant, State.GRANTED, "suspended_for")

    steps.record("registry.grant_resumed", grant, by=by, at=at)
    return grant


@transaction.atomic
def end_grant(*, grant: Grant, reason: str, by: Actor, at: datetime) -> Grant:
    """By an owner, or by the unit itself when it needs it no longer."""
    grant = steps.locked(grant)
    if not rules.asks(by, grant):
        rules.check_watches(by, steps.owners(grant))
    rules.check_state(grant, State.GRANTED, State.SUSPENDED)
    rules.check_reason(reason)

    grant.ended_on, grant.ended_for = localdate(at), reason.strip()
    steps.become(grant, State.ENDED, "ended_on", "ended_for")

    steps.record("registry.grant_ended", grant, by=by, at=at)
    return grant


@transaction.atomic
def end_grants_due(*, by: Actor, at: datetime) -> int:
    """Nightly: what was granted until yesterday has ended. Reading stopped by itself."""
    over = Grant.objects.filter(state__in=[State.GRANTED, State.SUSPENDED])
    over = over.filter(until__lt=localdate(at)).select_for_update().order_by("pk")
    grants = list(over)
    for grant in grants:
        grant.ended_on = grant.until
        steps.become(grant, State.ENDED, "ended_on")
        steps.record("registry.grant_ended", grant, by=by, at=at)
    return len(grants)


@transaction.atomic
def move_grant(*, part: GrantPart, by: Actor, at: datetime) -> Grant:
    """After a merger an owner lets the grant read the whole new division; it does so as soon as all
    owners that provide have said so.
    """
    grant, part = steps.locked_part(part)
    part.moves_to = sharing_moves.check_move(part, grant, by, localdate(at))
    part.save(update_fields=["moves_to"])

    provided = grant.parts.filter(state=Decision.PROVIDED)
    whole = not provided.exclude(moves_to=part.moves_to).exists()
    if whole:
        grant.scope = part.moves_to
        grant.save(update_fields=["scope"])
        grant.parts.update(moves_to="")
    verb = "registry.grant_moved" if whole else "registry.grant_move_confirmed"
    steps.record(verb, grant, by=by, at=at, owner=part.owner_id, to=part.moves_to)
    return grant
