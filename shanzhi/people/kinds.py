"""The roles there are, and what higher areas plug in: notice texts and further ways to sign in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CITY, DISTRICT, SUBDISTRICT = "city", "district", "subdistrict"
COMMUNITY, GRID = "community", "grid"


@dataclass(frozen=True)
class Role:
    """What a post of this name may be, and which posts its holder may give to others.

    `grants` maps a role to the levels at which the holder may grant it, inside the holder's place.
    `apart` names roles that the same account may not hold beside this one.
    """

    code: str
    title: str | Promise
    levels: frozenset[str]
    department: str = "none"  # "none", "optional" or "required"
    grants: Mapping[str, frozenset[str]] = field(default_factory=dict)
    apart: frozenset[str] = frozenset()
    desk: bool = True
    card: str = ""  # kind of the contact card its holder has

    @property
    def departments(self) -> bool:
        return self.department != "none"


ROLES: dict[str, Role] = {}


def register_role(role: Role) -> None:
    ROLES[role.code] = role


def role_title(code: str) -> str:
    return str(ROLES[code].title) if code in ROLES else code


def _levels(*names):
    return frozenset(names)


# The three administrators of level-3 protection: nobody holds two of them.
TRIO = frozenset({"system_admin", "security_admin", "audit_admin"})
_COMMUNITY_POSTS = {
    "community_secretary": _levels(COMMUNITY),
    "community_worker": _levels(COMMUNITY),
    "grid_leader": _levels(GRID),
}

for _role in (
    Role(
        "community_secretary",
        _("Community secretary"),
        _levels(COMMUNITY),
        grants={"community_worker": _levels(COMMUNITY), "grid_leader": _levels(GRID)},
        card="secretary",
    ),
    Role("community_worker", _("Community worker"), _levels(COMMUNITY)),
    Role("grid_leader", _("Grid leader"), _levels(GRID), card="grid_leader"),
    Role(
        "subdistrict_clerk",
        _("Sub-district clerk"),
        _levels(SUBDISTRICT),
        grants=_COMMUNITY_POSTS,
    ),
    Role(
        "district_clerk",
        _("District clerk"),
        _levels(DISTRICT),
        grants={
            "subdistrict_clerk": _levels(SUBDISTRICT),
            "department_clerk": _levels(SUBDISTRICT),
        },
    ),
    Role(
        "city_clerk",
        _("City clerk"),
        _levels(CITY),
        grants={"district_clerk": _levels(DISTRICT), "department_clerk": _levels(DISTRICT)},
    ),
    Role(
        "department_clerk",
        _("Department clerk"),
        _levels(CITY, DISTRICT, SUBDISTRICT),
        department="required",
    ),
    Role("burden_office", _("Burden relief office"), _levels(CITY, DISTRICT)),
    Role("city_leader", _("City leader"), _levels(CITY)),
    Role(
        "system_admin",
        _("System administrator"),
        _levels(CITY),
        grants={
            "city_clerk": _levels(CITY),
            "city_leader": _levels(CITY),
            "burden_office": _levels(CITY, DISTRICT),
            "district_clerk": _levels(DISTRICT),
            "department_clerk": _levels(CITY, DISTRICT),
        },
        apart=TRIO - {"system_admin"},
    ),
    Role(
        "security_admin",
        _("Security administrator"),
        _levels(CITY),
        grants={"system_admin": _levels(CITY), "audit_admin": _levels(CITY)},
        apart=TRIO - {"security_admin"},
    ),
    Role(
        "audit_admin",
        _("Audit administrator"),
        _levels(CITY),
        apart=TRIO - {"audit_admin"},
    ),
):
    register_role(_role)

GRANTERS = frozenset(code for code, role in ROLES.items() if role.grants)


@dataclass(frozen=True)
class NoticeText:
    """The words of one kind of notice: `text` has named places, filled from the notice's values."""

    code: str
    title: str | Promise
    text: str | Promise


_notices: dict[str, NoticeText] = {}


def register_notices(texts: Mapping[str, tuple[str | Promise, str | Promise]]) -> None:
    """By verb of the journal: title and text."""
    for verb, (title, text) in texts.items():
        register_notice(NoticeText(verb, title, text))


def register_notice(text: NoticeText) -> None:
    _notices[text.code] = text


def notice_text(code: str) -> NoticeText | None:
    return _notices.get(code)


@dataclass(frozen=True)
class SignInWay:
    """A further way for residents to sign in, shown as a button below the phone form.

    WeChat registers here: `url_name` begins its exchange, which ends in signing.sign_in().
    """

    code: str
    title: str | Promise
    url_name: str
    icon: str = ""


_ways: dict[str, SignInWay] = {}


def register_sign_in(way: SignInWay) -> None:
    _ways[way.code] = way


def sign_in_ways() -> list[SignInWay]:
    return sorted(_ways.values(), key=lambda way: way.code)


@dataclass(frozen=True)
class PhoneWatch:
    """Who must know, in the same transaction, that an account's number changed, went to somebody
    else, or was unused for so long that it may have: `lost(account_id, at)`.
    """

    code: str
    lost: Callable[[int, datetime], None]


_watches: dict[str, PhoneWatch] = {}


def register_phone_watch(watch: PhoneWatch) -> None:
    _watches[watch.code] = watch


def phone_lost(account_id: int, at: datetime) -> None:
    for watch in _watches.values():
        watch.lost(account_id, at)


@dataclass(frozen=True)
class SignInNote:
    """A page to be read before an account opens by itself, linked from the sign-in page."""

    code: str
    title: str | Promise
    url_name: str


_notes: dict[str, SignInNote] = {}


def register_sign_in_note(note: SignInNote) -> None:
    _notes[note.code] = note


def sign_in_notes() -> list[SignInNote]:
    return sorted(_notes.values(), key=lambda note: note.code)


@dataclass(frozen=True)
class OwnPage:
    """A card on a resident's own page, for what higher areas keep about them."""

    code: str
    title: str | Promise
    text: str | Promise
    url_name: str
    icon: str = ""


_own: dict[str, OwnPage] = {}


def register_own_page(page: OwnPage) -> None:
    _own[page.code] = page


def own_pages() -> list[OwnPage]:
    return sorted(_own.values(), key=lambda page: page.code)
