"""The one-click sign-ins that `shanzhi run` prints."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shanzhi.people import kinds

from .people import PEOPLE


@dataclass(frozen=True)
class Role:
    code: str
    title: str | Promise


ROLES = [
    Role(
        person.code,
        kinds.ROLES[person.code].title if person.code in kinds.ROLES else _("Resident"),
    )
    for person in PEOPLE
]
