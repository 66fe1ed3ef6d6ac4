"""Submit a case, list cases, read one, follow what changes."""

from datetime import datetime
from typing import Annotated

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import AwareDatetime

from shanzhi.journal import queries as journal
from shanzhi.kernel import Refused, paging, uuids
from shanzhi.kernel.api import content, pages
from shanzhi.kernel.api.pages import Cursor, Size

from .. import commands, queries, rules
from ..commands.submitting import Receipt, Request
from ..models import Category
from . import replays, rows, scope, shapes, whole
from .bodies import Submission

router = Router(tags=["cases"])


# --- arriving -------------------------------------------------------------------------------------


@router.post("", response={201: shapes.Receipt, 200: shapes.Receipt}, summary="Submit a case")
def submit(request: HttpRequest, body: Submission, idempotency_key: replays.Once) -> HttpResponse:
    """With `source` and `external_number`, a case of another system is taken over under its number
    there, once; without, the request counts as taken down by a worker of the key's post."""
    key = request.auth
    scope.check_writes(key)
    scope.check_item(key, body.item)
    asked = _asked(body)
    sent = body.model_dump()

    def run(at):
        receipt = _arrive(asked, body, key.actor, at)
        data = {"case": rows.row_of(receipt.case.pk), "code": receipt.code}
        return (201 if receipt.code else 200), data | {"created": bool(receipt.code)}

    try:
        return replays.once(request, idempotency_key, sent, run)
    except IntegrityError:  # the same foreign number at the same moment: now it is there
        return replays.once(request, idempotency_key, sent, run)


def _asked(body):
    item = queries.item(body.item)
    if item is None:
        raise Refused(_("There is no such service item."), field="item")
    if body.category and not Category.objects.filter(pk=body.category).exists():
        raise Refused(_("There is no such category."), field="category")
    if bool(body.source) != bool(body.external_number):
        raise Refused(
            _("Name the system it comes from and its number there."), field="external_number"
        )
    return Request(
        item=item, place=body.place, name=body.name, phone=body.phone, answers=body.answers,
        category=body.category, estate=body.estate,
    )  # fmt: skip


def _arrive(asked, body, by, at) -> Receipt:
    submission = uuids.rising(at)
    if not body.source:
        return commands.submit(request=asked, submission=submission, by=by, at=at)
    receipt = commands.receive(
        request=asked, source=body.source, external_number=body.external_number,
        submission=submission, by=by, at=at,
    )  # fmt: skip
    if not queries.may_read(receipt.case.pk, by):
        raise Refused(_("This number was sent before, from another place."))
    return receipt


# --- lists ----------------------------------------------------------------------------------------

STATE = Query("", pattern="^(|open|{})$".format("|".join(rules.S.values)))


@router.get("", response=shapes.CasePage, summary="List cases")
def list_cases(
    request: HttpRequest,
    state: Annotated[str, STATE],
    item: Annotated[str, Query("", max_length=40)],
    since: Annotated[AwareDatetime | None, Query(None, description="submitted at or after")],
    until: Annotated[AwareDatetime | None, Query(None, description="submitted before")],
    cursor: Cursor,
    size: Size,
) -> HttpResponse:
    """Cases of the key's place and items, the latest first. `state=open` is all that is not over.
    To stay up to date, follow `changes` instead of listing again."""
    if since or until:
        cases = rows.listed(request.auth, state, item)
        page = _between(cases, since, until, pages.after(cursor, datetime, int), size)
    else:
        page = _latest(request.auth, state, item, pages.after(cursor, int), size)
    return pages.answer(request, [rows.case_row(row) for row in page.rows], page.next)


def _latest(key, state, item, after, size):
    before = after and after[0]
    found = rows.latest(key, state=state, item=item, before=before, most=size + 1)
    return paging.page(found, size=size, key=lambda row: (row[0],))


def _between(cases, since, until, after, size):
    """In the order of an index: by number, a month of three years ago would be looked for from
    today on, case by case."""
    limits = {"submitted_at__gte": since, "submitted_at__lt": until}
    cases = cases.filter(**{name: value for name, value in limits.items() if value is not None})
    if after:
        at, before = after
        earlier = Q(submitted_at__lt=at) | Q(submitted_at=at, id__lt=before)
        cases = cases.filter(earlier, submitted_at__lte=at)
    found = rows.of(cases.order_by("-submitted_at", "-id")[: size + 1])
    return paging.page(found, size=size, key=lambda row: (row[rows.SUBMITTED], row[0]))


@router.get("/changes", response=shapes.Changes, summary="Follow changes of cases")
def list_changes(request: HttpRequest, cursor: Cursor, size: Size) -> HttpResponse:
    """What happened to cases that the key may see, oldest first. Without a cursor, the answer has
    no rows and a cursor that means now: take it, list the cases, then ask on from it for ever. A
    page may have fewer rows than asked for, or none, though there is more."""
    after = pages.after(cursor, int, int)
    if after is None:
        return content.answer({"rows": [], "next": paging.encode(_now())})
    with transaction.atomic():
        entries = journal.settled(after=after, limit=size)
    following = paging.encode(entries[-1].order if entries else after)
    return pages.answer(request, _changes(request.auth, entries), following)


def _now():
    """Before every transaction that has not ended: what it will write comes after this."""
    with connection.cursor() as cursor:
        cursor.execute(f"select {journal.SHIFT} + {journal.OLDEST_RUNNING}, 0")
        return cursor.fetchone()


def _changes(key, entries):
    told = [
        (int(entry.about.partition(":")[2]), entry)
        for entry in entries
        if entry.verb.startswith("cases.") and entry.about.startswith("cases.Case:")
    ]
    seen = scope.visible(key).filter(pk__in={pk for pk, _entry in told})
    known = {pk: (number, state) for pk, number, state in seen.values_list("pk", "number", "state")}
    return [
        {"at": entry.at, "verb": entry.verb, "number": known[pk][0], "state": known[pk][1]}
        for pk, entry in told
        if pk in known
    ]


# --- one ------------------------------------------------------------------------------------------


@router.get("/of-source", response=shapes.CaseWhole, summary="Read a case by its number elsewhere")
def read_case_of_source(
    request: HttpRequest,
    source: Annotated[str, Query(..., min_length=1, max_length=20)],
    external_number: Annotated[str, Query(..., min_length=1, max_length=60)],
) -> HttpResponse:
    cases = scope.visible(request.auth).select_related("item")
    case = cases.filter(source=source, external_number=external_number).first()
    if case is None:
        raise Http404
    return content.answer(whole.case(case, request.auth.post))


@router.get("/{number}", response=shapes.CaseWhole, summary="Read a case")
def read_case(request: HttpRequest, number: str) -> HttpResponse:
    """With answers, attachments, replies and timeline. Personal values are masked."""
    case = scope.found(request.auth, number)
    return content.answer(whole.case(case, request.auth.post))
