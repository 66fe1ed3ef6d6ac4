"""Splink on DuckDB, in memory, with two threads and a gigabyte; nothing is fetched at run time."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import log2
from typing import Any

from .model import LEAST, Model, Pair, Part
from .records import Record, columns

logging.getLogger("splink").setLevel(logging.WARNING)  # it tells of every step
LIMITS = {
    "threads": 2,
    "memory_limit": "1GB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
}
SAMPLE = 400_000  # random pairs from which it is seen how often two strangers agree
FEWEST = 500
ENOUGH = 1_000  # records from which on a list's own numbers count
LEFT, RIGHT = "a", "b"  # the names Splink tells the two lists by


def propose(
    left: Iterable[Record],
    right: Iterable[Record] | None = None,
    *,
    model: Model,
    seed: int = 1,
    least: float = LEAST,
    columns: Callable[[Any], dict[str, Any]] = columns,
) -> list[Pair]:
    """Pairs of a record of `left` and one of `right`, or of two of `left`; the likeliest first.
    The same lists and seed give the same answer.
    """
    lists = [[columns(each) for each in side] for side in (left, right) if side is not None]
    if not all(lists) or (right is None and len(lists[0]) < 2):
        return []
    if min(map(len, lists)) < ENOUGH:
        return _compared(lists, model, seed, least, learn=False) or []
    found = _compared(lists, model, seed, least, learn=True)
    return found if found is not None else _compared(lists, model, seed, least, learn=False) or []


def _compared(lists, model, seed, least, *, learn: bool) -> list[Pair] | None:
    """None where the lists were to teach something and did not."""
    connection = _connect()
    try:
        linker = _linker(connection, lists, model)
        if learn and not _learn(linker, model, seed):
            return None
        found = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
        return _pairs(found.as_duckdbpyrelation(), model, _start(lists, model))
    finally:
        connection.close()


def _connect():
    import duckdb

    return duckdb.connect(":memory:", config=LIMITS)


def _linker(connection, lists: Sequence[list[dict[str, Any]]], model: Model):
    from splink import DuckDBAPI, Linker

    api = DuckDBAPI(connection)
    tables = [
        api.register(_table(rows), dataset_display_name=name)
        for name, rows in zip((LEFT, RIGHT), lists, strict=False)
    ]
    settings = settings_of(model, lists)
    linker = Linker(tables, settings, log_level=None, validate_settings=False)
    _count(linker, api, lists, model)
    return linker


def _table(rows):
    import pyarrow

    first = rows[0]
    types = {name: _type(pyarrow, name, value) for name, value in first.items()}
    schema = pyarrow.schema(list(types.items()))
    return pyarrow.Table.from_pylist(rows, schema=schema)


def _type(arrow, name, value):
    if isinstance(value, list):
        return arrow.list_(arrow.string())
    return arrow.int64() if name in ("unique_id", "day") else arrow.string()


def settings_of(model: Model, lists: Sequence[Sequence[Any]]) -> dict[str, Any]:
    return {
        "link_type": "link_only" if len(lists) == 2 else "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": _prior(lists, model),
        "comparisons": [_comparison(each, model.numbers) for each in model.comparisons],
        "blocking_rules_to_generate_predictions": [
            *({"blocking_rule": rule, "sql_dialect": "duckdb"} for rule in model.rules),
            *({"blocking_rule": rule, "sql_dialect": "duckdb", "arrays_to_explode": [column]}
              for column, rule in model.exploded),
        ],
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,
    }  # fmt: skip


def _prior(lists, model):
    """How likely any two are one person, before a field is looked at; as in a community's list even
    where there are only a few.
    """
    size = max(FEWEST, *map(len, lists))
    share = model.overlap if len(lists) == 2 else 2 * model.duplicates
    return min(0.5, share / size)


def _start(lists, model):
    prior = _prior(lists, model)
    return log2(prior / (1 - prior))


def _comparison(comparison, numbers):
    levels = [{"sql_condition": comparison.unknown, "label_for_charts": "unknown",
               "is_null_level": True}]  # fmt: skip
    for level in comparison.levels:
        m, u = numbers[comparison.field, level.code]
        more: dict[str, Any] = {}
        if level.given:
            more = {"fix_m_probability": True, "fix_u_probability": True}
        if level.frequency:
            more |= {"tf_adjustment_column": level.frequency, "tf_adjustment_weight": 1.0}
        levels.append({"sql_condition": level.sql, "label_for_charts": level.code,
                       "m_probability": m, "u_probability": u, **more})  # fmt: skip
    return {"output_column_name": comparison.field, "comparison_levels": levels}


def _frequencies(lists, model, column):
    """How often a value is met among strangers. That a list has somebody once says nothing of how
    rare the name is; what it has more often adds to what is met anywhere.
    """
    counts = [Counter(row[column] for row in rows if row[column]) for rows in lists]
    usual = next(model.numbers[comparison.field, level.code][1]
                 for comparison in model.comparisons for level in comparison.levels
                 if level.frequency == column)  # fmt: skip
    found: dict[str, float] = {}
    for count, rows in zip(counts, lists, strict=True):
        for value, times in count.items():
            found[value] = max(found.get(value, 0.0), usual + (times - 1) / len(rows))
    return [{column: value, f"tf_{column}": min(1.0, share)} for value, share in found.items()]


def _count(linker, api, lists, model):
    import pyarrow

    frequent = {level.frequency for each in model.comparisons for level in each.levels}
    for column in sorted(frequent - {""}):
        if rows := _frequencies(lists, model, column):
            table = api.register(pyarrow.Table.from_pylist(rows))
            linker.table_management.register_term_frequency_lookup(table, column)


def _learn(linker, model: Model, seed: int) -> bool:
    """How often strangers agree is seen in random pairs; how often one person's entries do, by
    expectation maximisation among those with one name or one birth. False where these lists teach
    nothing, so that the shipped numbers are used as they are.
    """
    from splink.internals.exceptions import EMTrainingException

    linker.training.estimate_u_using_random_sampling(
        max_pairs=SAMPLE, seed=seed, min_count_per_level=None, num_chunks=1
    )
    try:
        for rule in model.taught_by:
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
    except EMTrainingException:
        return False
    return all(_sane(each) for each in linker.misc.save_model_to_json()["comparisons"])


def _sane(comparison: dict[str, Any]) -> bool:
    """The first step speaks for one person, and more than the last."""
    levels = [each for each in comparison["comparison_levels"] if not each.get("is_null_level")]
    odds = [each["m_probability"] / each["u_probability"] for each in (levels[0], levels[-1])
            if each.get("m_probability") and each.get("u_probability")]  # fmt: skip
    return len(odds) == 2 and odds[0] > max(1, odds[1])


# --- reading the answer ---------------------------------------------------------------------------


def _pairs(found, model: Model, start: float) -> list[Pair]:
    place = {name: number for number, name in enumerate(found.columns)}
    fields = [(each, _at(place, each.field)) for each in model.comparisons]
    pairs = []
    for row in found.fetchall():
        parts = tuple(_part(comparison, where, row) for comparison, where in fields)
        left, right = row[place["unique_id_l"]], row[place["unique_id_r"]]
        pairs.append(Pair(left, right, round(row[place["match_weight"]], 3), start, parts))
    pairs.sort(key=lambda pair: (-pair.weight, pair.left, pair.right))
    return pairs


def _at(place, field):
    weights = [place[name] for name in (f"mw_{field}", f"mw_tf_adj_{field}") if name in place]
    return place[f"gamma_{field}"], weights


def _part(comparison, where, row):
    gamma, weights = row[where[0]], [row[each] for each in where[1]]
    levels = comparison.levels
    code = "unknown" if gamma < 0 else levels[len(levels) - 1 - gamma].code
    return Part(comparison.field, code, round(sum(filter(None, weights)), 2))
