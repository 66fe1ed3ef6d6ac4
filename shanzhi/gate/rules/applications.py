"""Who may take which step of an application, and what a decision needs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.burden.kinds import Size
from shanzhi.burden.models import Demand
from shanzhi.burden.rules import OFFICE, check_office
from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.places import queries as divisions

from ..checks.content import cancelled
from ..checks.sentences import SENTENCES
from ..kinds import EDITABLE, STEPS, Finding, Plan, Verdict
from ..models import Application, Opinion, Vote

__all__ = ["OFFICE", "check_office"]
UNITS = frozenset({"department_clerk"})
COMMUNITY = frozenset({"community_secretary", "community_worker"})
MOST_FIELDS = 200
LONG_LEAD_YEARS = 2


@dataclass(frozen=True)
class Ballot:
    member: str
    choice: str  # Vote.Choice
    interest: str = ""


@dataclass(frozen=True)
class Ruling:
    """What the joint meeting decided: `choice` admit, change, merge or refuse.

    Admitted with changes: `size`, `ends_on` and `fields` say what remains. Merged: `heir`, the
    fields that are really new, and the minutes they add each time.
    """

    choice: str
    reason: str
    decided_on: date
    minutes_number: str
    ballots: Sequence[Ballot]
    heir: Demand | None = None
    fields: Sequence[str] = ()
    minutes: int = 0
    size: Size | None = None
    ends_on: date | None = None


def check_unit(by: Actor, application: Application | None = None) -> None:
    """The department that asks; its application is its own."""
    mine = by.role in UNITS and (
        application is None
        or (by.place, by.department) == (application.place, application.department_id)
    )
    if by != SYSTEM and not mine:
        raise Refused(_("Only the department that applies may do this."))


def check_step(application: Application, step: str) -> None:
    if application.state not in STEPS[step][0]:
        raise Refused(
            _("The application is elsewhere meanwhile: %(state)s. Reload the page.")
            % {"state": application.get_state_display()}
        )


def check_keep(application: Application, edited: int, fields: Sequence[str], by: Actor) -> None:
    """`edited` is the version the writer had on screen."""
    check_unit(by, application)
    if application.state not in EDITABLE:
        raise Refused(_("It is submitted; only what was sent back can be changed."))
    if application.edited != edited:
        raise Refused(_("Somebody else changed it meanwhile. Reload the page, then write again."))
    if len(fields) > MOST_FIELDS:
        raise Refused(_("More than %(most)s fields: split nothing, ask for less.")
                      % {"most": MOST_FIELDS}, field="fields")  # fmt: skip


def check_scope(place: str, scope: Sequence[str]) -> None:
    if outside := [each for each in scope if not places.holds(place, each)]:
        raise Refused(
            _("%(code)s lies outside the place of the department.")
            % {"code": divisions.name(outside[0])},
            field="scope",
        )


def renewable(demand: Demand, by: Actor) -> bool:
    """What a unit may apply for again: its own, in force. The checks do not hold it against it."""
    own = (demand.place, demand.department_id) == (by.place, by.department)
    return own and demand.state == Demand.State.IN_FORCE


def check_renewal(demand: Demand | None, by: Actor) -> None:
    if demand and not renewable(demand, by):
        raise Refused(_("Only a demand of your own unit that is in force is renewed."))


def check_submit(plan: Plan, by: Actor, application: Application, today: date) -> None:
    """Gaps are allowed in a draft, not beyond it; what is cancelled by rule goes no further."""
    check_unit(by, application)
    check_step(application, "submit")
    for key in cancelled(plan):
        raise Refused(str(SENTENCES[key][1]))
    missing = {
        "purpose": not plan.purpose.strip(), "scope": not plan.communities,
        "times": not plan.times, "minutes": not plan.minutes, "starts_on": plan.starts_on is None,
        "alternatives": not plan.alternatives.strip(),
    }  # fmt: skip
    if gaps := [name for name, is_missing in missing.items() if is_missing]:
        raise Refused(_("Before it is submitted, this has to be filled in."), field=gaps[0])
    if plan.ends_on and plan.ends_on < plan.starts_on:
        raise Refused(_("The last day lies before the first."), field="ends_on")
    if plan.starts_on <= today:
        raise Refused(_("It can only begin in the future; an emergency has its own way."),
                      field="starts_on")  # fmt: skip
    if application.renews and plan.starts_on <= (application.renews.valid_to or plan.starts_on):
        raise Refused(
            _("What it renews is in force until %(day)s; begin after that.")
            % {"day": application.renews.valid_to},
            field="starts_on",
        )
    if plan.starts_on.year - today.year > LONG_LEAD_YEARS:
        raise Refused(_("It begins too far in the future."), field="starts_on")


def check_reason(text: str, field: str = "reason") -> None:
    if not text.strip():
        raise Refused(_("Give the reason."), field=field)


def check_refusable(findings: Sequence[Finding]) -> None:
    """The screening refuses by a clause, never by taste: a check has to say stop."""
    if all(each.verdict != Verdict.STOP for each in findings):
        raise Refused(_("No check says stop: pass it on to the hearing, or send it back."))


def check_opinion(opinion: Opinion, answer: str, text: str, by: Actor) -> None:
    if not (by.role in COMMUNITY and by.place == opinion.community):
        raise Refused(_("Only the community that was drawn says what it thinks."))
    if opinion.application.state != Application.State.HEARING:
        raise Refused(_("The hearing is over."))
    if answer not in Opinion.Answer.values:
        raise Refused(_("Say whether you are for it or against it."), field="answer")
    if answer == Opinion.Answer.AGAINST and not text.strip():
        raise Refused(_("Say in a sentence why you are against it."), field="text")


def check_decision(
    application: Application, ruling: Ruling, unit: str, by: Actor, today: date
) -> None:
    """`unit` is the name of the department that applied: it does not vote on itself."""
    check_office(by, application.place)
    check_step(application, "admit")
    check_reason(ruling.reason)
    if not localdate(application.state_since) <= ruling.decided_on <= today:
        raise Refused(_("The meeting lies between the end of the hearing and today."),
                      field="decided_on")  # fmt: skip
    if not ruling.minutes_number.strip():
        raise Refused(_("Give the number of the minutes."), field="minutes_number")
    _check_ballots(ruling, unit)
    if ruling.choice == Vote.Choice.MERGE:
        _check_heir(application, ruling)
    else:
        _check_terms(application, ruling)


def _check_ballots(ruling, unit):
    seen: set[str] = set()
    for each in ruling.ballots:
        if each.member in seen:
            raise Refused(_("“%(member)s” is named twice.") % {"member": each.member},
                          field="ballots")  # fmt: skip
        seen.add(each.member)
        if each.choice not in Vote.Choice.values:
            raise Refused(_("Say how “%(member)s” voted.") % {"member": each.member},
                          field="ballots")  # fmt: skip
        if each.member == unit and each.choice != Vote.Choice.RECUSED:
            raise Refused(_("The unit that applied does not vote on its own application."),
                          field="ballots")  # fmt: skip
        if each.choice == Vote.Choice.RECUSED and not each.interest.strip():
            raise Refused(_("Say what interest “%(member)s” has.") % {"member": each.member},
                          field="ballots")  # fmt: skip
    votes = Counter(each.choice for each in ruling.ballots)
    voting = sum(votes[choice] for choice in Vote.Choice.values if choice != Vote.Choice.RECUSED)
    if voting < 3:
        raise Refused(_("A joint meeting has at least three members that vote."), field="ballots")
    if 2 * votes[ruling.choice] <= voting:
        raise Refused(_("The decision does not have more than half of the votes."), field="choice")


def _check_heir(application, ruling):
    heir = ruling.heir
    if heir is None:
        raise Refused(_("Choose the demand it is merged into."), field="heir")
    if heir.state != Demand.State.IN_FORCE:
        raise Refused(_("“%(title)s” is not in force; choose one that is.")
                      % {"title": heir.title}, field="heir")  # fmt: skip
    if left := [code for code in application.scope if not _asked(code, heir.scope)]:
        raise Refused(_("“%(title)s” is not asked of %(code)s; merge into one that is.")
                      % {"title": heir.title, "code": left[0]}, field="heir")  # fmt: skip
    wider = [code for code in heir.scope if not _asked(code, application.scope)]
    if wider and (ruling.fields or ruling.minutes):
        raise Refused(
            _("“%(title)s” is also asked of %(code)s, for which nothing was applied for; merge "
              "without new fields and minutes, or choose another.")
            % {"title": heir.title, "code": wider[0]}, field="heir",
        )  # fmt: skip
    if strange := [name for name in ruling.fields if name not in application.fields]:
        raise Refused(_("“%(name)s” was not applied for.") % {"name": strange[0]}, field="fields")
    if ruling.fields and not ruling.minutes:
        raise Refused(_("New fields take time: say how many minutes each time."), field="minutes")
    if not 0 <= ruling.minutes <= application.minutes:
        raise Refused(_("Merging takes no more minutes than were applied for."), field="minutes")


def _asked(code, scope):
    return any(places.holds(each, code) for each in scope)


def _check_terms(application, ruling):
    """What is admitted has an end, a basis and a payer, whatever the vote says."""
    if ruling.choice == Vote.Choice.REFUSE:
        return
    if not application.basis.strip():
        raise Refused(_("Without a basis in law it cannot be admitted."))
    if not (ruling.ends_on or application.ends_on):
        raise Refused(_("Without a last day it cannot be admitted."), field="ends_on")
    if not (application.money and application.payer_id):
        raise Refused(_("Without money and a payer it cannot be admitted."))
    if ruling.choice == Vote.Choice.CHANGE:
        _check_changes(application, ruling)


def _check_changes(application, ruling):
    whole = Size(application.times, application.minutes, application.staff)
    if ruling.size and (min(vars(ruling.size).values()) < 1 or ruling.size.yearly > whole.yearly):
        raise Refused(_("A change asks for less, not for more."), field="times")
    if application.ends_on and ruling.ends_on and ruling.ends_on > application.ends_on:
        raise Refused(_("A change ends no later than was applied for."), field="ends_on")
    if strange := [name for name in ruling.fields if name not in application.fields]:
        raise Refused(_("“%(name)s” was not applied for.") % {"name": strange[0]}, field="fields")
