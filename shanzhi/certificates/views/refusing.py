"""Refusals: recorded in a few taps, printed as a letter, listed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.kernel import asked
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import tried

from .. import commands, presenting, queries
from ..forms import issuing as forms
from . import parts

Form = forms.Refuse | forms.RefuseUnlisted


@desk(roles=parts.WORKERS)
@require_http_methods(["GET", "POST"])
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """A certificate of the catalogue that is not issued."""
    row = parts.entry(request, pk)
    if row.allowed:
        raise Http404
    form = forms.Refuse(request.POST or None)
    return _refused(request, row, form)


@desk(roles=parts.WORKERS)
@require_http_methods(["GET", "POST"])
def refuse_unlisted(request: HttpRequest) -> HttpResponse:
    """One that no catalogue has: there is no basis for it."""
    wanted = asked.words(request.GET.get("asked", ""))
    form = forms.RefuseUnlisted(request.POST or None, initial={"asked": wanted})
    return _refused(request, None, form)


def _refused(request: HttpRequest, row, form: Form) -> HttpResponse:
    made = form.is_valid() and tried(form, lambda: commands.refuse(
        place=request.actor.place, entry=row, by=request.actor, at=timezone.now(),
        **form.cleaned_data))  # fmt: skip
    if made:
        return redirect("certificates:refusal", made.number)
    context = {
        "row": row, "form": form, "units": queries.units(),
        "way_out": presenting.way_out(row) if row else [],
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "certificates/refuse.html", context, status=status)


@desk(roles=parts.WORKERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    wanted = forms.Narrow(request.GET).wanted()
    found = queries.narrowed(queries.refusals(request.actor), wanted)
    page = queries.page(found, request.GET.get("cursor", ""))
    context = {"page": page, "rows": presenting.refusal_rows(page.rows), "wanted": wanted}
    return render(request, "certificates/refusals.html", context)


@desk(roles=parts.WORKERS)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    found = queries.narrowed(
        queries.refusals(request.actor), forms.Narrow(request.GET).wanted()
    ).order_by("pk")[:20_000]
    lines = presenting.refusal_csv(presenting.refusal_rows(found))
    return parts.csv(lines, f"refusals-{localdate(timezone.now()):%Y%m%d}")


@desk(roles=parts.WORKERS)
@require_safe
def refusal(request: HttpRequest, number: str) -> HttpResponse:
    """What was refused; with ?print the letter, in Chinese whoever prints it."""
    row = queries.refusals(request.actor).filter(number=number).first()
    if row is None:
        raise Http404
    if "print" in request.GET:
        with override("zh-hans"):
            return render(request, "certificates/letter.html", presenting.letter(row))
    context = {
        "refusal": row, "line": presenting.refusal_rows([row])[0],
        "way_out": presenting.way_out(row.entry) if row.entry else [],
    }  # fmt: skip
    return render(request, "certificates/refusal.html", context)
