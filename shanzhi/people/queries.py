"""Every read of people that a second caller needs."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID

from django.db import connection
from django.db.models import Min, Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime

from shanzhi.kernel import paging
from shanzhi.kernel import places as codes
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as places
from shanzhi.places.models import Division

from . import kinds
from .models import Account, Card, Department, Key, Notice, PhoneCode, Post, SentCode


@dataclass(frozen=True)
class PostRow:
    """A post as pages and the actor need it."""

    id: int
    role: str
    place: str
    department: str

    @property
    def title(self) -> str:
        return kinds.role_title(self.role)

    @property
    def unit(self) -> str:
        return unit_name(self.place, self.department)


def held_on(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def posts_of(account_id: int, on: date) -> list[PostRow]:
    rows = Post.objects.filter(held_on(on), account_id=account_id).order_by("id")
    return [
        PostRow(pk, role, place, department or "")
        for pk, role, place, department in rows.values_list("id", "role", "place", "department_id")
    ]


def holders(place: str, department: str, roles: Collection[str], on: date) -> list[int]:
    """Accounts that hold one of `roles` at exactly `place` in exactly `department` on that day."""
    rows = Post.objects.filter(held_on(on), place=place, department=department or None)
    rows = rows.filter(role__in=list(roles), account__is_active=True)
    return list(rows.order_by("account_id").values_list("account_id", flat=True).distinct())


@cache
def _departments() -> dict[str, tuple[str, str, str]]:
    rows = Department.objects.values_list("code", "name", "bureau", "office")
    return {code: (name, bureau, office) for code, name, bureau, office in rows}


def forget_departments() -> None:
    _departments.cache_clear()


def departments() -> dict[str, str]:
    """Code → 民政, for choices; in the order of their sounds, which GB 18030 has built in."""
    named = [(code, names[0]) for code, names in _departments().items()]
    return dict(sorted(named, key=lambda each: each[1].encode("gb18030")))


def unit_name(place: str, department: str = "") -> str:
    """三井街道民政办, 常州市民政局, 天安社区."""
    name = places.name(place)
    if not department:
        return name
    if department not in _departments():
        forget_departments()  # another process may have added it
    _name, bureau, office = _departments().get(department, ("", "", ""))
    return f"{name}{office if len(place) >= 9 else bureau}"


@dataclass(frozen=True)
class CardRow:
    place: str
    kind: str
    name: str
    unit: str
    phone: str
    hours: str
    photo: UUID | None

    @property
    def title(self) -> str:
        return str(Card.Kind(self.kind).label)


CARDS = """
select place, kind, name, unit, phone, hours, photo from people_card
where place in (%s, %s) order by place
"""


def cards(place: str) -> list[CardRow]:
    """The contact cards of a place, in fixed order; what a grid lacks comes from its community."""
    with connection.cursor() as cursor:
        cursor.execute(CARDS, [place, place[:12]])
        found = {row[1]: CardRow(*row) for row in cursor.fetchall()}
    return [found[kind] for kind in Card.Kind.values if kind in found]


def cards_within(place: str, *, cursor: str = "", size: int = 40) -> paging.Page:
    """All cards at or below a place, for those who keep them."""
    low, high = codes.span(place)
    rows = Card.objects.filter(place__gte=low, place__lt=high)
    after = paging.decode(cursor, str, int)
    if after:
        rows = rows.filter(Q(place__gt=after[0]) | Q(place=after[0], id__gt=after[1]))
    rows = list(rows.order_by("place", "id")[: size + 1])
    return paging.page(rows, size=size, key=lambda card: (card.place, card.pk))


@dataclass(frozen=True)
class NoticeRow:
    id: int
    at: datetime
    title: str
    text: str
    link: str
    read: bool


# Plain statements where every page asks: to compose one takes longer than its answer.
UNREAD = """(
    select count(*) from (
        select from people_notice where account_id = {account} and read_at is null limit 100
    ) as unread
)"""


def unread(account_id: int) -> int:
    """Unread notices, up to 100: a bell needs no more."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {UNREAD.format(account='%s')}", [account_id])
        return cursor.fetchone()[0]


def notices(account_id: int, cursor: str = "", *, size: int = 20) -> paging.Page:
    rows = Notice.objects.filter(account_id=account_id)
    after = paging.decode(cursor, datetime, int)
    if after:
        rows = rows.filter(Q(at__lt=after[0]) | Q(at=after[0], id__lt=after[1]))
    rows = rows.order_by("-at", "-id").values_list("id", "at", "text", "values", "link", "read_at")
    page = paging.page(list(rows[: size + 1]), size=size, key=lambda row: (row[1], row[0]))
    return paging.Page([_notice(*row) for row in page.rows], page.next)


def _notice(pk, at, code, values, link, read_at):
    words = kinds.notice_text(code)
    title, text = (str(words.title), str(words.text) % _told(values)) if words else (code, "")
    return NoticeRow(pk, localtime(at), title, text, link, read_at is not None)


def _told(values):
    """A `day` is kept as 2027-03-01 and told as the reader writes it."""
    day = parse_date(values.get("day") or "")
    return values | {"day": date_format(day)} if day else values


@dataclass(frozen=True)
class HeldPost:
    """What somebody holds where, until when."""

    id: int
    role: str
    unit: str
    valid_from: date
    valid_to: date | None

    @property
    def title(self) -> str:
        return kinds.role_title(self.role)

    @property
    def last_day(self) -> date | None:
        return self.valid_to - timedelta(days=1) if self.valid_to else None


@dataclass(frozen=True)
class Holder:
    """A line of the list of staff: an account with its posts in the area."""

    account_id: int
    name: str
    username: str
    posts: list[HeldPost]


def staff(actor: Actor, *, on: date, text: str = "", cursor: str = "", size: int = 30):
    """Who holds a post now or later at or below the actor's place, from the top of the area down;
    `text` begins a name or user name. Two queries.
    """
    low, high = codes.span(actor.place)
    rows = Post.objects.filter(Q(valid_to=None) | Q(valid_to__gt=on))
    rows = rows.filter(place__gte=low, place__lt=high)
    if text:
        rows = rows.filter(
            Q(account__name__startswith=text) | Q(account__username__startswith=text)
        )
    holders = rows.order_by().values("account_id").annotate(first=Min("place"))
    if after := paging.decode(cursor, str, int):
        holders = holders.filter(Q(first__gt=after[0]) | Q(first=after[0], account_id__gt=after[1]))
    found = list(holders.order_by("first", "account_id")[: size + 1])
    page = paging.page(found, size=size, key=lambda each: (each["first"], each["account_id"]))
    held: dict[int, list[Post]] = {each["account_id"]: [] for each in page.rows}
    posts = rows.filter(account__in=held).select_related("account").order_by("place", "id")
    for post in posts:
        held[post.account_id].append(post)
    return paging.Page([_holder(each) for each in held.values()], page.next)


def _holder(posts):
    account = posts[0].account
    return Holder(account.pk, account.name, account.username, [_held_post(post) for post in posts])


def _held_post(post):
    return HeldPost(
        id=post.pk,
        role=post.role,
        unit=unit_name(post.place, post.department_id or ""),
        valid_from=post.valid_from,
        valid_to=post.valid_to,
    )


def account_names(ids: Collection[int]) -> dict[int, str]:
    with connection.cursor() as cursor:
        cursor.execute("select id, name from people_account where id = any(%s)", [list(ids)])
        return dict(cursor.fetchall())


def account_by_username(username: str) -> Account | None:
    return Account.objects.filter(username=username, is_active=True).first()


def account_by_phone(phone_hash: bytes) -> Account | None:
    return Account.objects.filter(phone_hash=phone_hash, is_active=True).first()


def phone_code(pk: str | None) -> PhoneCode | None:
    return PhoneCode.objects.filter(pk=pk).first() if pk else None


def sent_text(phone_hash: bytes) -> str:
    """The demonstration's text message last sent to this phone."""
    found = SentCode.objects.filter(phone_hash=bytes(phone_hash)).order_by("-at", "-id").first()
    return found.text if found else ""


@dataclass(frozen=True)
class Bearer:
    """Who comes with an API key: the actor, the items it may touch (empty is all), and writing.

    `actor` has the key's place and sees what lies in it; `post` has the place of the post. Steps
    are taken as the post: a key for one community must not turn its clerk into that community.
    """

    actor: Actor
    post: Actor
    items: frozenset[str]
    may_write: bool


def digest(secret: str) -> bytes:
    """A key's secret is 32 random bytes, so a bare hash keeps it safe."""
    return hashlib.sha256(secret.encode()).digest()


def bearer(secret: str, at: datetime) -> Bearer | None:
    """The holder of a valid API key whose post is still held, or None."""
    on = localdate(at)
    key = (
        Key.objects.filter(digest=digest(secret), revoked_at=None, valid_to__gte=on)
        .filter(Q(post__valid_to=None) | Q(post__valid_to__gt=on), post__valid_from__lte=on)
        .filter(post__account__is_active=True)
        .select_related("post")
        .first()
    )
    if key is None:
        return None
    actor = Actor(
        account_id=key.post.account_id,
        post_id=key.post_id,
        role=key.post.role,
        place=key.place,
        department=key.post.department_id or "",
        name=key.name,
        key_id=key.pk,
    )
    post = replace(actor, place=key.post.place)
    return Bearer(actor, post, frozenset(key.items), key.may_write)


KEY_ADMINISTRATORS = frozenset({"system_admin", "security_admin"})


def keys(actor: Actor) -> QuerySet[Key]:
    """Keys of the actor's own post; who administers system or security sees all in its place."""
    low, high = codes.span(actor.place)
    rows = Key.objects.filter(place__gte=low, place__lt=high).select_related("post__account")
    if actor.role not in KEY_ADMINISTRATORS:
        rows = rows.filter(post_id=actor.post_id)
    return rows.order_by("revoked_at", "-id")


def grantable(actor: Actor) -> list[kinds.Role]:
    """The roles the actor's own role grants."""
    role = kinds.ROLES.get(actor.role)
    return [kinds.ROLES[code] for code in role.grants] if role else []


def grantable_places(actor: Actor, role: str) -> list[tuple[str, str]]:
    """(code, name) of every place where the actor may grant the role."""
    levels = kinds.ROLES[actor.role].grants.get(role, frozenset())
    return places_within(actor.place, levels)


def places_within(place: str, levels: Collection[str]) -> list[tuple[str, str]]:
    """(code, name with the place above it) of the current divisions of these levels."""
    low, high = codes.span(place)
    rows = Division.objects.filter(code__gte=low, code__lt=high, valid_to=None)
    rows = list(
        rows.filter(level__in=list(levels)).order_by("code").values_list("code", "short_name")
    )
    above = places.names({code[:12] for code, _name in rows if len(code) == 15})
    return [
        (code, f"{above.get(code[:12], '')} {name}" if len(code) == 15 else name)
        for code, name in rows
    ]


def notice_link(account_id: int, notice_id: int) -> str | None:
    """Where the account's notice leads; None where there is no such notice."""
    rows = Notice.objects.filter(account_id=account_id, pk=notice_id)
    return rows.values_list("link", flat=True).first()
