"""Every change of items, routes and cases. One function, one transaction, one journal entry."""

from .accepting import accept, accept_deemed, ask_correction, correct, not_accept
from .answering import call_back, close, decide, deliver, reply, terminate
from .drafts import discard_draft, keep_replay, purge, save_draft
from .handling import (
    answer_help,
    ask_help,
    extend,
    finish_step,
    follow_move,
    pass_up,
    release_helper,
    resume,
    send_back,
    start,
    suspend,
    transfer,
)
from .items import (
    discard_item,
    import_items,
    load_categories,
    publish_item,
    retire_item,
    save_item,
)
from .notes import note, reveal
from .residents import rate, reopen, withdraw
from .routes import delete_route, load_routes, move_route, save_route
from .submitting import receive, submit

__all__ = [
    "accept",
    "accept_deemed",
    "answer_help",
    "ask_correction",
    "ask_help",
    "call_back",
    "close",
    "correct",
    "decide",
    "delete_route",
    "deliver",
    "discard_draft",
    "discard_item",
    "extend",
    "finish_step",
    "follow_move",
    "import_items",
    "keep_replay",
    "load_categories",
    "load_routes",
    "move_route",
    "not_accept",
    "note",
    "pass_up",
    "publish_item",
    "purge",
    "rate",
    "receive",
    "release_helper",
    "reopen",
    "reply",
    "resume",
    "retire_item",
    "reveal",
    "save_draft",
    "save_item",
    "save_route",
    "send_back",
    "start",
    "submit",
    "suspend",
    "terminate",
    "transfer",
    "withdraw",
]
