"""Signing, and what a PDF reader says of the signatures."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.files import disk
from shanzhi.people import limits, proving
from shanzhi.people.decorators import desk
from shanzhi.people.pressing import tried
from shanzhi.places import queries as divisions

from .. import commands, forms, presenting, queries, tasks
from ..document import unit_of
from ..models import Run, Side
from ..rules import DRIVERS, READERS, SIGNERS, side_of
from ..sealing import MOST, seal
from . import parts


@desk(roles=DRIVERS | SIGNERS)
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, number: str) -> HttpResponse:
    """The password once more, then the signature."""
    found = parts.found(request, number)
    side = side_of(found, request.actor)
    if side is None:
        raise Http404
    form = forms.Sign(request.POST or None, asks=proving.asks_password(request))
    if form.is_valid() and tried(form, lambda: _signed(request, found, form)):
        messages.success(request, _("Signed."))
        return redirect("agreements:agreement", number)
    place = found.place if side == Side.COMMUNITY else found.subdistrict
    context = {"agreement": found, "form": form, "unit": unit_of(found, side),
               "demonstration": seal().demonstration(place)}  # fmt: skip
    return render(request, "agreements/sign.html", context, status=parts.status(form))


@desk(roles=DRIVERS)
@require_http_methods(["GET", "POST"])
def sign_all(request: HttpRequest) -> HttpResponse:
    """What waits for the sub-district, with the password once; the worker signs one by one."""
    place, year = request.actor.place, parts.year(request)
    waiting = presenting.ready(queries.ready(place, year))
    numbers = [each["number"] for each in waiting]
    form = forms.SignAll(request.POST or None, numbers=numbers, asks=proving.asks_password(request))
    if form.is_valid() and (run := tried(form, lambda: _begun(request, place, year, form))):
        tasks.go_on(run.pk)
        return redirect("agreements:run", run.pk)
    context = {
        "year": year, "rows": waiting, "form": form, "unit": divisions.name(place),
        "chosen": form["numbers"].value() or [] if form.is_bound else numbers,
        "demonstration": seal().demonstration(place), "running": queries.signing_now(place),
        "runs": queries.runs(request.actor, year, Run.Kind.SIGN),
    }  # fmt: skip
    return render(request, "agreements/sign_all.html", context, status=parts.status(form))


def _begun(request, place, year, form):
    proving.check_password(request, form.cleaned_data.get("password", ""))
    return commands.start_signing(
        place=place, year=year, numbers=form.cleaned_data["numbers"], by=request.actor,
        at=timezone.now(),
    )  # fmt: skip


def _signed(request, found, form):
    proving.check_password(request, form.cleaned_data.get("password", ""))
    return commands.sign(agreement=found, by=request.actor, at=timezone.now())


@desk(roles=READERS)
@require_safe
def signatures(request: HttpRequest, number: str) -> HttpResponse:
    """Of the file as it lies here."""
    found = parts.found(request, number)
    if not found.frozen:
        raise Http404
    examined = seal().examine(b"".join(disk.read(found.document)))
    context = {"agreement": found, "examined": examined, "form": None, "sides": dict(Side.choices)}
    return render(request, "agreements/verify.html", context)


@desk
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Of any file somebody has."""
    form = forms.Verify(request.POST or None, request.FILES or None)
    examined = None
    if form.is_valid():
        limits.limit(request, "verify", per="account", amount=30, seconds=600)
        content = form.cleaned_data["file"].read(MOST + 1)
        examined = tried(form, lambda: seal().examine(content))
    context = {
        "agreement": None, "examined": examined, "form": form, "sides": dict(Side.choices),
        "reader": request.actor.role in READERS,
    }  # fmt: skip
    return render(request, "agreements/verify.html", context, status=parts.status(form))
