"""Payments and the evaluation of the year."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import sheets
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done, tried
from shanzhi.people.queries import unit_name
from shanzhi.places import queries as divisions

from .. import commands, forms, presenting, queries
from ..models import Payment
from ..rules import DRIVERS, READERS, SIGNERS, SPEAKERS, side_of
from . import parts


def _which(request):
    which = request.GET.get("which", "")
    return which if which in ("overdue", "due", "paid", "unconfirmed") else ""


def _rows(request):
    seen = queries.payments(request.actor, parts.year(request), parts.place(request))
    return seen, queries.narrowed(seen, _which(request), parts.today())


@desk(roles=READERS)
@require_safe
def payments(request: HttpRequest) -> HttpResponse:
    """By the day they are due; what is late comes first by itself."""
    seen, rows = _rows(request)
    page, today = queries.payment_page(rows, request.GET.get("cursor", "")), parts.today()
    year = parts.year(request)
    context = {
        "year": year, "years": sorted({*queries.years(request.actor), year}, reverse=True),
        "which": _which(request), "page": page, "totals": queries.totals(seen, today),
        "rows": [presenting.payment(each, today, request.actor) for each in page.rows],
        "name": divisions.name(parts.place(request)), "yuan": presenting.yuan,
    }  # fmt: skip
    return render(request, "agreements/payments.html", context)


@desk(roles=READERS)
@require_safe
def payments_csv(request: HttpRequest) -> HttpResponse:
    _seen, rows = _rows(request)
    head = [_("Agreement"), _("Community"), _("Entry"), _("Payer"), _("Due on"), _("Yuan"),
            _("Paid on"), _("Number of the voucher"), pgettext("payment", "Received")]  # fmt: skip
    lines = (
        [row.agreement.number, divisions.name(row.agreement.place), str(row.clause),
         unit_name(row.agreement.subdistrict, row.clause.payer_id or ""), row.due_on, row.amount,
         row.paid_on or "", row.evidence, localdate(row.received_at) if row.received_at else ""]
        for row in rows.iterator(500)
    )  # fmt: skip
    name = f"payments-{parts.year(request)}.csv"
    return StreamingHttpResponse(
        sheets.lines([head, *lines]), content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


def _payment(request, pk) -> Payment:
    seen = queries.visible_to(request.actor)
    row = Payment.objects.filter(agreement__in=seen, pk=pk).select_related("agreement", "clause")
    if not (found := row.first()):
        raise Http404
    return found


@desk(roles=DRIVERS)
@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, pk: int) -> HttpResponse:
    row = _payment(request, pk)
    form = forms.Pay(request.POST or None, initial={"paid_on": parts.today()})
    if form.is_valid() and tried(form, lambda: commands.pay(
        payment=row, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Entered; the community is asked whether it arrived."))
        return redirect(_back(request, row))
    context = {"agreement": row.agreement, "form": form, "title": _("Enter a payment"),
               "told": presenting.payment(row, parts.today(), request.actor),
               "back": _back(request, row)}  # fmt: skip
    return render(request, "agreements/form.html", context, status=parts.status(form))


@desk(roles=SPEAKERS)
@require_POST
def received(request: HttpRequest, pk: int) -> HttpResponse:
    row = _payment(request, pk)
    return done(
        request,
        pgettext("payment", "Received."),
        lambda: commands.confirm_received(payment=row, by=request.actor, at=timezone.now()),
        _back(request, row),
    )


def _back(request, payment):
    """To the list with its filter, where it was pressed there; else to the agreement."""
    if request.GET.get("year"):
        return f"{reverse('agreements:payments')}?{request.GET.urlencode()}"
    return reverse("agreements:agreement", args=[payment.agreement.number])


@desk(roles=DRIVERS | SIGNERS)
@require_http_methods(["GET", "POST"])
def evaluate(request: HttpRequest, number: str) -> HttpResponse:
    found = parts.found(request, number)
    side = side_of(found, request.actor)
    if side is None:
        raise Http404
    form = forms.Evaluate(request.POST or None, clauses=queries.asked(found), side=side)
    if form.is_valid() and tried(form, lambda: commands.evaluate(
        agreement=found, scores=form.scores(), words=form.cleaned_data["words"],
        by=request.actor, at=timezone.now())):  # fmt: skip
        messages.success(request, _("Evaluated."))
        return redirect("agreements:agreement", number)
    context = {"agreement": found, "form": form, "side": side}
    return render(request, "agreements/evaluate.html", context, status=parts.status(form))
