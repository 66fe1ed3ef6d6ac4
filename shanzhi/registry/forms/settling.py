"""What is typed between communities, and of restricted tags."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..models import Conflict
from .persons import UPPER, DwellingForm, day


class TransferForm(DwellingForm):
    identity = forms.CharField(label=_("Identity number"), max_length=40, widget=UPPER)
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=100)
    since = day(_("Lives here since"))
    note = forms.CharField(label=_("Note to the other community"), required=False, max_length=200)
    field_order = ("identity", "name", "since")


class Objection(forms.Form):
    objection = forms.CharField(label=_("Why the person still lives with you"), max_length=200)


class UndoDeath(forms.Form):
    reason = forms.CharField(
        label=_("How it came out that the entry was wrong"), max_length=200,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip


class Settle(forms.Form):
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Conflict.Outcome.choices[1:])


# --- restricted tags ------------------------------------------------------------------------------


class TagForm(forms.Form):
    kind = forms.ChoiceField(label=_("Tag"))
    since = day(pgettext_lazy("period", "Since"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500,
                           widget=forms.Textarea({"rows": 2}))  # fmt: skip

    def __init__(self, *args, kinds: list[tuple[str, Any]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds


class Review(forms.Form):
    note = forms.CharField(label=_("Note"), required=False, max_length=500)
