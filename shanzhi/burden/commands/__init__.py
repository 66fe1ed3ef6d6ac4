from .admitting import admit, prolong, widen
from .campaigns import begin_campaign, count_baseline, freeze, remark
from .decisions import decide, exit_expired, undo
from .demands import amend, discard, enter, load_register
from .lists import confirm_entry, discard_edition, draft_edition, publish_edition

__all__ = [
    "admit", "amend", "begin_campaign", "confirm_entry", "count_baseline", "decide", "discard",
    "discard_edition", "draft_edition", "enter", "exit_expired", "freeze", "load_register",
    "prolong", "publish_edition", "remark", "undo", "widen",
]  # fmt: skip
