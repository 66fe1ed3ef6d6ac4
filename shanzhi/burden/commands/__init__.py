from .campaigns import begin_campaign, count_baseline, freeze, remark
from .decisions import decide, exit_expired, undo
from .demands import amend, discard, enter, load_register

__all__ = [
    "amend", "begin_campaign", "count_baseline", "decide", "discard", "enter", "exit_expired",
    "freeze", "load_register", "remark", "undo",
]  # fmt: skip
