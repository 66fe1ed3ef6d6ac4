"""Apply in three screens: fill in, check, receipt. The same for a resident and for a worker."""

import contextlib
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import Refused, qr, uuids
from shanzhi.people.decorators import resident
from shanzhi.people.limits import limit
from shanzhi.places import queries as places
from shanzhi.registry.opening import is_open

from .. import answers, applying, commands, filling, forms, kinds, numbers, presenting, queries
from ..commands import fillings
from ..content import questions
from ..models import Item

CODE = "code"  # the cookie of a receipt page
KEEP = "keep"  # sent by the page itself while someone types; see shell.js


@resident
@require_safe
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Every form has its own number from the start, so that one press is one case."""
    item = queries.published().filter(code=code).first()
    if item is None:
        return _not_offered(request, code)
    if not kinds.get(item.kind).sent:
        return redirect("cases:guide", code=code)
    asked = request.GET.copy()
    if begun := queries.begun(request.actor, code):
        asked["begun"] = begun
    query = asked.urlencode()
    url = reverse("cases:fill", args=[code, uuids.rising(timezone.now())])
    return redirect(f"{url}?{query}" if query else url)


def _not_offered(request, code):
    """The first page always leads to the free report: a city may not have published it."""
    if code != kinds.OPEN_REPORT:
        raise Http404
    messages.info(request, _("Reports cannot be sent here yet. Please call your community."))
    return redirect("cases:serve")


@resident
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, code: str, submission: UUID) -> HttpResponse:
    item = _item(request, code, submission)
    draft = queries.draft(request.actor, submission)
    content = draft.sealed if draft else _prefilled(request)
    if request.method == "GET":
        return _form(request, item, submission, content, {})
    at = timezone.now()
    content = applying.read(request, item, content, at)
    if filling.TAKE in request.POST:
        content |= filling.taken_over(item, content, request.actor, localdate(at))
    if KEEP in request.POST and queries.of_submission(submission, request.actor):
        return HttpResponse(status=204)
    commands.save_draft(
        draft_id=submission, item_code=item.code, content=content, by=request.actor, at=at
    )
    return _after_fill(request, item, submission, content, localdate(at))


def _after_fill(request, item, submission, content, today):
    """Keep it for later, add a row or a file and go on filling, or go on to the check."""
    if KEEP in request.POST:
        return HttpResponse(status=204)
    if "later" in request.POST:
        return redirect("cases:mine")
    if filling.SHOW in request.POST:  # a code of the phone, and back to the draft
        return redirect(f"{reverse('registry:unlock')}?{urlencode({'next': request.path})}")
    if filling.BUTTONS & request.POST.keys() or "again" in request.POST or "find" in request.POST:
        return _form(request, item, submission, content, content["problems"])
    if errors := applying.problems_of(item, content, request.actor, today):
        return _form(request, item, submission, content, errors, status=422)
    return redirect("cases:check", code=item.code, submission=submission)


@resident
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, code: str, submission: UUID) -> HttpResponse:
    """Everything once more before it goes out; sending is one press, however often pressed."""
    draft = queries.draft(request.actor, submission)
    sending = draft and request.method == "POST"  # then the command looks whether it was sent
    if not sending and (sent := queries.of_submission(submission, request.actor)):
        return redirect("cases:receipt", number=sent.number)
    item = _item(request, code, submission)
    if draft is None:
        return redirect("cases:fill", code=code, submission=submission)
    if sending:
        return _send(request, item, draft)
    return render(request, "cases/apply/check.html", _checked(request, item, submission, draft))


def _checked(request, item, submission, draft):
    return {
        "item": item,
        "submission": submission,
        "content": draft.sealed,
        "rows": _rows(request, item, draft.sealed),
        "place": " ".join(places.path_names(draft.sealed["place"])[1:]),
    }


def _rows(request, item, content):
    """What will be sent: typed, and from the registry as it stands now."""
    at = timezone.now()
    full = is_open(request, at)
    taken = applying.filled(item, content, request.actor, localdate(at), full=full)
    return presenting.typed_rows(item, content["answers"], taken)


def _send(request, item, draft):
    limit(request, "submit", per="account", amount=30, seconds=3600)
    at = timezone.now()
    try:
        receipt = commands.submit(
            request=applying.request_of(item, draft.sealed, request.actor, localdate(at)),
            submission=draft.pk, by=request.actor, at=at,
        )  # fmt: skip
    except (Refused, answers.Invalid) as refusal:
        errors = getattr(refusal, "errors", None) or {refusal.field or "": str(refusal)}
        return _form(request, item, draft.pk, draft.sealed, errors, status=422)
    return _to_receipt(receipt.case.number, receipt.code)


def _to_receipt(number, code):
    """The browser keeps the six digits for its own receipt page: the database has only a hash."""
    response = redirect("cases:receipt", number=number)
    if code:
        response.set_signed_cookie(
            CODE, code, salt=number, path=response.url, httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response


@resident
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The third screen: the number to read out, and once the six digits that go with it."""
    case = get_object_or_404(
        queries.visible_to(request.actor).select_related("item"), number=number
    )
    track = request.build_absolute_uri(reverse("cases:progress"))
    context = {
        "case": case,
        "spoken": numbers.spoken(number),
        "code": request.get_signed_cookie(CODE, "", salt=number),
        "track": track,
        "qr": qr.data_uri(f"{track}?number={number}"),
        "unit": presenting.lead_name(case),
    }
    template = "cases/apply/paper.html" if "print" in request.GET else "cases/apply/receipt.html"
    return render(request, template, context)


@resident
@require_POST
def discard(request: HttpRequest, submission: UUID) -> HttpResponse:
    draft = queries.draft(request.actor, submission)
    if draft:
        commands.discard_draft(draft=draft, by=request.actor, at=timezone.now())
    return redirect("cases:mine")


def _item(request, code, submission):
    """The item in force; one that is only a guide cannot be sent."""
    item = queries.item(code)
    if item is None:
        raise Http404
    if not kinds.get(item.kind).sent:
        raise Refused(_("This is not applied for here; the guide says where it is done."))
    return item


def _prefilled(request):
    """What is known already is not asked again: name, phone and home of the account."""
    content = dict.fromkeys(applying.WHO, "") | {"answers": {}}
    content["category"] = request.GET.get("category", "")[:6]
    if request.actor.is_staff:
        return content | {"place": request.actor.place if len(request.actor.place) >= 12 else ""}
    known = filling.applicant(request.actor, localdate(timezone.now()))
    account = request.user
    estate = account.estate.name if account.estate_id else ""
    return content | {
        "name": known.get("name") or account.name, "phone": account.phone or "",
        "place": known.get("place") or account.home, "estate": "" if known.get("place") else estate,
    }  # fmt: skip


def _form(request, item: Item, submission, content, errors, status=200):
    applicant = forms.Applicant(content, assisted=request.actor.is_staff)
    for name in ("name", "phone", "place"):
        if name in errors:
            applicant.add_error(name, errors[name])
    context = {
        "item": item,
        "submission": submission,
        "content": content,
        "applicant": applicant,
        **_from_registry(request, item, content, errors),
        "waiting": applying.waiting(item, content, request.actor),
        "place": " ".join(places.path_names(content["place"])[1:]),
        "errors": errors,
        "begun": _begun(request, item),
        "categories": queries.categories_by_head() if item.code == kinds.OPEN_REPORT else {},
        "found": places.search(request.POST.get("where", ""), within="", limit=12)
        if request.POST.get("where") else [],
    }  # fmt: skip
    return render(request, "cases/apply/fill.html", context, status=status)


def _begun(request, item):
    """Where the form goes on that was begun before this one."""
    with contextlib.suppress(ValueError):
        return reverse("cases:fill", args=[item.code, UUID(request.GET.get("begun", ""))])
    return ""


def _from_registry(request, item, content, errors):
    """The questions, those answered by the registry as facts; and for whom a form may be sent."""
    by, at = request.actor, timezone.now()
    fields, on = questions(item), localdate(at)
    person_id = filling.person_of(item, content.get("person", ""), by, on)
    known = filling.known(item, person_id, by, on, full=is_open(request, at))
    own = content.get("own", [])
    fillings.log(person_id, known, item.name, by, at)
    looked = request.POST.get(filling.WHO, "").strip()
    return {
        "parts": forms.filled_parts(fields, content["answers"], errors, known, own),
        "own": own,
        "hidden": not by.is_staff and any(each.masked for each in known.values()),
        "person_id": person_id,
        "subjects": filling.subjects(by, on) if filling.fields(item) else [],
        "assisted_fill": by.is_staff and bool(filling.fields(item)),
        "people": filling.look_up(by, looked) if looked else [],
        "looked": looked,
        "filling": filling,
    }
