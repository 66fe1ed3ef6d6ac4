from .admitting import admit, prolong, widen
from .campaigns import begin_campaign, count_baseline, freeze, remark
from .decisions import decide, exit_expired, undo
from .demands import amend, discard, enter, load_register
from .following import answer_nobody, answer_scope, follow_divisions
from .keeping import follow_campaigns, follow_lists, follow_uses, follow_walls, leave_list
from .ledgers import replace_ledger
from .lists import confirm_entry, discard_edition, draft_edition, publish_edition
from .systems import announce_closing, plan_system, tell_systems
from .walls import mark_plaque, record_plaque, strike_plaque, take_down_plaque, walk_round

__all__ = [
    "admit", "amend", "announce_closing", "answer_nobody", "answer_scope", "begin_campaign",
    "confirm_entry", "count_baseline", "decide", "discard", "discard_edition", "draft_edition",
    "enter", "exit_expired", "follow_campaigns", "follow_divisions", "follow_lists", "follow_uses",
    "follow_walls", "freeze", "leave_list", "load_register", "mark_plaque", "plan_system",
    "prolong", "publish_edition", "record_plaque", "remark", "replace_ledger", "strike_plaque",
    "take_down_plaque", "tell_systems", "undo", "walk_round", "widen",
]  # fmt: skip
