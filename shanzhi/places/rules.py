"""Who may change divisions, grids and estates, and which changes make sense."""

from collections import Counter
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM, Actor

from . import geometry, queries
from .models import Division
from .plans import Part

DIVISION_ROLES = frozenset({"city_clerk", "system_admin"})
GRID_ROLES = DIVISION_ROLES | {"community_secretary", "subdistrict_clerk"}
LONGEST_NAME = 100


def may_change_divisions(by: Actor, *codes: str) -> bool:
    """May this actor rename, merge, split or move all of these?"""
    return by is SYSTEM or (by.role in DIVISION_ROLES and all(map(by.covers, codes)))


def may_draw(by: Actor, code: str) -> bool:
    """May this actor change grids and estates there?"""
    return by is SYSTEM or (by.role in GRID_ROLES and by.covers(code))


def check_may_change_divisions(by: Actor, *codes: str) -> None:
    if not may_change_divisions(by, *codes):
        raise Refused(_("Only the city's clerk or its system administrator changes divisions."))


def check_may_draw(by: Actor, code: str) -> None:
    if not may_draw(by, code):
        raise Refused(
            _("Grids and estates are changed by the community's secretary or the sub-district.")
        )


def check_date(on: date, *, at: datetime) -> None:
    if on > localdate(at):
        raise Refused(
            _("Enter the change on the day it takes effect, or later; not before."), field="on"
        )


def check_not_before(division: Division, on: date) -> None:
    """A name is corrected on the day it began, replaced later."""
    if on < division.valid_from:
        check_later(division, on)


def check_later(division: Division, on: date) -> None:
    if on <= division.valid_from:
        raise Refused(
            _("%(name)s is so only since %(since)s; the change must be later.")
            % {"name": division.short_name, "since": division.valid_from},
            field="on",
        )


def check_reason(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Give the reason: the document that decided it."), field="reason")


def check_name(name: str) -> None:
    if not name.strip() or len(name) > LONGEST_NAME:
        raise Refused(_("Enter a name of at most 100 characters."), field="name")


def check_change(*, by: Actor, at: datetime, on: date, reason: str, codes: list[str]) -> None:
    """What every change of a division must satisfy."""
    check_may_change_divisions(by, *codes)
    check_date(on, at=at)
    check_reason(reason)


def check_merge(olds: list[Division], new: str, name: str, *, on: date) -> None:
    codes = [each.code for each in olds]
    if len(set(codes)) != len(codes) or not [code for code in codes if code != new]:
        raise Refused(_("Choose at least two different divisions to merge."), field="olds")
    if {each.level for each in olds} != {_level(new)}:
        raise Refused(_("Only divisions of the same level can be merged."), field="new")
    for old in olds:
        if old.code != new:
            check_later(old, on)
    check_target(new, name, on=on)
    if places.level(new) == "community":
        check_estates_differ([*codes, new])


def check_target(new: str, name: str, *, on: date) -> None:
    """A merger goes into a present division, or founds one under a code not used before."""
    known = queries.latest(new)
    if known is None:
        check_name(name)
        check_new_code(new)
    elif known.valid_to is not None:
        raise Refused(
            _("%(name)s has ended; nothing can be merged into it.") % {"name": known.short_name},
            field="new",
        )
    elif known.valid_from > on:
        check_later(known, on)


def check_new_code(code: str) -> None:
    if not places.is_code(code) or not queries.exists(places.parent(code)):
        raise Refused(
            _("The code %(code)s does not lie in any present division.") % {"code": code},
            field="new",
        )
    if queries.latest(code) is not None:
        raise Refused(
            _("The code %(code)s has been used already; choose another.") % {"code": code},
            field="new",
        )


def check_parent(division: Division, parent: str) -> None:
    if not queries.exists(parent) or len(parent) != len(division.parent):
        raise Refused(
            _("Choose a present division of the level above as the new parent."), field="parent"
        )
    if parent == division.parent:
        raise Refused(_("It lies there already; choose another parent."), field="parent")


def check_move(division: Division, new: str, *, on: date) -> None:
    check_later(division, on)
    if _level(new) != division.level:
        raise Refused(_("The new code must be of the same level as the old one."), field="new")
    check_new_code(new)
    if division.level == Division.Level.GRID:
        check_estates_differ([division.code, places.parent(new)])


def check_split(division: Division, parts: list[Part], *, on: date) -> None:
    check_later(division, on)
    codes = [part.code for part in parts]
    if len(set(codes)) < 2 or len(set(codes)) != len(codes):
        raise Refused(_("A split needs at least two parts with different codes."), field="parts")
    for part in parts:
        check_name(part.name)
        if part.code == division.code:
            continue
        if _level(part.code) != division.level or places.parent(part.code) != division.parent:
            raise Refused(
                _("The parts of a split stay on the same level in the same division."),
                field="parts",
            )
        check_new_code(part.code)
    given = Counter(child for part in parts for child in part.children)
    below = {child.code for child in queries.children(division.code)}
    if set(given) != below or any(times > 1 for times in given.values()):
        raise Refused(
            _("Each division below must go to exactly one part of the split."), field="parts"
        )


def check_estates_differ(codes: list[str]) -> None:
    """Estates are told apart by name inside a community, which these are to become."""
    there = [each.name for code in set(codes) for each in queries.estates(code)]
    twice = [name for name, times in Counter(there).items() if times > 1]
    if twice:
        raise Refused(
            _("Two of them have an estate called %(name)s; rename one first.")
            % {"name": sorted(twice)[0]}
        )


def _level(code: str) -> str:
    if not places.is_code(code):
        raise Refused(_("%(code)s is not the code of a division.") % {"code": code}, field="new")
    return places.level(code)


# --- grids and estates ----------------------------------------------------------------------------


def check_community(code: str) -> None:
    if len(code) != places.LEVELS["community"] or not queries.exists(code):
        raise Refused(_("There is no such community for this grid."), field="code")


def check_grid_code(code: str) -> None:
    if not places.is_code(code) or places.level(code) != "grid":
        raise Refused(
            _("The code of a grid is its community's and three more digits."), field="code"
        )
    check_community(places.parent(code))
    known = queries.latest(code)
    if known is not None and known.valid_to is not None:
        raise Refused(_("This grid has ended; give the new one a new code."), field="code")


def check_grid(*, code: str, name: str, area: dict | None, households: int) -> None:
    check_name(name)
    if not 0 <= households <= 20_000:
        raise Refused(_("Households: a number from 0 to 20,000."), field="households")
    twins = queries.children(places.parent(code))
    if any(each.code != code and name in (each.name, each.short_name) for each in twins):
        raise Refused(
            _("Another grid of this community is called %(name)s.") % {"name": name}, field="name"
        )
    if area is not None:
        check_no_overlap(code, area)


def check_no_overlap(code: str, area: dict) -> None:
    """No address in two grids."""
    touching = [grid for grid in queries.grids_touching(area) if grid.code != code]
    hit = [grid.code for grid in touching if geometry.overlaps(area, grid.area)]
    if hit:
        called = queries.names([*hit, *map(places.parent, hit)])
        listed = [f"{called.get(places.parent(each), '')}{called.get(each, each)}" for each in hit]
        raise Refused(
            _("The area overlaps with %(names)s; draw the common border along theirs.")
            % {"names": "、".join(listed)},
            field="area",
        )


def check_estate(
    *, name: str, place: str, longitude: float | None, latitude: float | None, but: int | None
) -> None:
    check_name(name)
    if len(place) not in (places.LEVELS["community"], places.LEVELS["grid"]) or not (
        queries.exists(place)
    ):
        raise Refused(_("An estate lies in a present community or grid."), field="place")
    if (longitude is None) != (latitude is None):
        raise Refused(_("Enter both longitude and latitude, or neither."), field="latitude")
    if longitude is not None and not _in_china(longitude, latitude):
        raise Refused(_("This point does not lie in China: longitude first."), field="longitude")
    community = places.cut(place, "community")
    twins = [each for each in queries.estates(community) if each.pk != but and each.name == name]
    if twins:
        raise Refused(
            _("This community has an estate called %(name)s already.") % {"name": name},
            field="name",
        )


def _in_china(longitude, latitude):
    west, south, east, north = geometry.CHINA
    return west <= longitude <= east and south <= latitude <= north
