"""What is typed for a refusal, for a certificate, and beside its seal."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.inputs import day
from shanzhi.registry.codelists import RELATION

from ..kinds import DATE, FACTS, Line, Wish
from ..kinds import RELATION as OF_RELATION
from ..models import Certificate
from ..models.register import MOST_COPIES
from ..queries import Wanted
from ..rules import title


def unit_field() -> forms.CharField:
    return forms.CharField(
        label=_("Unit that wants it"), max_length=80,
        widget=forms.TextInput({
            "list": "units", "autocomplete": "off", "hx-get": reverse_lazy("certificates:units"),
            "hx-trigger": "input changed delay:250ms", "hx-target": "#units",
        }),
        help_text=_("The full name of the bank, school or office; pick it where it is offered."),
    )  # fmt: skip


class Refuse(forms.Form):
    unit = unit_field()
    purpose = forms.CharField(label=_("What it is needed for"), max_length=200, required=False)
    holder = forms.CharField(
        label=_("Resident"), max_length=60, required=False,
        help_text=_("Only if the letter is to name the resident."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip


class RefuseUnlisted(Refuse):
    asked = forms.CharField(label=_("Certificate that was asked for"), max_length=60)
    field_order = ("asked",)


class Find(forms.Form):
    q = forms.CharField(label=_("Name, identity number or phone"), max_length=60)


class Request(forms.Form):
    """A field for each line the registry does not answer by itself; then what every one has."""

    def __init__(self, *args: Any, entry: Any, lines: Sequence[Line], **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not entry.of_person:
            self.fields["holder"] = forms.CharField(
                label=pgettext_lazy("certificate", "For whom"), max_length=60
            )
        for position, line in enumerate(lines):
            if _is_asked(line):
                self.fields[f"said_{position}"] = said_field(line)
        self.fields |= {
            "unit": unit_field(),
            "purpose": forms.CharField(label=_("What it is needed for"), max_length=200),
            "copies": whole(_("Copies"), MOST_COPIES, 1),
            "days": whole(_("Holds for days"), entry.days, entry.days),
        }

    def wish(self) -> Wish:
        return wish_of(self.cleaned_data, self.cleaned_data["days"])


def wish_of(given: Mapping[str, Any], days: int) -> Wish:
    said = {
        int(name.removeprefix("said_")): str(value)
        for name, value in given.items() if name.startswith("said_")
    }  # fmt: skip
    return Wish(
        given["unit"], given["purpose"].strip(), given["copies"], days, said,
        given.get("holder", "").strip(),
    )  # fmt: skip


def _is_asked(line):
    return not line.known or bool(line.code and FACTS[line.code].claim)


def said_field(line: Line) -> forms.Field:
    claim = FACTS[line.code].claim if line.code else ""
    basic = {"label": title(line), "initial": line.known or None}
    if claim == DATE:
        return day(**basic)
    if claim == OF_RELATION:
        return forms.ChoiceField(choices=[("", "—"), *RELATION.choices()], **basic)
    return forms.CharField(max_length=120, **basic)


def whole(label: Any, most: int, initial: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=1, max_value=most, initial=initial,
        widget=forms.NumberInput({"min": 1, "max": most, "inputmode": "numeric"}),
    )  # fmt: skip


class Seal(forms.Form):
    """The secretary's word, asked for where the registry does not know something."""

    vouched = forms.CharField(
        label=_("How you know it"), max_length=300, widget=forms.Textarea({"rows": 3}),
        help_text=_("Which record was looked at, by whom, when."),
    )  # fmt: skip

    def __init__(self, *args: Any, needed: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not needed:
            del self.fields["vouched"]


class Reason(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea({"rows": 2}))


class HandOut(forms.Form):
    receiver = forms.CharField(
        label=_("Taken by somebody else"), max_length=60, required=False,
        help_text=_("Name of who takes it; empty if it is the person."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip


class Narrow(forms.Form):
    """Whatever an address says; what makes no sense narrows nothing."""

    q = forms.CharField(required=False, max_length=60)
    state = forms.ChoiceField(required=False, choices=Certificate.State.choices)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)

    def wanted(self) -> Wanted:
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            given.get("q", ""), given.get("state", ""), given.get("since"), given.get("until")
        )
