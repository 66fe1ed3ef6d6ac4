from .applications import (
    OFFICE,
    UNITS,
    check_decision,
    check_keep,
    check_office,
    check_opinion,
    check_reason,
    check_step,
    check_submit,
    check_unit,
)

__all__ = [
    "OFFICE", "UNITS", "check_decision", "check_keep", "check_office", "check_opinion",
    "check_reason", "check_step", "check_submit", "check_unit",
]  # fmt: skip
