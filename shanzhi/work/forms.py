"""The shape of the yearly notice on a page: fixed rows, so that it works without JavaScript."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.inputs import day

from .rules import Notice, Rest

RESTS = 9  # rows of holidays: seven, and two to spare
MAKEUPS = 10
NAMES = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"]


class NoticeForm(forms.Form):
    source = forms.CharField(label=_("Number of the notice"), max_length=200)

    def __init__(self, *args, year: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.year = year
        for n in range(RESTS):
            self.fields[f"name_{n}"] = forms.CharField(
                label=_("Holiday"), required=False, max_length=40
            )
            self.fields[f"first_{n}"] = day(_("First day"), required=False)
            self.fields[f"last_{n}"] = day(_("Last day"), required=False)
        for n in range(MAKEUPS):
            self.fields[f"makeup_{n}"] = day(_("Make-up workday"), required=False)

    @property
    def rests(self):
        return [(self[f"name_{n}"], self[f"first_{n}"], self[f"last_{n}"]) for n in range(RESTS)]

    @property
    def makeups(self):
        return [self[f"makeup_{n}"] for n in range(MAKEUPS)]

    def clean(self) -> dict[str, Any]:
        """A row counts once it has a date; a single date is a holiday of one day."""
        data, rests = self.cleaned_data, []
        for n in range(RESTS):
            first, last = data.get(f"first_{n}"), data.get(f"last_{n}")
            if first or last:
                rests.append(Rest(data.get(f"name_{n}", ""), first or last, last or first))
        makeups = [day for n in range(MAKEUPS) if (day := data.get(f"makeup_{n}"))]
        data["notice"] = Notice(
            self.year, data.get("source", ""), tuple(rests), tuple(sorted(makeups))
        )
        return data


def initial(notice: Notice) -> dict[str, Any]:
    """The rows of a notice; where it has none yet, the names of the seven holidays."""
    rests = notice.rests or tuple(Rest(name, None, None) for name in NAMES)
    values = {"source": notice.source}
    for n, rest in enumerate(rests[:RESTS]):
        values |= {f"name_{n}": rest.name, f"first_{n}": rest.first, f"last_{n}": rest.last}
    return values | {f"makeup_{n}": day for n, day in enumerate(notice.makeups[:MAKEUPS])}


class AssignForm(forms.Form):
    to = forms.TypedChoiceField(label=_("Colleague"), coerce=int)

    def __init__(self, *args, colleagues: list[tuple[int, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = colleagues
