"""Restricted tags: those on their access lists see them, nobody else learns that there are any."""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.kernel import Refused, paging
from shanzhi.people.decorators import desk

from .. import commands, fence, queries, rules, tags
from ..forms import persons as forms
from ..forms import settling
from ..presenting import entering
from .persons import KEEPERS, found

READERS = rules.tags.ROLES


@desk(roles=READERS)
@require_safe
@fence.fenced
def index(request: HttpRequest) -> HttpResponse:
    """Those the post may know, by the day on which they end unless looked at again."""
    codes = rules.tags.readable(request.actor)
    kind = request.GET.get("kind", "")
    kind = kind if kind in codes else ""
    try:
        page = queries.tags.page(request.actor, kind, request.GET.get("cursor", ""))
    except Refused:
        page = paging.Page([], "")
    entering.note_tags(request.actor, page.rows, timezone.now())
    context = {
        "page": page, "rows": entering.tag_rows(page.rows, request.actor),
        "chips": entering.tag_chips(codes, kind), "codes": codes,
    }  # fmt: skip
    return render(request, "registry/persons/tags.html", context)


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """A tag for a person of the community."""
    person, sight = found(request, pk)
    codes = rules.tags.settable(request.actor, request.actor.place)
    if not codes or sight != rules.persons.FULL:
        raise Http404
    form = settling.TagForm(
        request.POST if request.method == "POST" else None, kinds=entering.tag_choices(codes)
    )
    if form.is_valid():
        run = partial(
            commands.set_tag, person=person, place=request.actor.place, **form.cleaned_data
        )
        if _perform(request, run, form, _("The tag is set.")):
            return redirect("registry:person", pk)
    context = {"person": person, "form": form, "kinds": [tags.KINDS[code] for code in codes]}
    status = 422 if form.errors else 200
    return render(request, "registry/persons/tag_new.html", context, status=status)


@desk(roles=READERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """One tag with its note: looked at again, or ended."""
    row = queries.tags.visible(request.actor).select_related("person").filter(pk=pk).first()
    if row is None:
        raise Http404
    form = settling.Review(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if request.POST.get("answer") == "end":
            run, done = partial(commands.end_tag, tag=row), _("The tag has ended.")
        else:
            run = partial(commands.review_tag, tag=row, **form.cleaned_data)
            done = _("It holds until the next review.")
        if _perform(request, run, form, done):
            return redirect("registry:tags")
    entering.note_tags(request.actor, [row], timezone.now())
    context = {"row": entering.tag_rows([row], request.actor)[0], "form": form}
    status = 422 if form.errors else 200
    return render(request, "registry/persons/tag.html", context, status=status)


def _perform(request, run, form, done):
    try:
        run(by=request.actor, at=timezone.now())
    except Refused as refusal:
        forms.add_refusal(form, refusal)
        return False
    messages.success(request, done)
    return True
