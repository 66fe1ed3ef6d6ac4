"""Places merged or moved: posts, cards and homes go on under the new code."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.kernel.acting import Actor

from .. import queries
from ..models import Account, Card, Post


@transaction.atomic
def follow_move(*, old: str, new: str, by: Actor, at: datetime) -> int:
    """Posts at `old` end and begin anew at `new`, so that who held what when stays true."""
    on = localdate(at)
    posts = list(
        Post.objects.select_for_update().filter(queries.held_on(on), place=old).order_by("pk")
    )
    for post in posts:
        _move(post, new, on)
    taken = Card.objects.filter(place=new).values_list("kind", flat=True)
    Card.objects.filter(place=old, kind__in=list(taken)).delete()
    Card.objects.filter(place=old).update(place=new)
    homes = Account.objects.filter(home=old).update(home=new)

    record("people.moved", about=f"places.Division:{old}", by=by, at=at, place=new,
           old=old, posts=len(posts), homes=homes)  # fmt: skip
    return len(posts)


def _move(post, new, on):
    """`granted_by` is the post before, through which the reason can be read."""
    there = Post.objects.filter(
        queries.held_on(on), account=post.account_id, role=post.role, place=new,
        department=post.department_id,
    )  # fmt: skip
    until, post.valid_to = post.valid_to, on
    post.save(update_fields=["valid_to"])
    if not there.exists():
        Post.objects.create(
            account_id=post.account_id, role=post.role, place=new,
            department_id=post.department_id, valid_from=on, valid_to=until, granted_by=post,
            reason=post.reason,
        )  # fmt: skip
