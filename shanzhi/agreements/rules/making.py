"""Who may have agreements made, and what a supplement needs."""

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import gettext as _

from shanzhi.burden.models import Edition
from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM, Actor

from ..models import Agreement, Side
from .table import DRIVERS, side_of

MAKERS = DRIVERS | {"burden_office"}


def check_run(place: str, year: int, thisyear: int, running: bool, by: Actor) -> None:
    """A sub-district for its communities; a burden office for all of its sub-districts."""
    if by != SYSTEM and not (by.role in MAKERS and by.covers(place)):
        raise Refused(_("A sub-district or a burden office has the agreements made."))
    if places.level(place) not in ("city", "district", "subdistrict"):
        raise Refused(_("Agreements are made for a whole sub-district, district or city."))
    if not thisyear - 1 <= year <= thisyear + 1:
        raise Refused(_("Agreements are made for this year or the next."), field="year")
    if running:
        raise Refused(_("They are being made at this moment."))


def check_sign_all(
    place: str, chosen: Collection[str], ready: Collection[str], running: bool, by: Actor
) -> None:
    """`ready` are the numbers of those that the sub-district signs next."""
    if not (by.role in DRIVERS and by.place == place):
        raise Refused(_("Only a clerk of the sub-district may do this."))
    if running:
        raise Refused(_("They are being signed at this moment."))
    if not chosen:
        raise Refused(_("Choose what is to be signed."), field="numbers")
    if missing := sorted(set(chosen) - set(ready)):
        raise Refused(
            _("%(number)s does not wait for your signature now: reload the page.")
            % {"number": missing[0]}, field="numbers",
        )  # fmt: skip


def check_still_held(by: Actor, posts: Collection[int]) -> None:
    """Of who began a run that signs: it goes on for minutes, after a fault for days."""
    if by.post_id not in posts:
        raise Refused(_("The post of who began this has ended; another clerk signs it."))


def check_generate(assist: Edition | None) -> None:
    if assist is None:
        raise Refused(_("No edition of list two is in force here; the burden office publishes it."))
    if not assist.entries.filter(confirmed=True).exists():
        raise Refused(_("No entry of list two has a confirmed basis; nothing can be agreed on."))


def check_supplement(
    parent: Agreement, code: str, told: Mapping[str, Any] | None, codes: Collection[str],
    by: Actor,
) -> None:  # fmt: skip
    """`told` is what the list or the gate says of it; `codes` are those agreed on already."""
    if side_of(parent, by) != Side.SUBDISTRICT:
        raise Refused(_("Only a clerk of the sub-district may do this."))
    if parent.kind != Agreement.Kind.YEARLY or parent.state != Agreement.State.IN_FORCE:
        raise Refused(_("A supplement belongs to an agreement in force."))
    if code in codes:
        raise Refused(_("%(code)s is agreed on already.") % {"code": code}, field="entry")
    if told is None:
        raise Refused(
            _("%(code)s is neither a confirmed entry of the list nor admitted at the gate.")
            % {"code": code}, field="entry",
        )  # fmt: skip
