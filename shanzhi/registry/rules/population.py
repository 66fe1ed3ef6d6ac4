"""Who sees a pyramid, and which of its cells could be somebody."""

from shanzhi.kernel.acting import Actor

from ..queries.population import FEWEST, Band, Pyramid

KEEPERS = frozenset({"community_secretary", "community_worker", "grid_leader"})
READERS = KEEPERS | {
    "subdistrict_clerk", "district_clerk", "city_clerk", "department_clerk", "burden_office",
    "city_leader",
}  # fmt: skip
SEXES = ("male", "female", "other")


def may_see(actor: Actor, place: str) -> bool:
    return actor.role in READERS and actor.covers(place)


def is_exact(actor: Actor) -> bool:
    """A community knows its own people; levels above see numbers that are nobody."""
    return actor.role in KEEPERS


def hidden(pyramid: Pyramid) -> set[tuple[int, str]]:
    """Cells not to be shown, by youngest age and sex: those of one or two people, and where that
    leaves a single one, which the total would tell, the next smallest with it.
    """
    found: set[tuple[int, str]] = set()
    for sex in SEXES:
        cells = sorted((getattr(band, sex), band.low) for band in pyramid.bands)
        filled = [cell for cell in cells if cell[0]]
        few = [cell for cell in filled if cell[0] < FEWEST]
        if len(few) == 1:
            few = filled[:2]
        found |= {(low, sex) for _count, low in few}
    return found


def total(band: Band) -> int:
    return band.male + band.female + band.other
