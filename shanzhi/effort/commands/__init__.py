from .answering import answer, expire, skip
from .drawing import draw, follow_move, join, leave
from .invented import keep_invented
from .settings import set_standard, state_headcounts

__all__ = [
    "answer", "draw", "expire", "follow_move", "join", "keep_invented", "leave", "set_standard",
    "skip", "state_headcounts",
]  # fmt: skip
