"""What may be sealed, by whom, and for how long it holds."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM, Actor

from ..kinds import DIFFERS, FACTS, Held, Line, Wish, needs_word
from ..models import Certificate, Entry
from ..models.register import MOST_COPIES
from ..queries import WORKERS, applications, catalogue

State = Certificate.State
SECRETARY = frozenset({"community_secretary"})

NEXT = {
    State.REQUESTED: {"seal": State.SEALED, "refuse": State.REFUSED},
    State.SEALED: {"hand_out": State.ISSUED, "revoke": State.REVOKED},
    State.ISSUED: {"revoke": State.REVOKED},
    State.REFUSED: {},
    State.REVOKED: {},
}


def holds_until(on: date, days: int) -> date:
    """The last day: the day of the seal itself is not counted (Civil Code, article 201)."""
    return on + timedelta(days=days)


def has_expired(until: date, today: date) -> bool:
    return today > until


def check_worker(by: Actor, place: str) -> None:
    if by != SYSTEM and not (by.role in WORKERS and by.covers(place)):
        raise Refused(_("Only the community itself does this, by its secretary or a worker."))


def check_refuse(entry: Entry | None, asked: str, unit: str, place: str, by: Actor) -> None:
    """Refused is what the catalogue forbids, or does not know."""
    check_worker(by, place)
    if len(place) != 12:
        raise Refused(_("A refusal is a community's."))
    if entry is not None:
        check_in_force(entry, place)
        if entry.allowed:
            raise Refused(_("The catalogue allows this certificate: request it instead."))
    if entry is None and not asked:
        raise Refused(_("Say which certificate was asked for."), field="asked")
    check_unit(unit)


def check_in_force(entry: Entry, place: str) -> None:
    """By the edition that holds there: a district may have its own."""
    if catalogue.edition(place) != entry.edition:
        raise Refused(_("This edition of the catalogue is not in force; search again."))


def check_unit(unit: str) -> None:
    if len(unit) < 2:
        raise Refused(_("Name the unit that wants the certificate."), field="unit")


def check_request(
    entry: Entry, held: Held | None, wish: Wish, lines: Sequence[Line], by: Actor
) -> None:
    check_worker(by, by.place)
    if not entry.allowed:
        raise Refused(_("The catalogue forbids this certificate; give the letter of refusal."))
    check_in_force(entry, by.place)
    if not entry.confirmed:
        raise Refused(_("Nobody has checked the basis of this certificate yet; the burden relief "
                        "office confirms it first."))  # fmt: skip
    check_wish(entry, wish)
    check_holder(entry, held, wish.holder)
    check_lines(lines)


def check_wish(entry: Entry, wish: Wish) -> None:
    check_unit(wish.unit)
    if not wish.purpose:
        raise Refused(_("Say what it is needed for."), field="purpose")
    if not 1 <= wish.copies <= MOST_COPIES:
        raise Refused(_("Between one and %(most)s copies.") % {"most": MOST_COPIES}, field="copies")
    if not 1 <= wish.days <= entry.days:
        raise Refused(
            _("It holds between one day and %(most)s.") % {"most": entry.days}, field="days"
        )


def check_seen(held: Held | None) -> None:
    if held is None:
        raise Refused(_("The registry of this community does not have this person."))


def check_holder(entry: Entry, held: Held | None, holder: str) -> None:
    """Of a resident: seen here, alive, and at home here where it says so."""
    if not entry.of_person:
        if not holder:
            raise Refused(_("Say for whom it is."), field="holder")
        return
    check_seen(held)
    if not held.alive:
        raise Refused(_("By the registry this person has died; nothing is certified."))
    if not held.lives_here and any(FACTS[code].here for code in entry.fields if code in FACTS):
        raise Refused(_("By the registry this person does not live in this community."))


def check_lines(lines: Sequence[Line]) -> None:
    for position, line in enumerate(lines):
        if not line.value:
            raise Refused(_("Fill in: %(name)s.") % {"name": title(line)}, field=f"said_{position}")
        if line.verdict == DIFFERS:
            raise Refused(
                _("%(name)s: the registry says otherwise. Correct the entry there first, or do "
                  "not certify it.") % {"name": title(line)},
                field=f"said_{position}",
            )  # fmt: skip


def title(line: Line) -> str:
    return str(FACTS[line.code].title) if line.code else line.label


def check_step(certificate: Certificate, step: str, by: Actor) -> None:
    check_worker(by, certificate.place)
    if step not in NEXT[certificate.state]:
        raise Refused(_("This step is not possible now; reload the page."))


def check_seal(
    certificate: Certificate, held: Held | None, lines: Sequence[Line], vouched: str, by: Actor
) -> None:
    """By a second person, with the registry asked once more."""
    check_step(certificate, "seal", by)
    _check_secretary(by)
    if by.account_id is not None and by.account_id == certificate.asked_by:
        raise Refused(_("Who asked for the seal does not press it; another secretary does."))
    if applications.is_own(certificate, by):
        raise Refused(_("Your own request is handled by somebody else of the community."))
    check_holder(certificate.entry, held, certificate.holder or "")
    check_lines(lines)
    if needs_word(lines) and not vouched:
        raise Refused(
            _("Say how you know what the registry does not: %(names)s.")
            % {"names": "、".join(title(line) for line in needs_word(lines))},
            field="vouched",
        )


def refusal_of(certificate: Certificate, held: Held | None, lines: Sequence[Line]) -> str:
    """Why nobody could seal it now; "" where somebody may."""
    try:
        check_holder(certificate.entry, held, certificate.holder or "")
        check_lines(lines)
    except Refused as refusal:
        return str(refusal)
    return ""


def check_end(certificate: Certificate, step: str, reason: str, by: Actor) -> None:
    """Refused before the seal, revoked after it: both by the secretary, with a reason."""
    check_step(certificate, step, by)
    _check_secretary(by)
    if not reason:
        raise Refused(_("Give the reason."), field="reason")


def _check_secretary(by):
    if by != SYSTEM and by.role not in SECRETARY:
        raise Refused(_("The community secretary decides on the seal."))


def check_paper(certificate: Certificate, by: Actor) -> None:
    """The community's, or whoever asked for it on the phone."""
    if not applications.is_own(certificate, by):
        check_worker(by, certificate.place)
    check_has_paper(certificate)


def check_has_paper(certificate: Certificate) -> None:
    if certificate.state not in (State.SEALED, State.ISSUED):
        raise Refused(_("Only a certificate that is sealed and not revoked has a paper."))
    if certificate.forgotten_on:
        raise Refused(_("What it stated was let go after %(years)s years.") % {"years": 3})
