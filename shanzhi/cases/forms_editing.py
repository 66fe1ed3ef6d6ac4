"""The desk's forms of items and rules. What an item must be is checked by catalogue.examined."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import inputs
from shanzhi.people.queries import departments

from . import catalogue, editing, filling_editing, kinds
from .models import Category, Item

TYPES = [
    ("text", _("One line of text")), ("longtext", _("Text of several lines")),
    ("choice", _("One of several")), ("choices", _("Several of several")), ("date", _("Date")),
    ("number", _("Number")), ("name", _("Name of a person")), ("identity", _("Identity number")),
    ("phone", _("Phone number")), ("bank", _("Bank account")), ("address", _("Address")),
    ("file", _("Photos or papers")), ("group", _("Group of questions that repeats")),
]  # fmt: skip
INNER = [each for each in TYPES if each[0] not in ("file", "group")]
UNITS = list(catalogue.UNITS.items())


# --- the editor of an item ------------------------------------------------------------------------


class Word(forms.CharField):
    """Any text. `required` is for the label only: catalogue.py decides."""

    def validate(self, value):
        pass


def _word(label, needed=False, help_text="", **attributes):
    widget = forms.TextInput(attributes)
    return Word(label=label, required=needed, help_text=help_text, widget=widget)


def _area(label, needed=False, help_text="", rows=3):
    widget = forms.Textarea({"rows": rows})
    return Word(label=label, required=needed, help_text=help_text, widget=widget)


def _pick(label, choices=(), **attributes):
    return Word(label=label, widget=forms.Select(attributes, choices=choices))


def _flag(label, help_text=""):
    return forms.BooleanField(label=label, required=False, help_text=help_text)


class Part(forms.Form):
    """One row, or the columns, as typed."""

    use_required_attribute = False

    def choose(self, name: str, choices: list) -> None:
        """The options of a field; a value that is none of them stays."""
        value = self[name].value()
        known = {code for code, _label in choices}
        extra = [] if value in known or not value else [(value, value)]
        self.fields[name].widget.choices = [*choices, *extra]


class Columns(Part):
    name = _word(_("Name"), needed=True)
    summary = _area(_("In one sentence"), rows=2, help_text=_("Residents search these words."))
    theme = _word(_("Heading"), list="themes", help_text=_("Under which it stands."))
    kind = _pick(_("Kind"))
    audience = _word(_("For whom"))
    department = _pick(_("Department"))
    level = _pick(_("Decided at"), Item.Level.choices)
    provider = _pick(_("Provided by"), Item.Provider.choices)
    promised_amount = _word(_("Promised limit"), needed=True, inputmode="numeric")
    promised_unit = _pick(_("Unit of the promised limit"), UNITS)
    statutory_amount = _word(_("Statutory limit"), inputmode="numeric",
                             help_text=_("Empty where the law sets none."))  # fmt: skip
    statutory_unit = _pick(_("Unit of the statutory limit"), UNITS)
    fee = _word(_("Fee"), help_text=_("Empty is free."))
    result = _word(_("Result"), help_text=_("What is handed out; empty is the answer alone."))
    delivery = _word(_("How it is delivered"))
    window = _word(_("In person"), help_text=_("Where, and at which hours."))
    phone = _word(_("Advice and complaints"))
    conditions = _area(_("Conditions"), rows=5, help_text=_("One a line, in sentences."))
    basis = _area(_("Legal basis"), rows=3, help_text=_("One a line."))


class Material(Part):
    name = _word(_("Paper"), needed=True)
    form = _word(_("Original or copy"))
    copies = _word(_("Copies"), inputmode="numeric")
    note = _word(_("Hint"))
    needed = _flag(_("must be brought"))
    obtainable = _flag(_("government has it already"))
    commitment = _flag(_("a written promise will do"))
    deferrable = _flag(_("may follow later"))


class Step(Part):
    name = _word(_("Step"), needed=True)
    level = _pick(_("At"), Item.Level.choices)
    department = _pick(_("Department"))
    days = _word(_("Working days"), inputmode="numeric")
    accepts = _flag(_("done by accepting the case"))


class Question(Part):
    label = _word(_("Question"), needed=True)
    type = _pick(_("Type"), **{"hx-post": "", "hx-trigger": "change"})  # its settings follow it
    help = _word(_("Hint"))
    required = _flag(_("must be answered"))
    options = _area(_("Options"), needed=True, help_text=_("One a line."))
    min = _word(_("Smallest"), inputmode="numeric")
    max = _word(_("Largest"), inputmode="numeric")
    past = _flag(_("not in the future"))
    sensitive = _flag(_("sealed: encrypted, and masked on the desk"))
    key = _word(_("Key"), help_text=_("Names the answer. Left empty, one is made."))
    fills = _pick(_("Filled from the registry"))


class Faq(Part):
    question = _word(_("Question"), needed=True)
    answer = _area(_("Answer"), needed=True, rows=2)


class Instead(Part):
    reason = _area(_("Why not here"), rows=2)
    where = _area(_("Where instead"), rows=2)
    items = _area(_("Items that help"), rows=2, help_text=_("Their codes, one a line."))


LIMITS = {  # what smallest and largest mean
    "number": (_("Smallest value"), _("Largest value")),
    "group": (_("Rows at least"), _("Rows at most")),
}
TEXT_LIMITS = (_("Characters at least"), _("Characters at most"))
FORMS = {"materials": Material, "steps": Step, "form": Question, "faq": Faq}
HEADS = {
    "materials": (_("Papers"), _("Add a paper")), "steps": (_("Steps"), _("Add a step")),
    "form": (_("Form"), _("Add a question")), "faq": (_("Questions and answers"), _("Add one")),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """`path` is what its buttons are about; `inner` are the questions of a group."""

    form: Part
    path: str
    inner: tuple["Row", ...] = ()
    known: str = ""  # what the registry knows of this already

    @property
    def id(self) -> str:
        return self.path.replace(".", "-")


@dataclass(frozen=True)
class Editor:
    columns: Columns
    rows: dict[str, tuple[Row, ...]]
    instead: Instead
    wrong: list[tuple[str, str, str]]  # anchor, what it is about, sentence


def editor(typed: editing.Typed, wrong: Mapping[str, str], own_department: str = "") -> Editor:
    """The typed texts as forms, each sentence beside what it is about."""
    columns = Columns(typed)
    columns.choose("kind", [(kind.code, kind.title) for kind in kinds.all_kinds()])
    named = [("", _("The division itself")), *departments().items()]
    own = [each for each in named if each[0] == own_department] if own_department else named
    columns.choose("department", own)
    rows = {
        name: tuple(_row(name, n, typed, named) for n, typed in enumerate(typed[name]))
        for name in FORMS
    }
    instead = Instead(_prefixed("instead", typed["instead"]), prefix="instead")
    drawn = Editor(columns, rows, instead, [])
    for path, sentence in wrong.items():
        drawn.wrong.append((_place(drawn, path, sentence), catalogue.spoken(path), sentence))
    return drawn


def _prefixed(prefix, typed):
    return {f"{prefix}-{part}": value for part, value in typed.items()}


def _row(name, number, typed, named, above=""):
    path = f"{above or name}.{number}"
    prefix = path.replace(".", "-")
    form = FORMS[name](_prefixed(prefix, typed), prefix=prefix)
    if name == "steps":
        form.choose("department", named)
    inner = ()
    if name == "form":
        _suit(form, typed["type"], INNER if above else TYPES)
        _suit_fills(form, typed, above)
        inner = tuple(
            _row(name, n, each, named, f"{path}.fields")
            for n, each in enumerate(typed.get("fields", []))
        )
    found = None if above else filling_editing.hint(name, typed, editing.FILLED)
    return Row(form, path, inner, str(found.element.title) if found else "")


def _suit(form, kind, types):
    """Settings its type has not are not shown, but what was typed in them goes along."""
    form.choose("type", types)
    for name in ("options", "min", "max", "past", "sensitive"):
        if name not in editing.SETTINGS.get(kind, ()):
            if form[name].value():
                form.fields[name].widget = forms.HiddenInput()
            else:
                del form.fields[name]
    least, most = LIMITS.get(kind, TEXT_LIMITS)
    for name, label in (("min", least), ("max", most)):
        if name in form.fields:
            form.fields[name].label = label


def _suit_fills(form, typed, above):
    """Whole questions of a single value can be filled; a group's rows are other people."""
    if above or typed["type"] not in editing.FILLED:
        del form.fields["fills"]
        return
    known = {code for _section, rows in filling_editing.choices() for code, _title in rows}
    value = typed["fills"]
    extra = [(value, value)] if value and value not in known else []
    form.fields["fills"].widget.choices = [("", "—"), *extra, *filling_editing.choices()]


def _place(drawn, path, sentence):
    """Puts a sentence beside its field; the anchor that leads there."""
    column, *rest = path.split(".")
    if column == "instead":
        return _beside(drawn.instead, rest[0] if rest else "", sentence, "instead")
    if column not in FORMS or not rest:
        return _beside(drawn.columns, column, sentence, column)
    row = drawn.rows[column][int(rest[0])]
    part = rest[1] if len(rest) > 1 else ""
    if part == "fields" and len(rest) > 2:
        row, part = row.inner[int(rest[2])], rest[3] if len(rest) > 3 else ""
    return _beside(row.form, part, sentence, row.id)


def _beside(form, part, sentence, otherwise):
    if part in form.fields and not form[part].is_hidden:
        form.add_error(part, sentence)
        return form[part].id_for_label
    form.add_error(None, sentence)
    return otherwise


# --- lists and files ------------------------------------------------------------------------------


class ItemFilter(forms.Form):
    """Query string of the list of items."""

    q = forms.CharField(label=_("Words of the item"), required=False, max_length=60)
    theme = forms.ChoiceField(label=_("Heading"), required=False)
    department = forms.ChoiceField(label=_("Department"), required=False)
    provider = forms.ChoiceField(
        label=_("Provided by"), required=False, choices=[("", _("All")), *Item.Provider.choices]
    )
    state = forms.ChoiceField(
        required=False, choices=[("", _("All")), *Item.State.choices], widget=forms.HiddenInput
    )

    def __init__(self, *args, themes: Iterable[str], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [("", _("All")), *((each, each) for each in themes)]
        self.fields["department"].choices = [("", _("All")), *departments().items()]

    def wanted(self) -> dict[str, str]:
        """For queries.items_where; nothing where the query string is broken."""
        values = self.cleaned_data if self.is_valid() else {}
        return {("text" if name == "q" else name): value for name, value in values.items()}


class ItemFile(forms.Form):
    file = forms.FileField(
        label=_("File with items, JSON or CSV"),
        widget=forms.FileInput({"accept": ".json,.csv,application/json,text/csv"}),
    )


# --- rules ----------------------------------------------------------------------------------------


def category_choices(categories: Iterable[Category], nothing: Any) -> list:
    """The tree in one select: a group for each head, the narrower set in."""
    groups: dict[str, tuple[Any, list]] = {}
    for each in categories:
        if len(each.code) == 2:
            groups[each.code] = (each.name, [(each.code, each.name)])
        else:
            indent = "\u3000" * (len(each.code) // 2 - 1)
            groups[each.code[:2]][1].append((each.code, f"{indent}{each.name}"))
    return [("", nothing), *groups.values()]


def _show(form, items, places, nowhere):
    form.fields["items"].choices = list(items.items())
    form.fields["place"].choices = [*nowhere, *places.items()]


class RouteForm(forms.Form):
    """`items` and `places`: those chosen and those found, by code."""

    name = forms.CharField(label=_("Name of the rule"), max_length=100)
    position = forms.IntegerField(
        label=_("Rule number"), min_value=1, max_value=9999,
        help_text=_("Rules are asked in this order; the first that fits decides."),
    )  # fmt: skip
    items = forms.MultipleChoiceField(
        label=_("Items"), required=False, widget=forms.CheckboxSelectMultiple
    )
    item_words = forms.CharField(label=_("Find an item"), required=False, max_length=60)
    category = forms.ChoiceField(label=_("Subject"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False, widget=forms.RadioSelect)
    place_words = forms.CharField(label=_("Find a place"), required=False, max_length=30)
    valid_from = inputs.day(_("Holds from"), required=False)
    last_day = inputs.day(_("Last day"), required=False)
    level = forms.ChoiceField(label=_("Goes to the unit at"), choices=Item.Level.choices)
    department = forms.ChoiceField(label=_("Department"), required=False)

    def __init__(self, *args, items, places, categories, **kwargs):
        super().__init__(*args, **kwargs)
        _show(self, items, places, [("", _("Everywhere"))])
        self.fields["category"].choices = category_choices(categories, _("Any subject"))
        self.fields["department"].choices = [
            ("", _("The division's general desk")), *departments().items(),
        ]  # fmt: skip


class Simulate(forms.Form):
    """Query string of the simulator."""

    items = forms.ChoiceField(label=_("Item"), required=False, widget=forms.RadioSelect)
    item_words = forms.CharField(label=_("Find an item"), required=False, max_length=60)
    category = forms.ChoiceField(label=_("Subject"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False, widget=forms.RadioSelect)
    place_words = forms.CharField(
        label=_("Find the community or estate"), required=False, max_length=30
    )
    day = inputs.day(_("Day"))

    def __init__(self, *args, items, places, categories, **kwargs):
        super().__init__(*args, **kwargs)
        _show(self, items, places, [])
        for name in ("items", "place"):  # needed, but first there is nothing to choose from
            self.fields[name].required = True
            self.fields[name].validate = lambda value: None
        self.fields["category"].choices = category_choices(categories, _("No subject"))
