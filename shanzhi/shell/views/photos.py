"""The photo on a contact card: uploaded with the consent of who is on it, and taken down again."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from shanzhi.files import commands as files
from shanzhi.files.receiving import uploads
from shanzhi.kernel import Refused, places
from shanzhi.people import commands as people
from shanzhi.people.decorators import desk
from shanzhi.people.models import Card
from shanzhi.people.rules import CARD_KEEPERS


class Photo(forms.Form):
    photo = forms.ImageField(label=gettext_lazy("Photo"))
    consent = forms.BooleanField(
        label=gettext_lazy("The person on it agrees that residents see this photo")
    )


def _own(request, card_id):
    low, high = places.span(request.actor.place)
    return get_object_or_404(Card, pk=card_id, place__gte=low, place__lt=high)


@desk(roles=CARD_KEEPERS)
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, card_id: int) -> HttpResponse:
    row = _own(request, card_id)
    form = Photo(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            _show(row, uploads(request, "photo")[0], by=request.actor, at=timezone.now())
        except Refused as refusal:
            form.add_error("photo", str(refusal))
        else:
            messages.success(request, _("Residents see the photo now."))
            return redirect("people:card", row.pk)
    return render(request, "shell/card_photo.html", {"form": form, "card": row})


@transaction.atomic
def _show(row, upload, *, by, at):
    file = files.store(upload=upload, by=by, at=at)
    owner = f"people.Card:{row.pk}"
    files.attach(files=[file.pk], owner=owner, by=by, at=at, place=row.place)
    _set(row, photo=file.pk, by=by, at=at)


def _set(row, *, photo, by, at):
    kept = {
        name: getattr(row, name) for name in ("place", "kind", "name", "phone", "unit", "hours")
    }
    people.set_card(
        **kept, account_id=row.account_id, photo=photo, consent=photo is not None, by=by, at=at
    )


@desk(roles=CARD_KEEPERS)
@require_POST
def remove(request: HttpRequest, card_id: int) -> HttpResponse:
    """Consent is withdrawn: the photo is deleted, the card stays."""
    row, at = _own(request, card_id), timezone.now()
    with transaction.atomic():
        _set(row, photo=None, by=request.actor, at=at)
        files.purge(owner=f"people.Card:{row.pk}", by=request.actor, at=at, place=row.place)
    messages.success(request, _("The photo is gone."))
    return redirect("people:card", row.pk)
