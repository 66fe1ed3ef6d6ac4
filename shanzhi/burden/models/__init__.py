from .campaigns import Baseline, Campaign, Remark
from .demands import Asked, Category, Cycle, Decision, Demand, Medium, Span, Verb

__all__ = [
    "Asked", "Baseline", "Campaign", "Category", "Cycle", "Decision", "Demand", "Medium", "Remark",
    "Span", "Verb",
]  # fmt: skip
