from . import applying, catalogue, units
from .catalogue import OFFICE
from .issuing import (
    NEXT,
    SECRETARY,
    check_end,
    check_paper,
    check_refuse,
    check_request,
    check_seal,
    check_seen,
    check_step,
    check_worker,
    has_expired,
    holds_until,
    refusal_of,
    title,
)

REPORT_READERS = OFFICE | {"city_leader"}

__all__ = [
    "NEXT", "OFFICE", "REPORT_READERS", "SECRETARY", "applying", "catalogue", "check_end",
    "check_paper", "check_refuse", "check_request", "check_seal", "check_seen", "check_step",
    "check_worker", "has_expired", "holds_until", "refusal_of", "title", "units",
]  # fmt: skip
