"""Contact cards of the communities and grids a post covers."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shanzhi.kernel import Refused
from shanzhi.kernel import places as codes

from .. import commands, forms, queries
from ..decorators import desk
from ..models import Card
from ..rules import CARD_KEEPERS


@desk(roles=CARD_KEEPERS)
def index(request):
    page = queries.cards_within(request.actor.place, cursor=request.GET.get("cursor", ""))
    rows = [{"card": card, "unit": queries.unit_name(card.place)} for card in page.rows]
    return render(request, "people/cards.html", {"page": page, "rows": rows})


def _own(request, card_id):
    low, high = codes.span(request.actor.place)
    return get_object_or_404(Card, pk=card_id, place__gte=low, place__lt=high)


FIELDS = ("place", "kind", "name", "phone", "unit", "hours", "photo")


@desk(roles=CARD_KEEPERS)
def edit(request, card_id=None):
    card = _own(request, card_id) if card_id else None
    initial = {name: getattr(card, name) for name in FIELDS} if card else {}
    initial["consent"] = bool(card and card.photo)
    places = queries.places_within(request.actor.place, {"community", "grid"})
    form = forms.ContactCard(request.POST or None, places=places, initial=initial)
    if form.is_valid():
        try:
            commands.set_card(by=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field or "phone", refusal.sentence)
        else:
            messages.success(request, _("The card is saved."))
            return redirect("people:cards")
    return render(request, "people/card.html", {"form": form, "card": card})


@require_POST
@desk(roles=CARD_KEEPERS)
def remove(request, card_id):
    card = _own(request, card_id)
    try:
        commands.remove_card(card=card, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("people:cards")
