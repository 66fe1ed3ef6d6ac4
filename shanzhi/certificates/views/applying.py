"""A resident asks for a certificate on the phone, follows it, and takes the file or the letter."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import asked, papers
from shanzhi.kernel.acting import Actor
from shanzhi.people.decorators import resident
from shanzhi.people.limits import limit
from shanzhi.people.pressing import done, tried
from shanzhi.registry import fence, readlog
from shanzhi.registry import queries as registry
from shanzhi.registry.opening import is_open

from .. import commands, presenting, progress, queries, rules
from ..forms import applying as forms
from ..models import Application, Edition, Entry
from ..queries.applications import Subject
from . import parts

TRIES_AN_HOUR, SHOWN = 30, 50


@dataclass(frozen=True)
class Asker:
    """Who asks, as a resident whatever post they hold, and for whom they may."""

    by: Actor
    subjects: list[Subject]

    def subject(self, person_id: int | None) -> Subject | None:
        return next((each for each in self.subjects if each.person.pk == person_id), None)

    @property
    def applications(self):
        bound = [each.person.pk for each in self.subjects]
        return queries.applications.own(self.by.account_id, bound)


def asking(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of somebody's own, inside the fence of those the account is bound to."""

    @resident
    @never_cache
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        by = Actor(account_id=request.user.pk, name=request.user.name)
        with fence.within(by, place="", persons=registry.bound_ids(by.account_id)):
            today = localdate(timezone.now())
            found = queries.applications.subjects(by.account_id, today)
            return view(request, Asker(by, found), *args, **kwargs)

    return wrapped


def _entry(pk: int, allowed: bool) -> Entry:
    row = queries.catalogue.entry(pk)
    if row is None or row.edition.state == Edition.State.DRAFT or row.allowed != allowed:
        raise Http404
    return row


# --- asking ---------------------------------------------------------------------------------------


@asking
@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, asker: Asker, pk: int) -> HttpResponse:
    """What the registry says is filled in; who wants it, for what, and how many are typed."""
    row, subject = _entry(pk, allowed=True), _subject(request, asker)
    of = subject if row.of_person else None
    place = of.place if of else queries.applications.home(asker.by.account_id)
    row = (queries.catalogue.here(row, place) if place else None) or row
    if not place or not row.confirmed or (row.of_person and of is None):
        return render(request, "certificates/apply_not_yet.html", _lacking(row, place))
    lines, why_not = _lines(request, asker, row, of, place)
    form = forms.Apply(request.POST or None, entry=row, lines=lines)
    if form.is_valid() and (made := tried(form, lambda: _apply(request, asker, row, of, form))):
        messages.success(request, _("Sent. Your community answers within two working days."))
        return redirect("certificates:own", made.pk)
    return _form_page(request, row, form, lines, place, why_not=why_not, subject=of,
                      subjects=asker.subjects)  # fmt: skip


def _form_page(request, entry, form, lines, place, **more):
    context = {
        "row": entry, "form": form, "place": presenting.unit_name(place),
        "units": queries.units(often=True),
        "known": [each for each in presenting.stated(lines) if each.value], **more,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "certificates/apply.html", context, status=status)


def _apply(request, asker, row, subject, form):
    limit(request, "certificate-application", per="account", amount=TRIES_AN_HOUR)
    return commands.apply(
        entry=row, person_id=subject.person.pk if subject else None, wish=form.wish(),
        note=form.note(), by=asker.by, at=timezone.now(),
    )  # fmt: skip


def _subject(request, asker):
    """The one that was chosen, else oneself, else the first."""
    chosen = request.GET.get("for", "")
    if not chosen:
        return asker.subjects[0] if asker.subjects else None
    found = asker.subject(asked.key(chosen))
    if found is None:
        raise Http404
    return found


def _lacking(row, place):
    """Who is not known yet, or has no community, is led to where that is mended."""
    return {"row": row, "place": place, "desk": progress.desk_of(place) if place else []}


def _lines(request, asker, row, subject, place):
    if subject is None:
        return queries.facts.lines(row, None, place), ""
    _note(asker, subject, row)
    held = queries.facts.of_person(subject.person, row.fields)
    why_not = rules.applying.why_not(row, held)
    return queries.facts.lines(row, held, place), why_not


def _note(asker, subject, row):
    """Whoever looks at somebody else is a reader like any other."""
    if not subject.own:
        readlog.note(
            by=asker.by, persons=[subject.person.pk], elements=queries.facts.elements(row),
            purpose=queries.facts.purpose(row), through=readlog.Through.PAGE, at=timezone.now(),
        )  # fmt: skip


# --- following ------------------------------------------------------------------------------------


@asking
@require_safe
def mine(request: HttpRequest, asker: Asker) -> HttpResponse:
    today = localdate(timezone.now())
    context = {
        "rows": progress.own_rows(asker.applications.order_by("-pk")[:SHOWN], today),
        "letters": queries.applications.own_letters(asker.by.account_id).order_by("-pk")[:SHOWN],
    }
    return render(request, "certificates/mine.html", context)


def _own(asker, pk) -> Application:
    row = asker.applications.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@asking
@require_safe
def own(request: HttpRequest, asker: Asker, pk: int) -> HttpResponse:
    row = _own(asker, pk)
    context = {
        "row": row, "badge": progress.badge(row, localdate(timezone.now())),
        "reason": progress.reason(row), "delivery": progress.delivery(row),
        "pdf": papers.can_make_pdf(), "desk": progress.desk_of(row.place),
        "timeline": progress.timeline(row), "steps": rules.applying.NEXT[row.state],
    }  # fmt: skip
    return render(request, "certificates/own.html", context)


@asking
@require_http_methods(["GET", "POST"])
def complete(request: HttpRequest, asker: Asker, pk: int) -> HttpResponse:
    """The same form with what was sent, beside what the community asks for."""
    row = _own(asker, pk)
    if "complete" not in rules.applying.NEXT[row.state]:
        return redirect("certificates:own", pk)
    subject = asker.subject(row.person)
    lines, why_not = _lines(request, asker, row.entry, subject, row.place)
    form = forms.Apply(request.POST or None, entry=row.entry, lines=lines, initial=forms.typed(row))
    if form.is_valid() and tried(form, lambda: commands.complete(
        application=row, wish=form.wish(), note=form.note(), by=asker.by,
        at=timezone.now())):  # fmt: skip
        messages.success(request, _("Sent. Your community answers within two working days."))
        return redirect("certificates:own", pk)
    return _form_page(request, row.entry, form, lines, row.place, why_not=why_not, application=row)


@asking
@require_POST
def withdraw(request: HttpRequest, asker: Asker, pk: int) -> HttpResponse:
    row = _own(asker, pk)
    return done(
        request, _("Withdrawn."),
        lambda: commands.withdraw(application=row, by=asker.by, at=timezone.now()),
        "certificates:own", pk,
    )  # fmt: skip


@asking
@require_safe
def own_pdf(request: HttpRequest, asker: Asker, pk: int) -> HttpResponse:
    """The sealed file, in full: only after the phone's code where it states somebody's data."""
    row = _own(asker, pk)
    if progress.delivery(row) != "file":
        raise Http404
    if row.person and not is_open(request, timezone.now()):
        back = urlencode({"next": reverse("certificates:own", args=[pk])})
        return redirect(f"{reverse('registry:unlock')}?{back}")
    content = parts.sheet(request, row.certificate, asker.by)
    commands.fetch(certificate=row.certificate, by=asker.by, at=timezone.now())
    if subject := asker.subject(row.person):
        _note(asker, subject, row.entry)
    return parts.pdf(content, f"{row.certificate.number}.pdf", attached=True)


# --- what is not issued ---------------------------------------------------------------------------


@asking
@require_http_methods(["GET", "POST"])
def take_letter(request: HttpRequest, asker: Asker, pk: int) -> HttpResponse:
    """The way out, and the letter for whoever wants it."""
    row, place = _entry(pk, allowed=False), queries.applications.home(asker.by.account_id)
    row = (queries.catalogue.here(row, place) if place else None) or row
    if row.allowed:
        return redirect("certificates:apply", row.pk)
    form = forms.Letter(request.POST or None) if place else None
    if form and form.is_valid():
        made = tried(form, lambda: commands.take_letter(
            entry=row, by=asker.by, at=timezone.now(), **form.cleaned_data))  # fmt: skip
        if made:
            return redirect("certificates:own_letter", made.number)
    context = {
        "row": row, "way_out": presenting.way_out(row), "form": form,
        "units": queries.units(often=True),
    }  # fmt: skip
    status = 422 if form and form.errors else 200
    return render(request, "certificates/take_letter.html", context, status=status)


@asking
@require_http_methods(["GET", "POST"])
def take_note(request: HttpRequest, asker: Asker) -> HttpResponse:
    """Of what no catalogue has: a note for the unit, and a gap for the office."""
    asked = request.GET.get("asked", "").replace("\0", "")[:60]
    place = queries.applications.home(asker.by.account_id)
    form = forms.Note(request.POST or None, initial={"asked": asked}) if place else None
    if form and form.is_valid():
        made = tried(form, lambda: commands.take_note(
            by=asker.by, at=timezone.now(), **form.cleaned_data))  # fmt: skip
        if made:
            return redirect("certificates:own_letter", made.number)
    context = {"form": form, "units": queries.units(often=True)}
    status = 422 if form and form.errors else 200
    return render(request, "certificates/take_note.html", context, status=status)


@asking
@require_safe
def own_letter(request: HttpRequest, asker: Asker, number: str) -> HttpResponse:
    """Its number, and with ?print the letter itself, in Chinese."""
    rows = queries.applications.own_letters(asker.by.account_id)
    row = rows.filter(number=number).first()
    if row is None:
        raise Http404
    if "print" in request.GET:
        with override("zh-hans"):
            return render(request, "certificates/letter.html", presenting.letter(row))
    way_out = presenting.way_out(row.entry) if row.entry else []
    context = {"refusal": row, "way_out": way_out}
    return render(request, "certificates/own_letter.html", context)


@resident
@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """Names that begin or go on with what is typed, as options of the list beside the field."""
    text = asked.words(request.GET.get("unit", ""), 80)
    context = {"units": queries.units(text, often=not request.actor.is_staff)}
    return render(request, "certificates/parts/units.html", context)
