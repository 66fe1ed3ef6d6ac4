"""All agreements of a place at once: the pattern of the year, the run, its progress."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk, refused
from shanzhi.people.pressing import done
from shanzhi.places import queries as divisions

from .. import commands, forms, queries, tasks
from ..models import Run
from ..rules import DRIVERS
from ..rules.making import MAKERS


def _year(request):
    form = forms.Year(request.POST)
    if not form.is_valid():
        raise Refused(_("Agreements are made for this year or the next."), field="year")
    return form.cleaned_data["year"]


@desk(roles=DRIVERS)
@require_POST
def pattern(request: HttpRequest) -> HttpResponse:
    """What the sub-district agrees on with all of its communities."""
    try:
        made = commands.make_pattern(
            place=request.actor.place, year=_year(request), by=request.actor, at=timezone.now()
        )
    except Refused as refusal:
        return refused(request, str(refusal), reverse("agreements:index"))
    return redirect("agreements:agreement", made.number)


@desk(roles=MAKERS)
@require_POST
def generate(request: HttpRequest) -> HttpResponse:
    try:
        run = commands.start_run(
            place=request.actor.place, year=_year(request), by=request.actor, at=timezone.now()
        )
    except Refused as refusal:
        return refused(request, str(refusal), reverse("agreements:index"))
    tasks.go_on(run.pk)
    return redirect("agreements:run", run.pk)


@desk(roles=DRIVERS)
@require_POST
def open_all(request: HttpRequest) -> HttpResponse:
    """All drafts of the year go to their communities."""
    return done(
        request,
        _("The communities can read them now and comment."),
        lambda: commands.open_all(
            place=request.actor.place, year=_year(request), by=request.actor, at=timezone.now()
        ),
        "agreements:index",
    )


def _found(request, pk) -> Run:
    run = queries.run(request.actor, pk)
    if run is None:
        raise Http404
    return run


LONG = 120  # seconds: by then a run whose worker was killed has gone on by itself


def _told(run):
    seconds = max((timezone.now() - run.began_at).total_seconds(), 1)
    return {
        "run": run, "share": round(100 * run.done / max(run.total, 1)),
        "rate": round(run.done / seconds), "busy": run.state == Run.State.RUNNING,
        "signing": run.kind == Run.Kind.SIGN, "long": seconds > LONG,
    }  # fmt: skip


@desk(roles=MAKERS)
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    signing = found.kind == Run.Kind.SIGN
    names = divisions.names(code for code, _why in found.failures) if not signing else {}
    failed = [(names.get(code, code), why) for code, why in found.failures]
    many = {"n": len(failed)}
    said = (
        ngettext("%(n)s agreement was not signed.", "%(n)s agreements were not signed.", many["n"])
        if signing else
        ngettext("%(n)s community was left out.", "%(n)s communities were left out.", many["n"])
    ) % many  # fmt: skip
    context = _told(found) | {"name": divisions.name(found.place), "failed": failed, "said": said}
    return render(request, "agreements/run.html", context)


@desk(roles=MAKERS)
@require_safe
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The bar alone, for a page that looks again every two seconds."""
    found = _found(request, pk)
    if found.state == Run.State.DONE:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "agreements/parts/progress.html", _told(found))


@desk(roles=MAKERS)
@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    tasks.go_on(found.pk)
    return redirect("agreements:run", pk)
