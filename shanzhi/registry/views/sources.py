"""Sources on the desk: fresh or not, out of reach or not, and what is to be settled."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk

from .. import fence
from ..commands import sources as commands
from ..commands.settling import settle_difference
from ..forms.sources import FeedForm
from ..models import Feed
from ..presenting import imports as presenting
from ..presenting import sources as showing
from ..queries import sources
from ..rules import sources as rules


@desk(roles=rules.SEERS)
@require_safe
@fence.fenced
def index(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    rows = [showing.line(request.actor, each, now) for each in sources.feeds(request.actor)]
    context = {"rows": rows, "may_keep": request.actor.role in rules.KEEPERS}
    return render(request, "registry/sources/index.html", context)


def _found(request, code) -> Feed:
    found = sources.feed(request.actor, code)
    if found is None:
        raise Http404
    return found


@desk(roles=rules.SEERS)
@require_safe
@fence.fenced
def source(request: HttpRequest, code: str) -> HttpResponse:
    feed, now = _found(request, code), timezone.now()
    page = sources.disagreements(request.actor, feed, request.GET.get("cursor", ""))
    context = {
        "feed": feed,
        "line": showing.line(request.actor, feed, now),
        "runs": [showing.run(each) for each in sources.runs(feed)],
        "page": page,
        "rows": presenting.differences(page.rows, feed.source),
        "may_settle": request.actor.role in rules.SETTLERS,
        "may_keep": request.actor.role in rules.KEEPERS,
    }
    return render(request, "registry/sources/source.html", context)


@desk(roles=rules.KEEPERS)
@require_http_methods(["GET", "HEAD", "POST"])
@fence.fenced
def edit(request: HttpRequest, code: str = "") -> HttpResponse:
    feed = _found(request, code) if code else None
    form = FeedForm(request.POST or None, feed=feed)
    if request.method == "POST" and form.is_valid():
        try:
            kept = commands.keep_feed(**form.given, by=request.actor, at=timezone.now())
            return redirect("registry:source", kept.source.code)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "feed": feed}
    return render(request, "registry/sources/edit.html", context, status=status)


@desk(roles=rules.SEERS)
@require_POST
@fence.fenced
def ask(request: HttpRequest, code: str) -> HttpResponse:
    commands.ask_soon(feed=_found(request, code), by=request.actor, at=timezone.now())
    messages.success(request, _("It is asked within a minute."))
    return redirect("registry:source", code)


@desk(roles=rules.SETTLERS)
@require_POST
@fence.fenced
def settle(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The source was right, or the registry."""
    feed = _found(request, code)
    difference = get_object_or_404(sources.to_settle(request.actor, feed), pk=pk)
    take = request.POST.get("right") == "source"
    try:
        settle_difference(difference=difference, take=take, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("registry:source", code)
