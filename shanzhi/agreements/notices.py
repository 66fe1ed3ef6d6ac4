"""What the two parties are told in the inbox, made from the journal."""

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from shanzhi.journal.kinds import EntryRow
from shanzhi.people import queries as people
from shanzhi.people.kinds import register_notices
from shanzhi.people.notices import NewNotice, tell_of

from .models import Agreement
from .rules import DRIVERS, SIGNERS

t = gettext_lazy
TEXTS = {
    "agreements.opened": (
        t("Agreement to be read"), t("The agreement %(number)s is open for your comments."),
    ),
    "agreements.commented": (t("Comment"), t("There is a comment on the agreement %(number)s.")),
    "agreements.answered": (
        t("Comment answered"), t("A comment on the agreement %(number)s was answered."),
    ),
    "agreements.agreed": (t("Agreed"), t("The other side agrees to the agreement %(number)s.")),
    "agreements.reopened": (
        t("Negotiation reopened"), t("The agreement %(number)s is negotiated again."),
    ),
    "agreements.renewed": (
        t("Draft renewed"), t("The list has changed: look at the agreement %(number)s again."),
    ),
    "agreements.withdrawn": (t("Withdrawn"), t("The agreement %(number)s was withdrawn.")),
    "agreements.signed": (t("Signed"), t("The other side has signed the agreement %(number)s.")),
    "agreements.paid": (
        t("Payment entered"), t("A payment of the agreement %(number)s was entered: say whether it "
                                "has arrived."),
    ),
    "agreements.payment_overdue": (
        t("Payment overdue"), t("A payment of the agreement %(number)s is overdue."),
    ),
    "agreements.evaluation_asked": (
        t("Evaluate the year"), t("Please evaluate the agreement %(number)s by %(day)s."),
    ),
    "agreements.carried_on": (
        t("Carried on"), t("Your community carries on the agreement %(number)s."),
    ),
    "agreements.ended": (t("Ended early"), t("The agreement %(number)s was ended by both sides.")),
    "agreements.evaluated": (
        t("Evaluated"), t("The other side has evaluated the agreement %(number)s."),
    ),
}  # fmt: skip


def register() -> None:
    register_notices(TEXTS)


def tell(entries: list[EntryRow]) -> None:
    """The follower: a line to the other party's post, whoever holds it on that day."""
    tell_of(entries, TEXTS, Agreement.objects.exclude(kind="pattern").in_bulk, _notices)


def _notices(entry, agreement):
    parties = ((agreement.place, SIGNERS), (agreement.subdistrict, DRIVERS))
    for place, roles in parties:
        holders = people.holders(place, "", roles, localdate(entry.at))
        if entry.by not in people.holders(place, "", roles | {"community_worker"},
                                          localdate(entry.at)):  # fmt: skip
            for account in holders:
                yield NewNotice(
                    account_id=account, text=entry.verb, entry=entry.id, at=entry.at,
                    values={"number": agreement.number, "day": entry.data.get("day", "")},
                    link=reverse("agreements:agreement", args=[agreement.number]),
                )  # fmt: skip
