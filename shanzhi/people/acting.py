"""Who a request acts as: the account of the session, through the post chosen in it."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate

from shanzhi.kernel.acting import Actor

from . import queries
from .models import Account

# Not SYSTEM, which may do everything: someone of whom nothing is known.
ANONYMOUS = Actor(account_id=None, name="anonymous")


def actor(request: HttpRequest) -> Actor:
    """The actor of this request (shanzhi.people.middleware.posts sets it, lazily)."""
    return request.actor


def settle(request: HttpRequest) -> None:
    """From here on the account and the actor themselves: each use of their lazy stand-ins asks
    anew whether they are there, and a page uses them a hundred times.
    """
    request.user, request.actor = _itself(request.user), _itself(request.actor)


def _itself(found):
    if not isinstance(found, SimpleLazyObject):
        return found
    str(found)
    return found._wrapped


def held(account: Account) -> list[queries.PostRow]:
    """The posts of today; the session's account brings them along (backends.py)."""
    found = getattr(account, "held", None)
    return queries.posts_of(account.pk, localdate()) if found is None else found


def may_use_posts(request: HttpRequest) -> bool:
    """In a session opened with a password or passkey, never with a phone code alone, of an account
    with a second factor and a password of its own choice; or in the demonstration.
    """
    if not request.session.get("staff"):
        return False
    if settings.SHANZHI_DEMO and request.session.get("demo"):
        return True
    return request.user.second_factor and not request.user.password_given


def of_request(request: HttpRequest) -> Actor:
    account = request.user
    if not account.is_authenticated:
        return ANONYMOUS
    posts = held(account) if may_use_posts(request) else []
    chosen = request.session.get("post")
    post = next((each for each in posts if each.id == chosen), posts[0] if posts else None)
    if post is None:
        return Actor(account_id=account.pk, name=account.name)
    return Actor(
        account_id=account.pk,
        post_id=post.id,
        role=post.role,
        place=post.place,
        department=post.department,
        name=account.name,
    )
