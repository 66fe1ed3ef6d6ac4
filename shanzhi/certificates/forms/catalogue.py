"""What is typed of the catalogue."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.inputs import day


class Join(forms.Form):
    """By name: where one is pressed it is hidden, else typed with those that are known offered."""

    unit = forms.CharField(
        label=_("This spelling"), max_length=80,
        widget=forms.TextInput({"list": "units", "autocomplete": "off"}),
    )  # fmt: skip
    into = forms.CharField(
        label=_("is this unit"), max_length=80,
        widget=forms.TextInput({"list": "units", "autocomplete": "off"}),
    )  # fmt: skip


class Draft(forms.Form):
    title = forms.CharField(label=_("Title of the edition"), max_length=100)
    file = forms.FileField(label=_("Catalogue as CSV file"))


class Publish(forms.Form):
    on = day(_("In force from"))


class Confirm(forms.Form):
    basis = forms.CharField(
        label=_("Law or document, with its article"), max_length=200,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
