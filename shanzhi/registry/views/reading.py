"""Reading personal values: a department by its grant, a community one value in full."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from shanzhi.kernel import Refused, asked
from shanzhi.people.decorators import desk, refused
from shanzhi.people.limits import limit
from shanzhi.people.queries import unit_name
from shanzhi.places import queries as places

from .. import commands, fence, granted_files, kinds, masks, queries, readlog
from ..forms import sharing as forms
from ..presenting import sharing as presenting
from ..queries import sharing
from .sharing import found

PAGES_AN_HOUR, FILES_AN_HOUR = 600, 20  # of persons, by one account


@desk(roles={"department_clerk"})
@require_http_methods(["GET", "POST"])
@fence.fenced
def persons(request: HttpRequest, number: str) -> HttpResponse:
    """The persons a grant reaches; POST looks up one identity number, which no address holds."""
    limit(request, "grant", per="account", amount=PAGES_AN_HOUR)
    grant, at = found(request, number), timezone.now()
    form = forms.LookUp(request.POST if request.method == "POST" else None)
    try:
        read = _look_up(request, grant, form, at) or _listed(request, grant, at)
    except Refused as refusal:
        if not form.is_bound:
            return refused(request, str(refusal))
        forms.check(form, refusal)
        read = commands.Read([], [], "")
    context = {
        "grant": grant, "whom": presenting.whom(grant), "read": read, "form": form,
        "text": _text(request), "place": request.GET.get("place", ""),
        "places": [("", _("All divisions")), *_below(grant)],
        "full": {column.code: column.full for column in read.columns},
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "registry/sharing/persons.html", context, status=status)


def _text(request):
    return asked.words(request.GET.get("q", ""))


def _look_up(request, grant, form, at):
    if not form.is_valid():
        return None
    return commands.look_up_by_grant(grant=grant, by=request.actor, at=at, **form.cleaned_data)


def _listed(request, grant, at):
    if request.method == "POST":
        return commands.Read([], [], "")
    return commands.read_by_grant(
        grant=grant, place=request.GET.get("place", "").replace("\0", ""), begins=_text(request),
        cursor=request.GET.get("cursor", ""), by=request.actor, at=at,
    )  # fmt: skip


def _below(grant):
    return [(each.code, each.short_name) for each in places.children(grant.scope)]


@desk(roles={"department_clerk"})
@require_safe
@fence.fenced
def export(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """What the page shows, all of it, as a file."""
    limit(request, "grant-file", per="account", amount=FILES_AN_HOUR)
    grant = found(request, number)
    try:
        read = commands.export_by_grant(
            grant=grant, place=request.GET.get("place", "").replace("\0", ""),
            begins=_text(request), by=request.actor, at=timezone.now(),
        )  # fmt: skip
    except Refused as refusal:
        return refused(request, str(refusal))
    content, type_ = granted_files.made(read.columns, read.rows, kind)
    name = f'attachment; filename="{grant.number}.{kind}"'
    return HttpResponse(content, content_type=type_, headers={"Content-Disposition": name})


# --- one value in full ----------------------------------------------------------------------------


@desk
@require_http_methods(["GET", "POST"])
@fence.fenced
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """What is masked of a person, shown once, on this page, for a reason."""
    person = get_object_or_404(queries.visible(request.actor), pk=pk)
    form = forms.Reveal(
        request.POST if request.method == "POST" else None, elements=_masked_on_the_desk()
    )
    values = {}
    if form.is_valid():
        limit(request, "reveal", per="account", amount=120)
        try:
            values = commands.reveal(
                person=person, by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            forms.check(form, refusal)
    context = {
        "person": person, "form": form,
        "values": [(readlog.title(code), value) for code, value in values.items()],
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "registry/sharing/reveal.html", context, status=status)


def _masked_on_the_desk():
    """Names are not: a worker who may see a person calls them by name."""
    return [
        (entry.code, str(entry.element.title))
        for entry in kinds.entries()
        if masks.masked(entry) and entry.element.mask != "name" and not entry.column.is_relation
    ]


@desk(roles=sharing.WATCHERS)
@require_http_methods(["GET", "POST"])
@fence.fenced
def reveals(request: HttpRequest, post: int) -> HttpResponse:
    """What a post has had shown in full lately; the security administrator settles it."""
    held = get_object_or_404(sharing.posts(), pk=post)
    form = forms.Reason(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            commands.settle_reveals(
                post_id=held.pk, outcome=form.cleaned_data["reason"], by=request.actor,
                at=timezone.now(),
            )  # fmt: skip
        except Refused as refusal:
            forms.check(form, refusal)
        else:
            messages.success(request, _("Settled."))
            return redirect("registry:reveals", post=post)
    page = readlog.reveals_of(held.pk, request.GET.get("cursor", ""))
    context = {
        "held": held, "unit": unit_name(held.place, held.department_id or ""), "page": page,
        "rows": presenting.reads(page.rows), "form": form,
        "settles": request.actor.role == "security_admin",
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "registry/sharing/reveals.html", context, status=status)
