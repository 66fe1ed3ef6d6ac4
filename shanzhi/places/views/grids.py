import orjson
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shanzhi.kernel import Refused, places
from shanzhi.kernel.access import desk

from .. import commands, drawing, forms, queries, rules
from . import parts


@desk(roles=rules.GRID_ROLES)
def add(request, code):
    if len(code) != places.LEVELS["community"] or not queries.exists(code):
        raise Http404
    parts.check_may_draw(request, code)
    form = forms.Grid(request.POST or None, request.FILES or None)
    return _page(request, code, form, _("New grid"), commands.add_grid, community=code)


@desk(roles=rules.GRID_ROLES)
def edit(request, code):
    pairs = {division.code: (division, grid) for division, grid in _siblings(code)}
    if code not in pairs:
        raise Http404
    parts.check_may_draw(request, code)
    division, grid = pairs[code]
    initial = {
        "name": division.name,
        "households": grid.households,
        "area": orjson.dumps(grid.area).decode() if grid.area else "",
    }
    form = forms.Grid(request.POST or None, request.FILES or None, initial=initial)
    return _page(request, code, form, division.short_name, commands.set_grid, code=code)


@desk(roles=rules.GRID_ROLES)
@require_POST
def end(request, code):
    if not queries.exists(code):
        raise Http404
    try:
        commands.end_grid(code=code, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("places:division", code=code)
    messages.success(request, _("The grid has ended."))
    return redirect("places:division", code=places.parent(code))


def _page(request, shown, form, title, command, **place):
    if request.method == "POST" and form.is_valid():
        try:
            grid = command(**form.cleaned_data, **place, by=request.actor, at=timezone.now())
        except Refused as refusal:
            parts.refuse(form, refusal)
        else:
            messages.success(request, _("The grid has been saved."))
            return redirect("places:division", code=grid.code)
    community = places.cut(shown, "community")
    context = {
        "form": form,
        "heading": title,
        "code": shown,
        "line": [*parts.line(community), *parts.named([community])],
        "picture": drawing.picture(_siblings(shown), chosen=shown),
    }
    return render(request, "places/grid.html", context, status=422 if form.errors else 200)


def _siblings(code):
    return queries.grids(places.cut(code, "community"))
