"""Who records what hangs in a community, who decides on it, and how many may stay."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM, Actor

from ..kinds import Seen
from ..models import Demand, Plaque
from .demands import OFFICE

COMMUNITY = frozenset({"community_secretary", "community_worker"})
COMMUNITY_LENGTH = places.LEVELS["community"]


def caps() -> dict[str, int]:
    return settings.SHANZHI_PLAQUES


def own(by: Actor, community: str) -> bool:
    return by.role in COMMUNITY and by.place == community


def office(by: Actor, community: str) -> bool:
    return by == SYSTEM or (by.role in OFFICE and by.covers(community))


def records(by: Actor, community: str) -> bool:
    return own(by, community) or office(by, community)


def decides(plaque: Plaque, by: Actor) -> bool:
    """The office; the community itself where no department asks for the plaque any more."""
    asked = plaque.demand is not None and plaque.demand.state == Demand.State.IN_FORCE
    return office(by, plaque.community) or (own(by, plaque.community) and not asked)


def among(wall: Mapping[int, Plaque], plaque: Plaque) -> Plaque:
    """As it is now, among those that were locked."""
    if plaque.pk not in wall:
        raise Refused(_("It was struck off the list meanwhile."))
    return wall[plaque.pk]


def check_record(by: Actor, community: str) -> None:
    if len(community) != COMMUNITY_LENGTH:
        raise Refused(_("Plaques are recorded community by community."))
    if not records(by, community):
        raise Refused(_("Only the community itself, or its burden relief office, records this."))


def check_seen(seen: Seen, hanging: set[int], asked: bool) -> None:
    """`hanging` are the demands whose plaque is recorded here; `asked`: it is asked of us."""
    if not seen.text.strip():
        raise Refused(_("Write what stands on the plaque."), field="text")
    if seen.place not in Demand.PlaquePlace.values:
        raise Refused(_("Say where it hangs."), field="place")
    if seen.demand and not asked:
        raise Refused(_("“%(title)s” is not asked of this community.")
                      % {"title": seen.demand.title})  # fmt: skip
    if seen.demand and seen.demand.pk in hanging:
        raise Refused(_("“%(text)s” is recorded already.") % {"text": seen.text})


def check_mark(
    plaque: Plaque, verdict: str, reason: str, on: date, kept: int, by: Actor, today: date
) -> None:
    """`kept` others of the same place in this community are marked to stay."""
    check_record(by, plaque.community)
    if not decides(plaque, by):
        raise Refused(_("A department asks for this plaque: the burden relief office decides."))
    _check_hangs(plaque)
    if verdict not in Plaque.Verdict.values:
        raise Refused(_("Keep it, or take it down."), field="verdict")
    if not reason.strip():
        raise Refused(_("Give the reason."), field="reason")
    if not plaque.recorded_on <= on <= today:
        raise Refused(_("The day lies between the recording and today."), field="decided_on")
    cap = caps()[plaque.place]
    if verdict == Plaque.Verdict.KEEP and kept >= cap:
        words = {"place": plaque.get_place_display(), "cap": cap}
        raise Refused(_("%(place)s: no more than %(cap)s may stay. Mark another to be taken down.")
                      % words if cap else
                      _("%(place)s: nothing may stay there.") % words, field="verdict")  # fmt: skip


def check_take_down(plaque: Plaque, on: date, evidence: str, by: Actor, today: date) -> None:
    check_record(by, plaque.community)
    _check_hangs(plaque)
    if plaque.verdict != Plaque.Verdict.TAKE_DOWN:
        raise Refused(_("First decide that it is to be taken down."))
    if not evidence.strip():
        raise Refused(_("Say what shows it: a list of what was handed over, a photo, minutes."),
                      field="evidence")  # fmt: skip
    if not plaque.decided_on <= on <= today:
        raise Refused(_("The day lies between the decision and today."), field="down_on")


def check_strike(plaque: Plaque, by: Actor) -> None:
    check_record(by, plaque.community)
    if plaque.verdict:
        raise Refused(_("Somebody has decided on it already; it stays in the list."))


def _check_hangs(plaque):
    if plaque.down_on:
        raise Refused(_("It was taken down on %(day)s.") % {"day": plaque.down_on})


def gives_back(plaque: Plaque, by: Actor) -> bool:
    """What hangs here and no demand in force asks for is returned by the community itself."""
    asked = plaque.demand is not None and plaque.demand.state == Demand.State.IN_FORCE
    return own(by, plaque.community) and plaque.down_on is None and not asked
