"""Which state follows which, by whose step."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..kinds import Drift
from ..models import Agreement, Side

State = Agreement.State
DRIVERS = frozenset({"subdistrict_clerk"})
SIGNERS = frozenset({"community_secretary"})
SPEAKERS = SIGNERS | {"community_worker"}
OVERSEERS = frozenset({"burden_office", "district_clerk", "city_clerk", "city_leader"})
READERS = DRIVERS | SPEAKERS | OVERSEERS

# (state, step): the states it may lead to
NEXT = {
    (State.DRAFT, "open"): {State.NEGOTIATED},
    (State.DRAFT, "withdraw"): {State.WITHDRAWN},
    (State.DRAFT, "renew"): {State.DRAFT},
    (State.NEGOTIATED, "agree"): {State.NEGOTIATED, State.AGREED},
    (State.NEGOTIATED, "withdraw"): {State.WITHDRAWN},
    (State.NEGOTIATED, "renew"): {State.NEGOTIATED},
    (State.AGREED, "reopen"): {State.NEGOTIATED},
    (State.AGREED, "withdraw"): {State.WITHDRAWN},
    (State.AGREED, "renew"): {State.NEGOTIATED},
    (State.AGREED, "sign"): {State.HALF_SIGNED},
    (State.HALF_SIGNED, "renew"): {State.NEGOTIATED},
    (State.HALF_SIGNED, "sign"): {State.IN_FORCE},
    (State.IN_FORCE, "evaluate"): {State.IN_FORCE, State.EVALUATED},
    (State.IN_FORCE, "end"): {State.ENDED},  # by a supplement that both have signed
    (State.EVALUATED, "end"): {State.ENDED},
}
BY = {  # whose step it is
    "open": {Side.SUBDISTRICT},
    "withdraw": {Side.SUBDISTRICT},
    "renew": {Side.SUBDISTRICT},
    "agree": set(Side),
    "reopen": set(Side),
    "evaluate": set(Side),
}
SIGNS = {State.AGREED: Side.COMMUNITY, State.HALF_SIGNED: Side.SUBDISTRICT}


def side_of(agreement: Agreement, by: Actor) -> Side | None:
    """For whom this post speaks in the agreement."""
    if by.role in DRIVERS and by.place == agreement.subdistrict:
        return Side.SUBDISTRICT
    if by.role in SPEAKERS and by.place == agreement.place:
        return Side.COMMUNITY
    return None


def check_step(agreement: Agreement, step: str, by: Actor) -> Side:
    """The side that takes it."""
    if agreement.kind == Agreement.Kind.PATTERN or (agreement.state, step) not in NEXT:
        raise Refused(_("This is not possible now: reload the page to see how far it is."))
    side = side_of(agreement, by)
    if side not in BY[step]:
        raise Refused(_("Only a clerk of the sub-district may do this.") if len(BY[step]) == 1
                      else _("Only the two parties of the agreement may do this."))  # fmt: skip
    return side


def check_agree(agreement: Agreement, open_comments: int, by: Actor) -> Side:
    side = check_step(agreement, "agree", by)
    if side == Side.COMMUNITY and by.role not in SIGNERS:
        raise Refused(_("The secretary of the community agrees and signs."))
    if open_comments:
        raise Refused(_("Settle all comments first; who made one says that it is settled."))
    if getattr(agreement, f"{side}_agreed_at"):
        raise Refused(_("Your side has agreed already; the other one is awaited."))
    return side


def check_sign(agreement: Agreement, drift: Sequence[Drift], outdated: bool, by: Actor) -> Side:
    """First the community, then the sub-district; and only what the lists in force still say."""
    wanted = SIGNS.get(agreement.state)
    if wanted is None:
        raise Refused(_("This is not possible now: reload the page to see how far it is."))
    if side_of(agreement, by) != wanted:
        raise Refused(
            _("The community signs first.") if wanted == Side.COMMUNITY
            else _("The community has signed; now the sub-district signs.")
        )  # fmt: skip
    if wanted == Side.COMMUNITY and by.role not in SIGNERS:
        raise Refused(_("The secretary of the community agrees and signs."))
    if outdated:
        names = "、".join(f"{each.code} {each.title}" for each in drift[:5])
        raise Refused(
            _("The list has changed since this was agreed: %(names)s. Renew the draft first.")
            % {"names": names} if names
            else _("Another edition of the list is in force since this was agreed. "
                   "Renew the draft first.")
        )  # fmt: skip
    return wanted


def check_renew(agreement: Agreement, outdated: bool, by: Actor) -> None:
    check_step(agreement, "renew", by)
    if not outdated:
        raise Refused(_("It is made from the lists in force; there is nothing to renew."))


def check_text(agreement: Agreement, digest: bytes) -> None:
    if bytes(agreement.digest) != digest:
        raise Refused(_("The text is not the one both agreed on. Reopen the negotiation."))
