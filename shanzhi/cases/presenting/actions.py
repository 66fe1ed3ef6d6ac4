"""Which steps a post may take on a case now."""

from datetime import date

from shanzhi.gate.queries.demands import entitles
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from .. import kinds, queries, rules
from ..models import Case, Rating

S = Case.State


def possible(case: Case, actor: Actor, on: date) -> list[str]:
    """Codes of the actions open to the actor, the one to do next first."""
    if not leads(case, actor):
        above = actor.covers(case.lead_place) and actor.place != case.lead_place
        extend = above and case.state in rules.IN_HAND and not case.extended_reason
        return ["extend"] if extend and actor.role in rules.HANDLERS else []
    decided = kinds.get(case.item.kind).decided
    in_hand = ["transfer", "pass_up", "ask_help", "suspend", "terminate"]
    answer = "decide" if decided else "reply"
    after = ["call_back"] if _unhappy(case) else []
    table = {
        S.SUBMITTED: ["accept", "ask_correction", "transfer", "pass_up", "not_accept"],
        S.CORRECTING: ["terminate"],
        S.ACCEPTED: [answer, "start", *in_hand],
        S.HANDLING: [answer, *in_hand],
        S.SUSPENDED: ["resume", "terminate"],
        S.DECIDED: ["reply"],
        S.REPLIED: [*after, *(["deliver"] if rules.owes_delivery(case) else []), "close", "reopen"],
        S.DELIVERED: [*after, "close", "reopen"],
        S.CLOSED: [*after, "reopen"],
    }
    codes = table.get(S(case.state), [])
    if len(case.lead_place) < 12:
        codes = [code for code in codes if code != "pass_up"]
    sent, _department = queries.sender(case)
    if sent and not entitles(sent.admission, case.lead_place[:12], on):
        codes = ["send_back", *codes]
    if case.corrections.exists():
        codes = [code for code in codes if code != "ask_correction"]
    return codes


def leads(case: Case, actor: Actor) -> bool:
    try:
        rules.check_leads(case, actor)
    except Refused:
        return False
    return True


def _unhappy(case):
    bad = [rating.at for rating in case.ratings.all() if rating.score <= Rating.Score.BAD]
    called = [reply.at for reply in case.replies.all() if reply.kind == "call_back"]
    return bool(bad) and not any(at >= max(bad) for at in called)
