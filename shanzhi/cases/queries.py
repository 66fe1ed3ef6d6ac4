"""Every read of cases and items that a second caller needs. Who sees what is decided here."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Case as Choose
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Left, Length

from shanzhi.kernel import identifiers, masking, words
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.crypto import keyed_hash
from shanzhi.kernel.paging import Page, decode, page
from shanzhi.kernel.places import span
from shanzhi.places import queries as places

from . import memory, numbers, routing, rules, single
from .listing import COLUMNS, latest
from .models import Case, Category, Draft, Involvement, Item, Route

LEVELS = (6, 9, 12)  # digits of the places whose lists have an index of their own


# --- who sees which cases -------------------------------------------------------------------------


def visible_to(actor: Actor) -> QuerySet[Case]:
    """A resident: what the account itself sent. Staff: what their post reaches (docs/cases.md)."""
    if not actor.is_staff:
        if actor.account_id is None:
            return Case.objects.none()
        return Case.objects.filter(applicant_id=actor.account_id)
    if actor.role not in rules.HANDLERS:
        return Case.objects.none()
    if actor.department:
        return Case.objects.filter(_of_department(actor))
    return Case.objects.filter(_inside("place", actor.place) | _involved(actor))


def _inside(column, place):
    """At or below the place, or below what was merged or moved into it."""
    inside = Q()
    for code in places.predecessors(place):
        low, high = span(code)
        inside |= Q(**{f"{column}__gte": low, f"{column}__lt": high})
    return inside


def _involved(actor):
    units = Involvement.objects.filter(_inside("place", actor.place), case=OuterRef("pk"))
    if actor.department:
        units = units.filter(department=actor.department)
    return Exists(units)


def _of_department(actor):
    decides = Q(item__department=actor.department) & _inside("place", actor.place)
    return decides | _involved(actor)


def supervised(actor: Actor) -> QuerySet[Case]:
    """The cases of the places below a post, through the index that serves its level in order."""
    if not _supervises(actor):
        return visible_to(actor)
    level, codes = len(actor.place), places.predecessors(actor.place)
    if level in LEVELS and {len(code) for code in codes} == {level}:
        return Case.objects.annotate(area=Left("place", level)).filter(area__in=codes)
    return Case.objects.filter(_inside("place", actor.place))


def _supervises(actor):
    general = actor.is_staff and actor.role in rules.HANDLERS and not actor.department
    return general and len(actor.place) <= 12


# --- lists ----------------------------------------------------------------------------------------


def case_list(
    actor: Actor, *, state: str = "", item: str = "", place: str = "", cursor: str = "",
    size: int = 20,
) -> Page:  # fmt: skip
    """Cases a post may see, the latest first; rows are dicts of COLUMNS. `place` is one below."""
    if place and not actor.covers(place):
        return Page([], "")
    area = place or actor.place
    level = len(area)
    if _supervises(actor) and level in LEVELS and places.predecessors(area) == [area]:
        where = [f"left(one.place, {level}) = %(place)s", *_filters(state, item)]
        values = {"place": area, "state": state, "open": list(rules.OPEN), "item": item}
        return latest(where, values, cursor, size)
    cases = supervised(actor)
    if state == "open":
        cases = cases.filter(state__in=rules.OPEN)
    elif state:
        cases = cases.filter(state=state)
    if item:
        cases = cases.filter(item__code=item)
    if place:
        cases = cases.filter(_inside("place", place))
    return _in_pages(cases, cursor, size)


def _filters(state, item):
    if state:
        yield "one.state = any(%(open)s)" if state == "open" else "one.state = %(state)s"
    if item:
        yield "item.code = %(item)s"


def own_cases(actor: Actor, *, cursor: str = "", size: int = 20) -> Page:
    """What this account sent, the latest first."""
    return latest(["one.applicant_id = %(account)s"], {"account": actor.account_id}, cursor, size)


def _in_pages(cases, cursor, size):
    if key := decode(cursor, int):
        cases = cases.filter(id__lt=key[0])
    rows = list(cases.order_by("-id").values(*COLUMNS)[: size + 1])
    return page(rows, size=size, key=lambda row: (row["id"],))


def search(actor: Actor, text: str, *, cursor: str = "", size: int = 20) -> Page:
    """By receipt or foreign number, phone, identity number, full name, or words of the request."""
    cases = visible_to(actor)
    text = (text or "").strip()
    if number := numbers.read(text):
        return _in_pages(cases.filter(number=number), cursor, size)
    if identifiers.MOBILE.fullmatch(text):
        return _in_pages(cases.filter(phone_hash=keyed_hash(text, kind="phone")), cursor, size)
    if masking.IDENTITY.fullmatch(text):
        digest = keyed_hash(text.upper(), kind="identity")
        return _in_pages(cases.filter(identity_hash=digest), cursor, size)
    query = words.for_query(text)
    if not query:
        return Page([], "")
    found = Q(name=text) | Q(external_number=text)
    found |= Q(pk__in=_with_words(query))
    return _in_pages(cases.filter(found), cursor, size)


def _with_words(query):
    asked = SearchQuery(query, config="simple", search_type="raw")
    return Case.objects.filter(search=asked).values("pk")


# --- single ones ----------------------------------------------------------------------------------


def visible(actor: Actor, number: str) -> Case | None:
    """With its item, which is read only."""
    case = single.by_number(number)
    if case is None or not _sees(actor, case):
        return None
    case.item = memory.version(case.item_id)
    return case


def _sees(actor, case):
    """One's own, or a general post's in its place, is told without asking the database again."""
    own = not actor.is_staff and actor.account_id is not None
    if (own and case.applicant_id == actor.account_id) or (
        _supervises(actor) and actor.covers(case.place)
    ):
        return True
    return may_read(case.pk, actor)


def sender(case: Case) -> tuple[Involvement | None, routing.Unit | None]:
    """The row by which a department's number brought the case to its unit, and that department."""
    leading = sorted((each for each in case.involvements.all() if each.leads),
                     key=lambda each: -each.pk)  # fmt: skip
    if len(leading) < 2 or not leading[0].admission:
        return None, None
    return leading[0], routing.Unit(leading[1].place, leading[1].department)


def of_submission(submission: UUID, actor: Actor) -> Case | None:
    """The case of an earlier press of the same button by the same account."""
    case = Case.objects.select_related("item").filter(submission=submission).first()
    mine = case and actor.account_id in (case.applicant_id, case.assisted_by)
    return case if mine else None


def by_receipt(number: str, code: str) -> Case | None:
    """The case of a paper receipt: its number and its six digits."""
    number = numbers.read(number)
    if number is None:
        return None
    digest = numbers.code_hash(number, code.strip())
    return Case.objects.select_related("item").filter(number=number, code_hash=digest).first()


def may_read(pk: int, actor: Actor) -> bool:
    return visible_to(actor).filter(pk=pk).exists()


# --- items, categories, routes --------------------------------------------------------------------


def published() -> QuerySet[Item]:
    return Item.objects.filter(state=Item.State.PUBLISHED)


def item(code: str) -> Item | None:
    """The item in force; read it, never write it: it is shared by all requests."""
    return memory.published(code)


def items_by_theme() -> dict[str, list[Item]]:
    """Published items under their headings, each by name."""
    themes: dict[str, list[Item]] = {}
    columns = ("code", "name", "summary", "theme", "kind", "provider", "promised_amount",
               "promised_unit", "materials", "level")  # fmt: skip
    for each in published().only(*columns).order_by("theme", "name"):
        themes.setdefault(each.theme, []).append(each)
    return themes


def find_items(text: str, limit: int = 20) -> list[Item]:
    """Published items whose name or summary holds every word of `text`."""
    items = published()
    for word in text.split()[:5]:
        items = items.filter(Q(name__icontains=word) | Q(summary__icontains=word))
    return list(items.order_by("name")[:limit])


def categories(parent: str = "") -> list[Category]:
    """The children of a category, or the first level."""
    low, high = span(parent)
    length = len(parent) + 2
    rows = Category.objects.filter(code__gte=low, code__lt=high).order_by("code")
    return [each for each in rows if len(each.code) == length]


def categories_by_head() -> dict[str, list[Category]]:
    """The second level under its first-level heads, for one select with groups."""
    heads = {each.code: each.name for each in categories()}
    groups: dict[str, list[Category]] = {name: [] for name in heads.values()}
    for each in Category.objects.annotate(length=Length("code")).filter(length=4).order_by("code"):
        groups[heads[each.code[:2]]].append(each)
    return groups


def route(*, item: Item, category: str, place: str, day: date) -> routing.Routed:
    return routing.choose(memory.routes(), item=item, category=category, place=place, day=day)


def short_title(text: str, item: Item) -> str:
    """The first sentence of a free report, as its title."""
    first = text.strip().split("\n")[0].split("。")[0].strip()
    return first[:30] if len(first) >= 4 else item.name


def drafts(actor: Actor) -> list[Draft]:
    """Forms this account began, the latest first."""
    return list(
        Draft.objects.filter(account_id=actor.account_id, post=actor.post_id).order_by("-saved_at")[
            :20
        ]
    )


def begun(actor: Actor, item_code: str) -> UUID | None:
    """The form of this item that the account typed into last and did not send."""
    rows = Draft.objects.filter(
        account_id=actor.account_id, post=actor.post_id, item_code=item_code
    )
    return rows.order_by("-saved_at").values_list("pk", flat=True).first()


DRAFT = """
SELECT post, item_code, sealed, begun_at, saved_at FROM cases_draft
WHERE id = %s AND account_id = %s
"""


def draft(actor: Actor, pk: UUID) -> Draft | None:
    with connection.cursor() as cursor:
        cursor.execute(DRAFT, [pk, actor.account_id])
        row = cursor.fetchone()
    if row is None:
        return None
    sealed = Draft._meta.get_field("sealed").open(row[2])
    return Draft.from_db(connection.alias, [], [pk, actor.account_id, *row[:2], sealed, *row[3:]])


# --- items and rules as the desk keeps them -------------------------------------------------------

ITEM_COLUMNS = (
    "code", "version", "state", "name", "theme", "department", "level", "provider",
    "draft_version",
)  # fmt: skip


def heads() -> QuerySet[Item]:
    """One row for each item: the version in force, else the draft, else the last."""
    rank = Choose(When(state=Item.State.PUBLISHED, then=0), When(state=Item.State.DRAFT, then=1),
                  default=2)  # fmt: skip
    first = Item.objects.annotate(rank=rank).order_by("code", "rank", "-version").distinct("code")
    return Item.objects.filter(pk__in=first.values("pk"))


def items_where(
    *, text: str = "", state: str = "", theme: str = "", department: str = "", provider: str = ""
) -> QuerySet[Item]:
    """Heads that hold every word of `text`, under their headings by name."""
    drafts = Item.objects.filter(code=OuterRef("code"), state=Item.State.DRAFT)
    items = heads().annotate(draft_version=Subquery(drafts.values("version")[:1]))
    for word in text.split()[:5]:
        items = items.filter(
            Q(name__icontains=word) | Q(summary__icontains=word) | Q(code__contains=word.lower())
        )
    exact = {"theme": theme, "department": department, "provider": provider}
    items = items.filter(**{name: value for name, value in exact.items() if value})
    if state == Item.State.DRAFT:
        items = items.filter(draft_version__isnull=False)
    elif state:
        items = items.filter(state=state)
    return items.order_by("theme", "name", "code")


def item_list(cursor: str = "", size: int = 30, **wanted: str) -> Page:
    """Lines of the desk's list of items: dicts of ITEM_COLUMNS."""
    items = items_where(**wanted)
    if key := decode(cursor, str, str, str):
        theme, name, code = key
        items = items.filter(
            Q(theme__gt=theme)
            | Q(theme=theme, name__gt=name)
            | Q(theme=theme, name=name, code__gt=code)
        )
    rows = list(items.values(*ITEM_COLUMNS)[: size + 1])
    return page(rows, size=size, key=lambda row: (row["theme"], row["name"], row["code"]))


def themes() -> list[str]:
    rows = Item.objects.exclude(theme="").order_by("theme")
    return list(rows.values_list("theme", flat=True).distinct())


def versions(code: str) -> list[Item]:
    """All of an item, the latest first."""
    return list(Item.objects.filter(code=code).order_by("-version"))


def item_names(codes: Iterable[str]) -> dict[str, str]:
    """Codes to names, of those that exist."""
    return dict(heads().filter(code__in=set(codes)).values_list("code", "name"))


def items_by_name() -> list[tuple[str, str]]:
    """Code and name of each item there is or was, of its head."""
    return sorted(heads().values_list("code", "name"), key=lambda item: (item[1], item[0]))


def all_categories() -> list[Category]:
    """The whole tree in its order."""
    return list(Category.objects.order_by("code"))


def routes() -> list[Route]:
    return list(Route.objects.order_by("position"))
