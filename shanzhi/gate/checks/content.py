"""What is asked: cancelled by rule, on the negative list, known already, asked already."""

import re

from shanzhi.burden.models import Category, ListEntry, Medium
from shanzhi.burden.negative import hit

from ..kinds import Finding, Known, Plan, Verdict

VETO = re.compile(r"一票否决|一票否优|否决项|否决指标")
PHOTO = re.compile(r"照片|拍照|图片|录像|视频|截图|水印|定位|轨迹")


def cancelled(plan: Plan) -> list[str]:
    """Keys of the rules that leave no choice (民发〔2015〕136号).

    >>> cancelled(Plan(level="city", category="ledger", medium="paper"))
    ['city_paper_ledger']
    """
    found = []
    on_paper = plan.medium in (Medium.PAPER, Medium.BOTH)
    if plan.level == "city" and plan.category == Category.LEDGER and on_paper:
        found.append("city_paper_ledger")
    if plan.level == "city" and plan.category == Category.APPRAISAL:
        found.append("city_appraisal")
    if VETO.search(plan.words):
        found.append("veto")
    return found


def rules(plan: Plan, known: Known) -> list[Finding]:
    found = [Finding("rules", Verdict.STOP, key) for key in cancelled(plan)]
    if plan.category == Category.ASSESSMENT and known.assessments:
        found.append(Finding("rules", Verdict.STOP, "second_assessment",
                             {"number": known.assessments}))  # fmt: skip
    return found


def negative(plan: Plan, known: Known) -> list[Finding]:
    """An entry whose clause nobody has confirmed raises a doubt, and no more."""
    found = []
    for entry in known.negative:
        if found_word := hit(entry, plan.category, plan.level, plan.words):
            stops = entry.confirmed and entry.verdict == ListEntry.Verdict.STOP
            values = {"code": entry.code, "title": entry.title, "clause": entry.clause,
                      "word": found_word, "entry": entry.pk}  # fmt: skip
            key = "on_list" if entry.confirmed else "on_list_unconfirmed"
            verdict = Verdict.STOP if stops else Verdict.DOUBT
            found.append(Finding("negative", verdict, key, values))
    if not plan.title:
        return []
    return found or [Finding("negative", Verdict.PASS, "on_no_negative_list")]


def fields(plan: Plan, known: Known) -> list[Finding]:
    """One line: how many of the fields stand somewhere already, and which are new."""
    if not plan.fields:
        return []
    needless = [name for name in plan.fields if PHOTO.search(name)]
    held = [name for name in plan.fields if name in known.sources and name not in needless]
    new = [name for name in plan.fields if name not in held and name not in needless]
    values = {"all": len(plan.fields), "known": len(held), "held": held, "new": new,
              "needless": needless,
              "sources": {name: known.sources[name] for name in held}}  # fmt: skip
    if not held and not needless:
        return [Finding("fields", Verdict.PASS, "fields_new", values)]
    most = len(held) + len(needless) > len(plan.fields) / 2
    return [Finding("fields", Verdict.STOP if most else Verdict.DOUBT, "fields_known", values)]


def overlap(plan: Plan, known: Known) -> list[Finding]:
    found = [each for each in known.overlaps if each.id != plan.renews]
    if not plan.title:
        return []
    if not found:
        return [Finding("overlap", Verdict.PASS, "no_overlap")]
    rows = [{"demand": each.id, "title": known.titles.get(each.id, ""), "same": each.same,
             "percent": round(100 * (each.share if each.pairs else each.likeness)),
             "pairs": [list(pair) for pair in each.pairs]} for each in found]  # fmt: skip
    return [Finding("overlap", Verdict.DOUBT, "overlaps", {"rows": rows, "number": len(rows)})]
