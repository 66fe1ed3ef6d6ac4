"""What is typed of an emergency, an evaluation, a meeting or inspection, and a return."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.burden.fields import LINES, PEOPLE, Scope, whole
from shanzhi.burden.models import Demand
from shanzhi.kernel import places
from shanzhi.kernel.inputs import day
from shanzhi.people.queries import departments

from ..models import Call, Evaluation, Return
from .applications import ApplicationForm


class EmergencyForm(ApplicationForm):
    """An application's form without what an emergency need not have."""

    event = forms.CharField(
        label=pgettext_lazy("emergency", "What has happened"), max_length=300, widget=LINES
    )
    approver = forms.CharField(
        label=_("Approved by"), max_length=60,
        help_text=_("The post or headquarters that approved it, no person's name."),
    )  # fmt: skip
    approved_on = day(_("Approved on"))
    field_order = ("title", "event", "approver", "approved_on")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("starts_on", "ends_on", "alternatives", "edited", "plaque", "url", "payer",
                     "money"):  # fmt: skip
            del self.fields[name]
        for name in ("scope", "minutes", "times"):
            self.fields[name].required = True


class Prolong(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=LINES)


class EvaluationForm(forms.Form):
    score = forms.TypedChoiceField(
        label=_("Is it worth the work?"), coerce=int, widget=forms.RadioSelect,
        choices=[(5, _("5, clearly")), (4, "4"), (3, "3"), (2, "2"), (1, _("1, not at all"))],
    )  # fmt: skip
    wish = forms.ChoiceField(label=_("What should become of it?"), choices=Evaluation.Wish.choices,
                             widget=forms.RadioSelect)  # fmt: skip
    minutes = whole(_("Minutes it really takes each time"), required=False)
    text = forms.CharField(label=_("In a sentence"), max_length=500, required=False, widget=LINES)


class CallForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=Call.Kind.choices, widget=forms.RadioSelect)
    title = forms.CharField(label=pgettext_lazy("call", "Subject"), max_length=100)
    demand = forms.CharField(
        label=_("Number of the demand"), max_length=12, required=False,
        help_text=_("Not needed for the one system meeting and the one comprehensive inspection."),
    )  # fmt: skip
    scope = Scope(label=_("Communities that are called or visited"))
    on = day(_("Day"))
    begins = forms.TimeField(label=_("Begins at"),
                             widget=forms.TimeInput({"type": "time"}, format="%H:%M"))  # fmt: skip
    minutes = whole(_("Minutes"), 1, help_text=_("With the way there, for a meeting."))
    heads = whole(_("People of each community"), 1, PEOPLE)
    where = forms.CharField(label=_("Where"), max_length=100, required=False)

    def __init__(self, *args: Any, place: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["scope"].inside = place

    def clean_demand(self) -> Demand | None:
        number = self.cleaned_data["demand"].strip().upper()
        found = Demand.objects.filter(number=number).first() if number else None
        if number and found is None:
            raise forms.ValidationError(_("There is no demand with this number."))
        return found


class ReturnForm(forms.Form):
    """Three taps: who, how, what."""

    department = forms.ChoiceField(label=_("Who asked?"))
    level = forms.ChoiceField(
        label=_("Of which level?"), widget=forms.RadioSelect, initial="district",
        choices=[("city", _("City")), ("district", _("District")),
                 ("subdistrict", _("Sub-district"))],
    )  # fmt: skip
    way = forms.ChoiceField(label=_("How did it come?"), widget=forms.RadioSelect,
                            choices=Return.Way.choices[:4])  # fmt: skip
    what = forms.CharField(label=_("What was asked?"), max_length=300,
                           widget=forms.Textarea({"rows": 2}))  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = [("", "—"), *departments().items()]

    def place(self, community: str) -> str:
        return places.cut(community, self.cleaned_data["level"])
