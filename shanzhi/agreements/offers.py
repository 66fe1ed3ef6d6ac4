"""Which steps a page offers to a post: those that a rule would not refuse by state or side."""

from collections.abc import Iterator
from datetime import date

from shanzhi.kernel.acting import Actor

from . import queries
from .models import Agreement, Side
from .rules import NEXT, SIGNERS, may_end, side_of
from .rules.carrying import begins
from .rules.editing import EDITABLE
from .rules.table import BY, SIGNS

State = Agreement.State


def offered(agreement: Agreement, by: Actor, today: date) -> frozenset[str]:
    side = side_of(agreement, by)
    return frozenset(_steps(agreement, side, by, today)) if side else frozenset()


def _steps(agreement, side, by, today) -> Iterator[str]:
    state, binds = agreement.state, side == Side.SUBDISTRICT or by.role in SIGNERS
    if side == Side.SUBDISTRICT and state in EDITABLE:
        yield "edit"
    if agreement.kind == Agreement.Kind.PATTERN:
        return
    for step in ("open", "withdraw", "reopen"):
        if (state, step) in NEXT and side in BY[step]:
            yield step
    if state == State.NEGOTIATED:
        yield "talk"
        if binds and not getattr(agreement, f"{side}_agreed_at"):
            yield "agree"
    if binds and SIGNS.get(state) == side:
        yield "sign"
    if state == State.IN_FORCE:
        if side == Side.SUBDISTRICT and agreement.parent_id is None:
            yield "supplement"
            if may_end(agreement) and not queries.being_ended(agreement):
                yield "end"
        if binds and today >= begins(agreement):
            yield "evaluate"
