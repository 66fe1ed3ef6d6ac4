"""A request arrives: from a resident's phone, through a worker, or from another system."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shanzhi.files import commands as files
from shanzhi.kernel import Refused, identifiers
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.crypto import keyed_hash
from shanzhi.places import queries as places

from .. import answers, arrival, numbers, queries, rules, steps
from ..content import content, questions
from ..models import Case, Item
from . import fillings


@dataclass(frozen=True)
class Request:
    """What someone asks for: the item, the place, who they are, and their answers as typed."""

    item: Item
    place: str
    name: str
    phone: str
    answers: dict[str, Any] = field(default_factory=dict)
    category: str = ""
    estate: str = ""
    person: str = ""  # of the registry, whom it is about; "" is the sender, if bound
    own: tuple[str, ...] = ()  # questions whose answer in the registry the sender says is wrong
    proof: str = ""  # what a worker looked at before filling for somebody


@dataclass(frozen=True)
class Receipt:
    """The case, and the six digits that follow it without an account; empty on a repeated press."""

    case: Case
    code: str


@transaction.atomic
def submit(*, request: Request, submission: UUID, by: Actor, at: datetime) -> Receipt:
    """Send a request. A repeated `submission` returns the case of the first one.

    Raises Refused, and answers.Invalid where answers do not fit the item's form.
    """
    number, sent = numbers.begin(at, submission)
    if sent:
        return _again(submission, by)
    if by.is_staff:
        rules.check_may_assist(by, request.place)

    channel = Case.Channel.COUNTER if by.is_staff else Case.Channel.PHONE
    columns = {"submission": submission, "channel": channel}
    receipt = _create(request, number, by=by, at=at, **columns)
    # pressed twice at the same moment: the first has written it meanwhile
    return receipt or _again(submission, by)


def _again(submission, by):
    case = queries.of_submission(submission, by)
    if case is None:
        raise Refused(_("This form was sent already, by somebody else."))
    return Receipt(case, "")


@transaction.atomic
def receive(
    *,
    request: Request,
    source: str,
    external_number: str,
    submission: UUID,
    by: Actor,
    at: datetime,
) -> Receipt:
    """Take over a case of another system under its number there; once, however often sent."""
    rules.check_source(by, source, external_number, request.place)
    number = numbers.new(at, once=f"{source}/{external_number}")
    if again := Case.objects.filter(source=source, external_number=external_number).first():
        return Receipt(again, "")

    channel = Case.Channel.HOTLINE if source == "12345" else Case.Channel.DEPARTMENT
    return _create(
        request, number, by=by, at=at, submission=submission, channel=channel,
        source=source, external_number=external_number,
    )  # fmt: skip


def _create(request, number, *, by, at, **columns):
    item, place = request.item, _place(request.place)
    rules.check_submittable(item, place=place)
    fields, on = questions(item), localdate(at)
    person_id, filled, disputed = fillings.take(request, by, on)
    given = request.answers | {key: each.value for key, each in filled.items()}
    checked = answers.clean(fields, given, today=on)
    unit = queries.route(item=item, category=request.category, place=place, day=on).unit
    code = numbers.new_code()
    case = Case(
        item=item, number=number, code_hash=numbers.code_hash(number, code), place=place,
        category=request.category, state=Case.State.SUBMITTED, submitted_at=at,
        lead_place=unit.place, lead_department=unit.department,
        **_person(request, by), **content(item, fields, checked, location=request.estate),
        **columns,
    )  # fmt: skip
    if not _write(case, by, at):
        return None
    if filled or disputed:
        fillings.keep(case, person_id, filled, at)
        fillings.dispute(case, person_id, disputed, checked, by, at)
    if ids := answers.file_ids(fields, checked):
        files.attach(files=ids, owner=steps.label(case), by=by, at=at, place=place)
    return Receipt(case, code)


def _write(case, by, at):
    return arrival.write(
        case, by, at, behalf="resident" if by.is_staff else "",
        number=case.number, channel=str(case.channel), category=case.category,
        unit=[case.lead_place, case.lead_department],
    )  # fmt: skip


def _place(code):
    if not places.exists(code):
        raise Refused(_("Choose the community this is about."), field="place")
    return code


def _person(request, by):
    name = request.name.strip()
    if not 2 <= len(name) <= 60:
        raise Refused(_("Enter the applicant's full name."), field="name")
    try:
        phone = identifiers.telephone(request.phone) if request.phone else None
    except Refused as refusal:
        raise Refused(refusal.sentence, field="phone") from None
    if phone is None and not by.is_staff:
        raise Refused(_("Enter a phone number at which you can be reached."), field="phone")
    return {
        "name": name,
        "phone": phone,
        "phone_hash": phone and keyed_hash(phone, kind="phone"),
        "applicant_id": None if by.is_staff else by.account_id,
        "assisted_by": by.account_id if by.is_staff else None,
    }
