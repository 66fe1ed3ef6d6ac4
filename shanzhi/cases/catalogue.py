"""What a service item must look like before it is saved, imported or published. Pure checks."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter, ValidationError

from shanzhi.kernel import Refused

from . import kinds, shapes
from .models import Item

LISTS = {
    "materials": TypeAdapter(list[shapes.Material]),
    "steps": TypeAdapter(list[shapes.Step]),
    "form": TypeAdapter(list[shapes.FormField]),
    "faq": TypeAdapter(list[shapes.Question]),
    "instead": TypeAdapter(shapes.Instead),
    "basis": TypeAdapter(list[str]),
    "conditions": TypeAdapter(list[str]),
}
EDITABLE = {
    "name", "summary", "theme", "kind", "department", "level", "provider", "audience", "basis",
    "conditions", "materials", "steps", "form", "statutory_amount", "statutory_unit",
    "promised_amount", "promised_unit", "fee", "result", "delivery", "window", "phone", "faq",
    "instead", "source",
}  # fmt: skip
UNITS = {"working_days", "calendar_days", "hours"}


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """The columns of an item, JSON ones in their full shape; Refused names what does not fit."""
    if unknown := set(values) - EDITABLE:
        raise Refused(_("An item has no field %(name)s.") % {"name": ", ".join(sorted(unknown))})
    values = dict(values)
    for name, shape in LISTS.items():
        if name in values:
            values[name] = _shaped(name, shape, values[name])
    _check_columns(values)
    _check_limits(values)
    return values


def _shaped(name, shape, value):
    try:
        shaped = shape.validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Refused(
            _("%(field)s %(where)s: %(problem)s")
            % {"field": name, "where": where, "problem": first["msg"]},
            field=name,
        ) from None
    keys = [each.key for each in shaped] if name == "form" else []
    if len(keys) != len(set(keys)):
        raise Refused(_("Two form fields have the same key."), field="form")
    return shape.dump_python(shaped, mode="json", exclude_defaults=True)


def _check_columns(values):
    if not str(values.get("name", "")).strip():
        raise Refused(_("An item needs a name."), field="name")
    for name in ("level", "provider"):
        choices = Item._meta.get_field(name).choices
        if name in values and values[name] not in dict(choices):
            raise Refused(_("Choose one of the options."), field=name)
    if values.get("kind", "application") not in {kind.code for kind in kinds.all_kinds()}:
        raise Refused(_("This kind of case does not exist."), field="kind")
    for name, value in values.items():
        limit = getattr(Item._meta.get_field(name), "max_length", None)
        if limit and isinstance(value, str) and len(value) > limit:
            raise Refused(_("At most %(limit)s characters.") % {"limit": limit}, field=name)


def _check_limits(values):
    promised, statutory = values.get("promised_amount"), values.get("statutory_amount")
    if values.get("promised_unit") not in UNITS or not _whole(promised):
        raise Refused(_("Promise a time limit: a number and its unit."), field="promised_amount")
    if statutory is None:
        values["statutory_unit"] = ""
    elif values.get("statutory_unit") not in UNITS or not _whole(statutory):
        raise Refused(_("A statutory limit is a number and its unit."), field="statutory_amount")
    elif values["statutory_unit"] == values["promised_unit"] and promised > statutory:
        raise Refused(
            _("The promise cannot be longer than the law allows."), field="promised_amount"
        )


def _whole(number):
    return isinstance(number, int) and not isinstance(number, bool) and 1 <= number <= 999


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
