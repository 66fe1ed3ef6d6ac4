"""On what grounds, from when to when, and for whose money."""

import re

from ..kinds import Finding, Known, Plan, Verdict

# A law or a document that can be looked up: 《…》, 国办函〔2026〕12号, 第十七条.
NAMED = re.compile(
    r"《.+?》|[〔\[（(]\d{4}[〕\])）]\s*\d+\s*号|第[一二三四五六七八九十百零\d]+条|法|条例|规定|办法"
)
LONGEST_YEARS = 3


def terms(plan: Plan, known: Known) -> list[Finding]:
    """Basis and time in one line where both are in order, else a line for what is not."""
    found = [*_basis(plan), *_time(plan, known)]
    if found:
        return found
    return [Finding("terms", Verdict.PASS, "terms_right",
                    {"until": plan.ends_on.isoformat()})]  # fmt: skip


def _basis(plan):
    if not plan.basis.strip():
        return [Finding("terms", Verdict.STOP, "no_basis")]
    if not NAMED.search(plan.basis):
        return [Finding("terms", Verdict.DOUBT, "basis_unclear", {"basis": plan.basis})]
    return []


def _time(plan, known):
    found = []
    if plan.ends_on is None:
        found.append(Finding("terms", Verdict.STOP, "no_end"))
    elif plan.starts_on and (plan.ends_on - plan.starts_on).days > 366 * LONGEST_YEARS:
        found.append(Finding("terms", Verdict.DOUBT, "long_time", {"years": LONGEST_YEARS}))
    if plan.starts_on is None:
        found.append(Finding("terms", Verdict.STOP, "no_start"))
    elif known.lead is not None and known.lead < known.least_lead:
        found.append(Finding("terms", Verdict.STOP, "too_soon",
                             {"days": known.lead, "least": known.least_lead}))  # fmt: skip
    return found


def money(plan: Plan, known: Known) -> list[Finding]:
    """费随事转: what is handed to a community comes with its money (2025 laws, Art. 43)."""
    if plan.money and plan.payer:
        return [Finding("money", Verdict.PASS, "paid",
                        {"yuan": plan.money, "payer": plan.payer})]  # fmt: skip
    return [Finding("money", Verdict.STOP, "no_payer" if plan.money else "no_money")]
