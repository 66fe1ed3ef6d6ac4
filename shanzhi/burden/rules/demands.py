"""What may stand in the register, and who keeps it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.places import queries as divisions

from ..models import Campaign, Demand

OFFICE = frozenset({"burden_office"})
MOST_FIELDS = 200
MOST_TOLD = 20  # wrong lines of a file
MOST = {"times": 2000, "minutes": 60_000, "staff": 500}  # typing errors, not burdens, lie above


def check_office(by: Actor, place: str) -> None:
    if by != SYSTEM and not (by.role in OFFICE and by.covers(place)):
        raise Refused(_("Only the burden relief office of this place, or of one above, may do it."))


def check_amend(demand: Demand) -> None:
    """What was frozen is the yardstick: a decision changes what is asked, not what was."""
    if demand.campaign and demand.campaign.frozen_at:
        raise Refused(
            _("The baseline is frozen. Decide on the demand, or add a remark to its count.")
        )


def check_demand(
    values: Mapping[str, Any], fields: Sequence[str], campaign: Campaign | None = None
) -> None:
    """`values` by column of Demand, `fields` as the department writes them."""
    level = places.level(values["place"])
    if level not in ("city", "district", "subdistrict"):
        raise Refused(_("A demand is issued by a city, a district or a sub-district."),
                      field="place")  # fmt: skip
    if campaign and not places.holds(campaign.place, values["place"]):
        raise Refused(_("The issuing unit lies outside the place of this clean-up."), field="place")
    _check_scope(values)
    _check_size(values)
    if values.get("valid_to") and values["valid_to"] < values["valid_from"]:
        raise Refused(_("The last day lies before the first."), field="valid_to")
    if len(fields) > MOST_FIELDS:
        raise Refused(_("More than %(most)s fields in one demand: split the list.")
                      % {"most": MOST_FIELDS}, field="fields")  # fmt: skip


def check_admitted(values: Mapping[str, Any], fields: Sequence[str]) -> None:
    """What comes through the gate leaves again by itself."""
    check_demand(values, fields)
    if not values.get("valid_to"):
        raise Refused(_("There is no last day: what never ends is not admitted."))


def check_widen(demand: Demand, fields: Sequence[str], minutes: int) -> None:
    if demand.state != Demand.State.IN_FORCE:
        raise Refused(_("“%(title)s” is not in force; choose one that is.")
                      % {"title": demand.title})  # fmt: skip
    if demand.fields.count() + len(fields) > MOST_FIELDS:
        raise Refused(_("More than %(most)s fields in one demand: split the list.")
                      % {"most": MOST_FIELDS})  # fmt: skip
    if demand.minutes + minutes > MOST["minutes"]:
        raise Refused(_("Between 1 and %(most)s; otherwise it is a typing error.")
                      % {"most": MOST["minutes"]})  # fmt: skip


def check_prolong(demand: Demand, until: date) -> None:
    """Only emergencies: everything else applies again."""
    if demand.origin != Demand.Origin.BYPASS or demand.state != Demand.State.IN_FORCE:
        raise Refused(_("Only an emergency in force can be prolonged."))
    if until <= demand.valid_to:
        raise Refused(_("The new last day has to lie after the old one."))


def _check_scope(values):
    if not values["scope"]:
        raise Refused(_("Say which communities are asked."), field="scope")
    if outside := [each for each in values["scope"] if not places.holds(values["place"], each)]:
        raise Refused(
            _("%(code)s lies outside the place of the issuing unit.")
            % {"code": divisions.name(outside[0])},
            field="scope",
        )
    if not values["communities"]:
        raise Refused(_("There is no community in this scope."), field="scope")


def _check_size(values):
    for field, most in MOST.items():
        if not 0 < values[field] <= most:
            raise Refused(
                _("Between 1 and %(most)s; otherwise it is a typing error.") % {"most": most},
                field=field,
            )


def issuer(level: str, scope: Sequence[str], city: str) -> str:
    """The division of a unit of this level that asks these communities."""
    if level == "city" or not scope:
        return city
    if len(scope[0]) < places.LEVELS[level]:
        raise Refused(_("Its communities lie in more than one division of this level."),
                      field="scope")  # fmt: skip
    return places.cut(scope[0], level)


def check_lines(wrong: Sequence[Refused]) -> None:
    """What is wrong in a file is told at once, one sentence a line."""
    told = [str(each) for each in wrong[:MOST_TOLD]]
    if len(wrong) > MOST_TOLD:
        told.append(_("%(num)s lines more are wrong.") % {"num": len(wrong) - MOST_TOLD})
    if told:
        raise Refused("\n".join(told), field="file")


def in_line(number: int, refusal: Refused) -> Refused:
    """The same sentence, with the line of the file in front; its head is line 1."""
    return Refused(_("Line %(line)s: %(sentence)s") % {"line": number, "sentence": refusal})
