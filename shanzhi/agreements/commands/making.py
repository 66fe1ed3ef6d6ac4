"""Agreements of a whole place, made from the lists and the pattern of each sub-district."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.burden.queries import lists
from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import Actor

from .. import queries, rules
from ..kinds import KEPT, clause_values
from ..models import Agreement, Clause, Run
from . import steps

CHUNK = 50  # communities of one transaction
FRESH = {"target": "", "amount": 0, "payer_id": None, "due_on": []}


@transaction.atomic
def make_pattern(*, place: str, year: int, by: Actor, at: datetime) -> Agreement:
    """What a sub-district agrees on with all of its communities; there is one a year."""
    rules.check_run(place, year, localdate(at).year, False, by)
    steps.one_after_the_other()
    return _pattern(place, year, by, at)


def _pattern(place, year, by, at):
    if known := queries.pattern(place, year):
        return known
    own, assist = lists.edition("own", place), lists.edition("assist", place)
    rules.check_generate(assist)
    made = Agreement.objects.create(
        kind=Agreement.Kind.PATTERN, number=f"{year}-{place}", year=year, place=place, own=own,
        assist=assist, made_at=at,
    )  # fmt: skip
    before = queries.pattern(place, year - 1)
    agreed = {each.code: each for each in before.clauses.all()} if before else {}
    Clause.objects.bulk_create(
        Clause(agreement=made, position=position, **told | _agreed(agreed.get(told["code"])))
        for position, told in enumerate(queries.told(own, assist).values())
    )
    steps.record("pattern_made", made, by, at)
    return made


def _agreed(before):
    """Targets go on; amounts and days are of one year and are agreed on anew."""
    if before is None:
        return FRESH
    return FRESH | {"target": before.target}


# --- all of them ----------------------------------------------------------------------------------


@transaction.atomic
def start_run(*, place: str, year: int, by: Actor, at: datetime) -> Run:
    steps.one_after_the_other()
    mine = Run.objects.filter(kind=Run.Kind.MAKE, place=place, year=year)
    running = mine.filter(state=Run.State.RUNNING).exists()
    rules.check_run(place, year, localdate(at).year, running, by)
    run = Run.objects.create(
        place=place, year=year, total=queries.communities(place).count(), began_at=at,
        acting=steps.acting(by),
    )  # fmt: skip
    record("agreements.run_started", about=label(run), by=by, at=at, place=place, year=year)
    return run


@transaction.atomic
def make_more(*, run: Run, by: Actor, at: datetime) -> bool:
    """The next communities; False when all are done. What is there already is left alone."""
    steps.one_after_the_other()
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state == Run.State.DONE:
        return False
    codes = list(queries.communities(run.place).filter(code__gt=run.reached)
                 .values_list("code", flat=True)[:CHUNK])  # fmt: skip
    if not codes:
        run.state, run.ended_at = Run.State.DONE, at
        run.save(update_fields=["state", "ended_at"])
        record("agreements.generated", about=label(run), by=by, at=at, place=run.place,
               year=run.year, made=run.made, kept=run.kept)  # fmt: skip
        return False
    there = set(queries.yearly(run.year).filter(place__in=codes).values_list("place", flat=True))
    for subdistrict in sorted({code[:9] for code in codes}):
        wanted = [code for code in codes if code[:9] == subdistrict and code not in there]
        _make(run, subdistrict, wanted, by, at)
    run.kept += len(there)
    run.done, run.reached = run.done + len(codes), codes[-1]
    run.save(update_fields=["made", "kept", "failures", "done", "reached"])
    return True


def _make(run, subdistrict, wanted, by, at):
    if not wanted:
        return
    try:
        pattern = _pattern(subdistrict, run.year, by, at)
    except Refused as refusal:
        run.failures += [[code, str(refusal)] for code in wanted]
        return
    numbers = queries.numbers(run.year, wanted)
    lines = [clause_values(each) for each in pattern.clauses.order_by("position")]
    made = Agreement.objects.bulk_create(
        Agreement(
            kind=Agreement.Kind.YEARLY, number=numbers[code], year=run.year,
            place=code, own_id=pattern.own_id, assist_id=pattern.assist_id, terms=pattern.terms,
            made_at=at,
        ) for code in wanted
    )  # fmt: skip
    Clause.objects.bulk_create(Clause(agreement=each, **line) for each in made for line in lines)
    for each in made:
        steps.record("drafted", each, by, at)
    run.made += len(made)


# --- in the middle of the year --------------------------------------------------------------------


@transaction.atomic
def supplement(
    *, parent: Agreement, code: str, values: Mapping[str, Any], by: Actor, at: datetime
) -> Agreement:
    """What the gate, or a new edition, admits during the year, by its number or code; `values`
    are what the two agree on.
    """
    parent = steps.locked(parent)
    return _supplement(parent, code, values, by, at)


@transaction.atomic
def supplement_all(
    *, place: str, year: int, code: str, values: Mapping[str, Any], by: Actor, at: datetime
) -> list[Agreement]:
    """The same for every agreement of a sub-district in force that does not have it yet."""
    low, high = places.span(place)
    rows = queries.yearly(year).filter(place__gte=low, place__lt=high, state="in_force")
    return [
        _supplement(parent, code, values, by, at)
        for parent in rows.order_by("pk").select_for_update()
        if code in queries.admissible(parent, queries.codes_of(parent))
    ]


def _supplement(parent, code, values, by, at):
    codes = queries.codes_of(parent)
    told = queries.admissible(parent, codes).get(code)
    rules.check_supplement(parent, code, told, codes, by)
    rules.check_item(values, parent.year)
    own, assist = queries.in_force(parent)
    made = Agreement.objects.create(
        kind=Agreement.Kind.SUPPLEMENT, parent=parent, year=parent.year, place=parent.place,
        number=f"{parent.number}-{parent.supplements.count() + 1}", own=own, assist=assist,
        admission=code if told["kind"] == Clause.Kind.ADMITTED else str(assist), made_at=at,
    )  # fmt: skip
    Clause.objects.create(
        agreement=made, position=0, **told, **{name: values[name] for name in KEPT}
    )
    steps.record("supplemented", made, by, at, parent=parent.number, code=code)
    return made
