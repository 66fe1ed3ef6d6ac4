"""The audit page: what was done, where, when, by which account and post."""

from datetime import datetime, time, timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from shanzhi.journal import queries as journal
from shanzhi.kernel.inputs import day
from shanzhi.people.decorators import desk
from shanzhi.people.models import Account, Post
from shanzhi.people.queries import unit_name
from shanzhi.places import queries as places

AREAS = [("", _("Everything")), ("cases.", _("Cases")), ("people.", _("Staff and accounts")),
         ("places.", _("Divisions")), ("work.", _("Duties")), ("files.", _("Attachments")),
         ("registry.", _("Registry")), ("burden.", _("Burden account")), ("gate.", _("Gate")),
         ("agreements.", _("Agreements")), ("certificates.", _("Certificates")),
         ("effort.", _("Where the week goes")), ("journal.", _("Journal"))]  # fmt: skip


class Search(forms.Form):
    area = forms.ChoiceField(label=_("Area"), choices=AREAS, required=False)
    username = forms.CharField(label=_("User name"), max_length=60, required=False)
    since = day(_("From"), required=False)
    until = day(_("Until"), required=False)
    cursor = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)


@desk(roles={"audit_admin"})
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    form = Search(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    page = journal.search(
        request.actor.place,
        verb_prefix=wanted.get("area") or "",
        by=_account(wanted.get("username")),
        since=_midnight(wanted.get("since")),
        until=_midnight(wanted.get("until"), days=1),
        cursor=wanted.get("cursor") or "",
    )
    return render(request, "shell/audit.html", {"form": form, "page": page, "rows": _rows(page)})


def _account(username):
    """None for everybody; of a name nobody has, an account that did nothing."""
    if not username:
        return None
    return Account.objects.filter(username=username).values_list("pk", flat=True).first() or 0


def _midnight(day, days=0):
    return day and make_aware(datetime.combine(day + timedelta(days=days), time.min))


def _rows(page):
    names = dict(
        Account.objects.filter(pk__in={row.by for row in page.rows} - {None}).values_list(
            "pk", "username"
        )
    )
    posts = Post.objects.in_bulk({row.post for row in page.rows} - {None})
    where = places.names({row.place for row in page.rows})
    return [
        {
            "entry": row,
            "who": names.get(row.by, ""),
            "unit": _unit(posts.get(row.post)),
            "place": where.get(row.place, row.place),
            "data": ", ".join(f"{key}={value}" for key, value in row.data.items()),
        }
        for row in page.rows
    ]


def _unit(post):
    return unit_name(post.place, post.department_id or "") if post else ""
