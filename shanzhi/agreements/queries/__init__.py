from .agreements import (
    asked,
    clauses,
    codes_of,
    comments,
    communities,
    drafts,
    found,
    listed,
    numbers,
    open_comments,
    page,
    pattern,
    run,
    runs,
    unfinished,
    visible_to,
    yearly,
    years,
)
from .drifting import admissible, drift, in_force, outdated, told
from .money import (
    FEWEST,
    Below,
    Said,
    below,
    departments,
    narrowed,
    of_agreement,
    payment_page,
    payments,
    totals,
    words_of,
)

__all__ = [
    "FEWEST", "Below", "Said", "admissible", "asked", "below", "clauses", "codes_of", "comments",
    "communities", "departments", "drafts", "drift", "found", "in_force", "listed", "narrowed",
    "numbers", "of_agreement", "open_comments", "outdated", "page", "pattern", "payment_page",
    "payments", "run", "runs", "told", "totals", "unfinished", "visible_to", "words_of", "yearly",
    "years",
]  # fmt: skip
