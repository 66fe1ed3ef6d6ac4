"""What may be asked for on the phone, and what a community may do with it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..kinds import Held, Line, Wish
from ..models import Application, Certificate, Edition, Entry
from ..queries import applications
from . import issuing

State = Application.State
NEXT = {
    State.SENT: {
        "take": State.TAKEN, "ask": State.INCOMPLETE, "decline": State.DECLINED,
        "withdraw": State.WITHDRAWN,
    },
    State.INCOMPLETE: {
        "complete": State.SENT, "take": State.TAKEN, "decline": State.DECLINED,
        "withdraw": State.WITHDRAWN,
    },
    State.TAKEN: {},
    State.DECLINED: {},
    State.WITHDRAWN: {},
}  # fmt: skip
MOST_OPEN = 5  # of one account
MOST_LETTERS = 10  # of one account on one day


def check_place(place: str) -> None:
    if not place:
        raise Refused(_("Choose your community first: it is the one that answers."))


def check_bound(entry: Entry, held: Held | None) -> None:
    if entry.of_person and held is None:
        raise Refused(_("Your account is not bound to this person, or no longer."))


def check_apply(
    entry: Entry, held: Held | None, wish: Wish, lines: Sequence[Line], place: str,
    open_ones: Sequence[Application],
) -> None:  # fmt: skip
    """As strict as at the desk, so that nobody waits for what cannot be issued."""
    check_bound(entry, held)
    check_place(place)
    _check_issued(entry, place)
    _check_content(entry, held, wish, lines)
    if len(open_ones) >= MOST_OPEN:
        raise Refused(
            _("%(most)s of your requests are open: wait for an answer, or withdraw one.")
            % {"most": MOST_OPEN}
        )
    if any(each.entry_id == entry.pk and each.unit == wish.unit for each in open_ones):
        raise Refused(_("You have asked for this already; see your certificates."), field="unit")


def _check_content(entry, held, wish, lines):
    issuing.check_wish(entry, wish)
    issuing.check_holder(entry, held, wish.holder)
    issuing.check_lines(lines)


def _check_issued(entry, place):
    if not entry.allowed:
        raise Refused(_("Communities do not issue this certificate; take the letter for the unit."))
    issuing.check_in_force(entry, place)
    if not entry.confirmed:
        raise Refused(_("Its basis is being checked; ask your community whether it can be issued "
                        "now."))  # fmt: skip


def why_not(entry: Entry, held: Held) -> str:
    """Why it cannot be issued of somebody as the registry stands; "" where it can."""
    try:
        issuing.check_holder(entry, held, "")
    except Refused as refusal:
        return str(refusal)
    return ""


def check_next(application: Application, step: str) -> None:
    if step not in NEXT[application.state]:
        raise Refused(_("This step is not possible now; reload the page."))


def check_own(application: Application, step: str, by: Actor) -> None:
    if by.account_id is None or application.account != by.account_id:
        raise Refused(_("Only who asked for it does this."))
    check_next(application, step)


def check_complete(
    application: Application, held: Held | None, wish: Wish, lines: Sequence[Line], by: Actor
) -> None:
    check_own(application, "complete", by)
    check_bound(application.entry, held)
    _check_content(application.entry, held, wish, lines)


def check_work(application: Application, step: str, by: Actor) -> None:
    """By the community it was sent to, and not by whoever sent it."""
    issuing.check_worker(by, application.place)
    if by.account_id is not None and by.account_id == application.account:
        raise Refused(_("Your own request is handled by somebody else of the community."))
    check_next(application, step)


def check_answer(application: Application, step: str, words: str, field: str, by: Actor) -> None:
    check_work(application, step, by)
    if not words:
        raise Refused(_("Say it in a sentence the resident can act on."), field=field)


def check_take(application: Application, entry: Entry | None, by: Actor) -> None:
    check_work(application, "take", by)
    if entry is None:
        raise Refused(_("The catalogue in force no longer has this certificate: tell the resident "
                        "that it is not issued."))  # fmt: skip


def check_note(
    asked: str, unit: str, place: str, edition: Edition | None, found: Entry | None,
    letters_today: int,
) -> None:  # fmt: skip
    """Of what no catalogue has, as far as its name tells."""
    check_place(place)
    if edition is None:
        raise Refused(_("There is no catalogue in force here yet; ask your community."))
    if not asked:
        raise Refused(_("Say which certificate was asked for."), field="asked")
    if found:
        raise Refused(_("The catalogue has “%(name)s”: choose it there.") % {"name": found.name},
                      field="asked")  # fmt: skip
    issuing.check_unit(unit)
    _check_often(letters_today)


def check_letter(entry: Entry, unit: str, place: str, letters_today: int) -> None:
    """A resident takes the letter of what the catalogue forbids."""
    check_place(place)
    issuing.check_in_force(entry, place)
    if entry.allowed:
        raise Refused(_("The catalogue allows this certificate: request it instead."))
    issuing.check_unit(unit)
    _check_often(letters_today)


def _check_often(letters_today):
    if letters_today >= MOST_LETTERS:
        raise Refused(_("That was too often in a short time. Please try again later."))


def check_fetch(certificate: Certificate, by: Actor) -> None:
    """Whoever asked on the phone takes the sealed file."""
    if by.is_staff or not applications.is_own(certificate, by):
        raise Refused(_("Only who asked for it does this."))
    issuing.check_has_paper(certificate)
