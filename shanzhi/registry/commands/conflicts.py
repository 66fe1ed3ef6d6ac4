"""One narrow question to the whole city, and two holders of one number."""

from datetime import datetime

from django.db import transaction

from shanzhi.journal import commands as journal
from shanzhi.kernel.acting import Actor

from .. import rules
from ..models import Conflict
from ..queries import conflicts, persons


@transaction.atomic
def look_up(*, identity: str, by: Actor, at: datetime) -> list[str]:
    """In which communities a number is known, and nothing else; "" for somebody who has moved away
    or died. The journal keeps that it was asked, not what for; the view limits how often.
    """
    rules.check_may_write(by, by.place)
    found = persons.known(identity) or conflicts.known_before(identity)
    journal.record("registry.looked_up", about=f"people.Account:{by.account_id}", by=by, at=at,
                   place=by.place, known=len(found))  # fmt: skip
    return found


@transaction.atomic
def settle_conflict(*, conflict: Conflict, outcome: str, by: Actor, at: datetime) -> Conflict:
    """One holder is left: a number was corrected, or the entries were merged."""
    conflict = Conflict.objects.select_for_update().get(pk=conflict.pk)
    left = conflicts.holders(conflict.number_hash)
    rules.conflicts.check_settle(by, conflict, outcome, len({person for person, _place in left}))
    conflict.outcome, conflict.settled_at = outcome, at
    conflict.settled_by, conflict.settled_post = by.account_id, by.post_id
    conflict.save(update_fields=["outcome", "settled_at", "settled_by", "settled_post"])
    journal.record("registry.conflict_settled", about=f"registry.Conflict:{conflict.pk}", by=by,
                   at=at, place=by.place or conflict.communities[0], outcome=outcome)  # fmt: skip
    return conflict
