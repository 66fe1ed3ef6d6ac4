"""Who may read and set what, and when the diary may be kept."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shanzhi.burden.models import Demand
from shanzhi.burden.rules import OFFICE
from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.places import queries as divisions

from .kinds import DIARY, LEAST, PARTS, TASKS
from .models import Ballot, Group, Participation
from .queries.workers import WORKERS

SECRETARY = frozenset({"community_secretary"})
READERS = OFFICE | SECRETARY | {"city_leader", "city_clerk", "district_clerk", "subdistrict_clerk"}
ANSWERERS = WORKERS
LONGEST = 480  # minutes of one task
MOST_WORKERS = 500  # of one community

__all__ = ["ANSWERERS", "OFFICE", "READERS", "SECRETARY"]


def may_set(by: Actor) -> bool:
    return by == SYSTEM or (by.role in OFFICE and by.place == settings.SHANZHI_CITY)


def check_standard(kind: str, minutes: int, least: int, most: int, source: str, valid_from: date,
                   by: Actor, today: date) -> None:  # fmt: skip
    if not may_set(by):
        raise Refused(_("Standard minutes are set by the burden relief office of the city."))
    if kind not in TASKS:
        raise Refused(_("There is no such kind of task."))
    if not 0 < least <= minutes <= most <= LONGEST:
        raise Refused(
            _("The minutes lie between the least and the most, at most %(most)s.")
            % {"most": LONGEST}, field="minutes",
        )  # fmt: skip
    if not source.strip():
        raise Refused(_("Say where the minutes come from: who measured what, and when."),
                      field="source")  # fmt: skip
    if valid_from > today:
        raise Refused(_("They hold from today or from an earlier day."), field="valid_from")


def check_let_posts_tell(by: Actor) -> None:
    if not may_set(by):
        raise Refused(_("Numbers of workers are stated by the burden relief office of the city."))


def check_founded(founded: Mapping[str, tuple[date, Sequence[str]]]) -> None:
    """A number of days before a merger would count beside those of the parts."""
    names = divisions.names({code for _day, olds in founded.values() for code in olds} | {*founded})
    for code, (day, olds) in founded.items():
        raise Refused(
            _("%(name)s exists since %(day)s. State a number from that day on; of earlier days "
              "state those of %(parts)s.")
            % {"name": names.get(code, code), "day": date_format(day),
               "parts": "、".join(names.get(each, each) for each in olds)},
            field="valid_from",
        )  # fmt: skip


def check_headcounts(rows: Mapping[str, int], source: str, valid_from: date, by: Actor,
                     today: date) -> None:  # fmt: skip
    check_let_posts_tell(by)
    if not rows:
        raise Refused(_("Write a community and its number of workers in each line."), field="rows")
    for code, number in rows.items():
        if len(code) != places.LEVELS["community"] or not 0 <= number <= MOST_WORKERS:
            raise Refused(_("%(code)s: a community, and a number up to %(most)s.")
                          % {"code": code, "most": MOST_WORKERS}, field="rows")  # fmt: skip
    if not source.strip():
        raise Refused(_("Say where the numbers come from."), field="source")
    if valid_from > today:
        raise Refused(_("They hold from today or from an earlier day."), field="valid_from")


# --- the diary ------------------------------------------------------------------------------------


def check_admitted(demand: Demand | None) -> None:
    if demand is None:
        raise Refused(
            _("The diary is work too, so it has to pass the gate: no demand “%(title)s” that was "
              "admitted is in force for this community.") % {"title": DIARY}
        )  # fmt: skip


def check_join(known: Participation | None, demand: Demand | None, workers: int, by: Actor) -> None:
    _check_secretary(by)
    check_admitted(demand)
    if known:
        raise Refused(_("This community keeps the diary already."))
    if workers < LEAST:
        raise Refused(
            _("The diary needs at least %(least)s workers with a post here, so that no answer can "
              "be guessed to be anybody's.") % {"least": LEAST}
        )  # fmt: skip


def check_leave(known: Participation | None, by: Actor) -> None:
    _check_secretary(by)
    if known is None:
        raise Refused(_("This community does not keep the diary."))


def _check_secretary(by):
    if by != SYSTEM and by.role not in SECRETARY:
        raise Refused(_("The secretary decides whether the own community keeps the diary."))


def check_ballot(ballot: Ballot | None, demand: Demand | None) -> None:
    if ballot is None:
        raise Refused(
            _("This half-day is not asked about now: it was answered or skipped, or its time is "
              "over.")
        )  # fmt: skip
    check_admitted(demand)


def check_parts(parts: Sequence[str]) -> None:
    if len(parts) != PARTS or not set(parts) <= set(Group.values):
        raise Refused(_("Choose one for each part of the half-day, or skip it."))
