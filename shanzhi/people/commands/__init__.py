"""Every change of accounts, posts, cards, keys, notices and codes."""

from .accounts import (
    change_phone,
    choose_home,
    open_account,
    release_phone,
    reset_sign_in,
    set_name,
    set_password,
    set_preferences,
    sign_out_session,
)
from .cards import remove_card, set_card
from .counting import count_attempt, forget_attempts, sweep
from .departments import load_departments
from .keys import issue_key, mark_key_used, revoke_key
from .moves import follow_move
from .notices import keep_notices, mark_seen, read_notices
from .phones import ask_code, claim_account, keep_sent_code, prove_code, use_code
from .posts import end_post, grant_post

__all__ = [
    "ask_code",
    "change_phone",
    "choose_home",
    "claim_account",
    "count_attempt",
    "end_post",
    "follow_move",
    "forget_attempts",
    "grant_post",
    "issue_key",
    "keep_notices",
    "keep_sent_code",
    "load_departments",
    "mark_key_used",
    "mark_seen",
    "open_account",
    "prove_code",
    "read_notices",
    "release_phone",
    "remove_card",
    "reset_sign_in",
    "revoke_key",
    "set_card",
    "set_name",
    "set_password",
    "set_preferences",
    "sign_out_session",
    "sweep",
    "use_code",
]
