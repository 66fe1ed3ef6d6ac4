"""What hangs on a person and goes along when two entries become one.

A plug: an area whose table names a person says so in `ready()`, and what happens where both entries
have a row that may exist only once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.utils.functional import Promise

from shanzhi.kernel import Refused


def never(row: models.Model, kept: Sequence[models.Model]) -> bool:
    return False


@dataclass(frozen=True)
class Owned:
    """`clashes(row, kept)` tells that a row of the entry given up cannot stand beside those of the
    entry kept. Then it is left out (and comes back when the merge is undone), or, where `refusal`
    has a sentence, the merge is refused with it.
    """

    model: type[models.Model]
    title: str | Promise
    column: str = "person_id"
    clashes: Callable[[models.Model, Sequence[models.Model]], bool] = never
    refusal: str | Promise = ""

    def rows(self, person_id: int) -> list[models.Model]:
        rows = self.model._default_manager.select_for_update().filter(**{self.column: person_id})
        return list(rows.order_by("pk"))

    def left_out(self, row: models.Model, kept: Sequence[models.Model]) -> bool:
        if not self.clashes(row, kept):
            return False
        if self.refusal:
            raise Refused(str(self.refusal))
        return True


OWNED: dict[type[models.Model], Owned] = {}


def register(owned: Owned) -> None:
    if owned.model in OWNED:
        raise ImproperlyConfigured(f"{owned.model.__name__} is registered already")
    if owned.column not in {each.attname for each in owned.model._meta.concrete_fields}:
        raise ImproperlyConfigured(f"{owned.model.__name__} has no column {owned.column}")
    OWNED[owned.model] = owned


def alike(*fields: str, **open_where: object) -> Callable[[models.Model, Sequence], bool]:
    """Both rows are open (`open_where` holds of them) and equal in `fields`."""

    def clashes(row: models.Model, kept: Sequence[models.Model]) -> bool:
        def is_open(each):
            return all(getattr(each, name) == value for name, value in open_where.items())

        return is_open(row) and any(
            is_open(each) and all(getattr(each, name) == getattr(row, name) for name in fields)
            for each in kept
        )

    return clashes
