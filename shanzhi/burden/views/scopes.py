"""Whom demands ask once divisions have merged: what followed, and what is to be decided."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as t
from django.views.decorators.http import require_POST, require_safe

from shanzhi.people.decorators import desk
from shanzhi.people.pressing import done

from .. import commands, scoping
from ..queries import following as queries
from ..rules.demands import OFFICE
from ..rules.following import READERS, UNITS


@desk(roles=READERS)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, or everything that changed."""
    today = localdate(timezone.now())
    every = request.GET.get("show") == "all"
    page = queries.page(
        request.actor, today, only_open=not every, cursor=request.GET.get("cursor", "")
    )
    rows = scoping.rows(page.rows, request.actor, today)
    return render(request, "burden/scopes.html", {"page": page, "rows": rows, "every": every})


@desk(roles=OFFICE | UNITS)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    change = get_object_or_404(queries.readable(request.actor), pk=pk)
    press = PRESSES.get(request.POST.get("answer", ""))
    if press is None:
        raise Http404
    sentence, run = press
    return done(request, str(sentence), lambda: run(change, request.actor, timezone.now()),
                "burden:scopes")  # fmt: skip


def _scope(take):
    return lambda change, by, at: commands.answer_scope(change=change, take=take, by=by, at=at)


def _nobody(end):
    return lambda change, by, at: commands.answer_nobody(change=change, end=end, by=by, at=at)


PRESSES = {
    "take": (t("The larger one is asked."), _scope(True)),
    "leave": (t("It is not asked."), _scope(False)),
    "end": (t("It has ended."), _nobody(True)),
    "keep": (t("It stays, and asks nobody."), _nobody(False)),
}  # fmt: skip
