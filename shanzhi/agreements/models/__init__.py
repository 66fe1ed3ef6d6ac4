from .agreements import Agreement, Clause, Comment, Side
from .carrying import Evaluation, Payment, Score
from .making import Run
from .signing import DemoCertificate, Signature

__all__ = [
    "Agreement", "Clause", "Comment", "DemoCertificate", "Evaluation", "Payment", "Run", "Score",
    "Side", "Signature",
]  # fmt: skip
