"""From checked answers to the columns of a case."""

from typing import Any

from django.db.models import Func, Value

from shanzhi.kernel import masking, words
from shanzhi.kernel.crypto import keyed_hash

from . import answers, kinds, queries
from .models import Item
from .shapes import FormField


def questions(item: Item) -> list[FormField]:
    """The form of an item, its shape checked once for each row that was read."""
    known = item.__dict__.get("_questions")
    if known is None or known[0] is not item.form:
        known = item.form, [FormField.model_validate(each) for each in item.form]
        item._questions = known
    return known[1]


def content(
    item: Item, fields: list[FormField], checked: dict[str, Any], *, location: str
) -> dict[str, Any]:
    """Columns by name. The identity number has its own, so it is not sealed a second time."""
    parted = answers.part(fields, checked)
    identity = parted.sealed.pop("identity", None)
    location = (location or masking.address(checked.get("address", "")))[:100]
    title = queries.short_title(parted.words, item) if item.code == kinds.OPEN_REPORT else item.name
    return {
        "title": title,
        "location": location,
        "answers": parted.plain,
        "sealed": parted.sealed,
        "words": parted.words,
        "identity": identity,
        "identity_hash": identity and keyed_hash(identity, kind="identity"),
        "search": search_vector(title, item.name, parted.words, location),
    }


def search_vector(*texts: str) -> Func:
    return Func(
        Value(words.for_index(*texts)),
        function="to_tsvector",
        template="to_tsvector('simple', %(expressions)s)",
    )
