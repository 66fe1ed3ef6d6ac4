"""Form controls with our classes and the descriptions a screen reader needs."""

from django.forms import BoundField, widgets
from django.utils.translation import gettext_lazy as _
from markupsafe import Markup

# Django's own sentence, the one people meet most; our Chinese for it goes before Django's.
REQUIRED = _("This field is required.")
CLASSES = {
    "choices": "form-check-input",
    "check": "form-check-input",
    "select": "form-select",
    "file": "form-control",
    "text": "form-control",
    "hidden": "",
}


def control_kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, widgets.RadioSelect | widgets.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, widgets.CheckboxInput):
        return "check"
    if isinstance(widget, widgets.FileInput):
        return "file"
    return "select" if isinstance(widget, widgets.Select) else "text"


def control(bound: BoundField, hint: str = "") -> Markup:
    """The input itself, of any kind but radio buttons and check boxes in groups."""
    attributes = _attributes(bound, hint)
    if type(bound.field.widget) in (widgets.Textarea, widgets.TextInput, widgets.HiddenInput):
        return _drawn(bound, bound.field.widget, attributes)
    return Markup(bound.as_widget(attrs=attributes))


def _drawn(bound, widget, attributes):
    """As Django draws it, without its template: a text field took a tenth of a page's time."""
    attributes = bound.build_widget_attrs(attributes, widget)
    if bound.auto_id and "id" not in widget.attrs:
        attributes.setdefault("id", bound.auto_id)
    drawn = widget.get_context(bound.html_name, bound.value(), attributes)["widget"]
    value = drawn["value"]
    rest = Markup("").join(
        Markup(" {}").format(name) if each is True else Markup(' {}="{}"').format(name, each)
        for name, each in drawn["attrs"].items()
        if each is not False
    )
    if isinstance(widget, widgets.Textarea):
        name = drawn["name"]
        return Markup('<textarea name="{}"{}>\n{}</textarea>').format(name, rest, value or "")
    if value is not None:
        rest = Markup(' value="{}"').format(value) + rest
    return Markup('<input type="{}" name="{}"{}>').format(drawn["type"], drawn["name"], rest)


def control_choices(bound: BoundField) -> list[tuple[Markup, str, str]]:
    """(input, label, id) of every radio button or check box of a group."""
    rows = []
    for part in bound.subwidgets:
        part.data["attrs"] |= {"class": CLASSES["choices"]}
        rows.append((Markup(part.tag()), part.choice_label, part.id_for_label))
    return rows


def description_ids(bound: BoundField, hint: str = "") -> str:
    """For aria-describedby: the help and the errors that stand beside the control."""
    ids = [f"{bound.auto_id}_help"] if hint or bound.help_text else []
    return " ".join([*ids, f"{bound.auto_id}_error"] if bound.errors else ids)


def _attributes(bound: BoundField, hint: str) -> dict[str, str]:
    own = bound.field.widget.attrs.get("class", "")
    state = "is-invalid" if bound.errors else ""
    attributes = {"class": f"{CLASSES[control_kind(bound)]} {own} {state}".strip()}
    if described := description_ids(bound, hint):
        attributes["aria-describedby"] = described
    return attributes
