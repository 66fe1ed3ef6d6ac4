"""The shape of input. What an item asks is drawn here and checked by answers.clean."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import rules
from .filling import Filled
from .models import Case, Rating
from .shapes import FormField

AREA = forms.Textarea({"rows": 4})


# --- the form of an item --------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One question as the page draws it: a bound field, uploads, or a group's rows."""

    question: FormField
    bound: forms.BoundField | None = None
    files: tuple[str, ...] = ()
    rows: tuple[tuple["Part", ...], ...] = ()
    error: str = ""
    filled: Filled | None = None  # from the registry, instead of a field
    known: Filled | None = None  # what the registry has, beside a field the sender fills in


def filled_parts(
    questions: list[FormField],
    raw: Mapping[str, Any],
    errors: Mapping[str, str],
    known: Mapping[str, Filled],
    own: Collection[str],
) -> tuple[Part, ...]:
    """The same, where the registry answers some of them; `own` the sender answers all the same."""
    return tuple(
        part if not (found := known.get(part.question.key))
        else replace(part, known=found) if found.key in own
        else Part(part.question, filled=found)
        for part in parts(questions, raw, errors)
    )  # fmt: skip


def parts(
    questions: list[FormField], raw: Mapping[str, Any], errors: Mapping[str, str], path: str = ""
) -> tuple[Part, ...]:
    """The questions with what was typed and what is wrong with it; `path` leads to a row."""
    name = path.replace(".", "-")
    simple = [each for each in questions if each.type not in ("file", "group")]
    form = type("Answers", (forms.Form,), {f"{name}{each.key}": _field(each) for each in simple})(
        {f"{name}{each.key}": raw.get(each.key) for each in simple}
    )
    for each in simple:
        if sentence := errors.get(f"{path}{each.key}"):
            form.add_error(f"{name}{each.key}", sentence)
    return tuple(_part(each, form, name, raw, errors, path) for each in questions)


def _part(each, form, name, raw, errors, path):
    error = errors.get(f"{path}{each.key}", "")
    if each.type == "file":
        return Part(each, files=tuple(raw.get(each.key) or ()), error=error)
    if each.type == "group":
        rows = list(raw.get(each.key) or [])
        rows += [{}] * max((each.min or 1) - len(rows), 0)
        inner = [
            parts(each.fields, row, errors, f"{path}{each.key}.{n}.") for n, row in enumerate(rows)
        ]
        return Part(each, rows=tuple(inner), error=error)
    return Part(each, bound=form[f"{name}{each.key}"])


def _field(each):
    common = {"label": each.label, "help_text": each.help, "required": False}
    if each.type == "choice":
        widget = forms.RadioSelect if len(each.options) <= 5 else forms.Select
        options = [(option, option) for option in each.options]
        field = forms.CharField(widget=widget(choices=options), **common)
    elif each.type == "choices":
        options = [(option, option) for option in each.options]
        field = forms.MultipleChoiceField(
            widget=forms.CheckboxSelectMultiple, choices=options, **common
        )
    else:
        field = forms.CharField(widget=_widget(each), **common)
    field.required = each.required  # for the label only: answers.clean decides
    field.validate = lambda value: None
    return field


def _widget(each):
    attributes = {"text": {}, "longtext": {"rows": 5}, "name": {"autocomplete": "name"}}
    attributes |= {
        "date": {"type": "date"},
        "number": {"inputmode": "decimal"},
        "identity": {"inputmode": "text", "maxlength": 20, "autocomplete": "off"},
        "phone": {"type": "tel", "inputmode": "tel", "autocomplete": "tel"},
        "bank": {"inputmode": "numeric", "autocomplete": "off"},
        "address": {"autocomplete": "street-address"},
    }
    kind = forms.Textarea if each.type == "longtext" else forms.TextInput
    return kind(attributes[each.type])


class Applicant(forms.Form):
    """Who asks, and where it is about."""

    name = forms.CharField(label=_("Full name"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=20, required=False, widget=forms.TextInput({"type": "tel"})
    )
    place = forms.CharField(label=_("Community"), required=False, widget=forms.HiddenInput)
    estate = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)

    def __init__(self, *args, assisted, **kwargs):
        super().__init__(*args, **kwargs)
        name, phone = self.fields["name"], self.fields["phone"]
        for field, known_as, needed in (name, "name", True), (phone, "tel", not assisted):
            field.widget.attrs["autocomplete"] = "off" if assisted else known_as
            field.required = needed  # for the label only: applying.problems_of decides
            field.validate = lambda value: None
        if assisted:
            phone.help_text = _("May stay empty where the resident has none.")


class Receipt(forms.Form):
    number = forms.CharField(
        label=_("Receipt number"), max_length=20, widget=forms.TextInput({"inputmode": "numeric"})
    )
    code = forms.CharField(
        label=_("Query code"), max_length=6, min_length=6,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class Rate(forms.Form):
    score = forms.TypedChoiceField(
        label=_("Your rating"), coerce=int, choices=Rating.Score.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the five first.")},
    )  # fmt: skip
    words = forms.CharField(
        label=_("What should be better?"), required=False, max_length=1000, widget=AREA
    )


class Reason(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=AREA)


# --- the steps of the desk ------------------------------------------------------------------------


class Gaps(forms.Form):
    gaps = forms.CharField(
        label=_("What is missing"), max_length=2000, widget=AREA,
        help_text=_("One a line, all of them: it can be asked for only once."),
    )  # fmt: skip


class NotAccept(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=list(rules.NOT_ACCEPTED_FOR.items()), widget=forms.RadioSelect
    )
    text = forms.CharField(label=_("Explanation to the applicant"), max_length=1000, widget=AREA)
    remedy = forms.CharField(
        label=_("Where to object or go instead"), max_length=500, widget=forms.Textarea({"rows": 2})
    )


def admission() -> forms.CharField:
    return forms.CharField(
        label=_("Number of the gate"), max_length=12, required=False,
        help_text=_("Only where a department passes work to a community."),
    )  # fmt: skip


class ToUnit(forms.Form):
    unit = forms.ChoiceField(label=_("Unit"))
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=AREA)
    number = admission()

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units


class Help(forms.Form):
    unit = forms.ChoiceField(label=_("Unit"))
    task = forms.CharField(label=_("What it is asked to do"), max_length=300, widget=AREA)
    days = forms.IntegerField(
        label=_("Working days to answer"), min_value=1, max_value=30, initial=3
    )
    number = admission()

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units


class Opinion(forms.Form):
    opinion = forms.CharField(label=_("What was done or found"), max_length=2000, widget=AREA)


class Suspend(forms.Form):
    reason = forms.ChoiceField(
        label=_("Reason"), choices=list(rules.PAUSES.items()), widget=forms.RadioSelect
    )
    document = forms.CharField(
        label=_("Paper that orders it"), max_length=100, help_text=_("Number or title.")
    )


class Extend(forms.Form):
    days = forms.IntegerField(label=_("Working days to add"), min_value=1, max_value=10)
    reason = forms.CharField(label=_("Reason, told to the applicant"), max_length=200, widget=AREA)


class Decide(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"), choices=Case.Decision.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Answer to the applicant"), max_length=2000, min_length=5, widget=AREA
    )
    grounds = forms.CharField(
        label=_("Legal grounds of a refusal"), max_length=1000, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
    remedy = forms.CharField(
        label=_("Where to object to a refusal"), max_length=500, required=False,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


class Answer(forms.Form):
    text = forms.CharField(
        label=_("Answer to the resident"), max_length=2000, min_length=5, widget=AREA
    )


class Deliver(forms.Form):
    method = forms.CharField(
        label=_("How and to whom"),
        max_length=200,
        help_text=_("By post, in person, to the account."),
    )


class CallBack(forms.Form):
    text = forms.CharField(
        label=_("What the resident said, and what follows"), max_length=1000, widget=AREA
    )


class Remark(forms.Form):
    text = forms.CharField(label=_("For colleagues only"), max_length=1000, widget=AREA)


class Reveal(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need it?"), max_length=200,
        help_text=_("Recorded, and shown to the resident on request."),
    )  # fmt: skip


class Nothing(forms.Form):
    """A step that needs no words, only a second look."""


class Filter(forms.Form):
    """Query string of the desk's list."""

    q = forms.CharField(required=False, max_length=60)
    state = forms.ChoiceField(
        required=False,
        choices=[("", _("All")), ("open", _("Open")), *Case.State.choices],
    )
    item = forms.CharField(required=False, max_length=40)
    place = forms.CharField(required=False, max_length=20)
    cursor = forms.CharField(required=False, max_length=200)
