"""Who keeps sources, and who settles where they and the registry differ."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor

from ..adapters import ADAPTERS
from ..intake import targets
from ..models import Difference
from .imports import IMPORTERS

KEEPERS = frozenset({"city_clerk", "district_clerk", "system_admin"})
SEERS = IMPORTERS | KEEPERS
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


def check_unchanged(difference: Difference, row: Model | None) -> None:
    if (row.recorded_at if row else None) != difference.stamp:
        raise Refused(_("This entry was changed since the source was asked; it is asked again."))


def check_settle(by: Actor, difference: Difference) -> None:
    if difference.state != Difference.State.WAITING:
        raise Refused(_("This was settled already."))
    if by != SYSTEM and not (by.role in SETTLERS and by.covers(difference.place)):
        raise Refused(_("Only the community where the person lives changes this entry."))
