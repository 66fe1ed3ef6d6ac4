"""API keys of one's own post."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from shanzhi.kernel import Refused

from .. import commands, forms, queries
from ..decorators import desk
from ..models import Post


@desk
def index(request):
    today = localdate()
    rows = [
        {"key": key, "unit": queries.unit_name(key.place), "ended": key.valid_to < today}
        for key in queries.keys(request.actor)[:200]
    ]
    return render(request, "people/keys.html", {"rows": rows})


@desk
@sensitive_variables("secret")
def issue(request):
    initial = {"place": request.actor.place, "valid_to": localdate() + timedelta(days=365)}
    form = forms.NewKey(request.POST or None, initial=initial)
    if form.is_valid():
        post = get_object_or_404(Post, pk=request.actor.post_id)
        try:
            key, secret = commands.issue_key(
                post=post, by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return render(request, "people/key_secret.html", {"key": key, "secret": secret})
    context = {"form": form, "title": _("New API key"), "back": reverse("people:keys")}
    return render(request, "people/desk_form.html", context)


@require_POST
@desk
def revoke(request, key_id):
    key = get_object_or_404(queries.keys(request.actor), pk=key_id)
    try:
        commands.revoke_key(key=key, by=request.actor, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return redirect("people:keys")
