"""What is typed of a clean-up and of the demands of its baseline."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel import places
from shanzhi.people.queries import departments
from shanzhi.places import queries as divisions

from .. import rules
from ..kinds import TIMES
from ..models import Campaign, Category, Cycle, Demand, Medium

LINES = forms.Textarea({"rows": 4})


def day(label: Any, required: bool = True) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget)


def whole(label: Any, least: int = 0, required: bool = True, help_text: Any = "") -> forms.Field:
    return forms.IntegerField(
        label=label,
        required=required,
        min_value=least,
        max_value=100_000_000,
        widget=forms.NumberInput({"min": least, "inputmode": "numeric"}),
        help_text=help_text,
    )


class Begin(forms.Form):
    title = forms.CharField(label=_("Name of the clean-up"), max_length=100)
    began_on = day(_("Day of the launch meeting"))
    workers = whole(
        _("Full-time workers of an average community"), 1,
        help_text=_("For the share of their week; five days of eight hours each."),
    )  # fmt: skip


class Counts(forms.Form):
    """One number for each category that the reform counts."""

    def __init__(self, *args: Any, counted: frozenset[str] | set[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for code, title in Category.choices:
            if code not in counted:
                self.fields[code] = whole(title)


class RegisterFile(forms.Form):
    file = forms.FileField(label=_("Register as CSV file"))


class RemarkForm(forms.Form):
    text = forms.CharField(label=_("Remark"), max_length=500, widget=forms.Textarea({"rows": 2}))


class DemandForm(forms.Form):
    """A demand of the baseline. Departments and communities are typed as people call them."""

    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    title = forms.CharField(label=pgettext_lazy("demand", "Title"), max_length=100)
    department = forms.ChoiceField(label=_("Department"))
    level = forms.ChoiceField(
        label=_("Level of the issuing unit"),
        choices=[("city", _("City")), ("district", _("District")),
                 ("subdistrict", _("Sub-district"))],
    )  # fmt: skip
    scope = forms.CharField(
        label=_("Communities that are asked"), widget=LINES,
        help_text=_("Names or codes of divisions, one a line; a division means all below it."),
    )  # fmt: skip
    purpose = forms.CharField(label=_("Purpose"), max_length=500, required=False, widget=LINES)
    basis = forms.CharField(label=_("Basis in law"), max_length=300, required=False)
    cycle = forms.ChoiceField(label=pgettext_lazy("demand", "Cycle"), choices=Cycle.choices)
    times = whole(_("Times a year"), 1, required=False,
                  help_text=_("Empty: as the cycle says."))  # fmt: skip
    minutes = whole(_("Minutes each time and person"), 1)
    staff = whole(_("People each time"), 1)
    money = whole(_("Yuan a year for a community"), required=False)
    payer = forms.ChoiceField(label=_("Payer"), required=False)
    medium = forms.ChoiceField(label=_("Medium"), required=False,
                               choices=[("", "—"), *Medium.choices])  # fmt: skip
    plaque = forms.CharField(label=_("Text of the plaque"), max_length=60, required=False)
    plaque_place = forms.ChoiceField(
        label=_("Where it hangs"), required=False,
        choices=[("", "—"), *Demand.PlaquePlace.choices],
    )  # fmt: skip
    url = forms.URLField(label=_("Address of the system"), max_length=200, required=False,
                         assume_scheme="https")  # fmt: skip
    fields_asked = forms.CharField(
        label=_("Fields asked for"), required=False, widget=LINES,
        help_text=_("As the department writes them, one a line."),
    )  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        known = list(departments().items())
        self.fields["department"].choices = known
        self.fields["payer"].choices = [("", "—"), *known]

    def clean_scope(self) -> list[str]:
        found = []
        for text in self.cleaned_data["scope"].replace("，", "\n").replace("、", "\n").splitlines():
            if text := text.strip():
                found.append(_division(text, self.campaign.place))
        if not found:
            raise forms.ValidationError(_("Say which communities are asked."))
        return found

    def clean_fields_asked(self) -> list[str]:
        lines = self.cleaned_data["fields_asked"].splitlines()
        return [line.strip()[:60] for line in lines if line.strip()]

    def values(self) -> dict[str, Any]:
        """By column of Demand, for commands.enter and commands.amend."""
        found = {name: self.cleaned_data[name] for name in self.cleaned_data
                 if name not in ("level", "fields_asked")}  # fmt: skip
        found["place"] = rules.issuer(
            self.cleaned_data["level"], found["scope"], self.campaign.place
        )
        found["times"] = found["times"] or TIMES.get(Cycle(found["cycle"]), 0)
        found["money"], found["payer"] = found["money"] or 0, found["payer"] or None
        return found | {"valid_from": self.campaign.began_on, "valid_to": None}


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
