"""The residents of a community: their list, one of them, and what happens to one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk
from shanzhi.people.limits import limit

from .. import commands, fence, kinds, queries, readlog, rules, versions
from ..forms import persons as forms
from ..models import Person
from ..presenting import entering, population
from ..presenting import persons as presenting
from ..queries.population import pyramid
from ..queries.residents import Wanted

KEEPERS = rules.persons.COMMUNITY
SERVICE = "社区采集与服务"  # the purpose in the read log
SEARCHES_AN_HOUR, QUESTIONS_AN_HOUR = 600, 60


def note(request: HttpRequest, ids: list[int], elements: Any) -> None:
    """What this page shows of whom."""
    readlog.note(
        by=request.actor, persons=ids, elements=elements, purpose=SERVICE, through="page",
        at=timezone.now(),
    )  # fmt: skip


def found(request: HttpRequest, pk: int) -> tuple[Person, str]:
    """A person of the actor's community, and how much of it is shown: "full" or "stub"."""
    person = queries.person(request.actor, pk)
    sight = rules.sight(request.actor, person) if person else ""
    if not sight:
        raise Http404
    return person, sight


@desk(roles=KEEPERS)
@require_safe
@fence.fenced
def index(request: HttpRequest) -> HttpResponse:
    """Those present in the post's place, by name."""
    form = forms.Narrow(request.GET)
    wanted, today = form.wanted(), localdate(timezone.now())
    page = queries.residents.residents(
        request.actor, wanted, today=today, cursor=form.cleaned_data.get("cursor", "")
    )
    note(request, [each.id for each in page.rows], presenting.IN_LIST)
    counts = queries.residents.counts(request.actor)
    chips = presenting.chips(wanted, counts, request.actor)
    context = {
        "page": page, "rows": presenting.rows(page.rows, today), "wanted": wanted,
        "counts": counts, "chips": chips, "chosen": presenting.chosen(chips),
        "waiting": queries.conflicts.waiting(request.actor),
        "pyramid": _pyramid(request, today) if wanted == Wanted() and counts.persons else None,
    }  # fmt: skip
    return render(request, "registry/persons/index.html", context)


def _pyramid(request, today):
    """On the first page only: who turns pages looks for somebody."""
    if request.GET.get("cursor"):
        return None
    return population.drawing(pyramid(request.actor.place, today), exact=True)


@desk(roles=KEEPERS)
@require_POST
@fence.fenced
def search(request: HttpRequest) -> HttpResponse:
    """Numbers are sent, not put into an address: addresses are logged."""
    limit(request, "registry-search", per="account", amount=SEARCHES_AN_HOUR)
    form = forms.Search(request.POST)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    if not any(letter.isdigit() for letter in text):
        return redirect(presenting.list_address(text))
    people = queries.find(request.actor, text)
    if len(people) == 1:
        return redirect("registry:person", people[0].id)
    note(request, [each.id for each in people], presenting.IN_LIST)
    rows = presenting.rows(presenting.as_residents(people), localdate(timezone.now()))
    return render(request, "registry/persons/found.html", {"rows": rows})


@desk(roles=KEEPERS)
@require_safe
@fence.fenced
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Facts by section, presences, household, and how things stood on another day."""
    row, sight = found(request, pk)
    if sight == rules.persons.STUB:
        return _stub(request, row)
    today, sources = localdate(timezone.now()), presenting.sources()
    membership = queries.residents.membership(row)
    parts = presenting.parts(row, request.actor, sources)
    tags = queries.tags.of_person(request.actor, row.pk)
    note(request, [row.pk], entering.elements_of(parts))
    entering.note_tags(request.actor, tags, timezone.now())
    context = {
        "person": row, "about": presenting.about(row.sex, row.birth, today), "parts": parts,
        "stays": presenting.stays(queries.residents.presences(row)),
        "membership": membership, "home": presenting.home_of(membership),
        "changes": presenting.changes(row, sources), "as_of": _as_of(request, row),
        "tags": entering.tag_rows(tags, request.actor),
        "may_tag": rules.tags.settable(request.actor, request.actor.place),
        "steps": entering.steps(row),
    }  # fmt: skip
    return render(request, "registry/persons/person.html", context)


def _stub(request, row):
    """Of someone who is only registered here: the name, and where the person lives."""
    note(request, [row.pk], ["person.name", "person.sex", "person.birth"])
    today = localdate(timezone.now())
    context = {
        "person": row, "about": presenting.about(row.sex, row.birth, today),
        "lives": presenting.lives(row),
    }  # fmt: skip
    return render(request, "registry/persons/stub.html", context)


def _as_of(request, row):
    """The section and the stays as they were on ?day=; no form before somebody wants one."""
    if not {"day", "ask"} & request.GET.keys():
        return None
    form = forms.AsOf(
        request.GET if "day" in request.GET else None, sections=presenting.sections_of_persons()
    )
    if not form.is_valid():
        return {"form": form, "facts": None, "stays": [], "day": None}
    given, section = form.cleaned_data, form.cleaned_data["section"] or "person"
    known_at = entering.end_of(given["day"]) if given["known"] else None
    values = versions.as_of(row.pk, section, day=given["day"], known_at=known_at or timezone.now())
    shown = presenting.facts(kinds.SECTIONS[section], values or {})
    held = presenting.believed(*queries.stays_as_of(row, day=given["day"], known_at=known_at))
    return {"form": form, "facts": shown, "stays": held, "day": presenting.on(given["day"])}


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def edit(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """One section, as a change from a day on or as a correction."""
    row, sight = found(request, pk)
    declared = kinds.SECTIONS.get(section)
    if declared is None or not versions.is_of_person(declared) or sight != rules.persons.FULL:
        raise Http404
    form = forms.SectionForm(
        request.POST if request.method == "POST" else None, section=declared,
        row=versions.current_row(pk, declared), initial={"effective": localdate(timezone.now())},
    )  # fmt: skip
    if form.is_valid() and _changed(request, row, form):
        return redirect("registry:person", pk)
    context = {"person": row, "section": declared, "form": form}
    status = 422 if form.errors else 200
    return render(request, "registry/persons/edit.html", context, status=status)


def _changed(request, row, form):
    correct = form.cleaned_data["how"] == "correct"
    try:
        changed = commands.change(
            section=form.section.code, person=row, values=form.values(),
            effective=None if correct else form.cleaned_data["effective"],
            source=queries.source("community"), by=request.actor, at=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        forms.add_refusal(form, refusal)
        return False
    entering.say_changed(request, changed)
    return True


@desk(roles=KEEPERS)
@require_POST
@fence.fenced
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody went and looked."""
    row, _sight = found(request, pk)
    try:
        commands.verify(person=row, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The entry is confirmed as of today."))
    return redirect("registry:person", pk)


@desk(roles=KEEPERS)
@require_POST
@fence.fenced
def twins(request: HttpRequest) -> HttpResponse:
    """A part of a page while somebody is typed in: who else has this number, or name and birth."""
    limit(request, "registry-known", per="account", amount=SEARCHES_AN_HOUR)
    context = entering.twins(request.actor, request.POST, localdate(timezone.now()))
    if context["number"] and not context["holders"]:
        limit(request, "registry-elsewhere", per="account", amount=QUESTIONS_AN_HOUR)
        codes = commands.look_up(identity=context["number"], by=request.actor, at=timezone.now())
        context["elsewhere"] = entering.known_in(codes)
    note(request, context["ids"], ["person.name", "person.birth"])
    return render(request, "registry/persons/twins.html", context)
