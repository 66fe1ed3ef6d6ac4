"""My data: what is known of me, from whom, who read it, and what I can say about it."""

from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.files import commands as files
from shanzhi.files import queries as uploads
from shanzhi.files.receiving import uploads as received
from shanzhi.kernel import Refused, papers
from shanzhi.kernel.acting import Actor
from shanzhi.people.decorators import resident

from .. import commands, fence, kinds, masks, queries, readlog, rules
from ..forms import rights as forms
from ..models import Binding, ChangeRequest, Person, Relation
from ..opening import OPEN, is_open
from ..presenting import rights as presenting

WHOSE = "data_person"  # in the session: whose data


@dataclass(frozen=True)
class Whose:
    """Whose data are looked at, by which binding; and all others this account speaks for."""

    person: Person
    binding: Binding
    others: list[tuple[Person, Binding]]

    @property
    def own(self) -> bool:
        return self.binding.relation == Relation.SELF


def by_of(request: HttpRequest) -> Actor:
    """As a resident, whatever post the account also holds."""
    return Actor(account_id=request.user.pk, name=request.user.name)


def own(view):
    """A page of a bound account: inside the fence of the persons whose data it may see."""
    return _bound(view, lambda binding: binding.allows("read"))


def bound(view):
    """A page of an account that may do anything for anybody, if only fill forms."""
    return _bound(view, lambda binding: True)


def _bound(view, counts):
    @resident
    @never_cache
    @wraps(view)
    def wrapped(request, *args, **kwargs):
        held = [each for each in queries.bindings(request.user.pk) if counts(each)]
        with fence.within(by_of(request), place="", persons=[each.person_id for each in held]):
            whose = _whose(request, held)
            if whose is None:
                return redirect("registry:bind")
            return view(request, whose, *args, **kwargs)

    return wrapped


def _whose(request, held):
    """The one chosen, else oneself, else the first."""
    known = [(queries.person_of(each.person_id), each) for each in held]
    known = [(person, each) for person, each in known if person]
    if not known:
        return None
    chosen = request.session.get(WHOSE)
    person, binding = next((pair for pair in known if pair[1].pk == chosen), known[0])
    return Whose(person, binding, known)


def note(request: HttpRequest, whose: Whose, elements: list[str]) -> None:
    """Whoever looks for somebody else is a reader like any other; in the city's language, as the
    one reads it who is spoken for.
    """
    if not whose.own:
        with translation.override(settings.LANGUAGE_CODE):
            who = whose.binding.get_relation_display()
            purpose = _("Looked at by the %(who)s") % {"who": who}
        readlog.note(
            by=by_of(request), persons=[whose.person.pk], elements=elements, purpose=purpose,
            through=readlog.Through.PAGE, at=timezone.now(),
        )  # fmt: skip


# --- looking --------------------------------------------------------------------------------------


@own
@require_safe
def my_data(request: HttpRequest, whose: Whose) -> HttpResponse:
    full = is_open(request, timezone.now())
    cards = presenting.cards(whose.person, full=full)
    note(request, whose, presenting.elements_of(cards))
    context = {
        "whose": whose, "cards": cards, "full": full,
        "mates": presenting.mates(whose.person) if whose.own else [],
        "may": {what: whose.binding.allows(what) for what in rules.SCOPES},
    }  # fmt: skip
    return render(request, "registry/rights/my_data.html", context)


@require_POST
@own
def whose_data(request: HttpRequest, whose: Whose) -> HttpResponse:
    """Another person this account speaks for; shown on every page from now on."""
    chosen = request.POST.get("binding", "")
    known = {str(binding.pk) for _person, binding in whose.others}
    if chosen not in known:
        raise Http404
    request.session[WHOSE] = int(chosen)
    request.session.pop(OPEN, None)
    return redirect("registry:my_data")


@own
@require_safe
def my_readers(request: HttpRequest, whose: Whose) -> HttpResponse:
    page = readlog.about(
        queries.linking.entries_of(whose.person.pk), request.GET.get("cursor", ""),
        today=localdate(timezone.now()),
    )  # fmt: skip
    return render(request, "registry/rights/readers.html", {"whose": whose, "page": page})


# --- saying that something is wrong ---------------------------------------------------------------


@own
@require_http_methods(["GET", "POST"])
def my_wrong(request: HttpRequest, whose: Whose, element: str) -> HttpResponse:
    entry = kinds.entry(element)
    if entry is None or entry.element.field in rules.NEVER:
        raise Http404
    form = forms.Wrong(request.POST or None, entry=entry)
    kept = uploads.waiting(request.POST.getlist("evidence"), request.actor)
    if form.is_valid():
        try:
            _ask(request, whose, element, form)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("Sent. You will have an answer within ten working days."))
            return redirect("registry:my_requests")
    row = queries.held_of(whose.person, entry, queries.row_of(whose.person, entry.section))
    note(request, whose, [element])
    context = {
        "whose": whose, "form": form, "entry": entry, "row": row, "kept": kept,
        "value": row.value and masks.to_owner(entry, row.value, is_open(request, timezone.now())),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "registry/rights/wrong.html", context, status=status)


def _ask(request, whose, element, form):
    at = timezone.now()
    commands.ask_correction(
        person=whose.person, element=element, evidence=stored(request, "evidence", at),
        by=by_of(request), at=at, **form.cleaned_data,
    )  # fmt: skip


def stored(request, name, at):
    """Files that come with this form, and those that were uploaded before it was sent."""
    kept = [each.pk for each in uploads.waiting(request.POST.getlist(name), request.actor)]
    fresh = [
        files.store(upload=each, by=by_of(request), at=at).pk for each in received(request, name)
    ]
    return kept + fresh


@own
@require_safe
def my_requests(request: HttpRequest, whose: Whose) -> HttpResponse:
    rows = presenting.request_rows(
        queries.change_requests(whose.person.pk), full=is_open(request, timezone.now())
    )
    erased = [
        (each.asked_at, *presenting.outcome(each.outcome))
        for each in queries.erasures(whose.person.pk)
    ]
    context = {"whose": whose, "rows": rows, "erased": erased}
    return render(request, "registry/rights/requests.html", context)


@require_POST
@own
def withdraw(request: HttpRequest, whose: Whose, pk: int) -> HttpResponse:
    change = get_object_or_404(ChangeRequest, pk=pk, person=whose.person)
    try:
        commands.withdraw_correction(request=change, by=by_of(request), at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back."))
    return redirect("registry:my_requests")


# --- a copy, deletion, consents -------------------------------------------------------------------


@own
@require_safe
def my_copy(request: HttpRequest, whose: Whose) -> HttpResponse:
    context = {
        "whose": whose,
        "full": is_open(request, timezone.now()),
        "pdf": papers.can_make_pdf(),
    }
    return render(request, "registry/rights/copy.html", context)


@own
@require_safe
def my_copy_file(request: HttpRequest, whose: Whose, form: str) -> HttpResponse:
    """The file itself: everything in full, so only after the phone's code."""
    if not is_open(request, timezone.now()):
        return redirect("registry:my_copy")
    at = timezone.now()
    commands.take_copy(person=whose.person, form=form, by=by_of(request), at=at)
    note(request, whose, [held.entry.code for held in queries.all_values(whose.person)])
    content = presenting.copy(whose.person, at, household=whose.own)
    name = f"my-data-{localdate(at):%Y%m%d}"
    if form == "json":
        response: HttpResponse = JsonResponse(
            content, json_dumps_params={"ensure_ascii": False, "indent": 2}
        )
    else:
        sheet = papers.pdf(request, "registry/rights/copy_sheet.html", {"copy": content, "at": at})
        response = HttpResponse(sheet, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


@own
@require_http_methods(["GET", "POST"])
def my_erasure(request: HttpRequest, whose: Whose) -> HttpResponse:
    if request.method == "POST":
        try:
            commands.ask_erasure(person=whose.person, by=by_of(request), at=timezone.now())
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("What the law allows was deleted; see the rest below."))
        return redirect("registry:my_requests")
    gone, kept = presenting.erasable(whose.person)
    context = {"whose": whose, "gone": gone, "kept": kept}
    return render(request, "registry/rights/erasure.html", context)


@own
@require_http_methods(["GET", "POST"])
def my_consents(request: HttpRequest, whose: Whose) -> HttpResponse:
    ledger = queries.consents(whose.person.pk)
    if request.method == "GET":
        return render(request, "registry/rights/consents.html", {"whose": whose, "rows": ledger})
    purposes = {each.purpose.pk: each.purpose for each in ledger}
    if request.POST.get("purpose") not in purposes:
        raise Http404
    command = commands.give_consent if "give" in request.POST else commands.withdraw_consent
    try:
        command(
            person=whose.person, purpose=purposes[request.POST["purpose"]], by=by_of(request),
            at=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("registry:my_consents")


# --- who speaks for whom --------------------------------------------------------------------------


@bound
@require_safe
def my_people(request: HttpRequest, whose: Whose) -> HttpResponse:
    """Who may act for me, and for whom I may."""
    speakers = queries.speakers(whose.person.pk, request.user.pk) if whose.own else []
    context = {"whose": whose, "speakers": speakers, "scopes": rules.SCOPES}
    return render(request, "registry/rights/people.html", context)


@require_POST
@bound
def end_binding(request: HttpRequest, whose: Whose, pk: int) -> HttpResponse:
    """One's own binding, or a proxy's for oneself."""
    binding = get_object_or_404(Binding, pk=pk)
    own_ids = [binding.pk for _person, binding in whose.others]
    if binding.pk not in own_ids and binding.person_id != whose.person.pk:
        raise Http404
    try:
        commands.end_binding(
            binding=binding, reason=Binding.End.RESIDENT, by=by_of(request), at=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Ended."))
    return redirect("registry:my_people" if binding.pk not in own_ids else "registry:bind")
