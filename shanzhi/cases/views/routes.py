"""The desk's pages of routing: the rules in order, one rule, and where a request would go."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk, refused
from shanzhi.places import queries as places

from .. import catalogue, commands, queries, rules
from .. import forms_editing as forms
from ..models import Route
from ..presenting import routes as presenting

COMMUNITY = 12  # digits of its code
ANY_LEVEL = ("city", "district", "subdistrict", "community", "grid")


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All rules in the order they are asked. Not in pages: what counts is what stands before."""
    rows = presenting.spoken(queries.routes(), localdate(timezone.now()))
    context = {
        "rows": rows,
        "may": {row.route.pk for row in rows if _may(request, row.route.place)},
        "may_add": request.actor.role in rules.ROUTERS,
        "hidden": sum(bool(row.hidden_by) for row in rows),
    }
    return render(request, "cases/routes/index.html", context)


def _may(request, *places_of):
    try:
        rules.check_may_route(request.actor, *places_of)
    except Refused:
        return False
    return True


def _stop(request, *places_of):
    try:
        rules.check_may_route(request.actor, *places_of)
    except Refused as refusal:
        return refused(request, str(refusal))
    return None


# --- one rule -------------------------------------------------------------------------------------


@desk
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    if stop := _stop(request):
        return stop
    own = request.actor.place if request.actor.role == "district_clerk" else ""
    last = Route.objects.order_by("position").last()
    return _rule(
        request, None, {"position": last.position + 1 if last else 1, "place": own, "items": []}
    )


@desk
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    route = get_object_or_404(Route, pk=pk)
    if stop := _stop(request, route.place):
        return stop
    names = ("name", "position", "items", "category", "place", "valid_from", "level", "department")
    initial = {name: getattr(route, name) for name in names}
    return _rule(request, route, initial | {"last_day": presenting.last_day(route)})


def _rule(request, route, initial):
    """The form of a rule; finding items and places shows it again with what was found."""
    if request.method == "GET":
        return _form(request, route, _bound(initial, {}, initial=initial))
    post = request.POST
    typed = {name: _text(post, name) for name in forms.RouteForm.base_fields}
    typed["items"] = [code for code in post.getlist("items") if "\0" not in code]
    if "find" in post:
        return _form(request, route, _bound(typed, typed, initial=typed))
    form = _bound(typed, {}, data=post)
    if form.is_valid() and _saved(request, route, form):
        return redirect("cases:routes")
    return _form(request, route, form, status=422)


def _text(sent, name):
    """What was typed; the one character PostgreSQL does not take is nobody's word."""
    return sent.get(name, "").replace("\0", "")


def _bound(chosen, words, **given):
    """A form whose choices are what is chosen already and what the words find."""
    items = queries.item_names(chosen.get("items") or [])
    found = queries.find_items(words["item_words"]) if words.get("item_words") else []
    items |= {each.code: each.name for each in found}
    near = presenting.place_names([chosen.get("place")])
    text = words.get("place_words")
    near |= _places(text) if text else {}
    return forms.RouteForm(items=items, places=near, categories=queries.all_categories(), **given)


def _places(text):
    """Divisions of any level by name; an estate stands for where it lies."""
    found = places.search(text, limit=12, levels=ANY_LEVEL)
    return {each.code: f"{each.path} {each.name}".strip() for each in found}


def _saved(request, route, form):
    values = dict(form.cleaned_data)
    position, last_day = values.pop("position"), values.pop("last_day")
    del values["item_words"], values["place_words"]
    values["valid_to"] = last_day and last_day + timedelta(days=1)
    try:
        commands.save_route(
            route=route, values=values, position=position, by=request.actor, at=timezone.now(),
            stamp=request.POST.get("stamp", ""),
        )  # fmt: skip
    except Refused as refusal:
        field = {"valid_to": "last_day"}.get(refusal.field, refusal.field)
        form.add_error(field if field in form.fields else None, str(refusal))
        return False
    messages.success(request, _("The rule was saved. It holds for requests from now on."))
    return True


def _form(request, route, form, status=200):
    stamp = request.POST.get("stamp") or catalogue.route_stamp(route)
    context = {"route": route, "form": form, "stamp": stamp}
    return render(request, "cases/routes/edit.html", context, status=status)


@desk
@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    route = get_object_or_404(Route, pk=pk)
    if stop := _stop(request, route.place):
        return stop
    by_places = -1 if request.POST.get("to") == "up" else 1
    before = route.position
    route = commands.move_route(
        route=route, by_places=by_places, by=request.actor, at=timezone.now()
    )
    done = _("Rule %(before)s is now rule %(after)s.")
    messages.success(request, done % {"before": before, "after": route.position})
    return redirect(f"{reverse('cases:routes')}#rule-{route.pk}")


@desk
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    route = get_object_or_404(Route, pk=pk)
    if stop := _stop(request, route.place):
        return stop
    commands.delete_route(route=route, by=request.actor, at=timezone.now())
    messages.success(request, _("The rule “%(name)s” was deleted.") % {"name": route.name})
    return redirect("cases:routes")


# --- where would it go ----------------------------------------------------------------------------


@desk
@require_safe
def simulate(request: HttpRequest) -> HttpResponse:
    """Where a request would go, and because of which rule; all of it in the query string."""
    asked = {name: _text(request.GET, name)[:60] for name in forms.Simulate.base_fields}
    asked["day"] = asked["day"] or str(localdate(timezone.now()))
    items, near = _items_meant(asked), _places_meant(asked)
    asked |= {"items": _one_of(items, asked["items"]), "place": _one_of(near, asked["place"])}
    form = forms.Simulate(asked, items=items, places=near, categories=queries.all_categories())
    ready = form.is_valid() and asked["items"] and asked["place"]
    context = {
        "form": form,
        "outcome": _outcome(form.cleaned_data) if ready else None,
        "asked": bool(request.GET),
        "nothing": {
            "items": bool(asked["item_words"]) and not items,
            "place": bool(asked["place_words"]) and not near,
        },
    }
    return render(request, "cases/routes/simulate.html", context)


def _items_meant(asked):
    """What the words find, or else what was chosen before."""
    if asked["item_words"]:
        return {each.code: each.name for each in queries.find_items(asked["item_words"])}
    return queries.item_names([asked["items"]]) if asked["items"] else {}


def _places_meant(asked):
    """Communities, or where an estate lies."""
    if asked["place_words"]:
        found = places.search(asked["place_words"], limit=12)
        return {each.code: f"{each.path} {each.name}" for each in found}
    known = len(asked["place"]) >= COMMUNITY and places.exists(asked["place"])
    return presenting.place_names([asked["place"]]) if known else {}


def _one_of(found, chosen):
    """What was chosen, or the only one there is."""
    return chosen if chosen in found else next(iter(found)) if len(found) == 1 else ""


def _outcome(values):
    item = queries.heads().get(code=values["items"])
    return presenting.simulated(item, values["category"], values["place"], values["day"])
