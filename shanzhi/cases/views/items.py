"""The desk's pages of service items: list, one item, its editor, import and export."""

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from shanzhi.files.receiving import uploads
from shanzhi.kernel import Refused
from shanzhi.people.decorators import desk, refused

from .. import catalogue, commands, editing, importing, queries, rules
from .. import forms as asked
from .. import forms_editing as forms
from ..content import questions
from ..models import Item
from ..presenting import items as presenting

STATES = ("", "published", "draft", "retired")


# --- the list -------------------------------------------------------------------------------------


@desk
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All items, a line each, filtered by the query string."""
    form = forms.ItemFilter(request.GET, themes=queries.themes())
    wanted = form.wanted()
    page = queries.item_list(request.GET.get("cursor", ""), **wanted)
    context = {
        "page": page,
        "rows": presenting.rows(page.rows),
        "form": form,
        "chips": _chips(request, wanted.get("state", "")),
        "filtered": any(wanted.values()),
        "may_add": _may(request, request.actor.department),
        "may_import": request.actor.role in rules.EDITORS,
    }
    return render(request, "cases/items/index.html", context)


def _chips(request, chosen):
    labels = {"": _("All"), **{state: str(Item.State(state).label) for state in STATES[1:]}}
    return [{"label": labels[state], "state": state, "active": state == chosen} for state in STATES]


def _may(request, *departments):
    try:
        rules.check_may_edit_items(request.actor, *departments)
    except Refused:
        return False
    return True


@desk
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The items of the filter as a file that can be imported again."""
    form = forms.ItemFilter(request.GET, themes=queries.themes())
    items = queries.items_where(**form.wanted())
    text = importing.as_json(items) if kind == "json" else importing.as_csv(items)
    types = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
    name = f"service-items-{localdate(timezone.now()):%Y%m%d}.{kind}"
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        text, content_type=types[kind], headers={"Content-Disposition": disposition}
    )


# --- one item -------------------------------------------------------------------------------------


@desk
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    versions = _versions(code)
    shown = catalogue.base(versions)
    if "version" in request.GET:
        wanted = request.GET["version"]
        shown = next((each for each in versions if str(each.version) == wanted), None)
        if shown is None:
            raise Http404
    return _page(request, versions, shown)


def _versions(code):
    versions = queries.versions(code)
    if not versions:
        raise Http404
    return versions


def _page(request, versions, shown, problem="", status=200):
    context = presenting.guide(shown) | {
        "badge": presenting.badge(shown.state),
        "stamp": catalogue.stamp(shown),
        "versions": presenting.version_rows(versions, shown),
        "events": presenting.history(shown.code),
        "parts": _asked(shown),
        "may_edit": _may(request, shown.department),
        "may_add": _may(request, request.actor.department),
        "newest": shown == catalogue.base(versions),
        "problem": problem,
    }
    return render(request, "cases/items/item.html", context, status=status)


def _asked(item):
    """The questions of the form as the resident will be asked them."""
    return asked.parts(questions(item), {}, {})


@desk
@require_safe
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Two versions beside each other, column by column."""
    versions = {str(each.version): each for each in _versions(code)}
    old, new = (versions.get(request.GET.get(key, "")) for key in ("a", "b"))
    if old is None or new is None:
        raise Http404
    context = {
        "item": new, "old": old, "new": new, "numbers": list(versions),
        "differences": presenting.differences(old, new),
    }  # fmt: skip
    return render(request, "cases/items/compare.html", context)


def _step(request, code, state, command, done):
    """Publish, retire or discard: the version of `state`, asked once more on the page itself."""
    versions = _versions(code)
    shown = get_object_or_404(Item, code=code, state=state)
    if stop := _stop(request, shown.department):
        return stop
    try:
        command(item=shown, by=request.actor, at=timezone.now())
    except Refused as refusal:
        return _page(request, versions, shown, str(refusal), status=422)
    messages.success(request, done)
    if not queries.versions(code):
        return redirect("cases:items")
    return redirect("cases:item", code=code)


def _stop(request, *departments):
    try:
        rules.check_may_edit_items(request.actor, *departments)
    except Refused as refusal:
        return refused(request, str(refusal))
    return None


@desk
@require_POST
def publish(request: HttpRequest, code: str) -> HttpResponse:
    stamp = request.POST.get("stamp", "")

    def command(**values):
        return commands.publish_item(stamp=stamp, **values)

    return _step(request, code, "draft", command, _("Published: residents see it now."))


@desk
@require_POST
def retire(request: HttpRequest, code: str) -> HttpResponse:
    done = _("Retired: it is no longer offered. Open cases go on.")
    return _step(request, code, "published", commands.retire_item, done)


@desk
@require_POST
def discard(request: HttpRequest, code: str) -> HttpResponse:
    return _step(request, code, "draft", commands.discard_item, _("The draft was discarded."))


# --- the editor -----------------------------------------------------------------------------------


@desk
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An item that does not exist yet, empty or with the words of another."""
    if stop := _stop(request, request.actor.department):
        return stop
    if request.method == "POST":
        return _edited(request, request.POST.get("code", "").replace("\0", "").strip(), None)
    like = catalogue.base(queries.versions(request.GET.get("like", "").replace("\0", "")))
    typed = editing.of_item(like) if like else editing.blank()
    typed["department"] = request.actor.department or typed["department"]
    return _editor(request, typed, code="", stamp="")


@desk
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    base = catalogue.base(_versions(code))
    if stop := _stop(request, base.department):
        return stop
    if request.method == "POST":
        return _edited(request, code, base)
    return _editor(
        request, editing.of_item(base), code=code, stamp=catalogue.stamp(base), base=base
    )


def _edited(request, code, base):
    """One press of a button: rows change, the preview shows, or it is saved."""
    typed, button = editing.from_post(request.POST), request.POST.get("press", "stay")
    stamp = request.POST.get("stamp", "")
    kept = {"code": code, "stamp": stamp, "base": base}
    if button not in ("preview", "save", "publish"):
        return _editor(request, editing.press(typed, button), **kept)
    typed = editing.tidy(typed)
    values, wrong = editing.examine(typed, source=base.source if base else "")
    if wrong:
        return _editor(request, typed, wrong=wrong, status=422, **kept)
    if button == "preview":
        return _editor(request, typed, preview=Item(code=code, version=0, **values), **kept)
    try:
        _save(request, code, values, stamp, publish=button == "publish")
    except Refused as refusal:
        wrong = {refusal.field or "": str(refusal)}
        return _editor(request, typed, wrong=wrong, status=422, **kept)
    return redirect("cases:item", code=code)


@transaction.atomic
def _save(request, code, values, stamp, publish):
    at = timezone.now()
    draft = commands.save_item(code=code, values=values, by=request.actor, at=at, stamp=stamp)
    if publish:
        commands.publish_item(item=draft, by=request.actor, at=at)
        messages.success(request, _("Published: residents see it now."))
    else:
        messages.success(request, _("The draft was saved. Residents do not see it yet."))


def _editor(request, typed, *, code, stamp, base=None, wrong=None, preview=None, status=200):
    wrong = dict(wrong or {})
    whole = {key: wrong.pop(key) for key in ("", "code") if key in wrong}
    own = request.actor.department if request.actor.role not in rules.EDITORS else ""
    context = {
        "code": code,
        "stamp": stamp,
        "base": base,
        "editor": forms.editor(typed, wrong, own),
        "heads": forms.HEADS,
        "problem": whole.get("", ""),
        "code_problem": whole.get("code", ""),
        "themes": queries.themes(),
        "preview": preview,
    }
    if preview:
        context |= presenting.guide(preview) | {"parts": _asked(preview)}
    return render(request, "cases/items/edit.html", context, status=status)


# --- import ---------------------------------------------------------------------------------------

SALT = "shanzhi.cases.import"
LARGEST = 2_000_000  # characters of a file on the check page, packed


@desk
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Upload a file, look at what would become of each row, then take all of it or nothing."""
    try:
        rules.check_may_import(request.actor)
    except Refused as refusal:
        return refused(request, str(refusal))
    if request.method == "GET":
        return render(request, "cases/items/import.html", {"form": forms.ItemFile()})
    if "packed" in request.POST:
        return _take(request)
    form = forms.ItemFile(request.POST, request.FILES)
    try:
        upload = next(iter(uploads(request, "file")), None)
        if upload and form.is_valid():
            return _checked(request, upload.name, importing.read(upload.name, upload.read()))
    except Refused as refusal:
        form.errors.clear()
        form.add_error("file", str(refusal))
    return render(request, "cases/items/import.html", {"form": form}, status=422)


def _checked(request, name, rows, problem="", publish=False, status=200):
    """The file travels with this page, signed: nothing is stored until it is taken."""
    packed = signing.dumps(rows, salt=SALT, compress=True)
    if len(packed) > LARGEST:
        raise Refused(_("This file is too large to be checked at once; divide it."), field="file")
    planned = importing.plan(rows, publish=publish)
    context = {
        "name": name,
        "packed": packed,
        "groups": presenting.import_groups(planned),
        "fits": all(each.outcome != "refused" for each in planned),
        "changes": sum(each.outcome in ("new", "version") for each in planned),
        "publish": publish,
        "problem": problem,
    }
    return render(request, "cases/items/check.html", context, status=status)


def _take(request):
    try:
        rows = signing.loads(request.POST["packed"], salt=SALT)
    except signing.BadSignature:
        raise Refused(_("The checked file is broken; upload it again.")) from None
    publish = request.POST.get("publish") == "1"
    try:
        items = commands.import_items(
            rows=rows, publish=publish, by=request.actor, at=timezone.now()
        )
    except Refused as refusal:
        name = request.POST.get("name", "")[:100]
        return _checked(request, name, rows, str(refusal), publish, status=422)
    done = ngettext("%(n)s item taken over.", "%(n)s items taken over.", len(items))
    messages.success(request, done % {"n": len(items)})
    return redirect("cases:items")
