"""What a community may send back, and by which clause."""

from django.utils.translation import gettext as _

from shanzhi.burden.models import ListEntry
from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import Actor

from ..models import Return
from .applications import COMMUNITY


def check_return(
    *, place: str, way: str, what: str, entry: ListEntry | None, by: Actor
) -> None:  # fmt: skip
    if by.role not in COMMUNITY:
        raise Refused(_("Only a community sends back what is asked of it."))
    if not places.holds(place, by.place):
        raise Refused(_("This unit is not above your community."), field="level")
    if way not in Return.Way.values:
        raise Refused(_("Say how it came."), field="way")
    if not what.strip():
        raise Refused(_("Say in a few words what was asked."), field="what")
    if entry is not None and not entry.confirmed:
        raise Refused(_("The clause of this entry is not confirmed yet; it cannot refuse."),
                      field="entry")  # fmt: skip
