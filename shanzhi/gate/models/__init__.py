from .applications import Application, Opinion, Said, Step, Vote
from .calls import Call
from .demands import Bypass, Evaluation, Review
from .returns import Return

__all__ = [
    "Application", "Bypass", "Call", "Evaluation", "Opinion", "Return", "Review", "Said", "Step",
    "Vote",
]  # fmt: skip
