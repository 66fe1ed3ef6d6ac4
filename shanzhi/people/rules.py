"""What is allowed. Reads only; raises Refused; never writes and never looks at the clock."""

import unicodedata
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused
from shanzhi.kernel import places as codes
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.places import queries as places

from . import kinds
from .models import Account, Card, Department, Key, PhoneCode, Post
from .queries import KEY_ADMINISTRATORS, held_on

CODE_LIVES = timedelta(minutes=5)
CODE_TRIES = 5
NAME_TRIES = 3
KEY_LIVES = timedelta(days=366)

username_form = RegexValidator(r"^(?!r-)[a-z][a-z0-9._-]{2,39}$")  # r-…: residents


def plain_name(name: str) -> str:
    """A name as compared: full width and spaces do not matter."""
    return "".join(unicodedata.normalize("NFKC", name or "").split()).casefold()


# --- accounts -----------------------------------------------------------------------------------


def check_own(account_id: int, *, by: Actor) -> None:
    if by is not SYSTEM and by.account_id != account_id:
        raise Refused(_("You can change only your own account."))


def check_name(name: str) -> None:
    if not 1 <= len(name) <= 30 or any(character in "<>{}\n\r\t" for character in name):
        raise Refused(_("Enter a name of 1 to 30 characters."), field="name")


def check_open_staff(username: str, *, by: Actor) -> None:
    check_grants_something(by=by)
    try:
        username_form(username)
    except ValidationError:
        raise Refused(
            _("A user name has 3 to 40 small letters, digits, dots or dashes, a letter first."),
            field="username",
        ) from None
    if Account.objects.filter(username=username).exists():
        raise Refused(_("This user name is taken."), field="username")


def check_grants_something(*, by: Actor) -> None:
    role = kinds.ROLES.get(by.role)
    if by is not SYSTEM and not (role and role.grants):
        raise Refused(_("Your post does not let you appoint staff."))


def check_reset(account: Account, *, by: Actor, on: date) -> None:
    """Whoever could grant every post an account holds may give it a new password."""
    posts = list(Post.objects.filter(held_on(on), account=account))
    if account.pk == by.account_id:
        raise Refused(_("Change your own password under Security."))
    if not posts and by is not SYSTEM:
        raise Refused(_("This account holds no post; its holder signs in by phone."))
    for post in posts:
        check_may_grant(post.role, post.place, by=by)


def check_preferences(*, language: str | None) -> None:
    if language and language not in dict(settings.LANGUAGES):
        raise Refused(_("This language is not available."), field="language")


def check_home(place: str, estate_place: str | None) -> None:
    if len(place) not in (12, 15) or not places.exists(place):
        raise Refused(_("Choose a community."), field="place")
    if estate_place is not None and estate_place[:12] != place[:12]:
        raise Refused(_("This estate lies in another community."), field="estate")


# --- posts --------------------------------------------------------------------------------------


def check_grant(
    account: Account,
    *,
    role: str,
    place: str,
    department: str,
    valid_from: date,
    valid_to: date | None,
    reason: str,
    by: Actor,
) -> None:
    check_role_fits(role, place, department)
    if by.account_id == account.pk and by is not SYSTEM:
        raise Refused(_("Nobody can grant a post to themselves."))
    check_may_grant(role, place, by=by)
    if not account.is_active:
        raise Refused(_("This account is closed."), field="username")
    if valid_to is not None and valid_to <= valid_from:
        raise Refused(_("The last day lies before the first."), field="valid_to")
    if not reason.strip():
        raise Refused(_("State the reason, for instance the appointment."), field="reason")
    check_apart(account, role, valid_from, valid_to)
    check_not_held(account, role, place, department, valid_from, valid_to)


def check_role_fits(role: str, place: str, department: str) -> None:
    kind = kinds.ROLES.get(role)
    if kind is None:
        raise Refused(_("Choose a post from the list."), field="role")
    if len(place) not in codes.LENGTHS or codes.level(place) not in kind.levels:
        raise Refused(_("There is no such post at this level."), field="place")
    if not places.exists(place):
        raise Refused(_("Choose a place from the list."), field="place")
    if kind.department == "required" and not department:
        raise Refused(_("Choose the department."), field="department")
    if kind.department == "none" and department:
        raise Refused(_("This post belongs to no department."), field="department")
    if department and not Department.objects.filter(pk=department).exists():
        raise Refused(_("Choose a department from the list."), field="department")


def check_may_grant(role: str, place: str, *, by: Actor) -> None:
    """Granted by the post above: its role names the roles it grants, its place their places."""
    if by is SYSTEM:
        return
    granter = kinds.ROLES.get(by.role)
    if granter is None or codes.level(place) not in granter.grants.get(role, ()):
        raise Refused(_("Your post does not let you grant this post."), field="role")
    if not by.covers(place):
        raise Refused(_("This place lies outside your area."), field="place")


def _overlapping(account, valid_from, valid_to):
    rows = Post.objects.filter(account=account).exclude(valid_to__lte=valid_from)
    return rows.filter(valid_from__lt=valid_to) if valid_to else rows


def check_apart(account: Account, role: str, valid_from: date, valid_to: date | None) -> None:
    others = _overlapping(account, valid_from, valid_to).values_list("role", flat=True)
    if kinds.ROLES[role].apart.intersection(others):
        raise Refused(
            _("System, security and audit administration must be held by different people."),
            field="role",
        )


def check_not_held(account, role, place, department, valid_from, valid_to) -> None:
    same = _overlapping(account, valid_from, valid_to).filter(role=role, place=place)
    if same.filter(department=department or None).exists():
        raise Refused(_("This person holds the post already in that time."), field="valid_from")


def check_end_post(post: Post, *, on: date, reason: str, by: Actor) -> None:
    check_may_grant(post.role, post.place, by=by)
    if post.account_id == by.account_id and by is not SYSTEM:
        raise Refused(_("Nobody can end a post of their own."))
    if post.valid_to is not None and post.valid_to <= on:
        raise Refused(_("This post has ended already."))
    if not reason.strip():
        raise Refused(_("State the reason, for instance the transfer."), field="reason")


# --- contact cards ------------------------------------------------------------------------------

CARD_KEEPERS = {"community_secretary", "community_worker", "subdistrict_clerk"}


def check_card(place: str, kind: str, *, photo, consent: bool, by: Actor) -> None:
    check_keeps_cards(place, by=by)
    if kind not in Card.Kind.values:
        raise Refused(_("Choose the kind of card from the list."), field="kind")
    if len(place) not in (12, 15) or not places.exists(place):
        raise Refused(_("Cards are kept for communities and grids."), field="place")
    if kind == Card.Kind.SECRETARY and len(place) != 12:
        raise Refused(_("The secretary's card belongs to the community."), field="place")
    if photo is not None and not consent:
        raise Refused(_("A photo is shown only with the person's consent."), field="consent")


def check_keeps_cards(place: str, *, by: Actor) -> None:
    if by is not SYSTEM and not (by.role in CARD_KEEPERS and by.covers(place)):
        raise Refused(_("Only the community and its sub-district keep these cards."))


# --- API keys -----------------------------------------------------------------------------------


def check_issue_key(
    post: Post, *, name: str, place: str, items: list[str], valid_to: date, by: Actor, at: datetime
) -> None:
    on = localdate(at)
    if by is not SYSTEM and by.post_id != post.pk:
        raise Refused(_("A key is issued by the holder of the post it acts through."))
    if post.valid_from > on or (post.valid_to is not None and post.valid_to <= on):
        raise Refused(_("This post is not held today."))
    if not name.strip():
        raise Refused(_("Name the program that will use the key."), field="name")
    if not codes.holds(post.place, place) or not places.exists(place):
        raise Refused(_("The key must stay inside the post's place."), field="place")
    if any(not isinstance(item, str) or not 1 <= len(item) <= 40 for item in items):
        raise Refused(_("List the codes of service items, separated by spaces."), field="items")
    if not on < valid_to <= on + KEY_LIVES:
        raise Refused(_("A key is valid for one year at most."), field="valid_to")


def check_revoke_key(key: Key, *, by: Actor) -> None:
    if by is not SYSTEM and by.post_id != key.post_id:
        administers = by.role in KEY_ADMINISTRATORS and by.covers(key.place)
        if not administers:
            raise Refused(_("Only the holder of the post or an administrator revokes this key."))
    if key.revoked_at is not None:
        raise Refused(_("This key is revoked already."))


# --- codes sent to phones -----------------------------------------------------------------------


def check_code_open(code: PhoneCode | None, *, at: datetime) -> None:
    """Still to be typed: asked for in this session, not used, not too old, tries left."""
    if code is None or code.used_at is not None or code.sent_at + CODE_LIVES <= at:
        raise Refused(_("This code is no longer valid. Ask for a new one."), field="code")
    if code.tries >= CODE_TRIES:
        raise Refused(_("Too many wrong codes. Ask for a new one."), field="code")


def check_code_proved(code: PhoneCode | None, *, at: datetime) -> None:
    """Proved and not yet used, within 15 minutes."""
    late = timedelta(minutes=15)
    if code is None or code.used_at is not None or code.proved_at is None:
        raise Refused(_("Begin again with your phone number."))
    if code.proved_at + late <= at:
        raise Refused(_("That took too long. Begin again with your phone number."))


def is_stale(account: Account, *, on: date) -> bool:
    """Unused for so long that the number may have been given to somebody else."""
    used = account.seen_on or (account.phone_proved_at and localdate(account.phone_proved_at))
    return used is None or used + timedelta(days=settings.SHANZHI_PHONE_STALE_DAYS) < on


def check_phone_free(phone_hash: bytes, *, account_id: int) -> None:
    others = Account.objects.filter(phone_hash=phone_hash).exclude(pk=account_id)
    if others.exists():
        raise Refused(
            _(
                "This number belongs to another account. Sign out, sign in with it and choose "
                "“this number was given to me recently” first."
            ),
            field="phone",
        )


def check_may_load_departments(by: Actor) -> None:
    if by is not SYSTEM and by.role != "city_clerk":
        raise Refused(_("The list of departments is kept by the city's desk."))
