"""Posts: choosing one's own, and appointing those of the level below."""

from django.contrib import messages
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from shanzhi.kernel import Refused, asked
from shanzhi.kernel import places as codes

from .. import acting, commands, forms, kinds, queries
from ..commands.accounts import new_password
from ..decorators import desk
from ..models import Post


@require_POST
@desk
def choose_post(request):
    """From now on this session acts through another of the account's posts."""
    held = {str(post.id): post for post in acting.held(request.user)}
    post = held.get(request.POST.get("post", ""))
    if post is None:
        messages.error(request, _("This post is not yours, or has ended."))
    else:
        request.session["post"] = post.id
    back = request.POST.get("next", "")
    safe = back and url_has_allowed_host_and_scheme(back, {request.get_host()})
    return HttpResponseRedirect(back if safe else "/desk/")


@desk(roles=kinds.GRANTERS)
def index(request):
    text = asked.words(request.GET.get("q", ""), 30)
    page = queries.staff(
        request.actor,
        on=localdate(),
        text=text,
        cursor=request.GET.get("cursor", ""),
    )
    grantable = {role.code for role in queries.grantable(request.actor)}
    context = {"page": page, "q": text, "grantable": grantable}
    return render(request, "people/posts.html", context)


@desk(roles=kinds.GRANTERS)
@sensitive_variables("password")
def open_account(request):
    form = forms.OpenStaff(request.POST or None)
    if form.is_valid():
        password = new_password()
        try:
            account = commands.open_account(
                password=password, by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(refusal.field, refusal.sentence)
        else:
            return render(
                request, "people/password.html", {"account": account, "password": password}
            )
    context = {"form": form, "title": _("New staff account"), "back": reverse("people:posts")}
    return render(request, "people/desk_form.html", context)


@desk(roles=kinds.GRANTERS)
def choose_role(request):
    context = {
        "roles": queries.grantable(request.actor),
        "username": request.GET.get("username", ""),
    }
    return render(request, "people/choose_role.html", context)


@desk(roles=kinds.GRANTERS)
def grant(request, role):
    if role not in {each.code for each in queries.grantable(request.actor)}:
        raise Http404
    initial = {"valid_from": localdate(), "username": request.GET.get("username", "")}
    form = forms.Grant(request.POST or None, actor=request.actor, role=role, initial=initial)
    if form.is_valid():
        try:
            _grant(request, **form.cleaned_data)
        except Refused as refusal:
            field = "last_day" if refusal.field == "valid_to" else refusal.field
            form.add_error(field, refusal.sentence)
        else:
            messages.success(request, _("The post is granted."))
            return redirect("people:posts")
    context = {"form": form, "title": kinds.ROLES[role].title, "back": reverse("people:posts")}
    return render(request, "people/desk_form.html", context)


def _grant(request, *, username, **values):
    account = queries.account_by_username(username.strip())
    if account is None:
        raise Refused(
            _("There is no account with this user name. Open it first."), field="username"
        )
    commands.grant_post(account=account, by=request.actor, at=timezone.now(), **values)


def _post_below(request, post_id):
    low, high = codes.span(request.actor.place)
    rows = Post.objects.filter(place__gte=low, place__lt=high).select_related("account")
    return get_object_or_404(rows, pk=post_id)


@desk(roles=kinds.GRANTERS)
def end(request, post_id):
    post = _post_below(request, post_id)
    form = forms.Reason(request.POST or None)
    if form.is_valid():
        try:
            commands.end_post(post=post, by=request.actor, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            messages.success(request, _("The post has ended."))
            return redirect("people:posts")
    context = {
        "form": form,
        "post": post,
        "role": kinds.ROLES[post.role].title if post.role in kinds.ROLES else post.role,
        "unit": queries.unit_name(post.place, post.department_id or ""),
    }
    return render(request, "people/end_post.html", context)


@desk(roles=kinds.GRANTERS)
@sensitive_variables("password")
def reset(request, post_id):
    account = _post_below(request, post_id).account
    form = forms.Reason(request.POST or None)
    if form.is_valid():
        try:
            password = commands.reset_sign_in(
                account=account, by=request.actor, at=timezone.now(), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            context = {"account": account, "password": password}
            return render(request, "people/password.html", context)
    context = {
        "form": form,
        "title": _("New password for %(name)s") % {"name": account.name},
        "before": _(
            "The old password and second factor stop working at once, and all sessions end. The new"
            " password is shown once; it must be changed at the first sign-in."
        ),
        "press": _("Give a new password"),
        "back": reverse("people:posts"),
    }
    return render(request, "people/desk_form.html", context)
