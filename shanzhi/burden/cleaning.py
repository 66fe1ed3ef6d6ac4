"""The four clean-ups as pages show them: rows made once, words for every state."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from shanzhi.kernel import places
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name
from shanzhi.places import queries as divisions
from shanzhi.registry.kinds import entry

from . import kinds, merge_map, presenting
from .models import Demand, Plan, Plaque, Replacement
from .queries import ledgers, systems, walls
from .queries.walls import Figures
from .rules import ledgers as ledger_rules
from .rules import walls as wall_rules


@dataclass(frozen=True)
class Step:
    """One of the four: how far it is, and what comes next."""

    code: str
    title: str
    icon: str
    href: str
    done: int
    whole: int
    says: str  # of `done` and `whole`
    facts: Sequence[tuple[str, Any]]
    next: str  # "" where there is nothing left
    next_href: str = ""


def steps(place: str, on: date, *, tells: bool = True) -> list[Step]:
    """`tells`: whoever looks may say for the community what it logs into."""
    community = len(place) == wall_rules.COMMUNITY_LENGTH
    there = len(walls.communities_in(place))
    wall = _community_wall(place, on) if community else _wall(place, on, there)
    return [
        _gate(place, on),
        wall,
        _ledgers(place),
        _systems(place, on, there, community, tells),
    ]


FIRST = 4  # conditions on the card of the overview


# --- gate -----------------------------------------------------------------------------------------


def conditions(place: str, on: date) -> list[dict[str, Any]]:
    found = []
    for each in kinds.conditions():
        holds, words = each.check(place, on)
        found.append({"title": each.title, "holds": holds, "words": words,
                      "href": reverse(each.url_name) + each.query})  # fmt: skip
    return found


def _gate(place, on):
    rows = conditions(place, on)
    done = sum(each["holds"] for each in rows)
    missing = next((each for each in rows if not each["holds"]), None)
    return Step(
        "gate", _("Keep the gate"), "door", reverse("burden:gatekeeping"), done, len(rows),
        _("%(done)s of %(whole)s conditions hold") % {"done": done, "whole": len(rows)},
        [(each["title"], each["words"]) for each in rows[:FIRST]],
        str(missing["title"]) if missing else "", missing["href"] if missing else "",
    )  # fmt: skip


# --- wall -----------------------------------------------------------------------------------------


def _wall(place, on, there):
    total, walked = walls.total(place, on), walls.walks(place)
    base = f"{reverse('burden:wall')}?place={place}"
    todo, href = _plaques_left(total), base
    if left := max(there - walked, 0):
        todo = ngettext(
            "%(num)s community has not gone round yet",
            "%(num)s communities have not gone round yet",
            left,
        ) % {"num": f"{left:,}"}
        href = f"{base}&show=waiting"
    return _wall_step(base, total, todo, href,
                      [(_("Communities that went round"), f"{walked:,} / {there:,}")])  # fmt: skip


def _community_wall(place, on):
    total, walk = walls.total(place, on), walls.walk(place)
    base = f"{reverse('burden:wall')}?place={place}"
    todo = _plaques_left(total) if walk else _("Go round and record what hangs")
    return _wall_step(base, total, todo, base, [])


def _plaques_left(total):
    """What is to be done with those that are recorded; "" where nothing is."""
    if total.undecided:
        return _("Decide on %(many)s plaques") % {"many": f"{total.undecided:,}"}
    if total.to_take_down:
        many = f"{total.to_take_down:,}"
        return _("%(many)s plaques are still to be taken down") % {"many": many}
    return ""


def _wall_step(base, total, todo, href, more):
    done = total.recorded - total.undecided
    facts = [
        *more, (_("Recorded"), f"{total.recorded:,}"), (_("Hanging now"), f"{total.hanging:,}"),
        (_("Taken down"), f"{total.down:,}"),
    ]  # fmt: skip
    return Step(
        "wall", _("Clear the walls"), "wall", base, done, total.recorded,
        _("%(done)s of %(whole)s plaques decided") % {
            "done": f"{done:,}", "whole": f"{total.recorded:,}"},
        facts, todo, href if todo else "",
    )  # fmt: skip


def place_names() -> dict[str, str]:
    return {code: str(title) for code, title in Demand.PlaquePlace.choices}


def caps(figures: Figures | None = None) -> list[dict[str, Any]]:
    """Of each place how many hang, and how many may."""
    return [
        {"title": str(title), "cap": wall_rules.caps()[code],
         "hanging": getattr(figures, code) if figures else None}
        for code, title in Demand.PlaquePlace.choices
    ]  # fmt: skip


def over(figures: Figures) -> list[str]:
    """“At the door 3 too many”, for each place that is over its cap."""
    names = place_names()
    return [
        _("%(place)s: %(many)s too many") % {"place": names[code], "many": many}
        for code, many in figures.over(wall_rules.caps()).items()
    ]


def wall_row(code: str, name: str, figures: Figures, walked_on: date | None) -> dict[str, Any]:
    return {
        "href": f"{reverse('burden:wall')}?place={code}", "name": name, "figures": figures,
        "walked_on": walked_on, "over": over(figures),
    }  # fmt: skip


def plaque_badge(plaque: Plaque) -> dict[str, str]:
    if plaque.down_on:
        return {"text": _("Taken down"), "tone": "green"}
    if plaque.verdict == Plaque.Verdict.KEEP:
        return {"text": pgettext("plaque", "Stays"), "tone": "blue"}
    if plaque.verdict:
        return {"text": pgettext("plaque", "To be taken down"), "tone": "orange"}
    return {"text": pgettext("plaque", "Open"), "tone": "grey"}


def plaque_row(plaque: Plaque, actor: Actor) -> dict[str, Any]:
    demand = plaque.demand
    outside = wall_rules.gives_back(plaque, actor)
    return {
        "plaque": plaque, "href": reverse("burden:plaque", args=[plaque.pk]),
        "place": plaque.get_place_display(), "badge": plaque_badge(plaque),
        "former": divisions.name(plaque.former) if plaque.former else "",
        "owner": plaque.department.bureau if plaque.department else "",
        "demand": demand, "ended": demand is not None and demand.state != Demand.State.IN_FORCE,
        "decides": wall_rules.decides(plaque, actor),
        "give_back": given_back(plaque) if outside else "",
    }  # fmt: skip


def given_back(plaque: Plaque) -> str:
    """The gate's form of a return, filled with what hangs and, where it is known, who asked."""
    demand = plaque.demand
    what = _("Plaque “%(text)s”, %(place)s") % {
        "text": plaque.text, "place": plaque.get_place_display(),
    }  # fmt: skip
    return presenting.return_form(
        what=f"{what} {demand.number}" if demand else what, department=plaque.department_id or "",
        level=places.level(demand.place) if demand else "",
    )  # fmt: skip


def plaque_lines(rows: Iterable[Plaque]) -> Iterator[list[Any]]:
    """A file's lines, its head first."""
    yield [_("Community"), _("Code"), _("Text of the plaque"), _("Where it hangs"),
           _("Whose it is"), _("Demand number"), _("Recorded on"),
           pgettext("plaque", "Decision"), _("Reason"), _("Decided on"), _("Taken down on"),
           _("Evidence")]  # fmt: skip
    for each in rows:
        yield [
            divisions.name(each.community), each.community, each.text, each.get_place_display(),
            each.department.bureau if each.department else "",
            each.demand.number if each.demand else "", each.recorded_on,
            each.get_verdict_display(), each.reason, each.decided_on or "", each.down_on or "",
            each.evidence,
        ]  # fmt: skip


# --- ledgers --------------------------------------------------------------------------------------


def _ledgers(place):
    found = ledgers.counts(place)
    base = f"{reverse('burden:ledgers')}?place={place}"
    todo, href = "", ""
    if found["paper"]:
        todo = ngettext("%(num)s paper ledger of the city cannot stay",
                        "%(num)s paper ledgers of the city cannot stay",
                        found["paper"]) % {"num": found["paper"]}  # fmt: skip
        href = f"{base}&show=paper"
    elif found["lost"]:
        todo = _("%(many)s are led to a ledger that has ended") % {"many": found["lost"]}
        href = f"{base}&show=lost"
    elif found["open"]:
        todo = _("Say of %(many)s ledgers where their data is now") % {"many": found["open"]}
        href = f"{base}&show=open"
    return Step(
        "ledgers", _("Order the ledgers"), "notebook", base, found["named"], found["all"],
        _("%(done)s of %(whole)s ledgers name what replaces them")
        % {"done": found["named"], "whole": found["all"]},
        [(_("Paper ledgers of the city"), found["paper"]), (_("Without an answer"), found["open"]),
         (_("Led to what has ended"), found["lost"])], todo, href,
    )  # fmt: skip


def ledger_row(demand: Demand) -> dict[str, Any]:
    return presenting.row(demand) | {
        "href": reverse("burden:ledger", args=[demand.number]),
        "known": demand.known, "asked": demand.asked,
        "paper": ledger_rules.cancelled(demand), "medium": demand.get_medium_display(),
        "now": where_now(getattr(demand, "replacement", None)),
    }  # fmt: skip


def where_now(row: Replacement | None) -> dict[str, Any] | None:
    """Where the data of a ledger stand: words, links, and whether the link still leads there."""
    if row is None:
        return None
    kind = row.get_kind_display()
    if row.kind == Replacement.Kind.PAGE:
        title, name = kinds.PAGES[row.page]
        return {"kind": kind, "links": [(str(title), _address(name))], "lost": False}
    if row.kind == Replacement.Kind.ELEMENTS:
        links = [(_element(code), reverse("registry:element", args=[code]))
                 for code in row.elements]  # fmt: skip
        return {"kind": kind, "links": links, "lost": False}
    if row.kind == Replacement.Kind.DEMAND:
        links = [(row.heir.title, reverse("burden:demand", args=[row.heir.number]))]
        return {"kind": kind, "links": links, "lost": row.heir.state != Demand.State.IN_FORCE}
    return {"kind": kind, "links": [], "lost": False}


def _address(name):
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _element(code):
    found = entry(code)
    return str(found.element.title) if found else code


# --- systems --------------------------------------------------------------------------------------

FATE_TONES = {"stay": "blue", "merge": "teal", "close": "green", "": "grey"}


def _systems(place, on, there, community, tells):
    fates = systems.fates()
    known = [fates[pk][0] for pk in systems.systems(place).values_list("pk", flat=True)]
    done = sum(each != "" for each in known)
    told, overdue = systems.told(place), systems.overdue(place, on)
    base = f"{reverse('burden:systems')}?place={place}"
    todo, href = "", base
    if community and not told:
        todo, href = (
            _("Say which systems you log into"),
            reverse("burden:logins") if tells else base,
        )
    elif overdue:
        todo = _("%(many)s have closed by their plan: decide on the demand") % {"many": overdue}
    elif done < len(known):
        todo = _("Say of %(many)s systems what becomes of them") % {"many": len(known) - done}
    return Step(
        "systems", _("Join the systems"), "sitemap", base, done, len(known),
        _("%(done)s of %(whole)s systems have their place in the map")
        % {"done": done, "whole": len(known)},
        [(_("Communities that told their sign-ins"), f"{told:,} / {there:,}"),
         *((title, known.count(code)) for code, title in Plan.Fate.choices)], todo,
        href if todo else "",
    )  # fmt: skip


def fate(demand: Demand, fates: Mapping[int, tuple[str, int | None]]) -> dict[str, str]:
    code = fates[demand.pk][0]
    words = dict(Plan.Fate.choices)
    return {"code": code, "tone": FATE_TONES[code],
            "text": str(words[code]) if code else pgettext("system", "Open")}  # fmt: skip


def closing(plan: Plan | None, on: date) -> str:
    if plan is None or plan.closes_on is None:
        return ""
    if plan.closes_on <= on:
        return _("closed on %(day)s") % {"day": plan.closes_on}
    return _("closes on %(day)s") % {"day": plan.closes_on}


def plan_of(demand: Demand) -> Plan | None:
    return getattr(demand, "plan", None)


def system_row(
    demand: Demand, fates: Mapping[int, tuple[str, int | None]],
    logins: Mapping[int, systems.Logins], on: date,
) -> dict[str, Any]:  # fmt: skip
    plan = plan_of(demand)
    heir = plan.heir if plan else demand.heir
    return {
        "demand": demand, "href": reverse("burden:system", args=[demand.number]),
        "unit": unit_name(demand.place, demand.department_id),
        "url": plan.url if plan and plan.url else demand.url,
        "fate": fate(demand, fates), "heir": heir, "closing": closing(plan, on),
        "announced": bool(plan and plan.announced_on),
        "broken": heir is not None and heir.state != Demand.State.IN_FORCE,
        "logins": logins.get(demand.pk, systems.Logins()),
    }  # fmt: skip


def map_of(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Who goes into whom, drawn; and who stays alone, closes, or is not decided on."""
    groups, heirs = _merging(rows)
    by_pk = {row["demand"].pk: row for row in rows}
    by_fate: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        by_fate[row["fate"]["code"]].append(row)
    drawing = merge_map.draw(
        {pk: [each["demand"].pk for each in members] for pk, members in groups.items()}
    )
    return {
        "drawing": drawing,
        "boxes": [(box, by_pk[box.key]) for box in drawing.boxes],
        "heirs": [(box, heirs[box.key], len(groups[box.key])) for box in drawing.heirs],
        "groups": [(heirs[pk], members) for pk, members in groups.items()],
        "alone": [row for row in by_fate[Plan.Fate.STAY] if row["demand"].pk not in groups],
        "closed": by_fate[Plan.Fate.CLOSE],
        "open": [row for row in by_fate[""] if row["demand"].pk not in groups],
        "short": merge_map.short,
    }


def _merging(rows):
    """The rows that go into another, by the key of that one; and those others."""
    groups: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    heirs: dict[int, Demand] = {}
    for row in rows:
        if row["fate"]["code"] == Plan.Fate.MERGE and row["heir"]:
            heirs[row["heir"].pk] = row["heir"]
            groups[row["heir"].pk].append(row)
    return dict(groups), heirs


def _whole_day(day):
    return dateformat.format(day, pgettext("date format", "j M Y"))


def notice(plan: Plan, on: date) -> dict[str, Any]:
    """What everybody may read of a closing."""
    demand = plan.demand
    return {
        "plan": plan, "demand": demand, "number": demand.number, "title": demand.title,
        "unit": unit_name(demand.place, demand.department_id), "heir": plan.heir,
        "closed": plan.closes_on <= on,
        "closes": _whole_day(plan.closes_on), "day": _whole_day(plan.announced_on or on),
        "scope": presenting.scope(demand),
        "city": divisions.name(demand.place[:4]),
    }  # fmt: skip
