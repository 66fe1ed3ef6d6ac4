from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shanzhi.kernel import Refused
from shanzhi.kernel.asked import key, words
from shanzhi.people.decorators import desk

from . import commands, forms, kinds, notices, queries, rules, several, yearbook
from .preview import preview


@desk
def inbox(request: HttpRequest) -> HttpResponse:
    actor, at, asked = request.actor, timezone.now(), request.GET
    filter, to = asked.get("filter", ""), _narrowing(asked)
    context = {
        "page": queries.inbox(actor, at=at, filter=filter, to=to, cursor=asked.get("cursor", "")),
        "counts": queries.inbox_counts(actor, at, to),
        "chips": queries.FILTERS,
        "filter": filter,
        "to": to,
        "chosen": queries.chosen(to),
        "query": _kept(asked),
        "all": "all" in asked,
        "choices": queries.choices(actor, at, filter, to) if "choose" in asked else None,
    }
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "work/parts/duties.html", context)
    return render(request, "work/inbox.html", context | _beside(actor, at, context))


def _narrowing(given):
    return queries.Narrowing(*(words(given.get(name, "")) for name in ("kind", "item", "below")))


def _kept(asked):
    """What leads to this list again, without what opens its choices or ticks its rows."""
    query = asked.copy()
    for name in ("all", "choose"):
        query.pop(name, None)
    return query


def _beside(actor, at, shown):
    whole = queries.inbox_counts(actor, at) if shown["to"] else shown["counts"]
    figures = [(kpi, kpi.figure(actor, at)) for kpi in kinds.kpis()]
    panels = [(panel, panel.context(actor, at)) for panel in kinds.panels()]
    return {
        "whole": whole,
        "figures": [(kpi, figure) for kpi, figure in figures if figure is not None],
        "panels": [(panel, shown) for panel, shown in panels if shown is not None],
    }


@desk
@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, commands.take, _("You have taken it."))


@desk
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, commands.give_back, _("It waits for the whole unit again."))


def _do(request, pk, command, done, **values):
    duty = get_object_or_404(queries.visible_to(request.actor), pk=pk)
    try:
        command(duty=duty, by=request.actor, at=timezone.now(), **values)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(reverse("work:inbox") + "?" + request.POST.get("back", ""))


@desk
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    duty = get_object_or_404(queries.visible_to(request.actor), pk=pk)
    colleagues = queries.colleagues([duty], request.actor, timezone.now())
    form = forms.AssignForm(request.POST or None, colleagues=colleagues)
    if form.is_valid():
        return _do(request, pk, commands.assign, _("It is in your colleague's hands."),
                   **form.cleaned_data)  # fmt: skip
    return render(request, "work/assign.html", {"duty": duty, "form": form})


@desk
@require_POST
def several_at_once(request: HttpRequest) -> HttpResponse:
    """The rows that were ticked: what was done, and what was refused and why."""
    do, back, duties = request.POST.get("do", ""), request.POST.get("back", ""), _ticked(request)
    if do not in several.COMMANDS or not duties:
        messages.error(request, _("Tick the rows it is about, then press again."))
        return redirect(reverse("work:inbox") + "?" + back)
    at, values = timezone.now(), {}
    if do == "assign":
        colleagues = queries.colleagues(duties, request.actor, at)
        given = request.POST if "to" in request.POST else None
        form = forms.AssignForm(given, colleagues=colleagues)
        if not form.is_valid():
            context = {"duties": duties, "form": form, "back": back}
            return render(request, "work/assign_several.html", context)
        values = form.cleaned_data
    outcomes = several.run(do, duties, by=request.actor, at=at, **values)
    context = {"do": do, "back": back, "done": [each for each in outcomes if not each.refusal],
               "refused": [each for each in outcomes if each.refusal]}  # fmt: skip
    return render(request, "work/several.html", context)


def _ticked(request):
    given = (key(text) for text in request.POST.getlist("duty")[: several.MOST])
    return queries.of_unit(request.actor, list(dict.fromkeys(filter(None, given))))


@desk(roles=rules.OVERSEERS)
def units(request: HttpRequest) -> HttpResponse:
    rows = queries.units_below(request.actor, timezone.now())
    return render(request, "work/units.html", {"rows": rows})


@desk
def calendar(request: HttpRequest, year: int = 0) -> HttpResponse:
    today = timezone.localdate()
    book = yearbook.of(year or today.year, today)
    may_edit = request.actor.role in rules.CALENDAR_ROLES
    return render(request, "work/calendar.html", {"book": book, "may_edit": may_edit})


@desk(roles=rules.CALENDAR_ROLES)
def edit_year(request: HttpRequest, year: int) -> HttpResponse:
    """Three steps on one page: read a pasted notice, look at what would move, publish."""
    step = {"read": _read, "preview": _preview, "publish": _publish}.get(request.POST.get("step"))
    if step is None:
        return _show_year(request, year, _blank(year))
    form = forms.NoticeForm(request.POST, year=year)
    try:
        return step(request, year, form)
    except Refused as refusal:
        form.errors.pop("source", None) if refusal.field == "text" else None
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _show_year(request, year, form, status=422)


def _blank(year):
    return forms.NoticeForm(initial=forms.initial(yearbook.notice(year)), year=year)


def _read(request, year, form):
    rests, makeups = notices.parse(request.POST.get("text", ""), year)
    notice = rules.Notice(year, form.data.get("source", ""), rests, makeups)
    return _show_year(request, year, forms.NoticeForm(initial=forms.initial(notice), year=year))


def _preview(request, year, form):
    if not form.is_valid():
        return _show_year(request, year, form, status=422)
    notice, at = form.cleaned_data["notice"], timezone.now()
    rules.check_notice(notice, at)
    return _show_year(
        request, year, form, preview=preview(notice, at), looked_at=yearbook.digest(notice),
        book=yearbook.as_noticed(notice, timezone.localdate(at)),
    )  # fmt: skip


def _publish(request, year, form):
    """Only what was looked at: a notice changed since its preview is shown once more."""
    if not form.is_valid():
        return _show_year(request, year, form, status=422)
    notice = form.cleaned_data["notice"]
    if request.POST.get("looked_at") != yearbook.digest(notice):
        return _preview(request, year, form)
    commands.publish_year(notice=notice, by=request.actor, at=timezone.now())
    messages.success(request, _("Published. Due dates follow within minutes."))
    return redirect("work:year", year=year)


def _show_year(request, year, form, status=200, **context):
    context |= {"year": year, "form": form, "text": request.POST.get("text", "")}
    return render(request, "work/edit_year.html", context, status=status)
