"""Batches as they are listed, and the ground their rows are read on."""

from collections import defaultdict
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from shanzhi.kernel import paging, places
from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions
from shanzhi.places.models import Estate

from ..intake.ground import COMMITTEE, Ground
from ..models import Batch, Chunk, ColumnMap, Difference, Problem, Source
from .catalogue import plain
from .imports_moves import MOVE

SIZE = 20


def ground(place: str) -> Ground:
    """Everything a row may name: divisions of the city, communities and estates of the range."""
    city = settings.SHANZHI_CITY
    rows = list(divisions.inside(city).values_list("code", "name", "short_name", "level"))
    communities, everywhere, grids = defaultdict(list), defaultdict(list), {}
    for code, name, short, level in rows:
        for word in {plain(name), plain(short), COMMITTEE.sub("", plain(name))} - {""}:
            everywhere[word].append(code)
            if level == "community" and places.holds(place[:12], code):
                communities[word].append(code)
        if level == "grid" and places.holds(place[:12], code):
            grids |= {(code[:12], word): code for word in _grid_names(code, name, short)}
    return Ground(
        range=place,
        city=city,
        codes=frozenset(row[0] for row in rows),
        communities={word: tuple(codes) for word, codes in communities.items()},
        grids=grids,
        divisions={word: tuple(codes) for word, codes in everywhere.items()},
        estates=_estates(place),
    )


def _grid_names(code, name, short):
    number = int(code[12:])
    yield from (plain(name), plain(short), f"#{number}")


def _estates(place):
    """The longest name first: it is the one that lies in an address."""
    start, end = places.span(place[:12])
    found = defaultdict(list)
    for pk, name, where in Estate.objects.filter(place__gte=start, place__lt=end).values_list(
        "pk", "name", "place"
    ):
        found[where[:12]].append((plain(name), pk, where))
    return {code: tuple(sorted(each, key=lambda row: (-len(row[0]), row)))
            for code, each in found.items()}  # fmt: skip


# --- batches --------------------------------------------------------------------------------------


def visible_batches(actor: Actor) -> QuerySet[Batch]:
    start, end = places.span(actor.place)
    if not actor.place:
        return Batch.objects.none()
    return Batch.objects.filter(place__gte=start, place__lt=end).select_related("source")


def batch(actor: Actor, pk: int) -> Batch | None:
    return visible_batches(actor).filter(pk=pk).first()


def batches(actor: Actor, cursor: str = "") -> paging.Page:
    rows = visible_batches(actor).order_by("-id")
    if key := paging.decode(cursor, int):
        rows = rows.filter(id__lt=key[0])
    return paging.page(list(rows[: SIZE + 1]), size=SIZE, key=lambda each: (each.pk,))


def same_file(batch: Batch) -> Batch | None:
    """The last batch of the same file in the same range that was taken over."""
    taken = Batch.objects.filter(digest=bytes(batch.digest), place=batch.place, state="opened")
    return taken.exclude(pk=batch.pk).order_by("-id").first()


def remembered(source: Source, fingerprint: bytes) -> list[str] | None:
    found = ColumnMap.objects.filter(source=source, header=fingerprint).first()
    return found.columns if found else None


def problems(batch: Batch, code: str, cursor: str = "", size: int = SIZE) -> paging.Page:
    """Problems of one kind or all, row after row."""
    rows = Problem.objects.filter(batch=batch)
    rows = rows.filter(code=code) if code else rows
    if key := paging.decode(cursor, int, int):
        rows = rows.filter(row__gte=key[0]).exclude(row=key[0], id__lte=key[1])
    found = list(rows.order_by("row", "id")[: size + 1])
    return paging.page(found, size=size, key=lambda each: (each.row, each.pk))


def differences(
    batch: Batch, cursor: str = "", size: int = SIZE, *, moves: bool = False
) -> paging.Page:
    rows = Difference.objects.filter(batch=batch)
    rows = rows.filter(section=MOVE) if moves else rows
    if key := paging.decode(cursor, int, int):
        rows = rows.filter(row__gte=key[0]).exclude(row=key[0], id__lte=key[1])
    found = list(rows.order_by("row", "id")[: size + 1])
    return paging.page(found, size=size, key=lambda each: (each.row, each.pk))


def chunks_of(batch: Batch, rows: list[int]) -> dict[int, Chunk]:
    """The chunk that holds each of some rows."""
    if not rows:
        return {}
    held = Chunk.objects.filter(batch=batch, first__lte=max(rows)).order_by("-first")
    found: dict[int, Any] = {}
    for row in sorted(rows, reverse=True):
        chunk = next((each for each in found.values() if each.first <= row <= _last(each)), None)
        found[row] = chunk or held.filter(first__lte=row).first()
    return found


def _last(chunk):
    return chunk.first + chunk.rows - 1
