from .answering import answer, expire, skip
from .drawing import draw, follow_move, join, leave
from .following import follow_headcounts, let_posts_tell
from .invented import keep_invented
from .settings import set_standard, state_headcounts

__all__ = [
    "answer", "draw", "expire", "follow_headcounts", "follow_move", "join", "keep_invented",
    "leave", "let_posts_tell", "set_standard", "skip", "state_headcounts",
]  # fmt: skip
