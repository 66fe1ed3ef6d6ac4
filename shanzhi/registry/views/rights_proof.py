"""Proving who one is: on the phone the resident's side, on the desk the community's."""

from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.files import queries as uploads
from shanzhi.kernel import Refused, asked, masking
from shanzhi.people import commands as people
from shanzhi.people.decorators import desk, resident
from shanzhi.people.forms import Code
from shanzhi.people.limits import limit
from shanzhi.people.views.signing import CODE, ask_code, prove, waiting
from shanzhi.places import queries as places

from .. import commands, fence, identity, identity_demo, opening, queries, rules
from ..forms import rights as forms
from ..models import Binding, BindingRequest, Person
from .rights import by_of, own, stored

# --- the phone's code once more -------------------------------------------------------------------


@own
@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest, whose: Any) -> HttpResponse:
    """Send a code to the account's own phone: who holds the phone now may see all."""
    back = opening.back(request.GET.get("next", "") or request.POST.get("next", ""))
    if request.method == "GET":
        context = {"to": back, "phone": masking.phone(request.user.phone or "")}
        return render(request, "registry/rights/unlock_ask.html", context)
    request.session[opening.BACK] = back
    try:
        limit(request, "unlock", per="account", amount=10, seconds=3600)
        ask_code(request, request.user.phone)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("registry:my_data")
    return redirect("registry:unlock_code")


@own
@require_http_methods(["GET", "POST"])
def unlock_code(request: HttpRequest, whose: Any) -> HttpResponse:
    shown = waiting(request)
    if not shown:
        return redirect("registry:my_data")
    form = Code(request.POST or None)
    if form.is_valid():
        try:
            if prove(request, form.cleaned_data["code"]):
                return _unlocked(request)
            form.add_error("code", _("This is not the code we sent."))
        except Refused as refusal:
            form.add_error("code", str(refusal))
    status = 422 if form.errors else 200
    return render(request, "registry/rights/unlock.html", {"form": form} | shown, status=status)


def _unlocked(request):
    at = timezone.now()
    phone = people.use_code(code_id=request.session.pop(CODE), by=request.actor, at=at)
    if phone != request.user.phone:
        raise Http404
    request.session[opening.OPEN] = int(at.timestamp()) + opening.SECONDS
    return redirect(request.session.pop(opening.BACK, "") or "registry:my_data")


# --- the resident's side --------------------------------------------------------------------------


@resident
@never_cache
@require_safe
def bind(request: HttpRequest) -> HttpResponse:
    """The ways there are, what was sent already, and what ended lately."""
    bound = queries.bindings(request.user.pk)
    context = {
        "adapters": list(identity.ADAPTERS.values()),
        "requests": queries.binding_requests(request.user.pk),
        "bound": bound,
        "reads": any(each.allows("read") for each in bound),
        "past": queries.past_bindings(request.user.pk, on=localdate(timezone.now())),
        "phone": bool(request.user.phone),
    }
    return render(request, "registry/rights/bind.html", context)


@resident
@never_cache
@require_POST
def bind_code(request: HttpRequest) -> HttpResponse:
    limit(request, "bind", per="account", amount=20, seconds=3600)
    _request, digits = commands.show_code(
        account_id=request.user.pk, by=by_of(request), at=timezone.now()
    )
    minutes = int(rules.CODE_LIVES.total_seconds() // 60)
    return render(request, "registry/rights/code.html", {"digits": digits, "minutes": minutes})


@resident
@require_http_methods(["GET", "POST"])
def bind_papers(request: HttpRequest) -> HttpResponse:
    form = forms.Papers(request.POST or None)
    place = request.POST.get("place", "") or request.user.home
    if "send" in request.POST and form.is_valid():
        try:
            limit(request, "bind", per="account", amount=20, seconds=3600)
            _send(request, form, place)
        except Refused as refusal:
            name = refusal.field if refusal.field in form.fields else None
            form.add_error(name, str(refusal))
        else:
            messages.success(request, _("Sent. Your community answers within three working days."))
            return redirect("registry:bind")
    words = request.POST.get("where", "").strip()[:30]
    context = {
        "form": form if "send" in request.POST else forms.Papers(initial=request.POST.dict()),
        "place": place, "place_name": "".join(places.path_names(place)[-2:]) if place else "",
        "found": places.search(words, within=settings.SHANZHI_CITY, limit=12) if words else [],
        "kept": uploads.waiting(request.POST.getlist("evidence"), request.actor),
    }  # fmt: skip
    status = 422 if context["form"].errors else 200
    return render(request, "registry/rights/papers.html", context, status=status)


def _send(request, form, place):
    at = timezone.now()
    commands.ask_binding(
        account_id=request.user.pk, place=place, evidence=stored(request, "evidence", at),
        by=by_of(request), at=at, **form.cleaned_data,
    )  # fmt: skip


@resident
@require_POST
def bind_identity(request: HttpRequest, adapter: str) -> HttpResponse:
    limit(request, "bind", per="account", amount=20, seconds=3600)
    back = request.build_absolute_uri(reverse("registry:bind_back", args=[adapter]))
    address = commands.start_identity(
        account_id=request.user.pk, adapter=adapter, back=back, by=by_of(request),
        at=timezone.now(),
    )  # fmt: skip
    return redirect(address)


@resident
@never_cache
@require_safe
def bind_back(request: HttpRequest, adapter: str) -> HttpResponse:
    """The browser comes back from the identity service, with a signed answer or without."""
    if adapter not in identity.ADAPTERS:
        raise Http404
    at = timezone.now()
    try:
        answer = identity.ADAPTERS[adapter].read(request.GET.dict(), at)
        with fence.within(by_of(request), place="", persons=queries.holders_of(answer.identity)):
            commands.finish_identity(
                account_id=request.user.pk, adapter=adapter, answer=answer, by=by_of(request), at=at
            )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("registry:bind")
    messages.success(request, _("Your identity was confirmed."))
    return redirect("registry:my_data")


# --- the community's side -------------------------------------------------------------------------


@desk(roles=rules.CHECKERS)
@require_safe
@fence.fenced
def bindings(request: HttpRequest) -> HttpResponse:
    """Requests with papers, and whom to bind at the counter."""
    text = asked.words(request.GET.get("q", ""))
    context = {
        "rows": list(queries.to_check(request.actor)[:50]),
        "text": text,
        "found": queries.find(request.actor, text) if text else [],
    }
    return render(request, "registry/rights/bindings.html", context)


@desk(roles=rules.CHECKERS)
@require_http_methods(["GET", "POST"])
def bind_person(request: HttpRequest, pk: int) -> HttpResponse:
    """At the counter: this person, the card before one's eyes, the code from the phone. For the
    relatives of the dead, whom nobody sees any more, the fence opens where the death was entered.
    """
    with _counter_of(request.actor, pk) as person:
        return _counter(request, person)


@contextmanager
def _counter_of(actor, pk):
    """Somebody of this community, or whose death it has entered, seen within."""
    with fence.within(actor):
        dead = queries.deaths.has_entered(actor, pk)
    with fence.within(actor, persons=[pk] if dead else None):
        person = Person.objects.get(pk=pk) if dead else queries.person(actor, pk)
        if person is None:
            raise Http404
        yield person


def _counter(request, person):
    form = forms.Counter(request.POST or None, dead=person.state == Person.State.DEAD)
    if form.is_valid():
        try:
            limit(request, "counter", per="account", amount=30, seconds=3600)
            commands.bind_by_code(
                person=person, by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Bound."))
            return redirect("registry:bind_person", pk=person.pk)
    context = {
        "person": person, "form": form, "today": localdate(timezone.now()),
        "rows": queries.all_bindings(person.pk), "scopes": rules.SCOPES,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "registry/rights/bind_person.html", context, status=status)


@desk(roles=rules.CHECKERS)
@require_POST
def unbind(request: HttpRequest, pk: int) -> HttpResponse:
    binding = get_object_or_404(Binding, pk=pk)
    try:
        with _counter_of(request.actor, binding.person_id):
            commands.end_binding(
                binding=binding, reason=Binding.End.STAFF, by=request.actor, at=timezone.now()
            )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("registry:bind_person", pk=binding.person_id)


@desk(roles=rules.CHECKERS)
@require_http_methods(["GET", "POST"])
def binding_request(request: HttpRequest, pk: Any) -> HttpResponse:
    """The papers somebody sent, beside the entries of that name and number."""
    with fence.within(request.actor):
        sent = get_object_or_404(queries.to_check(request.actor), pk=pk)
        number = sent.said.get("number", "")
        dead = queries.deaths.by_identity(request.actor, number)
    with fence.within(request.actor, persons=dead):
        found = queries.by_identity(request.actor, number)
        return _papers(request, sent, found + list(Person.objects.filter(pk__in=dead)))


def _papers(request, sent, found):
    form = forms.Decide(request.POST or None)
    if form.is_valid():
        try:
            _decide(request, sent, found, form.cleaned_data["answer"])
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return redirect("registry:bindings")
    context = {
        "asked": sent, "found": found, "form": form,
        "papers": uploads.of(f"registry.BindingRequest:{sent.pk}"),
        "waiting": sent.state == BindingRequest.State.WAITING,
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "registry/rights/binding_request.html", context, status=status)


def _decide(request, sent, found, answer):
    chosen = request.POST.get("person", "")
    person: Person | None = next((each for each in found if str(each.pk) == chosen), None)
    commands.decide_binding(
        request=sent, person=person, accept="accept" in request.POST, answer=answer,
        by=request.actor, at=timezone.now(),
    )  # fmt: skip


# --- the demonstration's identity service ---------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def demo_identity(request: HttpRequest) -> HttpResponse:
    """Stands for the province's service: checks the request, and asks whom to play."""
    if not settings.SHANZHI_DEMO:
        raise Http404
    at, params = timezone.now(), request.GET.dict()
    identity_demo.check_request(params, at)
    if request.method == "GET":
        context = {"people": identity_demo.PEOPLE}
        return render(request, "registry/rights/demo_identity.html", context)
    number = request.POST.get("number", "")
    name = dict(identity_demo.PEOPLE).get(number)
    return redirect(identity_demo.back(params, name, number, at))
