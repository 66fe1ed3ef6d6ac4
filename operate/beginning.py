"""What an empty installation needs before anybody can sign in and ask: the people who appoint all
others, and the service items that come with the release. Done as the system, by the operator.
"""

import json

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.cases import commands as cases
from shanzhi.cases import importing
from shanzhi.cases.models import Item, Route
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people import commands as people
from shanzhi.people import kinds
from shanzhi.people.commands.accounts import new_password
from shanzhi.people.models import Account

from .system import Problem

OPERATOR = "by the operator"


@transaction.atomic
def appoint(username: str, role: str, *, name: str, place: str, department: str) -> list[str]:
    """Open the account where there is none, and give it the post from today on."""
    if role not in kinds.ROLES:
        raise Problem(f"There is no post {role!r}. There are: {', '.join(kinds.ROLES)}.")
    now, password = timezone.now(), ""
    account = Account.objects.filter(username=username).first()
    if account is None:
        if not name:
            raise Problem(f"{username} has no account yet: give the person's --name as well.")
        password = new_password()
        account = people.open_account(
            username=username, name=name, password=password, by=SYSTEM, at=now
        )
    people.grant_post(
        account=account, role=role, place=place or settings.SHANZHI_CITY, department=department,
        valid_from=localdate(now), reason=OPERATOR, by=SYSTEM, at=now,
    )  # fmt: skip
    told = f"{username} holds the post {role} of {place or settings.SHANZHI_CITY} from today on."
    return [told, *_first_password(password)]


def reset_sign_in(username: str) -> list[str]:
    """For who lost password or second factor and has no post above: the security administrator."""
    account = Account.objects.filter(username=username).first()
    if account is None:
        raise Problem(f"There is no account {username!r}.")
    password = people.reset_sign_in(account=account, reason=OPERATOR, by=SYSTEM, at=timezone.now())
    return [f"{username} is signed out everywhere.", *_first_password(password)]


def _first_password(password: str) -> list[str]:
    if not password:
        return []
    return [
        f"Password for the first sign-in: {password}",
        "Hand it over in person. At /staff/sign-in/ it is changed and a second factor is set up.",
    ]


@transaction.atomic
def load_shipped() -> str:
    """Departments, categories, items and routing rules. What a city made its own stays."""
    now = timezone.now()
    departments = json.loads((importing.DATA / "departments.json").read_text(encoding="utf-8"))
    people.load_departments(rows=departments, by=SYSTEM, at=now)
    cases.load_categories(rows=importing.shipped_categories(), by=SYSTEM, at=now)
    known = set(Item.objects.values_list("code", flat=True))
    rows = [row for row in importing.shipped_items() if row["code"] not in known]
    cases.import_items(rows=rows, publish=True, by=SYSTEM, at=now)
    routes = 0
    if not Route.objects.exists():
        routes = cases.load_routes(rows=importing.shipped_routes(), by=SYSTEM, at=now)
    return (
        f"{len(departments)} departments are there; {len(rows)} new service items and "
        f"{routes} routing rules were loaded. Items and rules that were here stayed as they are."
    )
