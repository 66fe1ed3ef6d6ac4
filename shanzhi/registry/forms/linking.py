"""Starting a comparison, and the answer to a pair."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..rules.linking import KEPT, OTHER

ANSWERS = [("same", _("The same person")), ("not_same", _("Not the same")), ("later", _("Later")),
           ("undo", _("Undo"))]  # fmt: skip


class Start(forms.Form):
    """Nothing chosen is the place with itself."""

    batch = forms.TypedChoiceField(
        label=_("What is compared"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, batches: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["batch"].choices = [
            ("", _("All entries here with each other")), *batches,
        ]  # fmt: skip


class Answer(forms.Form):
    """With the value that was chosen for each field that differs: value.person.phone = other."""

    answer = forms.ChoiceField(choices=ANSWERS)
    job = forms.IntegerField(required=False, min_value=1, max_value=2**62)

    def choices(self) -> dict[str, str]:
        sides = {KEPT, OTHER}
        return {
            name.removeprefix("value."): value for name, value in self.data.items()
            if name.startswith("value.") and value in sides
        }  # fmt: skip
