"""What several commands do: lock, tell the journal, and say whose turn it is."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate

from shanzhi.journal.commands import record as write
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions
from shanzhi.work import duties
from shanzhi.work.duties import Limit

from .. import queries
from ..models import Agreement, Side

State = Agreement.State
DAYS = 10  # working days for a turn
MAKING = 820_341  # the key of the lock under which agreements and certificates are made


def locked(agreement: Agreement) -> Agreement:
    return Agreement.objects.select_for_update().get(pk=agreement.pk)


def acting(by: Actor) -> dict[str, Any]:
    """Who asked for a run, as it is kept with it."""
    return {name: getattr(by, name) for name in ("account_id", "post_id", "role", "place")}


def one_after_the_other() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MAKING])


def record(verb: str, agreement: Agreement, by: Actor, at: datetime, **data: Any) -> None:
    write(f"agreements.{verb}", about=label(agreement), by=by, at=at, place=agreement.place,
          number=agreement.number, **data)  # fmt: skip


def become(agreement: Agreement, state: str, *fields: str) -> None:
    agreement.state = state
    agreement.save(update_fields=["state", *fields])


def unfix(agreement: Agreement) -> list[str]:
    """Nobody has agreed any more; the names of what was changed."""
    agreement.community_agreed_at = agreement.subdistrict_agreed_at = None
    agreement.document, agreement.digest = None, b""
    return ["community_agreed_at", "subdistrict_agreed_at", "document", "digest"]


def hand_over(agreement: Agreement, at: datetime, outcome: str) -> None:
    """Close the duties of who has acted, and open those of whose turn it is."""
    wanted = _turns(agreement, localdate(at))
    for duty in duties.open_all(about=label(agreement)):
        if (duty.kind, duty.place) in wanted:
            wanted.remove((duty.kind, duty.place))
        else:
            duties.close(duty=duty, at=at, outcome=outcome)
    for kind, place in wanted:
        duties.open_duty(
            kind=kind, about=label(agreement), place=place, at=at, title=agreement.number,
            detail=divisions.name(agreement.place),
            link=reverse("agreements:agreement", args=[agreement.number]),
            limits=[Limit("promised", _days(kind), "working_days")],
        )  # fmt: skip


def _days(kind):
    """Of a turn; money that is overdue is owed today."""
    return {"agreements.evaluate": evaluation_days(), "agreements.pay": 0}.get(kind, DAYS)


def evaluation_days() -> int:
    return settings.SHANZHI_AGREEMENTS["evaluation"]


def _turns(agreement, today):
    community, subdistrict = agreement.place, agreement.subdistrict
    if agreement.state in (State.IN_FORCE, State.EVALUATED, State.ENDED):
        return _of_the_year(agreement, community, subdistrict, today)
    if agreement.state == State.AGREED:
        return [("agreements.sign", community)]
    if agreement.state == State.HALF_SIGNED:
        return [("agreements.sign", subdistrict)]
    if agreement.state != State.NEGOTIATED:
        return []
    waiting = agreement.comments.filter(side=Side.COMMUNITY, answered_at=None, settled_at=None)
    turns = []
    if not agreement.community_agreed_at:
        turns.append(("agreements.negotiate", community))
    if waiting.exists() or agreement.community_agreed_at:
        turns.append(("agreements.answer", subdistrict))
    return turns


def _of_the_year(agreement, community, subdistrict, today):
    """Who owes money, and who has not evaluated yet, of those that were asked."""
    turns, there = [], divisions.exists(community)
    if not there and agreement.parent_id is None:
        turns.append(("agreements.carry_on", subdistrict))
    if agreement.payments.filter(queries.overdue(today)).exists():
        turns.append(("agreements.pay", subdistrict))
    if agreement.state == State.IN_FORCE and agreement.evaluate_by:
        given = set(agreement.evaluations.values_list("side", flat=True))
        sides = {Side.COMMUNITY: community, Side.SUBDISTRICT: subdistrict}
        turns += [("agreements.evaluate", place) for side, place in sides.items()
                  if side not in given and (place == subdistrict or there)]  # fmt: skip
    return turns
