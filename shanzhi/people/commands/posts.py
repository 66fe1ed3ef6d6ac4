"""Posts: granted by the post above, for a period and a reason; and ended."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor

from .. import rules
from ..models import Account, Post


@transaction.atomic
def grant_post(
    *,
    account: Account,
    role: str,
    place: str,
    department: str = "",
    valid_from: date,
    valid_to: date | None = None,
    reason: str,
    by: Actor,
    at: datetime,
) -> Post:
    """`valid_to` is the first day on which the post is no longer held."""
    account = Account.objects.select_for_update().get(pk=account.pk)
    rules.check_grant(
        account, role=role, place=place, department=department,
        valid_from=valid_from, valid_to=valid_to, reason=reason, by=by,
    )  # fmt: skip

    post = Post.objects.create(
        account=account, role=role, place=place, department_id=department or None,
        valid_from=valid_from, valid_to=valid_to,
        granted_by_id=by.post_id, reason=reason.strip(),
    )  # fmt: skip

    record(
        "people.post_granted", about=label(post), by=by, at=at, place=place,
        account=account.pk, role=role, department=department,
        valid_from=str(valid_from), valid_to=str(valid_to or ""),
    )  # fmt: skip
    return post


@transaction.atomic
def end_post(*, post: Post, reason: str, by: Actor, at: datetime) -> Post:
    """From today on; a post that has not begun never does."""
    Account.objects.select_for_update().get(pk=post.account_id)
    post = Post.objects.select_for_update().get(pk=post.pk)
    on = localdate(at)
    rules.check_end_post(post, on=on, reason=reason, by=by)

    post.valid_to = max(on, post.valid_from)
    post.save(update_fields=["valid_to"])

    record(
        "people.post_ended",
        about=label(post),
        by=by,
        at=at,
        place=post.place,
        account=post.account_id,
        role=post.role,
        reason=reason.strip(),
    )
    return post
