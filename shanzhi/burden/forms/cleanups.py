"""What is typed in the four clean-ups."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.inputs import day
from shanzhi.people.queries import departments
from shanzhi.registry import kinds as registry
from shanzhi.registry.queries import element_named

from ..fields import LINES, demand_named, whole
from ..kinds import PAGES, Course, Seen, Substitute, Use
from ..models import Category, Demand, Plan, Plaque, Replacement, SystemUse

PLACES = Demand.PlaquePlace.choices
SHORT = forms.Textarea({"rows": 2})


class Hanging(forms.Form):
    """The walk-round: of every plaque that is asked for, where it really hangs."""

    def __init__(self, *args: Any, expected: Sequence[Demand], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.expected = expected
        for each in expected:
            self.fields[each.number] = forms.ChoiceField(
                label=each.plaque, required=False, choices=[("", _("does not hang")), *PLACES]
            )

    def rows(self) -> list[tuple[Demand, forms.BoundField]]:
        return [(each, self[each.number]) for each in self.expected]

    def seen(self) -> list[Seen]:
        return [
            Seen(each.plaque, self.cleaned_data[each.number], demand=each)
            for each in self.expected
            if self.cleaned_data.get(each.number)
        ]


class PlaqueForm(forms.Form):
    """A plaque that hangs without a demand."""

    text = forms.CharField(label=_("Text of the plaque"), max_length=60)
    place = forms.ChoiceField(label=_("Where it hangs"), choices=PLACES)
    department = forms.ChoiceField(
        label=_("Whose it is"), required=False,
        help_text=_("Leave it open if nobody knows; then it can be returned."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [("", _("unknown")), *departments().items()]

    def seen(self) -> Seen:
        return Seen(**self.cleaned_data)


class Mark(forms.Form):
    verdict = forms.ChoiceField(
        label=pgettext_lazy("plaque", "Decision"), choices=Plaque.Verdict.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=SHORT)
    decided_on = day(_("Decided on"))


class TakeDown(forms.Form):
    down_on = day(_("Taken down on"))
    evidence = forms.CharField(
        label=_("Evidence"), max_length=200,
        help_text=_("A list of what was handed over, minutes, or “see photo”."),
    )  # fmt: skip


class Elements(forms.CharField):
    """Elements of the catalogue by name or code, one a line; cleaned to codes."""

    def clean(self, value: Any) -> list[str]:
        lines = super().clean(value).replace("、", "\n").splitlines()
        return [_element(line.strip()) for line in dict.fromkeys(lines) if line.strip()]


def _element(text):
    if registry.entry(text):
        return text
    if found := element_named(text):
        return found.code
    raise forms.ValidationError(_("“%(name)s” is not in the catalogue.") % {"name": text})


class Heir(forms.CharField):
    """A demand of one category, by number or title; cleaned to the demand."""

    category = ""

    def clean(self, value: Any) -> Demand | None:
        text = super().clean(value).strip()
        if not text:
            return None
        rows = Demand.objects.filter(category=self.category)
        return demand_named(text, rows, rows)


class LedgerHeir(Heir):
    category = Category.LEDGER


class SystemHeir(Heir):
    category = Category.SYSTEM


class Replace(forms.Form):
    kind = forms.ChoiceField(
        label=_("Its data is replaced by"), choices=Replacement.Kind.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    page = forms.ChoiceField(
        label=_("Which page"), required=False,
        choices=[("", "—"), *((code, title) for code, (title, _url) in PAGES.items())],
    )  # fmt: skip
    elements = Elements(
        label=_("Elements that hold it"), required=False, widget=LINES,
        help_text=_("Names or codes of the catalogue, one a line."),
    )  # fmt: skip
    heir = LedgerHeir(
        label=_("Which ledger or table"), required=False, max_length=100,
        help_text=_("Number or title of a demand that stays."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=SHORT)

    def what(self) -> Substitute:
        return Substitute(**self.cleaned_data)


class PlanForm(forms.Form):
    fate = forms.ChoiceField(
        label=_("What becomes of it"), choices=Plan.Fate.choices, widget=forms.RadioSelect
    )
    heir = SystemHeir(
        label=_("Goes into"), required=False, max_length=100,
        help_text=_("Number or title of a system that stays."),
    )  # fmt: skip
    url = forms.URLField(label=_("Address of the system"), max_length=200, required=False,
                         assume_scheme="https")  # fmt: skip
    closes_on = day(_("Day of closing"), required=False)
    data_to = forms.CharField(
        label=_("What becomes of its data"), max_length=300, required=False, widget=SHORT
    )
    contact = forms.CharField(
        label=_("Which office answers questions"), max_length=100, required=False,
        help_text=_("The office and its public number; no person."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=SHORT)

    def course(self) -> Course:
        return Course(**self.cleaned_data)


class Logins(forms.Form):
    """One page on which a community says what it really logs into."""

    def __init__(self, *args: Any, systems: Sequence[Demand], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.systems = systems
        often = [("", "—"), *SystemUse.Often.choices]
        login = [("", "—"), *SystemUse.Login.choices]
        for each in systems:
            self.fields[f"people-{each.number}"] = whole(_("People who log in"), required=False)
            self.fields[f"often-{each.number}"] = forms.ChoiceField(
                label=_("How often"), choices=often, required=False
            )
            self.fields[f"login-{each.number}"] = forms.ChoiceField(
                label=_("How one signs in"), choices=login, required=False
            )

    def rows(self) -> list[tuple[Demand, list[forms.BoundField]]]:
        parts = ("people", "often", "login")
        return [(each, [self[f"{part}-{each.number}"] for part in parts]) for each in self.systems]

    def uses(self) -> dict[Demand, Use]:
        typed = self.cleaned_data
        return {
            each: Use(typed[f"people-{each.number}"] or 0, typed[f"often-{each.number}"],
                      typed[f"login-{each.number}"])
            for each in self.systems
        }  # fmt: skip
