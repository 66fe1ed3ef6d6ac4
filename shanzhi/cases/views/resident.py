"""The resident's pages: what can be done here, what I asked, and how it goes."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import Refused, asked
from shanzhi.people.decorators import resident
from shanzhi.people.limits import limit
from shanzhi.registry.opening import is_open

from .. import answers, applying, commands, filling, forms, presenting, queries
from ..content import questions
from ..models import Rating
from ..presenting import items as guides


@require_safe
def serve(request: HttpRequest) -> HttpResponse:
    """All guides under their headings, or those that hold the words searched."""
    text = asked.words(request.GET.get("q", ""))
    themes = {} if text else queries.items_by_theme()
    found = queries.find_items(text) if text else []
    return render(
        request, "cases/resident/serve.html", {"themes": themes, "found": found, "text": text}
    )


@require_safe
def guide(request: HttpRequest, code: str) -> HttpResponse:
    item = get_object_or_404(queries.published(), code=code)
    return render(request, "cases/resident/guide.html", guides.guide(item))


@resident
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    page = queries.own_cases(request.actor, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "cards": [presenting.card(row, timezone.now()) for row in page.rows],
        "drafts": [] if request.GET.get("cursor") else presenting.draft_rows(request.actor),
    }
    return render(request, "cases/resident/mine.html", context)


def _own(request, number):
    case = queries.visible(request.actor, number)
    if case is None or case.applicant_id != request.user.pk:
        raise Http404
    return case


@resident
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, _own(request, number))


def _page(request, case, status=200, **shown):
    at = timezone.now()
    context = presenting.for_resident(case, request.actor, at, full=is_open(request, at))
    context |= {"rate_form": forms.Rate(), "reopen_form": forms.Reason()} | shown
    return render(request, "cases/resident/case.html", context, status=status)


@resident
@require_POST
def rate(request: HttpRequest, number: str) -> HttpResponse:
    case, form = _own(request, number), forms.Rate(request.POST)
    done = _("Thank you for your rating.")
    if form.is_valid() and form.cleaned_data["score"] <= Rating.Score.BAD:
        done = _("Thank you for saying so. The unit calls you back within one working day.")
    return _step(request, case, form, commands.rate, done, "rate_form")


@resident
@require_POST
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    case, form = _own(request, number), forms.Reason(request.POST)
    return _step(
        request, case, form, commands.reopen, _("Opened again; the unit was told."), "reopen_form"
    )


@resident
@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    case, form = _own(request, number), forms.Nothing(request.POST)
    return _step(request, case, form, commands.withdraw, _("Withdrawn."), "withdraw_form")


def _step(request, case, form, command, done, name):
    if form.is_valid():
        try:
            command(case=case, by=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("cases:own", number=case.number)
    return _page(request, case, status=422, **{name: form})


@resident
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Send the form again with what was missing, once."""
    case = get_object_or_404(
        queries.visible_to(request.actor).select_related("item"), number=number
    )
    at = timezone.now()
    taken = filling.held(case, request.actor, full=is_open(request, at))
    content = {"answers": applying.to_correct(case, taken), "own": []}
    errors: dict[str, str] = {}
    if request.method == "POST":
        content = applying.corrected(request, case, taken, at)
        if "again" in request.POST or filling.BUTTONS & request.POST.keys():
            return _correction(request, case, taken, content, content["problems"])
        try:
            commands.correct(
                case=case, raw=content["answers"], own=content["own"], by=request.actor, at=at
            )
        except answers.Invalid as invalid:
            errors = invalid.errors
        except Refused as refusal:
            errors = {"": str(refusal)}
        else:
            messages.success(request, _("Sent. You will hear within five working days."))
            return redirect(presenting.page_of(case, request.actor))
    status = 422 if errors else 200
    return _correction(request, case, taken, content, errors, status=status)


def _correction(request, case, taken, content, errors, status=200):
    fields = questions(case.item)
    context = {
        "case": case,
        "correction": case.corrections.first(),
        "parts": forms.filled_parts(fields, content["answers"], errors, taken, content["own"]),
        "own": content["own"],
        "hidden": not request.actor.is_staff and any(each.masked for each in taken.values()),
        "filling": filling,
        "waiting": applying.waiting(case.item, content, request.actor),
        "errors": errors,
    }
    return render(request, "cases/apply/correct.html", context, status=status)


@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest) -> HttpResponse:
    """By receipt number and its six digits, without an account: the four steps, and the rating."""
    number = {"number": request.GET.get("number", "")[:20]}
    form, case = forms.Receipt(request.POST or None, initial=number), None
    if request.method == "POST":
        limit(request, "progress", per="ip", amount=20, seconds=600)
        if form.is_valid():
            case = queries.by_receipt(**form.cleaned_data)
            if case is None:
                form.add_error(None, _("No receipt has this number with these six digits."))
    context = {"form": form, "case": case}
    rate_form = forms.Rate(request.POST if "rate" in request.POST else None)
    if case:
        _rate_by_receipt(request, case, rate_form)
        context |= presenting.for_receipt(case, timezone.now()) | {"rate_form": rate_form}
    wrong = bool(form.errors or rate_form.errors)
    return render(request, "cases/resident/progress.html", context, status=422 if wrong else 200)


def _rate_by_receipt(request, case, form):
    """The paper speaks for who has no account."""
    if form.is_valid():
        try:
            commands.rate(case=case, by=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Thank you for your rating."))
