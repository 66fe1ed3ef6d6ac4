"""What is typed for each of the five verbs, and for an undoing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.inputs import day
from shanzhi.people.queries import departments

from ..fields import LINES, PEOPLE, demand_named, whole
from ..kinds import Size
from ..models import Demand, Verb
from ..rules.decisions import Wish


class Decide(forms.Form):
    """Every decision; the verbs add what they ask for."""

    verb = ""
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=LINES)
    decided_on = day(_("Decided on"))
    decider = forms.CharField(
        label=pgettext_lazy("burden", "Decided by"),
        max_length=60,
        help_text=_("The meeting, or the post in charge."),
    )
    evidence = forms.CharField(
        label=_("Evidence"), max_length=200, required=False,
        help_text=_("Number of the document or of the minutes."),
    )  # fmt: skip

    def __init__(self, *args: Any, demand: Demand, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.demand = demand

    def wish(self) -> Wish:
        known = {name: self.cleaned_data.get(name) or "" for name in
                 ("reason", "decider", "evidence", "taken_by", "duty", "limits")}  # fmt: skip
        return Wish(
            verb=self.verb, decided_on=self.cleaned_data["decided_on"],
            heir=self.cleaned_data.get("heir"), size=self.size(), **known,
        )  # fmt: skip

    def size(self) -> Size | None:
        return None


class Stop(Decide):
    verb = Verb.STOP


class Merge(Decide):
    verb = Verb.MERGE
    heir = forms.CharField(
        label=_("Merged into"), max_length=100, widget=forms.TextInput({"list": "heirs"}),
        help_text=_("Number or title of a demand that stays."),
    )  # fmt: skip
    field_order = ("heir",)

    def clean_heir(self) -> Demand:
        in_force = Demand.objects.filter(state=Demand.State.IN_FORCE)
        return demand_named(self.cleaned_data["heir"].strip(), Demand.objects.all(), in_force)


class Transfer(Decide):
    verb = Verb.TRANSFER
    taken_by = forms.ChoiceField(label=_("Taken over by"))
    duty = forms.CharField(label=_("What it does from now on"), max_length=300, widget=LINES)
    field_order = ("taken_by", "duty")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["taken_by"].choices = [("", "—"), *departments().items()]


class Resized(Decide):
    times = whole(_("Times a year"), 1)
    minutes = whole(_("Minutes each time and person"), 1)
    staff = whole(_("People each time"), 1, PEOPLE)
    field_order = ("limits", "times", "minutes", "staff")

    def size(self) -> Size:
        return Size(*(self.cleaned_data[name] for name in ("times", "minutes", "staff")))


class Reduce(Resized):
    verb = Verb.REDUCE


class Limit(Resized):
    verb = Verb.LIMIT
    limits = forms.CharField(
        label=_("Limited to"), max_length=300, widget=LINES,
        help_text=_("For instance: only in the flood season; only where a case was reported."),
    )  # fmt: skip


class Undo(Decide):
    verb = Verb.UNDO


FORMS: dict[str, type[Decide]] = {
    form.verb: form for form in (Stop, Reduce, Merge, Transfer, Limit)
}
