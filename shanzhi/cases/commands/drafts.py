"""Forms that were begun, and answers the API keeps for a repeated request."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor

from .. import rules
from ..models import Draft, Replay

KEEP_DRAFTS = timedelta(days=30)
KEEP_REPLAYS = timedelta(hours=24)


@transaction.atomic
def save_draft(
    *, draft_id: UUID, item_code: str, content: dict[str, Any], by: Actor, at: datetime
) -> Draft:
    """Keep what was typed so far, complete or not. All of it is sealed."""
    draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
    if draft is None:
        draft = Draft(
            pk=draft_id,
            account_id=by.account_id,
            post=by.post_id,
            item_code=item_code,
            sealed=content,
            begun_at=at,
            saved_at=at,
        )
        draft.save(force_insert=True)
        record(
            "cases.draft_begun",
            about=f"cases.Draft:{draft.pk}",
            by=by,
            at=at,
            place="",
            item=item_code,
        )
        return draft
    rules.check_draft_owner(draft, by)
    draft.sealed, draft.saved_at = content, at
    draft.save(update_fields=["sealed", "saved_at"])
    return draft


@transaction.atomic
def discard_draft(*, draft: Draft, by: Actor, at: datetime) -> None:
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    rules.check_draft_owner(draft, by)
    record(
        "cases.draft_discarded",
        about=f"cases.Draft:{draft.pk}",
        by=by,
        at=at,
        place="",
        item=draft.item_code,
    )
    draft.delete()


@transaction.atomic
def purge(*, by: Actor, at: datetime) -> int:
    """Delete drafts untouched for 30 days and API answers older than a day; say how many."""
    drafts, _by_model = Draft.objects.filter(saved_at__lt=at - KEEP_DRAFTS).delete()
    replays, _by_model = Replay.objects.filter(at__lt=at - KEEP_REPLAYS).delete()
    if drafts or replays:
        record(
            "cases.purged",
            about="cases.Draft:",
            by=by,
            at=at,
            place="",
            drafts=drafts,
            replays=replays,
        )
    return drafts + replays


@transaction.atomic
def keep_replay(
    *, key: str, digest: bytes, status: int, body: dict[str, Any], by: Actor, at: datetime
) -> Replay:
    """Remember an API answer under the caller's idempotency key. Not a fact: no journal entry."""
    kept, _created = Replay.objects.update_or_create(  # one of yesterday gives way
        key=key,
        actor=f"key:{by.key_id}",
        defaults={"digest": digest, "status": status, "sealed": body, "at": at},
    )
    return kept
