"""What the clerk who asked is told in the inbox, made from the journal."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from shanzhi.journal.kinds import EntryRow
from shanzhi.people.kinds import register_notices
from shanzhi.people.notices import NewNotice, tell_of

from .models import Grant, GrantPart

t = gettext_lazy
BOTH = "registry.grant_moved"
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
    "registry.grant_moved": (
        t("A grant reads a merged division"),
        t("“%(purpose)s” reads the whole of the merged division from now on."),
    ),
    "registry.grant_ended": (t("Grant ended"), t("The grant “%(purpose)s” has ended.")),
}  # fmt: skip


def register() -> None:
    register_notices(TEXTS)


def tell(entries: list[EntryRow]) -> None:
    """The follower: one line to the account that made the application; of a grant that reads more
    since a merger one to those who decided for the owners, too.
    """
    tell_of(entries, TEXTS, Grant.objects.in_bulk, _notices)


def _notices(entry, grant):
    for account in _accounts(entry, grant):
        yield NewNotice(
            account_id=account,
            text=entry.verb,
            entry=entry.id,
            at=entry.at,
            values={"purpose": grant.purpose},
            link=reverse("registry:grant", args=[grant.number]),
        )


def _accounts(entry, grant):
    found = {grant.made_by}
    if entry.verb == BOTH:
        decided = grant.parts.filter(state=GrantPart.State.PROVIDED)
        found |= set(decided.values_list("decided_by", flat=True))
    return sorted(found - {None})
