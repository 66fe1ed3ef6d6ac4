from .carrying import confirm_received, evaluate, pay
from .certificates import certify
from .editing import add_clause, answer, comment, edit_clause, remove_clause, settle, write_terms
from .making import make_more, make_pattern, start_run, supplement, supplement_all
from .reminding import ask_evaluations, remind_payments
from .signing import sign
from .signing_all import sign_more, start_signing
from .stepping import agree, open_all, open_negotiation, renew, reopen, withdraw
from .succeeding import carry_on, end, follow_move, follow_split

__all__ = [
    "add_clause", "agree", "answer", "ask_evaluations", "carry_on", "certify", "comment",
    "confirm_received", "edit_clause", "end", "evaluate", "follow_move", "follow_split",
    "make_more", "make_pattern", "open_all", "open_negotiation", "pay", "remind_payments",
    "remove_clause", "renew", "reopen", "settle", "sign", "sign_more", "start_run",
    "start_signing", "supplement", "supplement_all", "withdraw", "write_terms",
]  # fmt: skip
