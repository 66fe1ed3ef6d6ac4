"""Promised, paid and overdue; how far each division is; what communities say of departments."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet, Sum
from django.db.models.functions import Left

from shanzhi.kernel import paging, places
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from ..models import Agreement, Payment, Score, Side
from .agreements import visible_to, within
from .late import overdue, unevaluated

FEWEST = 3  # communities; what fewer say could be told apart
NOTHING = Decimal(0)
FAR = Agreement.State.values


def payments(actor: Actor, year: int, place: str = "") -> QuerySet[Payment]:
    seen = visible_to(actor).filter(year=year)
    if place not in ("", actor.place):
        low, high = places.span(place)
        seen = seen.filter(place__gte=low, place__lt=high)
    return Payment.objects.filter(agreement__in=seen).select_related(
        "agreement", "clause", "clause__payer"
    )


def narrowed(rows: QuerySet[Payment], which: str, today: date) -> QuerySet[Payment]:
    filters = {
        "overdue": overdue(today),
        "due": Q(paid_on=None, due_on__gte=today),
        "paid": Q(paid_on__isnull=False),
        "unconfirmed": Q(paid_on__isnull=False, received_at=None),
    }
    return rows.filter(filters.get(which, Q())).order_by("due_on", "agreement__place", "pk")


def payment_page(rows: QuerySet[Payment], cursor: str = "", size: int = 40) -> paging.Page:
    if after := paging.decode(cursor, date, str, int):
        day, place, pk = after
        later = Q(due_on__gt=day) | Q(due_on=day, agreement__place__gt=place)
        rows = rows.filter(later | Q(due_on=day, agreement__place=place, pk__gt=pk))
    return paging.page(list(rows[: size + 1]), size=size,
                       key=lambda row: (row.due_on, row.agreement.place, row.pk))  # fmt: skip


def of_agreement(agreement: Agreement) -> list[Payment]:
    rows = agreement.payments.select_related("clause", "clause__payer")
    return list(rows.order_by("due_on", "clause__position"))


def totals(rows: QuerySet[Payment], today: date) -> dict[str, Decimal]:
    found = rows.order_by().aggregate(**_sums("", today))
    return {name: value or NOTHING for name, value in found.items()}


def _sums(path, today):
    return {
        "promised": Sum(f"{path}amount"),
        "paid": Sum(f"{path}amount", filter=Q((f"{path}paid_on__isnull", False))),
        "overdue": Sum(f"{path}amount", filter=overdue(today, path)),
    }


# --- by division ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Below:
    """A division right below, and how far its communities are."""

    code: str
    name: str
    communities: int
    states: Mapping[str, int]
    promised: Decimal
    paid: Decimal
    overdue: Decimal
    unpaid: int  # communities that wait for money
    unevaluated: int  # agreements whose evaluation is overdue

    @property
    def signed(self) -> int:
        return self.states.get("in_force", 0) + self.states.get("evaluated", 0)


def below(place: str, year: int, today: date) -> list[Below]:
    """Agreements of the year; their supplements count with the money alone."""
    depth = min(length for length in places.LENGTHS if length > len(place))
    seen = within(place).filter(year=year).annotate(below=Left("place", depth)).order_by()
    states = _states(seen)
    late = overdue(today, "payments__")
    money = {row.pop("below"): row for row in seen.values("below").annotate(
        unpaid=Count("place", filter=late, distinct=True), **_sums("payments__", today))
    }  # fmt: skip
    slow = dict(seen.filter(unevaluated(today)).values_list("below").annotate(many=Count("pk")))
    there = _communities(place, depth)
    return [
        Below(each.code, each.short_name, there.get(each.code, 0), states.get(each.code, {}),
              **{name: money.get(each.code, {}).get(name) or NOTHING
                 for name in ("promised", "paid", "overdue")},
              unpaid=money.get(each.code, {}).get("unpaid") or 0,
              unevaluated=slow.get(each.code, 0))
        for each in divisions.children(place) if there.get(each.code)
    ]  # fmt: skip


def _states(seen) -> dict[str, dict[str, int]]:
    """Communities by state; one that carries on others' agreements counts by the least far."""
    rows = seen.filter(kind=Agreement.Kind.YEARLY).values_list("below", "place", "state")
    least: dict[tuple[str, str], str] = {}
    for below, place, state in rows.distinct():
        known = least.setdefault((below, place), state)
        least[below, place] = min(known, state, key=FAR.index)
    counted: dict[str, dict[str, int]] = {}
    for (below, _place), state in least.items():
        of = counted.setdefault(below, {})
        of[state] = of.get(state, 0) + 1
    return counted


def _communities(place, depth) -> dict[str, int]:
    rows = divisions.inside(place).filter(level="community").order_by()
    return dict(rows.annotate(below=Left("code", depth)).values_list("below")
                .annotate(many=Count("pk")))  # fmt: skip


# --- what communities say -------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """Of one clause, by enough communities that none can be told apart; they are not named."""

    code: str
    title: str
    communities: int
    support: float
    money: float | None  # None where fewer than that have money promised


def _said(place: str, department: str, year: int) -> QuerySet[Score]:
    low, high = places.span(place)
    return Score.objects.filter(
        evaluation__side=Side.COMMUNITY, evaluation__agreement__year=year,
        evaluation__agreement__place__gte=low, evaluation__agreement__place__lt=high,
        clause__department=department,
    )  # fmt: skip


def departments(place: str, department: str, year: int) -> list[Said]:
    spoke = "evaluation__agreement__place"
    rows = _said(place, department, year).values("clause__code", "clause__title").annotate(
        many=Count(spoke, distinct=True), support=Avg("support"),
        paid=Count(spoke, distinct=True, filter=Q(money__isnull=False)),  # before `money` is an Avg
        money=Avg("money"),
    )  # fmt: skip
    return [
        Said(row["clause__code"], row["clause__title"], row["many"], row["support"],
             row["money"] if row["paid"] >= FEWEST else None)
        for row in rows.order_by("clause__code", "clause__title") if row["many"] >= FEWEST
    ]  # fmt: skip


def words_of(place: str, department: str, year: int) -> Mapping[str, list[str]]:
    """By code; in the order of the alphabet, so that it tells nothing."""
    told: dict[str, list[Any]] = {}
    enough = {each.code for each in departments(place, department, year)}
    rows = _said(place, department, year).exclude(words="").filter(clause__code__in=enough)
    for code, words in rows.order_by("words").values_list("clause__code", "words"):
        told.setdefault(code, []).append(words)
    return told
