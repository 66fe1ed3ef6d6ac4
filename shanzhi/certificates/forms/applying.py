"""What a resident types on the phone, and what the community answers."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..kinds import Line, Wish
from ..models import Application
from ..models.register import MOST_COPIES
from .issuing import said_field, unit_field, whole, wish_of

WORDS = 300


class Apply(forms.Form):
    """Nothing that the registry knows is asked again."""

    def __init__(self, *args: Any, entry: Any, lines: Sequence[Line], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.days = entry.days
        if not entry.of_person:
            self.fields["holder"] = forms.CharField(
                label=pgettext_lazy("certificate", "For whom"), max_length=60
            )
        for position, line in enumerate(lines):
            if not line.known:
                self.fields[f"said_{position}"] = said_field(line)
        self.fields |= {
            "unit": unit_field(),
            "purpose": forms.CharField(label=_("What it is needed for"), max_length=200),
            "copies": whole(_("Copies"), MOST_COPIES, 1),
            "note": forms.CharField(
                label=_("What the community should know"), max_length=WORDS, required=False,
                widget=forms.Textarea({"rows": 2}),
            ),
        }  # fmt: skip

    def wish(self) -> Wish:
        return wish_of(self.cleaned_data, self.days)

    def note(self) -> str:
        return self.cleaned_data["note"]


def typed(application: Application) -> dict[str, Any]:
    """What was sent, as the fields of a form begin with it."""
    said = {f"said_{position}": text for position, text in (application.said or {}).items()}
    return said | {
        "holder": application.holder, "unit": application.unit, "purpose": application.purpose,
        "copies": application.copies, "note": application.note or "",
    }  # fmt: skip


class Letter(forms.Form):
    unit = unit_field()
    purpose = forms.CharField(label=_("What it is needed for"), max_length=200, required=False)


class Note(Letter):
    asked = forms.CharField(
        label=_("Certificate that was asked for"), max_length=60,
        help_text=_("What the unit calls it, without anybody's name."),
    )  # fmt: skip
    field_order = ("asked",)


class Missing(forms.Form):
    missing = forms.CharField(
        label=_("What is missing"), max_length=WORDS, widget=forms.Textarea({"rows": 3}),
        help_text=_("The resident reads it as it stands here."),
    )  # fmt: skip


class Decline(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=WORDS, widget=forms.Textarea({"rows": 3}),
        help_text=_("The resident reads it as it stands here."),
    )  # fmt: skip


class Narrow(forms.Form):
    state = forms.ChoiceField(required=False, choices=Application.State.choices)
