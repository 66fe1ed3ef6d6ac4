"""What a clerk says about a file: whose it is, which column is what, what to do with it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel.acting import Actor
from shanzhi.places import queries as divisions

from ..intake import targets
from ..models import Batch, Source

FEW = 60


class Upload(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx), or text with columns (.csv, .txt); any order of columns."),
        widget=forms.FileInput({"accept": ".xlsx,.csv,.txt,.tsv"}),
        error_messages={"required": _("Choose a file.")},
    )
    source = forms.ModelChoiceField(
        Source.objects.none(), label=_("Who told"), to_field_name="code", empty_label=None
    )
    place = forms.ChoiceField(label=_("Community"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actor = actor
        kinds = (Source.Kind.COMMUNITY, Source.Kind.DEPARTMENT)
        self.fields["source"].queryset = Source.objects.filter(kind__in=kinds).order_by("id")
        self.fields["source"].initial = "community"
        choices = self._places()
        if choices:
            self.fields["place"].choices = choices
        else:
            del self.fields["place"]

    def _places(self):
        """Of a post above the community: one of its communities, or each row says its own."""
        if len(self.actor.place) != 9:
            return []
        below = [(each.code, each.short_name) for each in divisions.children(self.actor.place)]
        return [("", _("Each row says its own")), *below[:FEW]]

    @property
    def chosen_place(self) -> str:
        return self.cleaned_data.get("place") or self.actor.place


class Columns(forms.Form):
    """A choice for each column of the file, and where its titles are."""

    def __init__(self, *args: Any, found: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = grouped()
        for column in found.columns:
            self.fields[f"column_{column.number}"] = forms.ChoiceField(
                choices=choices, required=False, initial=column.target,
                label=column.title or _("Column %(number)s") % {"number": column.number + 1},
            )  # fmt: skip

    @property
    def chosen(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]


def grouped() -> list:
    """Kept aside first, then the elements of each section."""
    groups: dict[str, list] = {}
    for target in targets.all_targets():
        groups.setdefault(target.group, []).append((target.code, target.title))
    return [("", _("Keep aside")), *groups.items()]


class Titles(forms.Form):
    """Which row the titles are in, as the spreadsheet counts, and in how many."""

    row = forms.IntegerField(label=_("Titles are in row"), min_value=0, max_value=60)
    height = forms.TypedChoiceField(
        label=_("They take"), coerce=int,
        choices=[(1, _("One row")), (2, _("Two rows")), (0, _("There are no titles"))],
    )  # fmt: skip


class TakeOver(forms.Form):
    decision = forms.ChoiceField(
        label=_("Where the registry says something else"), choices=Batch.Decision.choices,
        widget=forms.RadioSelect, initial=Batch.Decision.FILL,
    )  # fmt: skip
    lenient = forms.BooleanField(
        label=_("Take rows over without a cell that cannot be read"), required=False,
        help_text=_("Else such rows stay out until they are mended."),
    )  # fmt: skip


class Undo(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("undoing", "Why"), max_length=300)
