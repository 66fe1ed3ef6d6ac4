"""What a service item must look like before it is saved, imported or published. Pure checks."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError

from shanzhi.kernel import Refused
from shanzhi.registry import kinds as registry

from . import kinds, shapes
from .models import Item, Route

LISTS = {
    "basis": TypeAdapter(list[str]),
    "conditions": TypeAdapter(list[str]),
    "materials": TypeAdapter(list[shapes.Material]),
    "steps": TypeAdapter(list[shapes.Step]),
    "form": TypeAdapter(list[shapes.FormField]),
    "faq": TypeAdapter(list[shapes.Question]),
    "instead": TypeAdapter(shapes.Instead),
}
LABELS = {  # the columns in the order people read them
    "name": _("Name"),
    "summary": _("In one sentence"),
    "theme": _("Heading"),
    "kind": _("Kind"),
    "department": _("Department"),
    "level": _("Decided at"),
    "provider": _("Provided by"),
    "audience": _("For whom"),
    "conditions": _("Conditions"),
    "basis": _("Legal basis"),
    "materials": _("Papers"),
    "steps": _("Steps"),
    "form": _("Form"),
    "promised_amount": _("Promised limit"),
    "promised_unit": _("Unit of the promised limit"),
    "statutory_amount": _("Statutory limit"),
    "statutory_unit": _("Unit of the statutory limit"),
    "fee": _("Fee"),
    "result": _("Result"),
    "delivery": _("How it is delivered"),
    "window": _("In person"),
    "phone": _("Advice and complaints"),
    "faq": _("Questions and answers"),
    "instead": _("Done elsewhere"),
    "source": _("Origin"),
}
PARTS = {  # inside the lists
    "name": _("Name"), "form": _("Original or copy"), "copies": _("Copies"), "note": _("Hint"),
    "level": _("At"), "department": _("Department"), "days": _("Working days"), "key": _("Key"),
    "label": _("Question"), "type": _("Type"), "help": _("Hint"), "options": _("Options"),
    "min": _("Smallest"), "max": _("Largest"), "fields": _("Questions in the group"),
    "question": _("Question"), "answer": _("Answer"), "reason": _("Reason"),
    "where": _("Where instead"), "items": _("Items that help"),
    "fills": _("Filled from the registry"),
}  # fmt: skip
EDITABLE = frozenset(LABELS)
UNITS = {
    "working_days": _("working days"),
    "calendar_days": _("calendar days"),
    "hours": _("hours"),
}
# names that the application itself sends along with the answers
RESERVED = {"name", "phone", "place", "estate", "category", "where", "find", "again", "next",
            "later", "csrfmiddlewaretoken"}  # fmt: skip
SENTENCES = {  # by pydantic's or our own code of the error
    "missing": _("Please fill this in."),
    "string_too_short": _("Please fill this in."),
    "string_too_long": _("At most %(max_length)s characters."),
    "string_type": _("Enter text here."),
    "string_pattern_mismatch": _("Small letters, digits and underscores, beginning with a letter."),
    "literal_error": _("Choose one of the options."),
    "int_parsing": _("Enter a whole number."),
    "int_type": _("Enter a whole number."),
    "int_from_float": _("Enter a whole number."),
    "greater_than_equal": _("Not less than %(ge)s."),
    "less_than_equal": _("Not more than %(le)s."),
    "extra_forbidden": _("There is no such field."),
    "list_type": _("This must be a list."),
    "options": _("A choice needs its options, and nothing else has any."),
    "options_differ": _("Write every option once, and none empty."),
    "fields": _("A group needs its questions, and nothing else has any."),
    "inner": _("A group holds neither another group nor files."),
    "range": _("The smallest is larger than the largest."),
    "fills": _("Only a single value can be filled from the registry."),
}
BESIDE = {  # of which part a question's own error speaks
    "options": "options", "options_differ": "options", "fields": "fields", "inner": "fields",
    "range": "min", "fills": "fills",
}  # fmt: skip


# --- columns --------------------------------------------------------------------------------------


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """The columns of an item, JSON ones in their full shape; Refused names what does not fit."""
    shaped, wrong = examined(values)
    for path, sentence in wrong.items():
        column = path.partition(".")[0]
        if path != column:
            sentence = _("%(where)s: %(problem)s") % {"where": spoken(path), "problem": sentence}
        raise Refused(sentence, field=column)
    return shaped


def examined(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns in their full shape, and all that is wrong: sentences by path (form.0.label)."""
    wrong: dict[str, Any] = {}
    if unknown := set(values) - EDITABLE:
        names = ", ".join(sorted(str(name) for name in unknown))
        return {}, {"": _("An item has no field %(name)s.") % {"name": names}}
    values = dict(values)
    for name, shape in LISTS.items():
        if name in values:
            values[name] = _shaped(name, shape, values[name], wrong)
    _examine_columns(values, wrong)
    _examine_limits(values, wrong)
    return values, wrong


def spoken(path: str) -> str:
    """materials.0.name → 材料 第 1 行 名称."""
    column, *rest = path.split(".")
    words = [str(LABELS.get(column, column))]
    for part in rest:
        if part.isdecimal():
            words.append(_("row %(number)s") % {"number": int(part) + 1})
        else:
            words.append(str(PARTS.get(part, part)))
    return " ".join(words)


def _shaped(name, shape, value, wrong):
    try:
        shaped = shape.validate_python(value)
    except ValidationError as error:
        for each in error.errors():
            path, sentence = _told(name, each)
            wrong.setdefault(path, sentence)
        return value
    if name == "form":
        _examine_keys(shaped, "form", wrong)
    return shape.dump_python(shaped, mode="json", exclude_defaults=True)


def _told(name, error):
    path = ".".join([name, *(str(part) for part in error["loc"])])
    if beside := BESIDE.get(error["type"]):
        path = f"{path}.{beside}"
    sentence = SENTENCES.get(error["type"])
    return path, sentence % error.get("ctx", {}) if sentence else _("This does not fit here.")


def _examine_keys(fields, path, wrong):
    seen = set()
    for n, each in enumerate(fields):
        if each.key in seen:
            wrong[f"{path}.{n}.key"] = _("Two form fields have the same key.")
        elif path == "form" and each.key in RESERVED:
            wrong[f"{path}.{n}.key"] = _("The application asks for this itself; use another key.")
        if each.fills and registry.entry(each.fills) is None:
            wrong[f"{path}.{n}.fills"] = _("The catalogue has no such element.")
        seen.add(each.key)
        _examine_keys(each.fields, f"{path}.{n}.fields", wrong)


def _examine_columns(values, wrong):
    for name, value in values.items():
        field = Item._meta.get_field(name)
        if name not in LISTS and not name.endswith("_amount"):
            if not isinstance(value, str):
                wrong[name] = _("Enter text here.")
            elif field.max_length and len(value) > field.max_length:
                wrong[name] = _("At most %(limit)s characters.") % {"limit": field.max_length}
        if name not in wrong and "\0" in _as_text(value):
            wrong[name] = _("This text holds a character that cannot be stored.")
    if not str(values.get("name", "")).strip():
        wrong["name"] = _("An item needs a name.")
    _examine_choices(values, wrong)


def _as_text(value):
    return value if isinstance(value, str) else "".join(_texts(value))


def _texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _examine_choices(values, wrong):
    for name in ("level", "provider"):
        choices = dict(Item._meta.get_field(name).choices)
        if name not in wrong and values.get(name, Item.Provider.GOVERNMENT) not in choices:
            wrong[name] = _("Choose one of the options.")
    if "level" not in values:
        wrong["level"] = _("Choose one of the options.")
    known = {kind.code for kind in kinds.all_kinds()}
    if "kind" not in wrong and values.get("kind", "application") not in known:
        wrong["kind"] = _("This kind of case does not exist.")


def _examine_limits(values, wrong):
    promised, statutory = values.get("promised_amount"), values.get("statutory_amount")
    kept = _unit(values, "promised_unit") and _whole(promised)
    if not kept:
        wrong["promised_amount"] = _("Promise a time limit: a number and its unit.")
    if statutory is None:
        values["statutory_unit"] = ""
    elif not _unit(values, "statutory_unit") or not _whole(statutory):
        wrong["statutory_amount"] = _("A statutory limit is a number and its unit.")
    elif kept and values["statutory_unit"] == values["promised_unit"] and promised > statutory:
        wrong["promised_amount"] = _("The promise cannot be longer than the law allows.")


def _unit(values, name):
    return isinstance(values.get(name), str) and values[name] in UNITS


def _whole(number):
    return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= 999


# --- versions -------------------------------------------------------------------------------------


def columns_of(item: Item) -> dict[str, Any]:
    return {name: getattr(item, name) for name in LABELS}


def base(versions: Iterable[Item]) -> Item | None:
    """The version an editor goes on from: the draft, else the one in force, else the last."""
    rank = {Item.State.DRAFT: 2, Item.State.PUBLISHED: 1}
    return max(versions, key=lambda each: (rank.get(each.state, 0), each.version), default=None)


def stamp(item: Item | None) -> str:
    """Tells whether an item is still what an editor has seen; "" of none."""
    return _digest([item.version, item.state, columns_of(item)]) if item else ""


def route_stamp(route: Route | None) -> str:
    """The same for a routing rule; its position is not what an editor writes over."""
    fields = [field.attname for field in Route._meta.concrete_fields if field.name != "position"]
    return _digest([getattr(route, name) for name in fields]) if route else ""


def _digest(seen):
    text = json.dumps(seen, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def check_publishable(item: Item) -> None:
    """A guide in force tells a resident everything; a kind that is not sent says where to go."""
    if item.state != Item.State.DRAFT:
        raise Refused(_("Only a draft can be published."))
    if kinds.get(item.kind).sent and not item.form:
        raise Refused(_("A form needs at least one field."), field="form")
    if not kinds.get(item.kind).sent and not item.instead.get("where"):
        raise Refused(_("Say where this is done instead."), field="instead")
    needless = [
        each["name"] for each in item.materials
        if each.get("needed", True) and (each.get("obtainable") or each.get("commitment"))
    ]  # fmt: skip
    if needless:
        raise Refused(
            _("Do not ask for %(papers)s: data or a written commitment stands in for it.")
            % {"papers": "、".join(needless)},
            field="materials",
        )
