"""A death that was entered wrongly: the secretary takes it back, with the reason."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk

from .. import commands, fence, queries, rules
from ..forms import settling
from ..models import Membership
from ..presenting import persons as presenting
from .persons import KEEPERS, note

SHOWN = ("person.name", "person.died_on")


@desk(roles=KEEPERS)
@require_http_methods(["GET", "POST"])
def death(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody sees the dead any more, so the fence opens for this one."""
    with fence.within(request.actor):
        row = queries.deaths.entered(request.actor).filter(pk=pk, undone_at=None).first()
    if row is None:
        raise Http404
    with fence.within(request.actor, persons=[row.person_id]):
        return _page(request, row)


def _page(request, row):
    form = settling.UndoDeath(request.POST if request.method == "POST" else None)
    if form.is_valid() and _undone(request, row, form):
        return redirect("registry:person", row.person_id)
    note(request, [row.person_id], SHOWN)
    context = {
        "person": row.person, "on": presenting.on(row.on), "form": form,
        "entered": presenting.on(localdate(row.entered_at)),
        "presences": len(row.presences), "household": row.membership is not None,
        "binds": request.actor.role in rules.CHECKERS,
        "may": rules.deaths.may_undo(request.actor, row.place),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "registry/persons/death.html", context, status=status)


def _undone(request, row, form):
    try:
        commands.undo_death(
            death=row, reason=form.cleaned_data["reason"], by=request.actor, at=timezone.now()
        )
    except Refused as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    messages.success(request, _("The death is taken back; the presences go on."))
    if row.membership and Membership.objects.filter(pk=row.membership, until=None).first() is None:
        messages.warning(request, _("The household has ended or has another head: enter the "
                                    "person there again as a member."))  # fmt: skip
    return True
