"""What the gate let in, for everybody to read; emergencies; evaluations."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.burden import presenting as burden
from shanzhi.burden.views import parts
from shanzhi.kernel import asked, paging, places
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import tried

from .. import commands, presenting
from ..forms import others as forms
from ..models import Bypass, Evaluation, Review
from ..queries import demands as queries
from ..queries.checking import how_many
from ..rules import OFFICE, UNITS
from ..rules.applications import COMMUNITY

SIZE = 50


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    """Without signing in: what was admitted, what is an emergency, and until when."""
    rows = queries.published()
    text = asked.words(request.GET.get("q", ""))
    for word in text.split()[:5]:
        rows = rows.filter(title__icontains=word)
    key = paging.decode(request.GET.get("cursor", ""), int)
    if key:
        rows = rows.filter(pk__lt=key[0])
    page = paging.page(list(rows[: SIZE + 1]), size=SIZE, key=lambda row: (row.pk,))
    context = {"page": page, "q": text, "rows": [_public(each) for each in page.rows]}
    return render(request, "gate/public.html", context)


def _public(demand):
    bypass = getattr(demand, "bypass", None)
    return {
        "number": demand.number, "title": demand.title, "unit": presenting.unit(demand),
        "basis": demand.basis, "badge": burden.badge(demand), "demand": demand,
        "scope": "、".join(parts.scope_names(demand.scope)),
        "size": burden.size(demand.times, demand.minutes, demand.staff), "bypass": bypass,
    }  # fmt: skip


# --- emergencies ----------------------------------------------------------------------------------


@desk(roles=UNITS)
@require_http_methods(["GET", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    form = forms.EmergencyForm(request.POST or None, actor=request.actor, initial={"staff": 1})
    if form.is_valid():
        given = form.cleaned_data
        plan = form.plan(communities=how_many(given["scope"]))
        made = tried(form, lambda: commands.file_emergency(
            plan=plan, event=given["event"], approver=given["approver"],
            approved_on=given["approved_on"], by=request.actor, at=timezone.now()))  # fmt: skip
        if made:
            messages.success(request, _("Filed as %(number)s; it ends on %(day)s.") % {
                "number": made.demand.number, "day": dateformat.format(
                    made.demand.valid_to, pgettext("date format", "j M Y"))})  # fmt: skip
            return redirect("burden:demand", made.demand.number)
    return render(
        request, "gate/emergency.html", {"form": form}, status=422 if form.errors else 200
    )


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def prolong(request: HttpRequest, number: str) -> HttpResponse:
    bypass = get_object_or_404(Bypass.objects.select_related("demand"), demand__number=number)
    if not places.holds(request.actor.place, bypass.demand.place):
        raise Http404
    form = forms.Prolong(request.POST or None)
    if form.is_valid() and tried(form, lambda: commands.prolong_emergency(
            bypass=bypass, reason=form.cleaned_data["reason"], by=request.actor,
            at=timezone.now())):  # fmt: skip
        messages.success(request, _("Prolonged."))
        return redirect("burden:demand", number)
    context = {"form": form, "bypass": bypass}
    return render(request, "gate/prolong.html", context, status=422 if form.errors else 200)


# --- evaluations ----------------------------------------------------------------------------------


@desk
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own side to fill in; the office reads both, a side the other after its own."""
    row = get_object_or_404(Review.objects.select_related("demand__department"), pk=pk)
    own = _own(request.actor, row)
    office = request.actor.role in OFFICE and request.actor.covers(row.demand.place)
    if own is None and not office:
        raise Http404
    form = None
    if own is not None and not row.closed_at:
        initial = {name: getattr(own, name) for name in ("score", "wish", "minutes", "text")}
        form = forms.EvaluationForm(request.POST or None, initial=initial)
        if form.is_valid() and tried(form, lambda: commands.evaluate(
                evaluation=own, by=request.actor, at=timezone.now(),
                **form.cleaned_data)):  # fmt: skip
            messages.success(request, _("Your evaluation is kept."))
            return redirect("gate:review", pk)
    context = {
        "review": row, "demand": row.demand, "unit": presenting.unit(row.demand), "form": form,
        "own": own, "office": office,
        "result": queries.result(row) if office or (own and own.score) else None,
        "wishes": Evaluation.Wish.choices,
    }  # fmt: skip
    return render(request, "gate/review.html", context,
                  status=422 if form and form.errors else 200)  # fmt: skip


def _own(actor, review):
    if actor.role in COMMUNITY:
        return review.evaluations.filter(community=actor.place).first()
    demand = review.demand
    if actor.role in UNITS and (actor.place, actor.department) == (
            demand.place, demand.department_id):  # fmt: skip
        return review.evaluations.filter(community="").first()
    return None
