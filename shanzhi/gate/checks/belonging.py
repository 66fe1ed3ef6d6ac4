"""Whose the task is: list one, list two, or neither."""

from shanzhi.burden.models import Edition

from ..kinds import Finding, Known, Plan, Verdict


def lists(plan: Plan, known: Known) -> list[Finding]:
    if not plan.title:
        return []
    if known.answer is None or known.answer[0].edition.kind == Edition.Kind.NEGATIVE:
        return [Finding("lists", Verdict.DOUBT, "on_no_list")]
    entry, score = known.answer
    values = {"code": entry.code, "title": entry.title, "clause": entry.clause,
              "percent": round(100 * min(1.0, score)), "entry": entry.pk}  # fmt: skip
    if not entry.confirmed:
        return [Finding("lists", Verdict.DOUBT, "list_unconfirmed", values)]
    if entry.edition.kind == Edition.Kind.OWN:
        return [Finding("lists", Verdict.DOUBT, "communitys_own", values)]
    return [Finding("lists", Verdict.PASS, "on_assist_list", values)]
