from .campaigns import Baseline, Campaign, Remark
from .cleanups import Plan, Plaque, Replacement, SystemUse, WalkRound
from .demands import Asked, Category, Cycle, Decision, Demand, Medium, Span, Verb
from .following import ScopeChange
from .lists import Edition, ListEntry

__all__ = [
    "Asked", "Baseline", "Campaign", "Category", "Cycle", "Decision", "Demand", "Edition",
    "ListEntry", "Medium", "Plan", "Plaque", "Remark", "Replacement", "ScopeChange", "Span",
    "SystemUse", "Verb", "WalkRound",
]  # fmt: skip
