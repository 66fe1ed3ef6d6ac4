"""Who keeps sources, and who settles where they and the registry differ."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor

from .. import kinds
from ..adapters import ADAPTERS
from ..intake import targets
from ..models import Difference, Source
from ..queries.imports_moves import Stay
from .imports import IMPORTERS

KEEPERS = frozenset({"city_clerk", "district_clerk", "system_admin"})
SEERS = IMPORTERS | KEEPERS
COMMUNITY = "community"  # owns what no department does
SETTLERS = frozenset({"community_secretary", "community_worker"})


def check_may_keep(by: Actor, place: str) -> None:
    if by != SYSTEM and not (by.role in KEEPERS and by.covers(place)):
        raise Refused(_("Sources are kept by the clerks of the district and the city."))


def check_may_see(by: Actor, place: str) -> None:
    if by != SYSTEM and not (by.role in SEERS and (by.covers(place) or place in by.place)):
        raise Refused(_("This source does not speak of your place."))


def check_feed(
    code: str, name: str, adapter: str, settings: Mapping[str, str], rest: Mapping[str, Any]
) -> None:
    if adapter not in ADAPTERS:
        raise Refused(_("Choose one of the list."), field="adapter")
    if not code.strip() or not name.strip():
        raise Refused(_("A source has a code and a name."), field="code")
    for need in ADAPTERS[adapter].needs:
        if need != "key" and not settings.get(need, "").strip():
            raise Refused(_("This way of asking needs its address."), field=need)
    if unknown := [each for each in rest.get("columns", {}).values()
                   if each and not targets.is_target(each)]:  # fmt: skip
        raise Refused(_("There is no element %(code)s.") % {"code": unknown[0]})


def owned_elsewhere(section: kinds.Section, names: Iterable[str], source: Source) -> list[str]:
    """Values that a department answers for which is not the one that tells."""
    owners = {each.field: each.owner for each in section.elements}
    ours = ("", COMMUNITY, source.department_id)
    return [name for name in names if owners[name] not in ours]


def check_unchanged(difference: Difference, stamp: datetime | None) -> None:
    if stamp != difference.stamp:
        raise Refused(_("This entry was changed since the source was asked; it is asked again."))


def check_same_home(difference: Difference, stay: Stay | None) -> None:
    told = difference.told["presence"], difference.told["dwelling"]
    if told != ((stay.id, stay.dwelling) if stay else (None, None)):
        raise Refused(_("This entry was changed since the source was asked; it is asked again."))


def check_settle(by: Actor, difference: Difference) -> None:
    if difference.state != Difference.State.WAITING:
        raise Refused(_("This was settled already."))
    if by != SYSTEM and not (by.role in SETTLERS and by.covers(difference.place)):
        raise Refused(_("Only the community where the person lives changes this entry."))
