"""Shapes of input. What a value means, and whether it may be, is asked in rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.inputs import day

from .points import CGCS2000, GCJ02

MOST_GEOJSON = 1_000_000  # bytes
PARTS = 4  # of a split


def _day():
    return day(_("Takes effect on"))


def _reason():
    return forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("The document that decided it.")
    )


class Rename(forms.Form):
    name = forms.CharField(label=_("New official name"), max_length=100)
    short = forms.CharField(
        label=_("Short name"),
        max_length=100,
        required=False,
        help_text=_("As it stands on pages; made from the official name where left empty."),
    )
    on = _day()
    reason = _reason()


class Merge(forms.Form):
    others = forms.MultipleChoiceField(label=_("Merge with"), widget=forms.CheckboxSelectMultiple)
    stays = forms.TypedChoiceField(
        label=_("Afterwards"),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        choices=[
            ("yes", _("This one goes on and takes the others up")),
            ("no", _("All of them end, and a new one begins")),
        ],
        initial="yes",
    )
    name = forms.CharField(
        label=_("New official name"),
        max_length=100,
        required=False,
        help_text=_("Needed for a new one."),
    )
    on = _day()
    reason = _reason()

    def __init__(self, *args, siblings, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["others"].choices = siblings


class Split(forms.Form):
    """name_1 … name_4 of the parts, and for each child the number of its part."""

    keeps = forms.BooleanField(
        label=_("The first part keeps the present code"), required=False, initial=True
    )

    def __init__(self, *args, name, children, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(1, PARTS + 1):
            self.fields[f"name_{number}"] = forms.CharField(
                label=_("Official name of part %(number)s") % {"number": number},
                max_length=100,
                required=number <= 2,
                initial=name if number == 1 else "",
            )
        numbers = [(str(number), str(number)) for number in range(1, PARTS + 1)]
        for code, called in children:
            self.fields[f"part_{code}"] = forms.ChoiceField(
                label=called, choices=numbers, initial="1", help_text=_("Number of its part")
            )
        self.fields |= {"on": _day(), "reason": _reason()}


class Move(forms.Form):
    parent = forms.ChoiceField(label=_("Moves to"))
    on = _day()
    reason = _reason()

    def __init__(self, *args, parents, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].choices = parents


class Grid(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    households = forms.IntegerField(label=_("Households"), min_value=0, max_value=20_000)
    file = forms.FileField(
        label=_("GeoJSON file"),
        required=False,
        help_text=_("One polygon in CGCS2000 degrees, longitude first."),
    )
    area = forms.CharField(
        label=_("Area (GeoJSON)"),
        required=False,
        max_length=MOST_GEOJSON,
        widget=forms.Textarea({"rows": 6, "spellcheck": "false"}),
        help_text=_("A file takes the place of this text. Empty: not drawn."),
    )

    def clean(self):
        values = super().clean()
        file = values.pop("file", None)
        if file is not None:
            if file.size > MOST_GEOJSON:
                raise forms.ValidationError({"file": _("The file is larger than 1 MB.")})
            values["area"] = file.read()
        return values


class Estate(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100)
    place = forms.ChoiceField(label=_("Lies in"))
    address = forms.CharField(
        label=_("Address"),
        max_length=200,
        required=False,
        help_text=_("Road and number of the estate, without buildings or rooms."),
    )
    buildings = forms.IntegerField(label=_("Buildings"), min_value=0, max_value=2000, initial=0)
    households = forms.IntegerField(label=_("Households"), min_value=0, max_value=50_000, initial=0)
    longitude = forms.FloatField(label=_("Longitude"), required=False)
    latitude = forms.FloatField(label=_("Latitude"), required=False)
    system = forms.ChoiceField(
        label=_("The point comes from"),
        choices=[
            (CGCS2000, _("An official map (CGCS2000)")),
            (GCJ02, _("WeChat or Tencent maps (GCJ-02)")),
        ],
        initial=CGCS2000,
    )

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places
