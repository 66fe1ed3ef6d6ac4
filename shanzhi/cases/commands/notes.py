"""Internal remarks, and looking at what is masked."""

from datetime import datetime

from django.db import transaction

from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor

from .. import rules, steps
from ..models import Case, Note, Reveal


@transaction.atomic
def note(*, case: Case, text: str, by: Actor, at: datetime) -> Note:
    """A remark for colleagues; the resident does not see it."""
    case = steps.locked(case)
    rules.check_note(text, by)

    written = Note.objects.create(
        case=case, at=at, by=by.account_id, text=masking.scrub(text.strip())
    )

    steps.record("cases.noted", case, by=by, at=at)
    return written


@transaction.atomic
def reveal(
    *, case: Case, fields: list[str], reason: str, by: Actor, at: datetime
) -> dict[str, str]:
    """Show masked values in full to a unit on the case; who looked and why is recorded."""
    case = steps.locked(case)
    rules.check_reveal(case, reason, by)

    Reveal.objects.create(
        case=case,
        at=at,
        by=by.account_id,
        post=by.post_id,
        fields=sorted(fields),
        reason=masking.scrub(reason.strip())[:200],
    )

    steps.record("cases.revealed", case, by=by, at=at, fields=sorted(fields))
    known = {"phone": case.phone, "identity": case.identity} | case.sealed
    return {field: known[field] for field in fields if known.get(field)}
