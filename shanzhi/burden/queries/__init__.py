from .accounts import Account, Line, account, accounts, lines, loads_below
from .campaigns import baselines, campaign_of, entered, remarks
from .demands import (
    communities,
    decision,
    decisions,
    demand,
    demands,
    heirs,
    narrowed,
    page,
    undecided,
    without_decision,
)

__all__ = [
    "Account", "Line", "account", "accounts", "baselines", "campaign_of", "communities", "decision",
    "decisions", "demand", "demands", "entered", "heirs", "lines", "loads_below", "narrowed",
    "page", "remarks", "undecided", "without_decision",
]  # fmt: skip
