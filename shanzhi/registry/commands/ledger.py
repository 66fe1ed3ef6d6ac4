"""Rows a command changes, kept so that exactly this can be taken back.

Each touched row is remembered as it was and as it became; None is a row that did not exist. Taken
back in the opposite order, every step meets the rows it left, so no constraint is in the way.
"""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from django.apps import apps
from django.contrib.postgres.functions import TransactionNow
from django.db import models

from shanzhi.kernel import crypto

from ..models import PersonKey, Version

Values = dict[str, Any]


@dataclass(frozen=True)
class Touched:
    model: str  # registry.Presence
    pk: int
    before: Values | None
    after: Values | None


@dataclass
class Ledger:
    rows: list[Touched] = field(default_factory=list)

    def update(self, row: models.Model, **values: Any) -> None:
        before = frozen(row)
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        self.note(row, before)

    def drop(self, row: models.Model) -> None:
        self.rows.append(Touched(row._meta.label, row.pk, frozen(row), None))
        type(row)._default_manager.filter(pk=row.pk).delete()

    def note(self, row: models.Model, before: Values | None) -> None:
        """A row that somebody else changed, or added."""
        self.rows.append(Touched(row._meta.label, row.pk, before, frozen(row)))

    def dump(self) -> bytes:
        return orjson.dumps(
            [[each.model, each.pk, each.before, each.after] for each in self.rows]
        )  # fmt: skip


def load(plain: bytes) -> Ledger:
    return Ledger([Touched(*row) for row in orjson.loads(plain)])


# --- a row as plain values ------------------------------------------------------------------------


def frozen(row: models.Model) -> Values:
    """All columns but those the database makes, as JSON keeps them; a person's key is opened, so
    that the keys of the server may change meanwhile.
    """
    values = {each.attname: _plain(getattr(row, each.attname)) for each in _columns(type(row))}
    if isinstance(row, PersonKey):
        key = crypto.unseal(row.wrapped, context=key_context(row.pk))
        values["wrapped"] = base64.b64encode(key).decode()
    return orjson.loads(orjson.dumps(values, default=str))


def thawed(model: type[models.Model], values: Values) -> models.Model:
    row = model(**{each.attname: _read(each, values[each.attname]) for each in _columns(model)})
    if isinstance(row, PersonKey):
        row.wrapped = crypto.seal(bytes(row.wrapped), context=key_context(row.pk))
    return row


def key_context(person_id: int) -> str:
    return f"registry_personkey:{person_id}"


def _columns(model):
    return [
        each for each in model._meta.concrete_fields
        if not each.generated and not isinstance(each.db_default, TransactionNow)
    ]  # fmt: skip


def _plain(value):
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _read(column, value):
    if value is None:
        return None
    if column.get_internal_type() == "BinaryField" and not hasattr(column, "encode"):
        return base64.b64decode(value)
    if column.is_relation:
        return column.target_field.to_python(value)
    return column.to_python(value)


# --- taking back ----------------------------------------------------------------------------------


def different(ledger: Ledger) -> list[tuple[type[models.Model], list[str]]]:
    """Rows that are no longer as they were left, with the columns that differ; a row that is gone
    names none.
    """
    last: dict[tuple[str, int], Values | None] = {}
    for each in ledger.rows:
        last[each.model, each.pk] = each.after
    found = []
    for (label, pk), after in last.items():
        model = apps.get_model(label)
        row = model._default_manager.select_for_update().filter(pk=pk).first()
        now = frozen(row) if row else None
        if now != after:
            known = after if now and after else {}
            found.append((model, [name for name in known if now[name] != known[name]]))
    return found


def take_back(ledger: Ledger) -> None:
    for each in reversed(ledger.rows):
        model = apps.get_model(each.model)
        rows = model._default_manager.filter(pk=each.pk)
        if each.before is None:
            if model is not PersonKey:
                rows.delete()
            continue
        row = thawed(model, each.before)
        if each.after is None:
            row.save(force_insert=True)
            continue
        changed = [name for name, value in each.before.items() if each.after[name] != value]
        if changed:
            rows.update(**{name: getattr(row, name) for name in changed})
    _drop_new_keys(ledger)


def _drop_new_keys(ledger):
    """A key made for this, unless something else was sealed under it since."""
    made = [each.pk for each in ledger.rows if each.model == PersonKey._meta.label
            and each.before is None]  # fmt: skip
    used = Version.objects.filter(person_id__in=made).values("person_id")
    PersonKey.objects.filter(pk__in=made).exclude(pk__in=used).delete()
