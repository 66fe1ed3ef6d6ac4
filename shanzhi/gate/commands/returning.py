"""What is on no list goes back, with a numbered letter that quotes the clause."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.burden.models import ListEntry
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor

from .. import steps
from ..models import Return
from ..rules.returns import check_return

# What is handed over needs a basis in law and money.
CLAUSE = (
    "城市居民委员会组织法、村民委员会组织法（2025年修订）第四十三条；"
    "社区工作事项准入：未经准入、没有编号的事项，社区可以不予办理"
)


@transaction.atomic
def give_back(
    *, place: str, department: str, way: str, what: str, entry: ListEntry | None, by: Actor,
    at: datetime, about: str = "",
) -> Return:  # fmt: skip
    """To a department of a place above. Without an entry of the negative list the law itself is
    quoted."""
    what = masking.scrub(what.strip())[:300]
    check_return(place=place, way=way, what=what, entry=entry, by=by)
    clause = _("Negative list no. %(code)s: %(clause)s") % {
        "code": entry.code, "clause": entry.clause} if entry else CLAUSE  # fmt: skip
    made = Return.objects.create(
        number=steps.number("return", at), community=by.place, place=place,
        department_id=department, way=way, what=what, entry=entry, clause=clause[:300],
        about=about, returned_on=localdate(at), at=at,
    )  # fmt: skip
    record("gate.returned", about=label(made), by=by, at=at, place=place, way=way,
           department=department)  # fmt: skip
    return made
