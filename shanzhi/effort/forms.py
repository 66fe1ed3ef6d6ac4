"""What is typed of a standard, of numbers of workers; and three taps of a half-day."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shanzhi.burden.fields import LINES, Scope, whole
from shanzhi.kernel import asked
from shanzhi.kernel.inputs import day

from .kinds import PARTS
from .models import Group

t = gettext_lazy


class StandardForm(forms.Form):
    minutes = whole(t("Minutes of one task"), 1)
    least = whole(t("At least"), 1)
    most = whole(t("At most"), 1)
    source = forms.CharField(
        label=t("Source"), max_length=200,
        help_text=t("Who measured what and when, or which document says so."),
    )  # fmt: skip
    valid_from = day(t("Holds from"))


class HeadcountForm(forms.Form):
    rows = forms.CharField(
        label=t("Communities and their workers"), widget=LINES,
        help_text=t("A name or code and a number, one community a line: 天安社区 9"),
    )  # fmt: skip
    source = forms.CharField(label=t("Source"), max_length=200)
    valid_from = day(t("Holds from"))

    def clean_rows(self) -> dict[str, int]:
        known = Scope()
        known.inside = settings.SHANZHI_CITY
        found = {}
        for line in self.cleaned_data["rows"].replace("，", " ").replace(",", " ").splitlines():
            if line.strip():
                name, _space, typed = line.strip().rpartition(" ")
                number, codes = asked.key(typed), known.clean(name) if name else []
                if number is None or len(codes) != 1:
                    raise forms.ValidationError(_("“%(line)s”: a name, a space, a number.")
                                                % {"line": line.strip()[:60]})  # fmt: skip
                found[codes[0]] = number
        return found


class HalfDay(forms.Form):
    """One choice for each part; skipping sends none of them."""

    ballot = forms.IntegerField(min_value=1, max_value=2**62)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for number in range(PARTS):
            self.fields[f"part{number}"] = forms.ChoiceField(choices=Group.choices, required=False)

    def parts(self) -> list[str]:
        chosen = [self.cleaned_data[f"part{number}"] for number in range(PARTS)]
        return [each for each in chosen if each]
