"""What a resident is told in the inbox, made from the journal."""

from django.utils.translation import gettext_lazy

from shanzhi.journal.kinds import EntryRow
from shanzhi.people.kinds import register_notices
from shanzhi.people.notices import NewNotice, tell_of
from shanzhi.people.queries import unit_name

from . import addresses
from .models import Case

t = gettext_lazy
TEXTS = {
    "cases.submitted": (
        t("Request received"),
        t("“%(title)s” has reached %(unit)s. Receipt number %(number)s."),
    ),
    "cases.correction_asked": (
        t("Something is missing"),
        t("“%(title)s” cannot go on yet: please complete it."),
    ),
    "cases.accepted": (t("Accepted"), t("“%(title)s” was accepted; %(unit)s handles it.")),
    "cases.deemed_accepted": (
        t("Accepted"),
        t("“%(title)s” counts as accepted; %(unit)s handles it."),
    ),
    "cases.not_accepted": (
        t("Not accepted"),
        t("“%(title)s” was not accepted. See why, and where to go."),
    ),
    "cases.transferred": (t("Passed on"), t("“%(title)s” is with %(unit)s now.")),
    "cases.passed_up": (t("Passed on"), t("“%(title)s” is with %(unit)s now.")),
    "cases.sent_back": (t("Passed on"), t("“%(title)s” is with %(unit)s now.")),
    "cases.suspended": (t("Clock stopped"), t("The clock of “%(title)s” stands still for now.")),
    "cases.extended": (t("Time limit lengthened"), t("“%(title)s” will take longer. See why.")),
    "cases.replied": (t("Answered"), t("“%(title)s” was answered. Please rate the answer.")),
    "cases.delivered": (t("Delivered"), t("The result of “%(title)s” was delivered.")),
    "cases.terminated": (t("Ended without an answer"), t("“%(title)s” was ended. See why.")),
    "cases.called_back": (t("Called back"), t("Your rating of “%(title)s” was followed up.")),
}  # fmt: skip


def register() -> None:
    register_notices(TEXTS)


def tell(entries: list[EntryRow]) -> None:
    """The notices follower: one line to the account that sent the case."""
    tell_of(entries, TEXTS, _sent, _notices)


def _sent(keys):
    # without the sealed columns: a thousand cases would be opened for nothing
    shown = ("title", "number", "applicant", "lead_place", "lead_department")
    return Case.objects.filter(pk__in=keys, applicant__isnull=False).only(*shown).in_bulk()


def _notices(entry, case):
    unit = entry.data.get("unit") or [case.lead_place, case.lead_department]
    yield NewNotice(
        account_id=case.applicant_id,
        text=entry.verb,
        entry=entry.id,
        at=entry.at,
        values={"title": case.title, "number": case.number, "unit": unit_name(*unit)},
        link=addresses.of("cases:own", case.number),
    )
