"""What is typed of a clean-up and of the demands of its baseline."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.inputs import day
from shanzhi.people.queries import departments

from .. import rules
from ..fields import LINES, PEOPLE, Names, Scope, whole
from ..kinds import TIMES
from ..models import Campaign, Category, Cycle, Demand, Medium


class Begin(forms.Form):
    title = forms.CharField(label=_("Name of the clean-up"), max_length=100)
    began_on = day(_("Day of the launch meeting"))
    workers = whole(
        _("Full-time workers of an average community"), 1, PEOPLE,
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
    scope = Scope()
    purpose = forms.CharField(label=_("Purpose"), max_length=500, required=False, widget=LINES)
    basis = forms.CharField(label=_("Basis in law"), max_length=300, required=False)
    cycle = forms.ChoiceField(label=pgettext_lazy("demand", "Cycle"), choices=Cycle.choices)
    times = whole(_("Times a year"), 1, required=False,
                  help_text=_("Empty: as the cycle says."))  # fmt: skip
    minutes = whole(_("Minutes each time and person"), 1)
    staff = whole(_("People each time"), 1, PEOPLE)
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
    fields_asked = Names()

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        self.fields["scope"].inside = campaign.place
        known = list(departments().items())
        self.fields["department"].choices = known
        self.fields["payer"].choices = [("", "—"), *known]

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
