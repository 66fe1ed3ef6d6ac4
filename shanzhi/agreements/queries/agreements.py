"""Who sees which agreements, and the parts of one."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse

from shanzhi.burden.kinds import Agreed
from shanzhi.kernel import paging, places
from shanzhi.kernel.acting import Actor
from shanzhi.places.models import Division

from ..models import Agreement, Clause, Comment, Run
from ..rules.table import DRIVERS, OVERSEERS, READERS
from .late import arrears, unevaluated
from .succeeding import split_from

Kind, State = Agreement.Kind, Agreement.State


def within(place: str) -> QuerySet[Agreement]:
    low, high = places.span(place)
    return Agreement.objects.filter(place__gte=low, place__lt=high)


def visible_to(actor: Actor) -> QuerySet[Agreement]:
    """A community sees its own, from the moment it is asked; who oversees sees those below."""
    if actor.role not in READERS:
        return Agreement.objects.none()
    seen = _seen(actor.place)
    if actor.role in DRIVERS:
        return seen
    seen = seen.exclude(kind=Kind.PATTERN)
    return seen if actor.role in OVERSEERS else seen.exclude(state=State.DRAFT)


def _seen(place):
    """With what was signed by a community that has gone elsewhere, or become several."""
    low, high = places.span(place)
    rows = Q(place__gte=low, place__lt=high) | Q(former__gte=low, former__lt=high)
    if len(place) == places.LEVELS["community"]:
        rows |= split_from(place)
    return Agreement.objects.filter(rows)


def found(actor: Actor, number: str) -> Agreement | None:
    rows = visible_to(actor).select_related("own", "assist", "parent")
    return rows.filter(number=number).first()


def years(actor: Actor) -> list[int]:
    """Of the agreements this post sees, the latest first."""
    return list(visible_to(actor).order_by("-year").values_list("year", flat=True).distinct())


def yearly(year: int) -> QuerySet[Agreement]:
    return Agreement.objects.filter(kind=Kind.YEARLY, year=year).exclude(
        state__in=(State.WITHDRAWN, State.ENDED)
    )


def promised(place: str, on: date) -> list[Agreed]:
    """Clauses in force of a community, with those of its supplements."""
    rows = Clause.objects.filter(
        agreement__place=place, agreement__year=on.year, agreement__state=State.IN_FORCE
    ).exclude(agreement__kind=Kind.PATTERN).select_related("agreement")  # fmt: skip
    return [
        Agreed(
            each.code, each.title, each.text, each.agreement.number, each.target,
            reverse("agreements:agreement", args=[each.agreement.number]),
            each.kind == Clause.Kind.ADMITTED,
        )
        for each in rows.order_by("agreement", "position")
    ]  # fmt: skip


def pattern(place: str, year: int) -> Agreement | None:
    return Agreement.objects.filter(kind=Kind.PATTERN, place=place, year=year).first()


def drafts(place: str, year: int) -> QuerySet[Agreement]:
    low, high = places.span(place)
    return yearly(year).filter(state=State.DRAFT, place__gte=low, place__lt=high)


def ready(place: str, year: int) -> QuerySet[Agreement]:
    """That the community has signed and the sub-district signs next."""
    rows = within(place).filter(year=year, state=State.HALF_SIGNED)
    return rows.order_by("place", "number")


LATE = {"arrears": arrears, "unevaluated": unevaluated}  # what a state does not say


def page(
    actor: Actor, year: int, chosen: Mapping[str, str], *, today: date, place: str = "",
    cursor: str = "", size: int = 30,
) -> paging.Page:  # fmt: skip
    """By place; a supplement stands below its agreement."""
    rows = listed(actor, year, chosen, today, place)
    if after := paging.decode(cursor, str, str):
        rows = rows.filter(Q(place__gt=after[0]) | Q(place=after[0], number__gt=after[1]))
    return paging.page(list(rows[: size + 1]), size=size, key=lambda row: (row.place, row.number))


def listed(
    actor: Actor, year: int, chosen: Mapping[str, str], today: date, place: str
) -> QuerySet[Agreement]:
    low, high = places.span(place or actor.place)
    rows = visible_to(actor).exclude(kind=Kind.PATTERN).filter(year=year)
    if place not in ("", actor.place):
        rows = rows.filter(place__gte=low, place__lt=high)
    if chosen.get("state") in State.values:
        rows = rows.filter(state=chosen["state"])
    elif chosen.get("state") in LATE:
        rows = rows.filter(LATE[chosen["state"]](today))
    if text := chosen.get("q", "").strip():
        named = Division.objects.filter(short_name__contains=text, code__gte=low, code__lt=high)
        rows = rows.filter(Q(place__in=named.values("code")) | Q(number=text))
    return rows.annotate(
        arrears=arrears(today),
        money=Sum("clauses__amount"),
        asks=Count("clauses", filter=~Q(clauses__kind="own")),
    ).order_by("place", "number")


def clauses(agreement: Agreement) -> list[Clause]:
    rows = agreement.clauses.select_related("department", "payer")
    return list(rows.order_by("position", "code"))


def asked(agreement: Agreement) -> list[Clause]:
    """What it asks of the community beyond its own duties."""
    return [each for each in clauses(agreement) if each.kind != Clause.Kind.OWN]


def codes_of(agreement: Agreement) -> list[str]:
    """With its supplements, as far as they were not withdrawn."""
    family = Agreement.objects.filter(Q(pk=agreement.pk) | Q(parent=agreement.pk))
    alive = family.exclude(state=State.WITHDRAWN)
    return list(Clause.objects.filter(agreement__in=alive).values_list("code", flat=True))


def comments(agreement: Agreement) -> list[Comment]:
    return list(agreement.comments.order_by("at", "pk"))


def open_comments(agreement: Agreement) -> int:
    return agreement.comments.filter(settled_at=None).count()


def communities(place: str) -> QuerySet[Division]:
    """All that there are now, in the order of their codes."""
    low, high = places.span(place)
    rows = Division.objects.filter(level="community", valid_to=None)
    return rows.filter(code__gte=low, code__lt=high).order_by("code")


def numbers(year: int, codes: Collection[str]) -> dict[str, str]:
    """A free number for each community: that of one that was withdrawn is not used again."""
    rows = Agreement.objects.filter(kind=Kind.YEARLY, year=year, place__in=codes).order_by()
    before = dict(rows.values_list("place").annotate(n=Count("pk")))
    return {code: f"{year}-{code}" + (f"r{before[code] + 1}" if code in before else "")
            for code in codes}  # fmt: skip


# --- runs -----------------------------------------------------------------------------------------


def run(actor: Actor, pk: int) -> Run | None:
    low, high = places.span(actor.place)
    return Run.objects.filter(pk=pk, place__gte=low, place__lt=high).first()


def runs(actor: Actor, year: int, kind: str = Run.Kind.MAKE) -> Sequence[Run]:
    low, high = places.span(actor.place)
    found = Run.objects.filter(kind=kind, place__gte=low, place__lt=high, year=year)
    return list(found.order_by(F("ended_at").desc(nulls_first=True), "-pk")[:5])


def signing_now(place: str) -> Run | None:
    rows = Run.objects.filter(kind=Run.Kind.SIGN, place=place, state=Run.State.RUNNING)
    return rows.first()


def unfinished(before: datetime) -> list[int]:
    """Runs that began some time ago and are not done: their worker may have been killed."""
    rows = Run.objects.filter(state=Run.State.RUNNING, began_at__lt=before)
    return list(rows.order_by("pk").values_list("pk", flat=True))
