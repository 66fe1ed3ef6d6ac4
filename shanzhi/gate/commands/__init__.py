from .calls import announce, cancel
from .deciding import decide
from .drafting import draft, keep, submit, withdraw
from .emergencies import file_emergency, prolong_emergency
from .evaluating import ask_owners, close_reviews, evaluate, open_reviews
from .hearing import close_hearings, give_opinion, pass_on
from .moving import follow_move
from .returning import give_back
from .screening import refuse, send_back

__all__ = [
    "announce", "ask_owners", "cancel", "close_hearings", "close_reviews", "decide", "draft",
    "evaluate", "file_emergency", "follow_move", "give_back", "give_opinion", "keep",
    "open_reviews", "pass_on", "prolong_emergency", "refuse", "send_back", "submit", "withdraw",
]  # fmt: skip
