"""How much its communities carry already, and whether one demand comes in several parts."""

from shanzhi.burden import spreading

from ..comparing import alike
from ..kinds import Finding, Known, Plan, Verdict

NEAR = 0.5  # of the titles


def load(plan: Plan, known: Known) -> list[Finding]:
    """Hours of this month in an average community of the scope, with the new demand; and where it
    alone is light, with what the same unit has applied for besides."""
    if known.load is None or not plan.yearly:
        return []
    now = known.load.asked + known.load.called
    then = now + plan.yearly / 12
    values = {"now": round(now / 60, 1), "then": round(then / 60, 1),
              "share": round(100 * then / known.load.available),
              "limit": known.most_share}  # fmt: skip
    most = known.load.available * known.most_share / 100
    heavy, together = then > most, then + known.load.coming
    if not heavy and together > most:
        values |= {"parts": list(known.load.parts), "together": round(together / 60, 1),
                   "whole": round(100 * together / known.load.available)}  # fmt: skip
        return [Finding("load", Verdict.DOUBT, "load_split", values)]
    return [Finding("load", Verdict.DOUBT if heavy else Verdict.PASS,
                    "load_heavy" if heavy else "load_light", values)]  # fmt: skip


def splitting(plan: Plan, known: Known) -> list[Finding]:
    """Parts of one list applied for one by one: 表一, 表二, 上半年, 下半年."""
    parts = [each for each in known.siblings if each.number != plan.number and _akin(plan, each)]
    if not parts or not plan.title:
        return []
    same = [each for each in parts if spreading.touch(each.scope, plan.scope)]
    yearly = plan.yearly + sum(each.yearly for each in same)
    values = {"parts": [f"{each.title} {each.number}" for each in parts],
              "hours": round(yearly / 60, 1)}  # fmt: skip
    return [Finding("splitting", Verdict.DOUBT, "split", values)]


def _akin(plan, other):
    if alike(plan.title, other.title) >= NEAR:
        return True
    shared = set(plan.fields) & set(other.fields)
    return len(shared) > max(3, len(plan.fields) // 2)
