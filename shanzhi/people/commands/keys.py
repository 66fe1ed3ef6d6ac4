"""API keys: a program acting through a post, in a place, for named items, for a year at most."""

import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from .. import queries, rules
from ..models import Key, Post


@transaction.atomic
def issue_key(
    *,
    post: Post,
    name: str,
    place: str,
    items: list[str],
    may_write: bool,
    valid_to: date,
    by: Actor,
    at: datetime,
) -> tuple[Key, str]:
    """The key and its secret, which is shown once and not kept."""
    post = Post.objects.select_for_update().get(pk=post.pk)
    rules.check_issue_key(
        post, name=name, place=place, items=items, valid_to=valid_to, by=by, at=at
    )

    secret = f"sz_{secrets.token_urlsafe(32)}"
    key = Key.objects.create(
        name=name.strip(), post=post, digest=queries.digest(secret), hint=secret[:8],
        place=place, items=items, may_write=may_write, valid_to=valid_to,
    )  # fmt: skip

    record(
        "people.key_issued", about=label(key), by=by, at=at, place=place,
        items=items, may_write=may_write, valid_to=str(valid_to),
    )  # fmt: skip
    return key, secret


@transaction.atomic
def revoke_key(*, key: Key, by: Actor, at: datetime) -> Key:
    key = Key.objects.select_for_update().get(pk=key.pk)
    rules.check_revoke_key(key, by=by)

    key.revoked_at = at
    key.save(update_fields=["revoked_at"])

    record("people.key_revoked", about=label(key), by=by, at=at, place=key.place)
    return key


@transaction.atomic
def mark_key_used(*, key_id: int, by: Actor, at: datetime) -> None:
    """At most once an hour: enough to tell a living key from a forgotten one. Not journaled."""
    before = at - timedelta(hours=1)
    rows = Key.objects.filter(Q(used_at=None) | Q(used_at__lt=before), pk=key_id)
    rows.update(used_at=at)
