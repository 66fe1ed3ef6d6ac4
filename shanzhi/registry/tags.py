"""The kinds of restricted tags, each with its own access list.

A kind is declared in code: who is responsible, by which law, who may know it, how often somebody
must look again. A business line registers more. Tags are no section: they are not in the catalogue,
so no import brings, no grant reads and no export carries them.
"""

from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class TagKind:
    """`roles` of the community itself, and `departments` whose clerks may read it; `editors` of
    either may set it. `withheld` is the law that keeps its reads from the person's own view.
    """

    code: str
    title: str | Promise
    agency: str | Promise
    basis: str
    roles: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    editors: frozenset[str] = frozenset()
    review_months: int = 6
    withheld: str = ""


KINDS: dict[str, TagKind] = {}


def register(kind: TagKind) -> None:
    if kind.code in KINDS:
        raise ImproperlyConfigured(f"there is a tag {kind.code} already")
    KINDS[kind.code] = kind


SECRETARY = frozenset({"community_secretary"})
CARING = frozenset({"community_secretary", "community_worker"})
JUSTICE, POLICE, HEALTH, CIVIL = (
    frozenset({code}) for code in ("justice", "police", "health", "civil_affairs")
)

for _kind in (
    TagKind("released", _("Released from prison"), _("Justice bureau"),
            "监狱法第三十七条", SECRETARY, JUSTICE, SECRETARY | JUSTICE, 6),
    TagKind("correction", _("Community correction"), _("Justice bureau"),
            "社区矫正法", frozenset(), JUSTICE, JUSTICE, 3, "社区矫正法第五十四条"),
    TagKind("rehab", _("Recovery from drugs"), _("Public security"),
            "禁毒法", SECRETARY, POLICE, POLICE, 6),
    TagKind("mental", _("Severe mental disorder"), _("Health commission"),
            "精神卫生法", SECRETARY, HEALTH, HEALTH, 6),
    TagKind("youth", _("Young person in need of support"), _("Civil affairs"),
            "未成年人保护法", SECRETARY, CIVIL, SECRETARY | CIVIL, 6),
    TagKind("left_behind", _("Left behind by working parents or children"), _("Civil affairs"),
            "未成年人保护法", CARING, CIVIL, CARING | CIVIL, 12),
    TagKind("only_child_lost", _("Family that lost its only child"), _("Health commission"),
            "人口与计划生育法第二十七条", CARING, HEALTH, CARING | HEALTH, 12),
):  # fmt: skip
    register(_kind)
