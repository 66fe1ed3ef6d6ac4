from .carrying import check_evaluate, check_paid, check_received, evaluated_year, is_overdue
from .editing import (
    check_comment,
    check_edit,
    check_item,
    check_new,
    check_remove,
    check_settle,
)
from .making import (
    check_generate,
    check_run,
    check_sign_all,
    check_still_held,
    check_supplement,
)
from .succeeding import check_carry_on, check_end, check_takes_clauses, may_end
from .table import (
    DRIVERS,
    NEXT,
    OVERSEERS,
    READERS,
    SIGNERS,
    SPEAKERS,
    check_agree,
    check_renew,
    check_sign,
    check_step,
    check_text,
    side_of,
)

__all__ = [
    "DRIVERS", "NEXT", "OVERSEERS", "READERS", "SIGNERS", "SPEAKERS", "check_agree",
    "check_carry_on", "check_comment", "check_edit", "check_end", "check_evaluate",
    "check_generate", "check_item", "check_new", "check_paid", "check_received", "check_remove",
    "check_renew", "check_run", "check_settle", "check_sign", "check_sign_all", "check_step",
    "check_still_held", "check_supplement", "check_takes_clauses", "check_text", "evaluated_year",
    "is_overdue", "may_end", "side_of",
]  # fmt: skip
