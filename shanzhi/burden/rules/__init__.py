from .campaigns import check_begin, check_count, check_enter_baseline, check_freeze, check_remark
from .decisions import check_decide, check_undo, takes_in
from .demands import (
    OFFICE,
    check_admitted,
    check_amend,
    check_demand,
    check_lines,
    check_office,
    check_prolong,
    check_widen,
    in_line,
    issuer,
)
from .following import check_answer, check_answer_nobody

__all__ = [
    "OFFICE", "check_admitted", "check_amend", "check_answer", "check_answer_nobody",
    "check_begin", "check_count", "check_decide", "check_demand", "check_enter_baseline",
    "check_freeze", "check_lines", "check_office", "check_prolong", "check_remark", "check_undo",
    "check_widen", "in_line", "issuer", "takes_in",
]  # fmt: skip
