"""One's own account: name, phone, language, home, second factor, sessions."""

from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.views import password_change, reauthenticate
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shanzhi.kernel import Refused, asked, masking
from shanzhi.places import queries as places
from shanzhi.places.models import Estate

from .. import commands, forms, kinds, limits, queries
from ..decorators import go, resident
from .signing import CODE, ask_code, prove, waiting


@resident
def index(request):
    account = request.user
    language = account.language or settings.LANGUAGE_CODE
    context = {
        "account": account,
        "phone": masking.phone(account.phone) if account.phone else "",
        "home": " ".join(places.path_names(account.home)) if account.home else "",
        "estate": account.estate.name if account.estate_id else "",
        "unread": queries.unread(account.pk),
        "pages": kinds.own_pages(),
        "preferences": forms.Preferences({"language": language, "large": account.large}),
    }
    return render(request, "people/me.html", context)


@resident
def name(request):
    form = forms.Name(request.POST or None, initial={"name": request.user.name})
    if form.is_valid():
        try:
            commands.set_name(
                account=request.user, by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error("name", refusal.sentence)
        else:
            return redirect("people:me")
    return render(request, "people/one_form.html", {"form": form, "title": _("My name")})


def confirm(request):
    """Once more a proof, where the account has one: who signs in by phone codes has none."""
    if request.user.is_authenticated and not get_reauthentication_flows(request.user):
        return render(request, "people/nothing_to_confirm.html")
    return reauthenticate(request)


@require_POST
@resident
def preferences(request):
    form = forms.Preferences(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        commands.set_preferences(
            account_id=request.user.pk, by=request.actor, at=timezone.now(), **values
        )
    response = redirect("people:me")
    for cookie in (settings.LANGUAGE_COOKIE_NAME, "large"):
        response.delete_cookie(cookie)  # what this device remembered goes before the account
    return response


@resident
def home(request):
    """Search a community or estate, choose it."""
    if request.method == "POST":
        return _choose_home(request)
    text = asked.words(request.GET.get("q", ""), 30)
    found = places.search(text, within=settings.SHANZHI_CITY, limit=20)
    place = request.GET.get("place", "")[:20]
    chosen = place if len(place) in (12, 15) and places.exists(place) else ""
    context = {
        "q": text,
        "found": found,
        "chosen": _choice(chosen) if chosen else None,
        "estates": places.estates(chosen[:12]) if chosen else [],
    }
    return render(request, "people/home.html", context)


def _choice(code):
    return {"code": code, "name": places.name(code), "where": " ".join(places.path_names(code))}


def _choose_home(request):
    key = asked.key(request.POST.get("estate", ""))
    estate = get_object_or_404(Estate, pk=key) if key else None
    try:
        commands.choose_home(
            account=request.user,
            place=estate.place if estate else request.POST.get("place", ""),
            estate=estate,
            by=request.actor,
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("people:home")
    return redirect("/")


@resident
def phone(request):
    """A new number: its code is proved before it replaces the old one."""
    form = forms.Phone(request.POST or None)
    if form.is_valid():
        try:
            limits.limit(request, "phone", per="account", amount=5, seconds=86400)
            ask_code(request, form.cleaned_data["phone"])
        except Refused as refusal:
            form.add_error("phone", refusal.sentence)
        else:
            return redirect("people:phone_code")
    return render(request, "people/one_form.html", {"form": form, "title": _("New phone number")})


@resident
def phone_code(request):
    shown = waiting(request)
    if not shown:
        return redirect("people:phone")
    form = forms.Code(request.POST or None)
    if form.is_valid():
        try:
            if prove(request, form.cleaned_data["code"]):
                return _change_phone(request)
            form.add_error("code", _("This is not the code we sent."))
        except Refused as refusal:
            form.add_error("code", refusal.sentence)
    return render(request, "people/phone_code.html", {"form": form} | shown)


def _change_phone(request):
    by, at = request.actor, timezone.now()
    number = commands.use_code(code_id=request.session.pop(CODE), by=by, at=at)
    commands.change_phone(account=request.user, phone=number, by=by, at=at)
    messages.success(request, _("Your phone number is changed."))
    return redirect("people:me")


@resident
def second_factor(request):
    """The first step of staff: without a second factor no desk page opens."""
    if request.user.second_factor:
        return redirect("mfa_index")
    return render(request, "people/second_factor.html")


@resident
def change_password(request):
    """allauth's page; residents have no password to change."""
    if not request.user.has_usable_password():
        return redirect("people:me")
    return password_change(request)


@require_POST
@resident
def end_session(request, session_id) -> HttpResponse:
    try:
        commands.sign_out_session(
            account_id=request.user.pk, session_id=session_id, by=request.actor, at=timezone.now()
        )
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    return go(request, "usersessions_list")
