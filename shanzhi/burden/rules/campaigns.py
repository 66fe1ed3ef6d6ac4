"""When a clean-up begins, what its baseline needs, and that a frozen one stays."""

from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from ..kinds import COUNTED
from ..models import Baseline, Campaign, Category
from .demands import check_office

MOST = 100_000


def check_begin(by: Actor, place: str, began_on: date, at: datetime) -> None:
    check_office(by, place)
    if began_on > localdate(at):
        raise Refused(_("The launch meeting is not held yet."), field="began_on")
    if Campaign.objects.filter(place=place, frozen_at=None).exists():
        raise Refused(_("A clean-up of this place is being prepared already; freeze it first."))


def check_enter_baseline(campaign: Campaign, by: Actor, place: str = "") -> None:
    """Of the whole clean-up, or of a `place` in it that counts for itself."""
    check_office(by, place or campaign.place)
    if campaign.frozen_at:
        raise Refused(_("The baseline is frozen. Add a remark to its count."))


def check_count(campaign: Campaign, place: str, category: str, number: int) -> None:
    if category not in Category.values:
        raise Refused(_("There are eight categories; “%(name)s” is none.") % {"name": category})
    if not places.holds(campaign.place, place):
        raise Refused(_("The place lies outside this clean-up."))
    if not 0 <= number <= MOST:
        raise Refused(_("A count lies between 0 and %(most)s.") % {"most": MOST})


def check_freeze(campaign: Campaign, by: Actor, found: dict[str, int]) -> None:
    """`found` are the demands entered, by category. What is frozen has to be rows one can open."""
    check_enter_baseline(campaign, by)
    counts = dict(campaign.baselines.filter(place=campaign.place).values_list("category", "number"))
    for category, title in Category.choices:
        if category in COUNTED:
            continue
        if category not in counts:
            raise Refused(_("%(category)s: the count is missing.") % {"category": title})
        if counts[category] != found.get(category, 0):
            words = {"category": title, "count": counts[category],
                     "rows": found.get(category, 0)}  # fmt: skip
            raise Refused(
                _("%(category)s: the count says %(count)s, the register holds %(rows)s.") % words
            )


def check_remark(baseline: Baseline, by: Actor, text: str, today: date) -> None:
    """Its place may have another code since."""
    now = divisions.successors(baseline.place, today)
    check_office(by, now[0] if len(now) == 1 else baseline.place)
    if not baseline.campaign.frozen_at:
        raise Refused(_("As long as the baseline is not frozen, correct the count itself."))
    if not text.strip():
        raise Refused(_("Write the remark."), field="text")
