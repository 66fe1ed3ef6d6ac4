"""What a key may see and touch: its place, its items, and whether it may write at all."""

import re

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from shanzhi.kernel.api import problems
from shanzhi.kernel.api.problems import Problem
from shanzhi.people.queries import Bearer

from .. import queries
from ..models import Case

NUMBER = re.compile(r"[0-9]{12}")


def visible(key: Bearer) -> QuerySet[Case]:
    return of_items(queries.visible_to(key.actor), key)


def of_items(cases: QuerySet[Case], key: Bearer) -> QuerySet[Case]:
    return cases.filter(item__code__in=sorted(key.items)) if key.items else cases


def found(key: Bearer, number: str) -> Case:
    """The case, if it lies in the key's place and items; else there is none."""
    cases = visible(key).select_related("item")
    case = cases.filter(number=number).first() if NUMBER.fullmatch(number) else None
    if case is None:
        raise Http404
    return case


def check_writes(key: Bearer) -> None:
    if not key.may_write:
        raise Problem(problems.OUT_OF_SCOPE, _("This key may only read."))


def check_item(key: Bearer, code: str) -> None:
    if key.items and code not in key.items:
        raise Problem(problems.OUT_OF_SCOPE, _("This key is not meant for this service item."))
