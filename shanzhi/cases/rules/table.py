"""The states of a case and where each may go; the numbers and lists the rules use."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from ..models import Case

S = Case.State

# From each state, where it may go and by which command. docs/cases.md draws it from this table.
NEXT = {
    S.SUBMITTED: {
        S.CORRECTING: "ask_correction",
        S.ACCEPTED: "accept",
        S.HANDLING: "accept",
        S.NOT_ACCEPTED: "not_accept",
        S.WITHDRAWN: "withdraw",
    },
    S.CORRECTING: {
        S.SUBMITTED: "correct",
        S.WITHDRAWN: "withdraw",
        S.TERMINATED: "terminate",
    },
    S.ACCEPTED: {
        S.HANDLING: "start",
        S.SUSPENDED: "suspend",
        S.DECIDED: "decide",
        S.REPLIED: "reply",
        S.WITHDRAWN: "withdraw",
        S.TERMINATED: "terminate",
    },
    S.HANDLING: {
        S.SUSPENDED: "suspend",
        S.DECIDED: "decide",
        S.REPLIED: "reply",
        S.WITHDRAWN: "withdraw",
        S.TERMINATED: "terminate",
    },
    S.SUSPENDED: {S.HANDLING: "resume", S.WITHDRAWN: "withdraw", S.TERMINATED: "terminate"},
    S.DECIDED: {S.REPLIED: "reply"},
    S.REPLIED: {S.DELIVERED: "deliver", S.CLOSED: "close", S.HANDLING: "reopen"},
    S.DELIVERED: {S.CLOSED: "close", S.HANDLING: "reopen"},
    S.CLOSED: {S.HANDLING: "reopen"},
    S.NOT_ACCEPTED: {},
    S.WITHDRAWN: {},
    S.TERMINATED: {},
}
OPEN = frozenset(S) - {S.NOT_ACCEPTED, S.WITHDRAWN, S.TERMINATED, S.CLOSED}
IN_HAND = frozenset({S.ACCEPTED, S.HANDLING})

HANDLERS = frozenset(
    {
        "community_secretary", "community_worker", "grid_leader", "subdistrict_clerk",
        "district_clerk", "city_clerk", "department_clerk",
    }
)  # fmt: skip

ROUTERS = frozenset({"city_clerk", "district_clerk"})
EDITORS = frozenset({"city_clerk"})

ACCEPT_WITHIN = 5  # working days; then the case counts as accepted (行政许可法 Art. 32)
EXTEND_AT_MOST = 10  # working days, once (行政许可法 Art. 42)
CALL_BACK_WITHIN = 1  # working day after a bad rating
DELIVER_WITHIN = 10  # working days after the decision (行政许可法 Art. 44)
CORRECT_WITHIN = timedelta(days=30)  # after that a case nobody completed may be ended
REOPEN_WITHIN = timedelta(days=30)
RATE_WITHIN = timedelta(days=90)
CLOSE_AFTER = timedelta(days=15)  # an answered case closes by itself

PAUSES = {  # the only reasons for which a clock may stand still (行政许可法 Art. 45 and custom)
    "hearing": _("Hearing"),
    "inspection": _("Inspection, testing or appraisal"),
    "expert_review": _("Expert review"),
    "publicity": _("Public notice period"),
    "applicant": _("Waiting for the applicant"),
    "force_majeure": _("Force majeure"),
}
NOT_ACCEPTED_FOR = {
    "conditions": _("The conditions of the item are not met"),
    "duplicate": _("The same matter is already being handled"),
    "court": _("The matter is before a court, in arbitration or under review"),
    "elsewhere": _("Another body decides this by law, outside this city's government"),
    "withdrawn_basis": _("The item no longer exists"),
}
