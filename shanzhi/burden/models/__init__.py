from .campaigns import Baseline, Campaign, Remark
from .demands import Asked, Category, Cycle, Decision, Demand, Medium, Span, Verb
from .lists import Edition, ListEntry

__all__ = [
    "Asked", "Baseline", "Campaign", "Category", "Cycle", "Decision", "Demand", "Edition",
    "ListEntry", "Medium", "Remark", "Span", "Verb",
]  # fmt: skip
