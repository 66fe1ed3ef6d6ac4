"""The catalogue on the desk: every post may read what there is and by what rules it is shared."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shanzhi.kernel import asked
from shanzhi.people.decorators import desk

from .. import fence, kinds, queries, tags
from ..codelists import LISTS
from ..presenting import catalogue as presenting
from ..presenting import sharing as grants
from ..queries import sharing
from ..rules import sharing as rules


def _asked(request):
    """The elements of the query string: searched, or of a section, or all."""
    text = asked.words(request.GET.get("q", ""))
    section = request.GET.get("section", "")
    found = queries.search_elements(text) if text else list(kinds.entries())
    return text, section, [each for each in found if section in ("", each.section.code)]


@desk
@require_safe
@fence.fenced
def index(request: HttpRequest) -> HttpResponse:
    text, section, entries = _asked(request)
    chips = [("", _("All")), *((each.code, each.title) for each in kinds.SECTIONS.values())]
    context = {
        "text": text,
        "section": section,
        "chips": [
            {"code": code, "label": label, "active": code == section} for code, label in chips
        ],
        "groups": [] if text else presenting.groups(entries),
        "lines": [presenting.line(entry) for entry in entries] if text else [],
        "count": len(entries),
        "closed": presenting.closed(tags.KINDS.values(), text) if not section else [],
        "may_ask": rules.may_ask(request.actor),
    }
    part = request.htmx and not request.htmx.boosted
    template = "list" if part else "index"
    return render(request, f"registry/catalogue/{template}.html", context)


@desk
@require_safe
@fence.fenced
def element(request: HttpRequest, code: str) -> HttpResponse:
    entry = kinds.entry(code)
    if entry is None:
        raise Http404
    owns = rules.owns(request.actor, entry.owner)
    watches = owns or request.actor.role in sharing.WATCHERS
    context = {
        "entry": entry,
        "line": presenting.line(entry),
        "facts": presenting.facts(entry) | {"type": presenting.type_words(entry)},
        "codelist": entry.codelist,
        "watches": watches,
        "readers": [grants.line(each) for each in sharing.readers_of(entry)] if watches else [],
        "may_ask": rules.may_ask(request.actor) and not owns,
    }
    return render(request, "registry/catalogue/element.html", context)


@desk
@require_safe
@fence.fenced
def lists(request: HttpRequest) -> HttpResponse:
    """The code tables, each with its standard and the elements that use it."""
    context = {"lists": presenting.code_lists()}
    return render(request, "registry/catalogue/lists.html", context)


@desk
@require_safe
@fence.fenced
def codelist(request: HttpRequest, code: str) -> HttpResponse:
    if code not in LISTS:
        raise Http404
    users = {each.code: users for each, users in presenting.code_lists()}[code]
    context = {"codelist": LISTS[code], "users": users}
    return render(request, "registry/catalogue/codelist.html", context)


@desk
@require_safe
@fence.fenced
def paper(request: HttpRequest) -> HttpResponse:
    """The catalogue as sheets to print."""
    text, _section, entries = _asked(request)
    context = {"groups": presenting.groups(entries), "text": text, "at": timezone.now()}
    return render(request, "registry/catalogue/paper.html", context)


@desk
@require_safe
@fence.fenced
def export(request: HttpRequest, kind: str) -> HttpResponse:
    _text, _section, entries = _asked(request)
    make = {"json": presenting.as_json, "csv": presenting.as_csv}[kind]
    name = f"catalogue-{localdate(timezone.now()):%Y%m%d}.{kind}"
    return HttpResponse(
        make(entries),
        content_type={"json": "application/json", "csv": "text/csv; charset=utf-8"}[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
