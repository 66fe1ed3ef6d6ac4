"""Ordering the ledgers: where the data of each is now."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.people.decorators import desk
from shanzhi.people.pressing import tried

from .. import cleaning, commands, presenting
from ..forms.cleanups import Replace
from ..queries import ledgers as queries
from ..rules import OFFICE
from . import parts

SHOWN = {
    "": t("All"), "open": t("Without an answer"), "named": t("Replaced"),
    "paper": t("Paper of the city"), "lost": t("Led to what has ended"),
}  # fmt: skip


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    place = parts.place(request)
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in SHOWN else ""
    counts = queries.counts(place)
    page = queries.page(place, chosen, cursor=request.GET.get("cursor", ""))
    context = {
        **parts.whereabouts(request, place),
        "counts": counts, "page": page, "chosen": chosen,
        "chips": [(code, title, counts[code or "all"]) for code, title in SHOWN.items()],
        "rows": [cleaning.ledger_row(each) for each in page.rows],
    }  # fmt: skip
    return render(request, "burden/ledgers.html", context)


@desk
@require_http_methods(["GET", "POST"])
def ledger(request: HttpRequest, number: str) -> HttpResponse:
    """One ledger: its fields, what knows them, and where its data is from now on."""
    row = queries.ledger(parts.reach(request.actor), number)
    if row is None:
        raise Http404
    may = request.actor.role in OFFICE and request.actor.covers(row.place)
    form = Replace(request.POST or None, initial=_initial(row)) if may else None
    if form and form.is_valid() and tried(form, lambda: commands.replace_ledger(
        demand=row, what=form.what(), by=request.actor, at=timezone.now())):  # fmt: skip
        messages.success(request, _("Kept."))
        return redirect("burden:ledger", number)
    context = {
        "demand": row, "line": cleaning.ledger_row(row), "form": form,
        "fields": list(row.fields.order_by("position")),
        "replaced": [presenting.row(each.demand) for each in queries.replaced_by(row)],
    }  # fmt: skip
    status = 422 if form and form.errors else 200
    return render(request, "burden/ledger.html", context, status=status)


def _initial(row):
    known = getattr(row, "replacement", None)
    if known is None:
        asked = row.fields.exclude(element="").order_by("position")
        return {"elements": "\n".join(dict.fromkeys(each.element for each in asked))}
    return {
        "kind": known.kind, "page": known.page, "elements": "\n".join(known.elements),
        "heir": known.heir.number if known.heir else "", "reason": known.reason,
    }  # fmt: skip
