"""What the clerk who applied is told in the inbox, made from the journal."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from shanzhi.journal.kinds import EntryRow
from shanzhi.people.kinds import register_notices
from shanzhi.people.notices import NewNotice, tell_of

from .models import Application

t = gettext_lazy
TEXTS = {
    "gate.passed_on": (t("Communities are heard"), t("“%(title)s” passed the screening.")),
    "gate.sent_back": (
        t("To be completed"), t("“%(title)s” was sent back. See why and submit it again."),
    ),
    "gate.heard": (t("Joint meeting"), t("“%(title)s” was heard; the meeting decides.")),
    "gate.admitted": (t("Admitted"), t("“%(title)s” was admitted under the number %(number)s.")),
    "gate.merged": (t("Merged"), t("“%(title)s” was merged into a demand in force.")),
    "gate.refused": (t("Not admitted"), t("“%(title)s” was not admitted. See why.")),
}  # fmt: skip


def register() -> None:
    register_notices(TEXTS)


def tell(entries: list[EntryRow]) -> None:
    """The follower: one line to the account that drafted the application."""
    tell_of(entries, TEXTS, _drafted, _notices)


def _drafted(keys):
    rows = Application.objects.filter(pk__in=keys, made_by__isnull=False)
    return rows.only("title", "number", "made_by").in_bulk()


def _notices(entry, application):
    yield NewNotice(
        account_id=application.made_by,
        text=entry.verb,
        entry=entry.id,
        at=entry.at,
        values={"title": application.title, "number": application.number},
        link=reverse("gate:application", args=[application.number]),
    )
