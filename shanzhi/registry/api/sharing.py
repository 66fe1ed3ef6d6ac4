"""The catalogue and reading by grant. A page read here is a line of the read log."""

import re
from contextlib import contextmanager
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from shanzhi.kernel import Refused
from shanzhi.kernel.api import content, pages, problems
from shanzhi.kernel.api.pages import Cursor, Size
from shanzhi.kernel.api.problems import Problem
from shanzhi.people.queries import Bearer

from .. import commands, kinds, queries
from ..models import Grant
from ..presenting import catalogue as presenting
from ..queries import granted, sharing
from ..rules import sharing as rules
from . import shapes

router = Router(tags=["registry"])
NUMBER = re.compile(r"G[0-9]{8}")
BEYOND = {"elements", "place"}
GRANT = ("number", "state", "purpose", "basis", "scope", "method", "since", "until")


@router.get("/catalogue", response=shapes.Elements, summary="List or search the data catalogue")
def list_elements(
    request: HttpRequest,
    q: Annotated[str, Query("", max_length=60, description="a name, a synonym or a code")],
) -> HttpResponse:
    """All keys see all of it: what there is, whose it is and by what rules it is shared."""
    found = queries.search_elements(q) if q else kinds.entries()
    return content.answer({"rows": [presenting.facts(entry) for entry in found]})


@router.get("/catalogue/{code}", response=shapes.ElementWhole, summary="Read an element")
def read_element(request: HttpRequest, code: str) -> HttpResponse:
    """With the codes of its list."""
    entry = kinds.entry(code)
    if entry is None:
        raise Http404
    codes = entry.codelist.choices() if entry.codelist else []
    listed = [{"code": each, "words": str(words)} for each, words in codes]
    return content.answer(presenting.facts(entry) | {"codes": listed})


@router.get("/grants", response=shapes.GrantPage, summary="List the grants of the unit")
def list_grants(request: HttpRequest, cursor: Cursor, size: Size) -> HttpResponse:
    """Applications and grants of the key's post, the latest first."""
    pages.after(cursor, int)
    rows = sharing.grants_of_unit(_key(request).post)
    page = queries.grant_page(rows, cursor=cursor, size=size)
    return pages.answer(request, [_row(grant) for grant in page.rows], page.next)


@router.get("/grants/{number}", response=shapes.GrantWhole, summary="Read a grant")
def read_grant(request: HttpRequest, number: str) -> HttpResponse:
    """With the elements that can be read by it."""
    grant = _found(request, number)
    return content.answer(_row(grant) | {
        "elements": [
            {"code": each.code, "title": str(each.entry.element.title), "full": each.full}
            for each in granted.columns(grant)
        ],
    })  # fmt: skip


@router.get("/grants/{number}/persons", response=shapes.PersonPage, summary="Read by a grant")
def list_persons(
    request: HttpRequest,
    number: str,
    cursor: Cursor,
    size: Size,
    elements: Annotated[list[str], Query([], max_length=100, description="fewer than granted")],
    place: Annotated[str, Query("", pattern=r"^[0-9]{0,20}$", description="inside the grant")],
    name: Annotated[str, Query("", max_length=60, description="how it begins")],
) -> HttpResponse:
    """The persons it reaches, by community and name. Elements or places beyond the grant are
    refused, not left out."""
    grant, key = _found(request, number), _key(request)
    pages.after(cursor, str, str, int)
    with _within():
        read = commands.read_by_grant(
            grant=grant, place=_place(key, grant, place), elements=elements, begins=name,
            cursor=cursor, size=size, by=key.post, at=timezone.now(),
        )  # fmt: skip
    return pages.answer(request, [_person(row) for row in read.rows], read.next)


@router.post("/grants/{number}/look-up", response=shapes.Persons, summary="Look up one number")
def look_up(request: HttpRequest, number: str, body: shapes.LookUp) -> HttpResponse:
    """Of the holders of an identity number, those the grant reaches; nobody is an empty list. It
    reads only, so a key that may only read can do it; the number stands in no address."""
    grant, key = _found(request, number), _key(request)
    with _within():
        read = commands.look_up_by_grant(
            grant=grant, identity=body.identity, place=_place(key, grant, ""),
            elements=body.elements, by=key.post, at=timezone.now(),
        )  # fmt: skip
    return content.answer({"rows": [_person(row) for row in read.rows]})


@contextmanager
def _within():
    """What the grant does not let the key read is outside its scope; a field is mended instead."""
    try:
        yield
    except Refused as refusal:
        if refusal.field and refusal.field not in BEYOND:
            raise
        raise Problem(problems.OUT_OF_SCOPE, refusal.sentence) from None


def _key(request) -> Bearer:
    """A key for named service items is not meant for the registry."""
    key = request.auth
    if key.items:
        raise Problem(
            problems.OUT_OF_SCOPE, _("This key is for named service items; issue one for all.")
        )
    return key


def _found(request, number) -> Grant:
    key = _key(request)
    if not NUMBER.fullmatch(number):
        raise Http404
    grant = sharing.grants_of_unit(key.post).filter(number=number).first()
    if grant is None:
        raise Http404
    return grant


def _place(key, grant, wanted):
    """The wanted division, or as much of the grant's as the key reaches."""
    if not wanted:
        return rules.scope_of(grant, key.actor.place)
    if not key.actor.covers(wanted):
        raise Refused(_("The grant does not reach this division."), field="place")
    return wanted


def _row(grant):
    return {name: getattr(grant, name) for name in GRANT}


def _person(row: granted.Row):
    return {"person": row.person, "place": row.place, "values": row.values}
