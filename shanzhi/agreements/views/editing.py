"""The text and what is said about it."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from shanzhi.burden.models import ListEntry
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done, tried

from .. import commands, forms, presenting, queries
from ..models import Agreement
from ..rules import DRIVERS, SPEAKERS
from . import parts
from .agreements import page

PARTIES = DRIVERS | SPEAKERS


@desk(roles=DRIVERS)
@require_http_methods(["GET", "POST"])
def clause(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Target, money and days of one clause."""
    found = parts.found(request, number)
    row = get_object_or_404(found.clauses.select_related("department", "payer"), pk=pk)
    pattern = found.kind == Agreement.Kind.PATTERN
    form = forms.Agreed.of(row, request.POST or None, everywhere=pattern)
    if form.is_valid() and tried(form, lambda: commands.edit_clause(
        clause=row, values=form.values(), everywhere=form.cleaned_data.get("everywhere", False),
        by=request.actor, at=timezone.now())):  # fmt: skip
        messages.success(request, _("Saved."))
        return redirect(reverse("agreements:agreement", args=[number]) + f"#clause-{row.code}")
    context = {"agreement": found, "row": presenting.clause(row, [], None), "form": form}
    return render(request, "agreements/clause.html", context, status=parts.status(form))


@desk(roles=DRIVERS)
@require_POST
def remove(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    row = get_object_or_404(parts.found(request, number).clauses, pk=pk)
    return done(
        request,
        _("Taken out."),
        lambda: commands.remove_clause(clause=row, by=request.actor, at=timezone.now()),
        "agreements:agreement",
        number,
    )


def _missing(found):
    """Entries of its lists that it does not have."""
    have = set(queries.codes_of(found))
    return {code: told for code, told in queries.told(found.own, found.assist).items()
            if code not in have}  # fmt: skip


@desk(roles=DRIVERS)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, number: str) -> HttpResponse:
    found = parts.found(request, number)
    form = forms.Add(request.POST or None, entries=_missing(found))
    if form.is_valid() and tried(form, lambda: _added(request, found, form)):
        messages.success(request, _("Added."))
        return redirect("agreements:agreement", number)
    context = {"agreement": found, "form": form, "title": _("Add a clause")}
    return render(request, "agreements/form.html", context, status=parts.status(form))


def _added(request, found, form):
    editions = [found.own_id, found.assist_id]
    entry = ListEntry.objects.get(edition__in=editions, code=form.cleaned_data["entry"])
    return commands.add_clause(
        agreement=found, entry=entry, by=request.actor, at=timezone.now()
    )  # fmt: skip


@desk(roles=DRIVERS)
@require_http_methods(["GET", "POST"])
def terms(request: HttpRequest, number: str) -> HttpResponse:
    found = parts.found(request, number)
    form = forms.Terms(request.POST or None, initial={"terms": found.terms})
    if form.is_valid() and tried(form, lambda: commands.write_terms(
        agreement=found, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Saved."))
        return redirect("agreements:agreement", number)
    context = {"agreement": found, "form": form, "title": _("Further terms")}
    return render(request, "agreements/form.html", context, status=parts.status(form))


@desk(roles=DRIVERS)
@require_http_methods(["GET", "POST"])
def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """What was admitted during the year, as a small agreement of its own."""
    found = parts.found(request, number)
    entries = queries.admissible(found, queries.codes_of(found))
    form = forms.Supplement(request.POST or None, entries=entries)
    if form.is_valid() and (made := tried(form, lambda: _supplemented(request, found, form))):
        messages.success(request, _("The supplement is a draft now.") if len(made) == 1
                         else _("The supplements are drafts now."))  # fmt: skip
        return redirect("agreements:agreement", made[0].number)
    context = {"agreement": found, "form": form, "title": _("Supplement")}
    return render(request, "agreements/form.html", context, status=parts.status(form))


def _supplemented(request, found, form):
    asked = {"code": form.cleaned_data["entry"], "values": form.values(), "by": request.actor,
             "at": timezone.now()}  # fmt: skip
    if form.cleaned_data["for_all"]:
        return commands.supplement_all(place=found.subdistrict, year=found.year, **asked)
    return [commands.supplement(parent=found, **asked)]


@desk(roles=DRIVERS)
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, number: str) -> HttpResponse:
    """A supplement that ends what a community signed that is no more."""
    found = parts.found(request, number)
    form = forms.End(request.POST or None, initial={"ends_on": parts.today()})
    if form.is_valid() and (made := tried(form, lambda: commands.end(
        agreement=found, by=request.actor, at=timezone.now(), **form.cleaned_data))):  # fmt: skip
        messages.success(request, _("The supplement is a draft now."))
        return redirect("agreements:agreement", made.number)
    context = {"agreement": found, "form": form, "title": _("End it by a supplement")}
    return render(request, "agreements/form.html", context, status=parts.status(form))


@desk(roles=DRIVERS)
@require_POST
def carry_on(request: HttpRequest, number: str) -> HttpResponse:
    """One of the communities that its own was split into."""
    found = parts.found(request, number)
    return done(
        request,
        _("This community carries it on."),
        lambda: commands.carry_on(
            agreement=found, place=request.POST.get("place", "")[:20], by=request.actor,
            at=timezone.now(),
        ),
        "agreements:agreement",
        number,
    )  # fmt: skip


# --- comments -------------------------------------------------------------------------------------


@desk(roles=PARTIES)
@require_POST
def comment(request: HttpRequest, number: str) -> HttpResponse:
    """On a clause, or on the whole."""
    found, form = parts.found(request, number), forms.Words(request.POST)
    code = request.POST.get("code", "")[:12]
    if code and not found.clauses.filter(code=code).exists():
        raise Http404
    if form.is_valid() and tried(form, lambda: commands.comment(
        agreement=found, code=code, by=request.actor, at=timezone.now(),
        **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("The other side is told."))
        return redirect("agreements:agreement", number)
    return page(request, found, form=form, code=code)


@desk(roles=PARTIES)
@require_POST
def answer(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    found, form = parts.found(request, number), forms.Words(request.POST)
    row = get_object_or_404(found.comments, pk=pk)
    if form.is_valid() and tried(form, lambda: commands.answer(
        comment=row, by=request.actor, at=timezone.now(), **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Answered."))
        return redirect("agreements:agreement", number)
    return page(request, found, form=form, code=row.code)


@desk(roles=PARTIES)
@require_POST
def settle(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    row = get_object_or_404(parts.found(request, number).comments, pk=pk)
    return done(
        request,
        pgettext("comment", "Settled."),
        lambda: commands.settle(comment=row, by=request.actor, at=timezone.now()),
        "agreements:agreement",
        number,
    )
