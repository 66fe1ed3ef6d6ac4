"""Named people in named places, and ways to sign them in."""

from datetime import UTC, date, datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.test import Client

from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.places.models import Division, Estate

from .. import commands
from ..models import Account, Post

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # Monday, noon in China
LONG_AGO = date(2020, 1, 1)
PASSWORD = "corn-lamp-Rain-42"

PLACES = {
    "3204": ("常州市", "常州市", "city"),
    "320411": ("新北区", "新北区", "district"),
    "320402": ("天宁区", "天宁区", "district"),
    "320411002": ("三井街道", "三井街道", "subdistrict"),
    "320411003": ("龙虎塘街道", "龙虎塘街道", "subdistrict"),
    "320411002018": ("天安社区居委会", "天安社区", "community"),
    "320411002019": ("富都社区居委会", "富都社区", "community"),
    "320411003001": ("盘龙社区居委会", "盘龙社区", "community"),
    "320411002018001": ("第一网格", "第一网格", "grid"),
    "320411002018002": ("第二网格", "第二网格", "grid"),
}
CITY, DISTRICT, STREET, TIANAN, GRID = (
    "3204",
    "320411",
    "320411002",
    "320411002018",
    "320411002018001",
)
FUDU, PANLONG, TIANNING = "320411002019", "320411003001", "320402"


def city() -> None:
    """Changzhou in small: two districts, two sub-districts, three communities, two grids."""
    for code, (name, short, level) in PLACES.items():
        parent = next((code[:n] for n in (12, 9, 6, 4) if n < len(code)), "")
        Division.objects.create(
            code=code,
            name=name,
            short_name=short,
            level=level,
            parent=parent,
            valid_from=LONG_AGO,
        )


def civil_affairs() -> None:
    row = {"code": "civil_affairs", "name": "民政", "bureau": "民政局", "office": "民政办"}
    commands.load_departments(rows=[row], by=SYSTEM, at=NOON)


def estate(place: str = GRID, name: str = "天安别墅") -> Estate:
    return Estate.objects.create(place=place, name=name)


def resident(phone: str = "13800000001", name: str = "", at: datetime = NOON) -> Account:
    return commands.open_account(phone=phone, name=name, by=SYSTEM, at=at)


def staff(username: str = "wang.fang", name: str = "王芳") -> Account:
    """With a password of their own."""
    return Account.objects.create(
        username=username,
        name=name,
        password=make_password(PASSWORD),
        opened_at=NOON,
    )


def post(
    role: str = "community_worker",
    place: str = TIANAN,
    *,
    account: Account | None = None,
    department: str = "",
    valid_from: date = LONG_AGO,
    valid_to: date | None = None,
) -> Post:
    return Post.objects.create(
        account=account or staff(f"{role.replace('_', '.')}.{Account.objects.count()}", "某某"),
        role=role,
        place=place,
        department_id=department or None,
        valid_from=valid_from,
        valid_to=valid_to,
        reason="test",
    )


def actor(held: Post | Account) -> Actor:
    if isinstance(held, Account):
        return Actor(account_id=held.pk, name=held.name)
    return Actor(
        account_id=held.account_id,
        post_id=held.pk,
        role=held.role,
        place=held.place,
        department=held.department_id or "",
        name=held.account.name,
    )


def enter(client: Client, held: Post | Account) -> Client:
    """Signed in as through the staff door with a second factor, or a resident by phone."""
    account = held.account if isinstance(held, Post) else held
    client.force_login(account)
    session = client.session
    session["staff"] = isinstance(held, Post)
    if isinstance(held, Post):
        session["post"] = held.pk
        data = {"secret": "not used"}
        Authenticator.objects.get_or_create(user=account, type="totp", defaults={"data": data})
    session.save()
    return client
