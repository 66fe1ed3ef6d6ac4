"""How far a city or district is, and what communities say of a department."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from shanzhi.kernel import asked, places
from shanzhi.people.decorators import desk
from shanzhi.people.queries import unit_name
from shanzhi.places import queries as divisions

from .. import presenting, queries
from ..rules import DRIVERS, OVERSEERS
from . import parts


@desk(roles=OVERSEERS | DRIVERS)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """By the divisions right below: signed, agreed, in negotiation; promised, paid, overdue."""
    place, year = parts.place(request), parts.year(request)
    if len(place) >= places.LEVELS["community"]:
        return redirect("agreements:index")
    rows = queries.below(place, year, parts.today())
    names = divisions.names(places.above(place))
    line = [(code, names.get(code, code)) for code in places.above(place)
            if places.holds(request.actor.place, code)]  # fmt: skip
    context = {
        "place": place, "line": line, "name": divisions.name(place), "year": year,
        "years": sorted({*queries.years(request.actor), year}, reverse=True), "rows": rows,
        "all": _sum(rows), "yuan": presenting.yuan,
        "inner": len(place) < places.LEVELS["subdistrict"],
    }  # fmt: skip
    return render(request, "agreements/overview.html", context)


def _sum(rows):
    states: dict[str, int] = {}
    for row in rows:
        for state, many in row.states.items():
            states[state] = states.get(state, 0) + many
    money = {name: sum(getattr(row, name) for row in rows)
             for name in ("promised", "paid", "overdue")}  # fmt: skip
    counts = {name: sum(getattr(row, name) for row in rows)
              for name in ("communities", "unpaid", "unevaluated")}  # fmt: skip
    return queries.Below("", "", states=states, **money, **counts)


@desk(roles=frozenset({"department_clerk"}))
@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """Of the department's own clauses; no community is named, and three must have spoken."""
    actor = request.actor
    today = parts.today()
    year = asked.key(request.GET.get("year", "")[:4]) or today.year - (today.month < 12)
    words = queries.words_of(actor.place, actor.department, year)
    rows = queries.departments(actor.place, actor.department, year)
    context = {
        "year": year, "years": range(today.year, today.year - 4, -1),
        "unit": unit_name(actor.place, actor.department),
        "rows": [(each, words.get(each.code, [])) for each in rows], "fewest": queries.FEWEST,
    }  # fmt: skip
    return render(request, "agreements/departments.html", context)
