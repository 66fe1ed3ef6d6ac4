"""The clean-up: its baseline entered by hand or as a file, frozen, annotated; then the work."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import places
from shanzhi.people.decorators import desk, refused
from shanzhi.people.pressing import done, tried

from .. import commands, files, presenting, queries
from ..forms import campaigns as forms
from ..kinds import COUNTED, WORKERS
from ..models import Category
from ..rules import OFFICE
from . import parts
from .demands import found


@desk(roles=OFFICE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """A clean-up of the post's place: begun, counted, loaded, frozen."""
    campaigns = parts.campaigns(request, request.actor.place)
    if campaigns.at_work is None:
        return redirect("burden:begin")
    return _page(request, campaigns, forms.RegisterFile())


def _page(request, campaigns, file_form):
    campaign, place = campaigns.at_work, request.actor.place
    entered = queries.entered(campaign, place)
    counts = queries.baselines(campaign, place)
    rows = [(code, title, counts.get(code), entered.get(code, 0), code in COUNTED)
            for code, title in Category.choices]  # fmt: skip
    initial = {code: each.number for code, each in counts.items()}
    context = {
        "campaign": campaign, "rows": rows, "place": place, "campaigns": campaigns,
        "form": forms.Counts(initial=initial, counted=COUNTED),
        "file_form": file_form, "remark_form": forms.RemarkForm(),
        "remarks": list(queries.remarks([campaign], place)[:50]),
        "before": presenting.counted_before([campaign], place),
        "own": campaign.place == place, "entered": sum(entered.values()),
        "may_begin": all(each.frozen_at for each in campaigns.known if each.place == place),
    }  # fmt: skip
    status = 422 if file_form.errors else 200
    return render(request, "burden/campaign.html", context, status=status)


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The first clean-up of a place, or another once the last is frozen."""
    at = timezone.now()
    form = forms.Begin(request.POST or None, initial={"workers": WORKERS})
    if form.is_valid() and tried(
        form,
        lambda: commands.begin_campaign(
            place=request.actor.place, by=request.actor, at=at, **form.cleaned_data
        ),
    ):
        return redirect("burden:campaign")
    known = queries.campaigns(request.actor.place)
    context = {"form": form, "known": known}
    return render(request, "burden/begin.html", context, status=422 if form.errors else 200)


def _at_work(request):
    """What is changed is the one that was asked for, or none."""
    campaigns = parts.campaigns(request, request.actor.place)
    if campaigns.at_work is None or (request.GET.get("campaign") and not campaigns.chosen):
        raise Http404
    return campaigns.at_work


def _own(request):
    campaign = _at_work(request)
    if campaign.place != request.actor.place:
        raise Http404
    return campaign


@desk(roles=OFFICE)
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    """The counts of the post's place."""
    campaign = _at_work(request)
    form = forms.Counts(request.POST, counted=COUNTED)
    if not form.is_valid():
        sentence = _("A count is a whole number, not below 0.")
        return refused(request, sentence, _back(request, "burden:campaign"))
    return _done(request, _("Kept."), lambda: commands.count_baseline(
        campaign=campaign, place=request.actor.place, counts=form.cleaned_data,
        by=request.actor, at=timezone.now()))  # fmt: skip


@desk(roles=OFFICE)
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """The register as a file: all of it, or the lines that are wrong."""
    campaign, form = _own(request), forms.RegisterFile(request.POST, request.FILES)
    number = form.is_valid() and tried(
        form, lambda: _loaded(request, campaign, form.cleaned_data["file"])
    )
    if not number:
        return _page(request, parts.campaigns(request, request.actor.place), form)
    messages.success(
        request, ngettext("%(num)s demand entered.", "%(num)s demands entered.", number)
        % {"num": number},
    )  # fmt: skip
    return redirect(_back(request, "burden:campaign"))


def _loaded(request, campaign, file):
    rows = files.read(file.read(files.MOST + 1), campaign)
    return commands.load_register(campaign=campaign, rows=rows, by=request.actor, at=timezone.now())


@desk(roles=OFFICE)
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """A file with the right columns, and one line as an example."""
    return StreamingHttpResponse(
        files.example(request.actor.place),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="register.csv"'},
    )


@desk(roles=OFFICE)
@require_POST
def freeze(request: HttpRequest) -> HttpResponse:
    campaign = _own(request)
    return _done(
        request,
        _("Frozen. From now on decisions change the present, not the baseline."),
        lambda: commands.freeze(campaign=campaign, by=request.actor, at=timezone.now()),
    )


@desk(roles=OFFICE)
@require_POST
def remark(request: HttpRequest, category: str) -> HttpResponse:
    campaign, form = _at_work(request), forms.RemarkForm(request.POST)
    counts = queries.baselines(campaign, request.actor.place)
    if category not in counts:
        raise Http404
    text = form.cleaned_data["text"] if form.is_valid() else ""
    return _done(request, _("Remark added."), lambda: commands.remark(
        baseline=counts[category], text=text, by=request.actor, at=timezone.now()))  # fmt: skip


def _done(request, sentence, run):
    return done(request, sentence, run, _back(request, "burden:campaign"))


def _back(request, name):
    """With the clean-up that was chosen."""
    kept = request.GET.urlencode()
    return reverse(name) + (f"?{kept}" if kept else "")


# --- demands of a baseline that is not frozen -----------------------------------------------------


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    campaign = _own(request)
    initial = {"staff": 1, "level": places.level(campaign.place)}
    form = forms.DemandForm(request.POST or None, campaign=campaign, initial=initial)
    made = form.is_valid() and tried(
        form,
        lambda: commands.enter(
            campaign=campaign, values=form.values(), fields=form.cleaned_data["fields_asked"],
            by=request.actor, at=timezone.now(),
        ),
    )  # fmt: skip
    if made:
        messages.success(request, _("Entered as %(number)s.") % {"number": made.number})
        following = "burden:enter" if "more" in request.POST else "burden:campaign"
        return redirect(_back(request, following))
    context = {"form": form, "demand": None}
    return render(request, "burden/enter.html", context, status=422 if form.errors else 200)


@desk(roles=OFFICE)
@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, number: str) -> HttpResponse:
    row = found(request, number)
    if row.campaign is None or row.campaign.frozen_at:
        raise Http404  # what is frozen has no such page
    form = forms.DemandForm(request.POST or None, campaign=row.campaign, initial=_initial(row))
    made = form.is_valid() and tried(
        form,
        lambda: commands.amend(
            demand=row, values=form.values(), fields=form.cleaned_data["fields_asked"],
            by=request.actor, at=timezone.now(),
        ),
    )  # fmt: skip
    if made:
        messages.success(request, _("Kept."))
        return redirect("burden:demand", number)
    context = {"form": form, "demand": row}
    return render(request, "burden/enter.html", context, status=422 if form.errors else 200)


def _initial(row):
    names = ("category", "title", "purpose", "basis", "cycle", "times", "minutes", "staff",
             "money", "medium", "plaque", "plaque_place", "url")  # fmt: skip
    return {name: getattr(row, name) for name in names} | {
        "department": row.department_id, "payer": row.payer_id or "",
        "level": places.level(row.place), "scope": "\n".join(row.scope),
        "fields_asked": "\n".join(each.name for each in row.fields.order_by("position")),
    }  # fmt: skip


@desk(roles=OFFICE)
@require_POST
def discard(request: HttpRequest, number: str) -> HttpResponse:
    row = found(request, number)
    return _done(request, _("Discarded."), lambda: commands.discard(
        demand=row, by=request.actor, at=timezone.now()))  # fmt: skip


# --- working through it ---------------------------------------------------------------------------


@desk(roles=OFFICE)
@require_safe
def cleanup(request: HttpRequest) -> HttpResponse:
    """Demands on which nobody has decided yet, category by category."""
    place = parts.place(request)
    campaigns = parts.campaigns(request, place)
    kept = {"campaign": campaigns.code}
    counts, whole = queries.undecided(place, kept)
    category = request.GET.get("category", "")
    first = next((code for code in Category.values if counts.get(code)), Category.BODY)
    chosen = category if category in Category.values else first
    wanted = kept | {"category": chosen, "open": "1", "frozen": "1"}
    page = queries.page(place, wanted, cursor=request.GET.get("cursor", ""))
    context = {
        "place": place,
        "campaigns": campaigns,
        "frozen": any(each.frozen_at for each in campaigns.counted),
        "chosen": chosen,
        "page": page,
        "title": Category(chosen).label,
        "chips": [(code, title, counts.get(code, 0)) for code, title in Category.choices],
        "rows": [presenting.row(each) for each in page.rows],
        "left": sum(counts.values()),
        "whole": whole,
    }
    return render(request, "burden/cleanup.html", context)
