"""Whatever is tried by whomever: only the arrows of the table, and what must always be true."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from shanzhi.kernel import Refused

from .. import commands, document
from ..models import Agreement
from ..rules import NEXT
from . import factories as make
from .factories import AT

pytestmark = pytest.mark.usefixtures("town")
STEPS = {
    "open": commands.open_negotiation, "agree": commands.agree, "reopen": commands.reopen,
    "withdraw": commands.withdraw, "renew": commands.renew, "sign": commands.sign,
}  # fmt: skip
PARTIES = (make.clerk, make.secretary, make.worker, make.office)
tries = some.lists(
    some.tuples(some.sampled_from([*STEPS, "agree", "sign", "publish"]),
                some.sampled_from(PARTIES)),
    max_size=14,
)  # fmt: skip


class TakenBack(Exception):  # noqa: N818
    pass


@pytest.fixture
def drawn(monkeypatch):
    """One real document for all: what is tried here is the order of steps."""
    content = document.draw(make.agreed(make.FUDU), [], draft=False)
    monkeypatch.setattr(document, "draw", lambda *args, **kwargs: content)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tries)
def test_only_the_arrows_of_the_table_are_taken(drawn, steps):
    with pytest.raises(TakenBack), transaction.atomic():
        agreement = Agreement.objects.get(place=make.TIANAN, kind="yearly")
        for step, party in steps:
            agreement = _try(agreement, step, party())
        raise TakenBack


def _try(agreement, step, by):
    before = agreement.state
    if step == "publish":
        make.newer_list()
        return agreement
    try:
        agreement = STEPS[step](agreement=agreement, by=by, at=AT)
    except Refused:
        agreement.refresh_from_db()
        assert agreement.state == before
        return agreement
    assert agreement.state in NEXT[before, step]
    _holds(agreement)
    return agreement


def _holds(agreement):
    both = bool(agreement.community_agreed_at and agreement.subdistrict_agreed_at)
    assert agreement.frozen == both
    signed = set(agreement.signatures.filter(void_at=None).values_list("side", flat=True))
    assert signed == {
        "half_signed": {"community"}, "in_force": {"community", "subdistrict"},
    }.get(agreement.state, set())  # fmt: skip
    assert agreement.payments.exists() == (
        agreement.state == "in_force" and agreement.clauses.filter(amount__gt=0).exists()
    )
