"""The diary of a community, kept or not by its secretary; and a worker's half-day."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk, refused
from shanzhi.people.pressing import done
from shanzhi.places import queries as divisions

from .. import commands, presenting
from ..forms import HalfDay
from ..kinds import DIARY, LEAST, Quarter
from ..queries import diary, workers
from ..rules import ANSWERERS, SECRETARY


@desk(roles=SECRETARY)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    community, today = request.actor.place[:12], localdate(timezone.now())
    drawn = diary.draws(community)
    context = {
        "name": divisions.name(community), "title": DIARY, "least": LEAST,
        "demand": diary.demand(community, today),
        "kept": diary.participation(community),
        "workers": len(workers.accounts([community], today)[community]),
        "draws": [
            (presenting.quarter(of := Quarter(each.quarter)), each, diary.published(of, today))
            for each in drawn
        ],
    }  # fmt: skip
    return render(request, "effort/diary.html", context)


@desk(roles=SECRETARY)
@require_POST
def join(request: HttpRequest) -> HttpResponse:
    return done(
        request,
        _("Your community keeps the diary from now on."),
        lambda: commands.join(by=request.actor, at=timezone.now()),
        "effort:diary",
    )


@desk(roles=SECRETARY)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    return done(
        request,
        _("Your community no longer keeps the diary."),
        lambda: commands.leave(by=request.actor, at=timezone.now()),
        "effort:diary",
    )


@desk(roles=ANSWERERS)
@require_POST
def half_day(request: HttpRequest) -> HttpResponse:
    """Answered or skipped: the same address, the same thanks."""
    form, at = HalfDay(request.POST), timezone.now()
    if not form.is_valid():
        sentence = _("Choose one for each part of the half-day, or skip it.")
        return refused(request, sentence, reverse("work:inbox"))
    ballot = form.cleaned_data["ballot"]
    try:
        if "skip" in request.POST:
            commands.skip(ballot=ballot, by=request.actor, at=at)
        else:
            commands.answer(ballot=ballot, parts=form.parts(), by=request.actor, at=at)
    except Refused as refusal:
        return refused(request, str(refusal), reverse("work:inbox"))
    messages.success(request, _("Thank you. Nobody can tell what you chose."))
    return redirect("work:inbox")
