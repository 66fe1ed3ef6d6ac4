"""What a resident does on the phone: ask, complete, withdraw, take the file or the letter."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import masking
from shanzhi.kernel.acting import Actor
from shanzhi.people.models import Account
from shanzhi.work import duties
from shanzhi.work.models import Clock

from .. import rules
from ..kinds import Wish
from ..models import Application, Certificate, Entry, Refusal
from ..queries import applications, catalogue, facts
from ..spelling import spelled
from .issuing import locked as locked_certificate
from .refusing import letter

DUTY = "certificates.application"
LIMIT = duties.Limit(Clock.Basis.STEP, 2, Clock.Unit.WORKING_DAYS)
AGAIN = timedelta(days=30)  # so long the letter that was taken is shown again
NOTE = 300


@transaction.atomic
def apply(
    *, entry: Entry, person_id: int | None, wish: Wish, note: str = "", by: Actor, at: datetime
) -> Application:
    """Checked against the registry as at the desk; a duty of the community follows."""
    Account.objects.select_for_update().get(pk=by.account_id)  # a second press waits, and is told
    entry = Entry.objects.select_related("edition").get(pk=entry.pk)
    place, held = applications.looked_at(by, entry, person_id, localdate(at))
    wish = _plain(wish)
    open_ones = Application.objects.filter(account=by.account_id, state__in=applications.OPEN)
    lines = facts.lines(entry, held, place, wish.said)
    rules.applying.check_apply(entry, held, wish, lines, place, list(open_ones))

    application = Application(
        account=by.account_id, person=held.person if held else None, place=place, entry=entry,
        holder=held.name if held else wish.holder, on=localdate(at), asked_at=at,
    )  # fmt: skip
    _fill(application, wish, note)
    application.save(force_insert=True)
    _open(application, at)
    step("applied", application, by, at, entry=entry.code, copies=wish.copies)
    return application


@transaction.atomic
def complete(
    *, application: Application, wish: Wish, note: str = "", by: Actor, at: datetime
) -> Application:
    """What was missing is there: it goes back to the community, and its time begins anew."""
    application, wish = locked(application), _plain(wish)
    entry = application.entry
    place, held = applications.looked_at(by, entry, application.person, localdate(at))
    lines = facts.lines(entry, held, place, wish.said)
    rules.applying.check_complete(application, held, wish, lines, by)

    _fill(application, wish, note)
    application.state = rules.applying.NEXT[application.state]["complete"]
    application.save(update_fields=["unit", "purpose", "copies", "said", "note", "state"])
    _open(application, at)
    step("completed", application, by, at)
    return application


@transaction.atomic
def withdraw(*, application: Application, by: Actor, at: datetime) -> Application:
    application = locked(application)
    rules.applying.check_own(application, "withdraw", by)
    application.state = rules.applying.NEXT[application.state]["withdraw"]
    application.ended_at, application.ended_by = at, by.account_id
    application.save(update_fields=["state", "ended_at", "ended_by"])
    duties.close_duties(about=label(application), at=at, outcome="withdrawn")
    step("withdrawn", application, by, at)
    return application


@transaction.atomic
def fetch(*, certificate: Certificate, by: Actor, at: datetime) -> Certificate:
    """The file is on the phone of who asked for it: handed out, the first time."""
    certificate = locked_certificate(certificate)
    rules.applying.check_fetch(certificate, by)
    if certificate.state == Certificate.State.SEALED:
        certificate.state = rules.NEXT[certificate.state]["hand_out"]
        certificate.handed_at, certificate.handed_by = at, by.account_id
        certificate.save(update_fields=["state", "handed_at", "handed_by"])
        record("certificates.fetched", about=label(certificate), by=by, at=at,
               place=certificate.place)  # fmt: skip
    return certificate


@transaction.atomic
def take_letter(*, entry: Entry, unit: str, purpose: str = "", by: Actor, at: datetime) -> Refusal:
    """Of what the catalogue forbids, for whoever wants it; one that was taken is shown again."""
    account = Account.objects.select_for_update().get(pk=by.account_id)
    entry = Entry.objects.select_related("edition").get(pk=entry.pk)
    place, on = applications.home(account.pk), localdate(at)
    unit = masking.scrub(spelled(unit))[:80]
    taken = Refusal.objects.filter(asker=account.pk)
    known = taken.filter(entry=entry, place=place, unit__name=unit, on__gt=on - AGAIN).first()
    if known:
        return known
    rules.applying.check_letter(entry, unit, place, taken.filter(on=on).count())
    return letter(place, unit, by, at, entry=entry, purpose=purpose, asker=account.pk)


@transaction.atomic
def take_note(
    *, asked: str, unit: str, purpose: str = "", by: Actor, at: datetime
) -> Refusal:  # fmt: skip
    """Of what no catalogue has: it names the unit and refuses nothing; the office reads of it as a
    gap. One that was taken is shown again."""
    account = Account.objects.select_for_update().get(pk=by.account_id)
    place, unit, on = applications.home(account.pk), spelled(unit)[:80], localdate(at)
    asked = masking.scrub(spelled(asked))[:60]
    taken = Refusal.objects.filter(asker=account.pk)
    known = taken.filter(asked=asked, place=place, unit__name=unit, on__gt=on - AGAIN).first()
    if known and asked:
        return known
    edition = catalogue.edition(place) if place else None
    found = catalogue.named(edition, asked) if edition else None
    rules.applying.check_note(asked, unit, place, edition, found, taken.filter(on=on).count())
    return letter(place, unit, by, at, entry=None, asked=asked, purpose=purpose, gap=True,
                  asker=account.pk)  # fmt: skip


def locked(application: Application) -> Application:
    rows = Application.objects.select_for_update(of=["self"])
    return rows.select_related("entry__edition").get(pk=application.pk)


def step(name: str, application: Application, by: Actor, at: datetime, **data: object) -> None:
    record(f"certificates.{name}", about=label(application), by=by, at=at, place=application.place,
           **data)  # fmt: skip


def _plain(wish):
    purpose = masking.scrub(wish.purpose.strip())[:200]
    return replace(wish, unit=masking.scrub(spelled(wish.unit))[:80], purpose=purpose)


def _fill(application, wish, note):
    application.unit, application.purpose = wish.unit, wish.purpose
    application.copies = wish.copies
    application.said = {str(position): text for position, text in wish.said.items()}
    application.note = masking.scrub(note.strip())[:NOTE] or None


def _open(application, at):
    duties.open_duty(
        kind=DUTY, about=label(application), title=application.entry.name, detail=application.unit,
        person=masking.name(application.holder or ""), place=application.place, at=at,
        link=reverse("certificates:application", args=[application.pk]), limits=[LIMIT],
    )  # fmt: skip
