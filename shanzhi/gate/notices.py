"""What the clerk who applied is told in the inbox, made from the journal."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from shanzhi.journal.kinds import EntryRow
from shanzhi.journal.labels import pk
from shanzhi.people.kinds import NoticeText, register_notice
from shanzhi.people.notices import NewNotice, send

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
    for verb, (title, text) in TEXTS.items():
        register_notice(NoticeText(verb, title, text))


def tell(entries: list[EntryRow]) -> None:
    """The follower: one line to the account that drafted the application."""
    told = [entry for entry in entries if entry.verb in TEXTS]
    rows = Application.objects.filter(
        pk__in={pk(entry.about) for entry in told}, made_by__isnull=False
    ).only("title", "number", "made_by").in_bulk()  # fmt: skip
    send(_notice(entry, rows[pk(entry.about)]) for entry in told if pk(entry.about) in rows)


def _notice(entry, application):
    return NewNotice(
        account_id=application.made_by,
        text=entry.verb,
        entry=entry.id,
        at=entry.at,
        values={"title": application.title, "number": application.number},
        link=reverse("gate:application", args=[application.number]),
    )
