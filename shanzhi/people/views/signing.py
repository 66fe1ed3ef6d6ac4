"""Residents sign in with a code sent to their phone; the demonstration with one click."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from shanzhi.kernel import Refused, masking

from .. import commands, forms, kinds, limits, queries, senders
from ..models import Account
from ..signing import demo_sign_in as enter_demo
from ..signing import sign_in

CODE = "phone_code"  # in the session: which code it waits for; never the phone


def ask_code(request: HttpRequest, phone: str) -> None:
    """Sends a code and lets this session wait for it."""
    limits.limit(request, "codes", per="ip", amount=30, seconds=3600)
    code, digits = commands.ask_code(phone=phone, by=request.actor, at=timezone.now())
    text = _("Your code is %(digits)s, valid for 5 minutes. Give it to nobody.")
    senders.send(code.phone, text % {"digits": digits})
    request.session[CODE] = str(code.pk)


def waiting(request: HttpRequest) -> dict:
    """What the page of the six digits shows of the code on its way."""
    code = queries.phone_code(request.session.get(CODE))
    if code is None:
        return {}
    shown = queries.sent_text(code.phone_hash) if settings.SHANZHI_DEMO else ""
    return {"phone": masking.phone(code.phone), "shown": shown}


@never_cache
def phone(request):
    if request.user.is_authenticated:
        return HttpResponseRedirect(_next(request))
    form = forms.Phone(request.POST or None)
    if form.is_valid():
        try:
            ask_code(request, form.cleaned_data["phone"])
        except Refused as refusal:
            form.add_error("phone", refusal.sentence)
        else:
            request.session["next"] = request.POST.get("next", "")
            return redirect("people:sign_in_code")
    context = {"form": form, "ways": kinds.sign_in_ways(), "demo": settings.SHANZHI_DEMO}
    context["notes"] = kinds.sign_in_notes()
    return render(request, "people/sign_in.html", context | {"next": request.GET.get("next", "")})


@never_cache
def code(request):
    shown = waiting(request)
    if not shown or request.user.is_authenticated:
        return redirect("people:sign_in")
    form = forms.SignInCode(request.POST or None)
    if form.is_valid():
        fresh = form.cleaned_data["fresh"]
        try:
            if prove(request, form.cleaned_data["code"]):
                return _claim(request, fresh=fresh)
            form.add_error("code", _("This is not the code we sent."))
        except Refused as refusal:
            form.add_error("code", refusal.sentence)
    return render(request, "people/sign_in_code.html", {"form": form} | shown)


def prove(request: HttpRequest, digits: str) -> bool:
    return commands.prove_code(
        code_id=request.session.get(CODE),
        digits=digits.strip(),
        by=request.actor,
        at=timezone.now(),
    )


@never_cache
def holder(request):
    """The number was unused for long: is it still the same holder?"""
    if not request.session.get(CODE):
        return redirect("people:sign_in")
    fresh = request.POST.get("choice") == "fresh"
    form = forms.Holder(request.POST if request.method == "POST" and not fresh else None)
    if fresh or form.is_valid():
        name = None if fresh else form.cleaned_data["name"]
        try:
            return _claim(request, fresh=fresh, name=name)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
    return render(request, "people/sign_in_holder.html", {"form": form})


def _claim(request, **answer):
    account = commands.claim_account(
        code_id=request.session[CODE], by=request.actor, at=timezone.now(), **answer
    )
    if account is None:
        form = forms.Holder()
        wrong = answer.get("name") is not None
        return render(request, "people/sign_in_holder.html", {"form": form, "wrong": wrong})
    del request.session[CODE]
    return sign_in(request, account, method="code", next_url=request.session.pop("next", ""))


def _next(request):
    wanted = request.GET.get("next", "")
    return wanted if wanted and get_adapter().is_safe_url(wanted) else "/"


@never_cache
def demo(request):
    _only_in_demo()
    accounts = Account.objects.filter(username__startswith="demo-", is_active=True)
    names = dict(accounts.values_list("username", "name"))
    roles = [
        ("resident", _("Resident")),
        *((code, role.title) for code, role in kinds.ROLES.items()),
    ]
    rows = [
        {"role": code, "title": title, "name": names[f"demo-{code}"]}
        for code, title in roles
        if f"demo-{code}" in names
    ]
    return render(request, "people/demo.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
def demo_sign_in(request, role):
    """By the button, or by a link with this run's key, which no other site can know."""
    _only_in_demo()
    if request.method == "GET" and not _has_key(request.GET.get("key", "")):
        return redirect("people:demo")
    account = get_object_or_404(Account, username=f"demo-{role}", is_active=True)
    return enter_demo(request, account, staff=role in kinds.ROLES)


def _has_key(key):
    known = settings.SHANZHI_DEMO_KEY
    return bool(known) and constant_time_compare(key, known)


def _only_in_demo():
    if not settings.SHANZHI_DEMO:
        raise Http404
