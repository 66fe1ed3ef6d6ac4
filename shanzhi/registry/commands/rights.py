"""Accounts bound to persons, and corrections asked for and decided."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.files import commands as files
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people.models import Account
from shanzhi.work import duties
from shanzhi.work.duties import Limit

from .. import kinds, queries, rules
from ..models import Binding, ChangeRequest, Person, Relation
from .persons import change

CORRECTION = "registry.correction"  # the kind of duty
DAYS = 10  # 政务数据共享条例: 校核


def person_place(person: Person) -> str:
    """Where the journal puts a person: the community of their presence, or the city."""
    return next(iter(queries.places_of(person)), "") or settings.SHANZHI_CITY


def person_label(person: Person) -> str:
    return f"registry.Person:{person.pk}"


# --- bindings -------------------------------------------------------------------------------------


@transaction.atomic
def bind(
    *,
    account_id: int,
    person: Person,
    level: int,
    relation: str = Relation.SELF,
    scope: Sequence[str] = (),
    until: date | None = None,
    proof: str = "",
    by: Actor,
    at: datetime,
) -> Binding:
    """An account is, or speaks for, a person. What it replaces ends."""
    account = Account.objects.select_for_update().get(pk=account_id)
    person = Person.objects.select_for_update().get(pk=person.pk)
    on = localdate(at)
    until = until or rules.last_day(person, relation, on)
    rules.check_may_bind(by, person)
    rules.check_bind(account, person, relation=relation, scope=list(scope), until=until, at=at)

    _replace(account, person, relation, at)
    binding = Binding.objects.create(
        account=account, person=person, level=level, relation=relation,
        scope=sorted(scope) if relation == Relation.PROXY else [],
        phone_hash=account.phone_hash, proved_at=at, proved_by=by.account_id, proof=proof[:200],
        since=on, until=until,
    )  # fmt: skip
    record(
        "registry.bound", about=person_label(person), by=by, at=at, place=person_place(person),
        account=account.pk, relation=str(relation), level=int(level), until=str(until),
    )  # fmt: skip
    return binding


def _replace(account, person, relation, at):
    """One account a person, one person an account, and nothing twice."""
    rows = Binding.objects.select_for_update().filter(ended_at=None).order_by("pk")
    old = list(rows.filter(account=account, person=person))
    if relation == Relation.SELF:
        old += rows.filter(relation=Relation.SELF, account=account).exclude(person=person)
        old += rows.filter(relation=Relation.SELF, person=person).exclude(account=account)
    for each in old:
        close(each, Binding.End.AGAIN, at)


def close(binding: Binding, reason: str, at: datetime) -> None:
    binding.ended_at, binding.ended = at, reason
    binding.save(update_fields=["ended_at", "ended"])


# --- corrections ----------------------------------------------------------------------------------


@transaction.atomic
def ask_correction(
    *,
    person: Person,
    element: str,
    value: str,
    reason: str,
    case: str = "",
    evidence: Sequence[UUID] = (),
    by: Actor,
    at: datetime,
) -> ChangeRequest:
    """Say that a value is wrong: its owner gets a duty, everybody else sees that it is disputed."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    entry = kinds.entry(element)
    rules.check_may_ask(person, by, localdate(at))
    rules.check_ask(entry, person, reason)
    wanted = rules.check_value(person, entry, value, localdate(at))

    place, department = queries.owner_unit(entry, person, localdate(at))
    request = ChangeRequest.objects.create(
        person=person, element=entry.code, wanted=str(wanted),
        held=queries.held_of(person, entry, queries.row_of(person, entry.section)).raw or None,
        reason=reason.strip(), place=place, department=department, asked_by=by.account_id,
        case=case, asked_at=at,
    )  # fmt: skip
    _dispute(person, entry, True)
    _open_duty(request, entry, at)
    if evidence:
        files.attach(files=evidence, owner=label(request), by=by, at=at, place=place)
    record(
        "registry.correction_asked", about=label(request), by=by, at=at,
        place=person_place(person), element=entry.code, person=person.pk,
        unit=[place, department], case=case,
    )  # fmt: skip
    return request


def _dispute(person, entry, disputed):
    names = set(person.disputed) - {queries.disputed_name(entry)}
    person.disputed = sorted(names | ({queries.disputed_name(entry)} if disputed else set()))
    person.save(update_fields=["disputed"])


def _open_duty(request, entry, at):
    with translation.override(settings.LANGUAGE_CODE):
        duties.open_duty(
            kind=CORRECTION, about=label(request),
            title=_("Correction: %(element)s") % {"element": entry.element.title},
            link=f"/desk/registry/corrections/{request.pk}/", place=request.place,
            department=request.department, at=at,
            limits=[Limit("statutory", DAYS, "working_days")],
        )  # fmt: skip


@transaction.atomic
def decide_correction(
    *, request: ChangeRequest, accept: bool, answer: str, by: Actor, at: datetime
) -> ChangeRequest:
    """Accept it, which corrects the registry, or refuse it with the reason."""
    person = Person.objects.select_for_update().get(pk=request.person_id)
    request = ChangeRequest.objects.select_for_update().get(pk=request.pk)
    rules.check_decide(request, by, accept=accept, answer=answer)
    entry = kinds.entry(request.element)

    if accept:
        _apply(person, entry, request, by, at)
        person.refresh_from_db()
    _dispute(person, entry, False)
    _decided(request, ChangeRequest.State.ACCEPTED if accept else "refused", answer, by, at)
    verb = "registry.correction_accepted" if accept else "registry.correction_refused"
    record(
        verb, about=label(request), by=by, at=at, place=person_place(person),
        element=entry.code, person=person.pk, account=request.asked_by,
    )  # fmt: skip
    return request


def _apply(person, entry, request, by, at):
    told = "case" if request.case else "resident"
    change(
        section=entry.section.code, person=person,
        values={entry.element.field: request.wanted},
        effective=None, source=queries.source(told), by=by, at=at,
    )  # fmt: skip


def _decided(request, state, answer, by, at):
    request.state, request.answer = state, answer.strip()
    request.decided_at, request.decided_by, request.decided_post = at, by.account_id, by.post_id
    request.save(update_fields=["state", "answer", "decided_at", "decided_by", "decided_post"])
    duties.close_duties(about=label(request), kind=CORRECTION, at=at, outcome=str(state))


@transaction.atomic
def withdraw_correction(*, request: ChangeRequest, by: Actor, at: datetime) -> ChangeRequest:
    person = Person.objects.select_for_update().get(pk=request.person_id)
    request = ChangeRequest.objects.select_for_update().get(pk=request.pk)
    rules.check_withdraw(request, by)

    _dispute(person, kinds.entry(request.element), False)
    _decided(request, ChangeRequest.State.WITHDRAWN, "", by, at)
    record(
        "registry.correction_withdrawn", about=label(request), by=by, at=at,
        place=person_place(person), element=request.element, person=person.pk,
    )  # fmt: skip
    return request


__all__ = [
    "SYSTEM",
    "ask_correction",
    "bind",
    "decide_correction",
    "withdraw_correction",
]
