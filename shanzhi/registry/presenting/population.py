"""A pyramid as a drawing, a table and a file; cells that could be somebody are left out of all."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shanzhi.kernel import sheets

from ..queries.population import FEWEST, Pyramid
from ..rules import population as rules

BAR, GAP, HALF, MIDDLE = 14, 3, 180, 60  # of the drawing, in its own units
AGED, CHILDREN, WORKING = 60, 15, 60
FEW = f"<{FEWEST}"


@dataclass(frozen=True)
class Row:
    """A band as it is shown; bars are in the drawing's units, from the middle outwards."""

    label: str
    male: str
    female: str
    other: str
    total: str
    y: int
    left: int
    male_bar: int
    female_bar: int


def rows(pyramid: Pyramid, exact: bool) -> list[Row]:
    """The oldest first, as they are drawn."""
    left_out = set() if exact else rules.hidden(pyramid)
    most = max((max(band.male, band.female) for band in pyramid.bands), default=0) or 1
    return [
        _row(band, number, most, left_out) for number, band in enumerate(reversed(pyramid.bands))
    ]


def _row(band, number, most, left_out):
    texts = {
        sex: FEW if (band.low, sex) in left_out else f"{getattr(band, sex):,}"
        for sex in rules.SEXES
    }
    bars = {
        sex: 0 if (band.low, sex) in left_out else round(getattr(band, sex) * HALF / most)
        for sex in ("male", "female")
    }
    total = "—" if FEW in texts.values() else f"{rules.total(band):,}"
    return Row(
        label(band), *texts.values(), total, number * (BAR + GAP), HALF - bars["male"],
        bars["male"], bars["female"],
    )  # fmt: skip


def label(band) -> str:
    if band.high is None:
        return _("%(age)s and older") % {"age": band.low}
    return f"{band.low}–{band.high - 1}"


def drawing(pyramid: Pyramid, exact: bool) -> dict[str, Any]:
    made = rows(pyramid, exact)
    width, height = 2 * HALF + MIDDLE, len(made) * (BAR + GAP)
    return {
        "rows": made, "width": width, "height": height, "bar": BAR, "middle": HALF + MIDDLE // 2,
        "right": HALF + MIDDLE, "others": any(row.other != "0" for row in made),
        "few": any(FEW in (row.male, row.female, row.other) for row in made),
    }  # fmt: skip


def figures(pyramid: Pyramid) -> list[tuple[str, str, str]]:
    """Title, number and share of the whole."""
    dated = pyramid.total - pyramid.unknown

    def those(low, high=999):
        return sum(rules.total(band) for band in pyramid.bands if low <= band.low < high)

    men = sum(band.male for band in pyramid.bands)
    women = sum(band.female for band in pyramid.bands)
    return [
        (_("Altogether"), f"{pyramid.total:,}", ""),
        (_("Men"), f"{men:,}", share(men, dated)),
        (_("Women"), f"{women:,}", share(women, dated)),
        (_("Under 15"), f"{those(0, CHILDREN):,}", share(those(0, CHILDREN), dated)),
        (_("15 to 59"), f"{those(CHILDREN, WORKING):,}", share(those(CHILDREN, WORKING), dated)),
        (_("60 and older"), f"{those(AGED):,}", share(those(AGED), dated)),
        (_("65 and older"), f"{those(65):,}", share(those(65), dated)),
        (_("80 and older"), f"{those(80):,}", share(those(80), dated)),
    ]


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""


def as_csv(pyramid: Pyramid, exact: bool) -> str:
    """With the mark by which spreadsheets know that it is UTF-8."""
    return "".join(sheets.lines(_lines(pyramid, exact)))


def _lines(pyramid, exact):
    yield [_("Age"), _("Male"), _("Female"), pgettext("sex", "Not stated"), _("Altogether")]
    for row in reversed(rows(pyramid, exact)):
        cells = (row.male, row.female, row.other, row.total)
        yield [row.label, *(cell.replace(",", "") for cell in cells)]
    if pyramid.unknown:
        yield [_("Age not known"), "", "", "", pyramid.unknown]
    yield [_("Altogether"), "", "", "", pyramid.total]
