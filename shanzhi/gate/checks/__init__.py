"""The checks of the gate: data and plain functions, in the order in which pages show them.

`run` is all there is: no check can be left out. What a finding says stands in sentences.py.
"""

from collections.abc import Mapping

from ..kinds import Check, Finding, Known, Plan
from . import belonging, content, load, terms

CHECKS: Mapping[str, Check] = {
    "rules": content.rules,
    "negative": content.negative,
    "fields": content.fields,
    "overlap": content.overlap,
    "terms": terms.terms,
    "money": terms.money,
    "lists": belonging.lists,
    "load": load.load,
    "splitting": load.splitting,
}


def run(plan: Plan, known: Known) -> list[Finding]:
    return [finding for check in CHECKS.values() for finding in check(plan, known)]
