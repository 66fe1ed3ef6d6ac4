"""The in-app inbox, for residents and on the desk."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from .. import commands, queries
from ..decorators import resident


@resident
def index(request):
    page = queries.notices(request.user.pk, request.GET.get("cursor", ""))
    unread = queries.unread(request.user.pk)
    return render(request, "people/notices.html", {"page": page, "unread": unread})


@resident
def follow(request, notice_id):
    """Opens what the notice is about; it counts as read then."""
    link = queries.notice_link(request.user.pk, notice_id)
    if link is None:
        raise Http404
    commands.read_notices(
        account_id=request.user.pk, ids=[notice_id], by=request.actor, at=timezone.now()
    )
    return redirect(link or "people:notices")


@require_POST
@resident
def read_all(request):
    commands.read_notices(account_id=request.user.pk, by=request.actor, at=timezone.now())
    return redirect("people:notices")
