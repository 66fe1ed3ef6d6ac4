"""What can be asked for, with which form, and where it would go."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from ninja import Query, Router

from shanzhi.kernel import Refused, paging
from shanzhi.kernel.api import content, pages
from shanzhi.kernel.api.pages import Cursor, Size
from shanzhi.places import queries as places

from .. import kinds, queries
from ..catalogue import LISTS
from ..models import Item
from . import rows, schemas, shapes

router = Router(tags=["items"])
COLUMNS = ("code", "version", "name", "summary", "theme", "kind", "department", "level",
           "promised_amount", "promised_unit")  # fmt: skip
WHOLE = (
    *COLUMNS, "provider", "audience", "basis", "conditions", "materials", "steps", "form",
    "statutory_amount", "statutory_unit", "fee", "result", "delivery", "window", "phone", "faq",
    "instead", "published_at",
)  # fmt: skip


@router.get("", response=shapes.ItemPage, summary="List service items")
def list_items(request: HttpRequest, cursor: Cursor, size: Size) -> HttpResponse:
    """The guides in force, by code. All keys see all of them: residents do, too."""
    items = queries.published().order_by("code")
    if after := pages.after(cursor, str):
        items = items.filter(code__gt=after[0])
    found = list(items.values(*COLUMNS)[: size + 1])
    page = paging.page(found, size=size, key=lambda row: (row["code"],))
    return pages.answer(request, page.rows, page.next)


@router.get("/categories", response=shapes.Categories, summary="List categories of reports")
def list_categories(
    request: HttpRequest,
    parent: Annotated[str, Query("", pattern=r"^[0-9]{0,6}$", description='"" is the first level')],
) -> HttpResponse:
    found = queries.categories(parent)
    return content.answer(
        {"rows": [{"code": each.code, "name": each.name, "path": each.path} for each in found]}
    )


@router.get("/{code}", response=shapes.ItemWhole, summary="Read a service item")
def read_item(request: HttpRequest, code: str) -> HttpResponse:
    """The guide with its form: as our own shape, and as a JSON Schema of the answers."""
    item = _item(code)
    data: dict[str, Any] = {name: getattr(item, name) for name in WHOLE}
    data |= {name: _complete(item, name) for name in LISTS}
    return content.answer(data | {"answers_schema": schemas.of_form(item.form)})


def _complete(item, name):
    """Stored without what has its default; answered with it."""
    shape = LISTS[name]
    return shape.dump_python(shape.validate_python(getattr(item, name)), mode="json")


@router.get("/{code}/route", response=shapes.Routed, summary="Where would it go?")
def simulate_route(
    request: HttpRequest,
    code: str,
    place: Annotated[str, Query(..., pattern=r"^[0-9]{12,20}$", description="community or grid")],
    category: Annotated[str, Query("", pattern=r"^[0-9]{0,6}$")],
) -> HttpResponse:
    """The unit that a request for this item, place and category would reach today."""
    item = _item(code)
    if not kinds.get(item.kind).sent:
        raise Refused(_("This is not applied for here; the guide says where it is done."))
    if not places.exists(place):
        raise Refused(_("Choose the community this is about."), field="place")
    today = localdate(timezone.now())
    routed = queries.route(item=item, category=category, place=place, day=today)
    unit = rows.unit(routed.unit.place, routed.unit.department)
    return content.answer({"unit": unit, "rule": routed.route.name if routed.route else ""})


def _item(code: str) -> Item:
    item = queries.item(code) if len(code) <= 40 and "\0" not in code else None
    if item is None:
        raise Http404
    return item
