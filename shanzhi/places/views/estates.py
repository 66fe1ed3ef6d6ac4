from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shanzhi.kernel import Refused, places
from shanzhi.kernel.access import desk

from .. import commands, forms, points, queries, rules
from . import parts


@desk
@require_safe
def index(request, code):
    """The estates of any place, those of grids with the name of the grid."""
    found = queries.latest(code)
    if found is None:
        raise Http404
    estates = queries.estates(code)
    context = {
        "division": found,
        "line": [*parts.line(code), *parts.named([code])],
        "estates": estates,
        "called": queries.names(each.place for each in estates),
        "may_draw": len(code) >= places.LEVELS["community"] and rules.may_draw(request.actor, code),
    }
    return render(request, "places/estates.html", context)


@desk(roles=rules.GRID_ROLES)
def add(request, code):
    if len(code) < places.LEVELS["community"] or not queries.exists(code):
        raise Http404
    parts.check_may_draw(request, code)
    form = forms.Estate(request.POST or None, places=_choices(code), initial={"place": code})
    return _page(request, code, form, _("New estate"), commands.add_estate)


@desk(roles=rules.GRID_ROLES)
def edit(request, pk):
    estate = queries.estate(pk)
    if estate is None:
        raise Http404
    parts.check_may_draw(request, estate.place)
    initial = {field: getattr(estate, field) for field in commands.estates.FIELDS}
    form = forms.Estate(request.POST or None, places=_choices(estate.place), initial=initial)
    return _page(request, estate.place, form, estate.name, commands.change_estate, estate=estate)


@desk(roles=rules.GRID_ROLES)
@require_POST
def delete(request, pk):
    estate = queries.estate(pk)
    if estate is None:
        raise Http404
    parts.check_may_draw(request, estate.place)
    try:
        commands.delete_estate(estate=estate, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("places:estate", pk=pk)
    messages.success(request, _("The estate has been deleted."))
    return redirect("places:estates", code=places.cut(estate.place, "community"))


def _choices(code):
    community = places.cut(code, "community")
    below = [(each.code, each.short_name) for each in queries.children(community)]
    return [(community, queries.name(community)), *below]


def _page(request, code, form, title, command, **which):
    if request.method == "POST" and form.is_valid():
        values = _in_our_system(dict(form.cleaned_data))
        try:
            estate = command(**values, **which, by=request.actor, at=timezone.now())
        except Refused as refusal:
            parts.refuse(form, refusal)
        else:
            messages.success(request, _("The estate has been saved."))
            return redirect("places:estates", code=places.cut(estate.place, "community"))
    community = places.cut(code, "community")
    context = {
        "form": form,
        "heading": title,
        "code": community,
        "line": [*parts.line(community), *parts.named([community])],
        "estate": which.get("estate"),
    }
    return render(request, "places/estate.html", context, status=422 if form.errors else 200)


def _in_our_system(values):
    system = values.pop("system")
    if values["longitude"] is not None and values["latitude"] is not None:
        point = points.as_cgcs2000(values["longitude"], values["latitude"], system)
        values["longitude"], values["latitude"] = (round(each, 7) for each in point)
    return values
