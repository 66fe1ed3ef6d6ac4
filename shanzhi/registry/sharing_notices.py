"""What the clerk who asked is told in the inbox, made from the journal."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from shanzhi.journal.kinds import EntryRow
from shanzhi.people.kinds import NoticeText, register_notice
from shanzhi.people.notices import NewNotice, send

from .models import Grant

t = gettext_lazy
TEXTS = {
    "registry.grant_gaps_told": (
        t("Something is missing"), t("Please complete the data application “%(purpose)s”."),
    ),
    "registry.grant_agreed": (
        t("An owner agreed"), t("An owner agreed to the data application “%(purpose)s”."),
    ),
    "registry.grant_refused": (
        t("An owner refused"), t("An owner refused its part of “%(purpose)s”. See why."),
    ),
    "registry.grant_suspended": (
        t("Grant suspended"), t("Nothing can be read by the grant “%(purpose)s”. See why."),
    ),
    "registry.grant_resumed": (t("Grant resumed"), t("The grant “%(purpose)s” is open again.")),
    "registry.grant_ended": (t("Grant ended"), t("The grant “%(purpose)s” has ended.")),
}  # fmt: skip


def register() -> None:
    for verb, (title, text) in TEXTS.items():
        register_notice(NoticeText(verb, title, text))


def tell(entries: list[EntryRow]) -> None:
    """The follower: one line to the account that made the application."""
    told = [entry for entry in entries if entry.verb in TEXTS]
    keys = {_key(entry) for entry in told}
    grants = Grant.objects.filter(pk__in=keys, made_by__isnull=False).in_bulk()
    send(_notice(entry, grants[_key(entry)]) for entry in told if _key(entry) in grants)


def _key(entry):
    return int(entry.about.partition(":")[2])


def _notice(entry, grant):
    return NewNotice(
        account_id=grant.made_by,
        text=entry.verb,
        entry=entry.id,
        at=entry.at,
        values={"purpose": grant.purpose},
        link=reverse("registry:grant", args=[grant.number]),
    )
