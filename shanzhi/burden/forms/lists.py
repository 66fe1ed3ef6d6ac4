"""What is typed of the lists."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.inputs import day

from ..models import Edition


class Draft(forms.Form):
    kind = forms.ChoiceField(label=_("List"), choices=Edition.Kind.choices)
    title = forms.CharField(label=_("Title of the edition"), max_length=100)
    file = forms.FileField(label=_("Entries as CSV file"))


class Publish(forms.Form):
    on = day(_("In force from"))


class Confirm(forms.Form):
    clause = forms.CharField(
        label=_("Law or document, with its article"), max_length=300,
        widget=forms.Textarea({"rows": 2}),
    )  # fmt: skip
