"""Fields that several forms of the burden and of the gate have."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import places
from shanzhi.places import queries as divisions

from .models import Demand

LINES = forms.Textarea({"rows": 4})
PEOPLE = 30_000  # what a column holds; how many make sense, a rule says


def whole(
    label: Any, least: int = 0, most: int = 100_000_000, required: bool = True, help_text: Any = ""
) -> forms.Field:
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput({"min": least, "inputmode": "numeric"}),
        help_text=help_text,
    )


class Scope(forms.CharField):
    """Divisions by name or code, one a line; cleaned to codes. The form sets `inside`."""

    inside = ""

    def __init__(self, **more: Any):
        words = _("Names or codes of divisions, one a line; a division means all below it.")
        known = {"label": _("Communities that are asked"), "widget": LINES, "help_text": words}
        super().__init__(**known | more)

    def clean(self, value: Any) -> list[str]:
        text = super().clean(value).replace("，", "\n").replace("、", "\n")
        found = [_division(line.strip(), self.inside) for line in text.splitlines() if line.strip()]
        if not found and self.required:
            raise forms.ValidationError(_("Say which communities are asked."))
        return found


class Names(forms.CharField):
    """Fields as a department writes them, one a line; cleaned to a list without repeats."""

    def __init__(self, **more: Any):
        super().__init__(**{
            "label": _("Fields asked for"), "required": False, "widget": LINES,
            "help_text": _("As the department writes them, one a line."),
        } | more)  # fmt: skip

    def clean(self, value: Any) -> list[str]:
        lines = super().clean(value).replace("|", "\n").replace("、", "\n").splitlines()
        return list(dict.fromkeys(line.strip()[:60] for line in lines if line.strip()))


def demand_named(
    text: str, rows: QuerySet[Demand], titled: QuerySet[Demand], number: str = ""
) -> Demand:
    """The one of `rows` with this number, else the one of `titled` with this title; else one that
    is called so: then a rule says why it cannot be taken."""
    by_number = rows.filter(number=number or text)
    titles = (each.filter(title=text)[:2] for each in (titled, rows))
    found = next((known for each in (by_number, *titles) if (known := list(each))), [])
    if len(found) != 1:
        raise forms.ValidationError(
            _("Several demands have this title: write the number.") if found
            else _("There is no demand of this number or title.")
        )  # fmt: skip
    return found[0]


def _division(text, city):
    if places.is_code(text) and places.holds(city, text) and divisions.exists(text):
        return text
    known = divisions.inside(city).exclude(level="grid")
    named = list(known.filter(Q(short_name=text) | Q(name=text))[:2])
    if len(named) == 1:
        return named[0].code
    if named:
        raise forms.ValidationError(
            _("“%(name)s” is the name of several divisions: write its code.") % {"name": text}
        )
    raise forms.ValidationError(_("There is no division “%(name)s” here.") % {"name": text})
