from .accounts import Account, Line, account, accounts, lines, loads_below
from .campaigns import (
    baselines,
    campaign_of,
    campaigns,
    counted_before,
    entered,
    frozen_counts,
    remarks,
)
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
    "Account", "Line", "account", "accounts", "baselines", "campaign_of", "campaigns",
    "communities", "counted_before", "decision", "decisions", "demand", "demands", "entered",
    "frozen_counts", "heirs", "lines", "loads_below", "narrowed", "page", "remarks", "undecided",
    "without_decision",
]  # fmt: skip
