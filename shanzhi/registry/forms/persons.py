"""What a community types of persons, dwellings and households."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.kernel import Refused, places
from shanzhi.kernel.inputs import day
from shanzhi.places import queries as divisions
from shanzhi.places.models import Estate

from .. import kinds
from ..addresses import Address
from ..codelists import DOCUMENT, HOLDING, RELATION, SEX
from ..models import Household, Membership, Presence
from ..queries.residents import APART, BANDS, Wanted

STEPS = ("state", "died_on", "registered_place")  # fields that change by a step of their own
UPPER = forms.TextInput(
    {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
)


def add_refusal(form: forms.Form, refusal: Refused) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


class PlaceField(forms.CharField):
    """A division by its name or code."""

    def clean(self, value):
        text = super().clean(value)
        if not text or places.is_code(text):
            return text
        found = divisions.search(text, limit=5, levels=tuple(places.LEVELS))
        found = [each for each in found if each.estate is None]
        exact = [each for each in found if each.name == text]
        if len(exact or found) == 1:
            return (exact or found)[0].code
        if not found:
            raise ValidationError(_now("No division of this name is known; enter its code."))
        names = "; ".join(f"{each.path} {each.name} {each.code}" for each in found)
        raise ValidationError(
            _now("Several divisions have this name, enter the code: %(names)s") % {"names": names}
        )


# --- the list -------------------------------------------------------------------------------------


class Narrow(forms.Form):
    """Whatever an address says; what makes no sense narrows nothing."""

    q = forms.CharField(required=False, max_length=60)
    grid = forms.CharField(required=False, max_length=15)
    kind = forms.TypedChoiceField(
        required=False, coerce=int, empty_value=0, choices=Presence.Kind.choices
    )
    band = forms.ChoiceField(required=False, choices=[(band, band) for band in BANDS])
    apart = forms.ChoiceField(required=False, choices=[(each, each) for each in APART])
    cursor = forms.CharField(required=False, max_length=600)

    def wanted(self) -> Wanted:
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            given.get("q", ""), given.get("grid", ""), given.get("kind", 0) or 0,
            given.get("band", ""), given.get("apart", ""),
        )  # fmt: skip


class Search(forms.Form):
    q = forms.CharField(max_length=60)


# --- a dwelling -----------------------------------------------------------------------------------


class DwellingForm(forms.Form):
    estate = forms.TypedChoiceField(label=_("Estate"), required=False, coerce=int, empty_value=None)
    road = forms.CharField(label=_("Road"), required=False, max_length=60)
    number = forms.CharField(label=_("Number on the road"), required=False, max_length=20)
    building = forms.CharField(label=_("Building"), required=False, max_length=20)
    unit = forms.CharField(label=pgettext_lazy("dwelling", "Unit"), required=False, max_length=20)
    room = forms.CharField(label=_("Room"), required=False, max_length=20)

    def __init__(self, *args, estates: list[Estate], **kwargs):
        super().__init__(*args, **kwargs)
        self.estates = {each.pk: each for each in estates}
        self.fields["estate"].choices = [
            ("", _("no estate")), *((each.pk, each.name) for each in estates)
        ]  # fmt: skip

    def address(self, place: str) -> Address:
        given = self.cleaned_data
        parts = {part: given[part] for part in ("road", "number", "building", "unit", "room")}
        return Address(place=place, estate=self.estates.get(given["estate"]), **parts)


# --- a person -------------------------------------------------------------------------------------


class PersonForm(forms.Form):
    """A new person, in the order of the identity card; the rest is added on the person's page."""

    name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=100,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    document = forms.ChoiceField(label=_("Kind of identity document"), choices=DOCUMENT.choices)
    identity = forms.CharField(
        label=_("Identity number"),
        required=False,
        max_length=40,
        widget=UPPER,
        help_text=_("Birth and sex are read off it. Leave it empty for a person without one."),
    )
    birth = day(_("Date of birth"), required=False)
    sex = forms.ChoiceField(label=_("Sex"), required=False, choices=SEX.choices)
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "tel"}),
    )
    registered_place = PlaceField(
        label=_("Where the household register is"),
        required=False,
        max_length=60,
        help_text=_("Name or code of the division; empty if not known."),
    )
    nevertheless = forms.BooleanField(
        label=_("It is another person: enter nevertheless"),
        required=False,
        widget=forms.HiddenInput,
    )

    def values(self) -> dict[str, Any]:
        fields = ("name", "document", "identity", "birth", "sex", "phone", "registered_place")
        return {field: self.cleaned_data[field] for field in fields}

    def ask_nevertheless(self, sentence: str) -> None:
        """The sentence, and a box to tick under it."""
        self.fields["nevertheless"].widget = forms.CheckboxInput()
        self.add_error("identity", sentence)


class FounderForm(PersonForm):
    """The head of a new household, and since when it lives there."""

    since = day(_("Lives there since"))
    number = forms.CharField(label=_("Number of the household register"), required=False,
                             max_length=40)  # fmt: skip
    kind = forms.ChoiceField(label=_("Kind of household"), choices=Household.Kind.choices)
    holding = forms.ChoiceField(label=_("How the dwelling is held"), required=False,
                                choices=[("", "—"), *HOLDING.choices()])  # fmt: skip


FIRST = forms.Select({"autofocus": True})  # from one member to the next without the mouse
RELATIONS = [
    ("", "—"),
    *((code, label) for code, label in RELATION.choices() if code not in ("01", "02")),
]


class MemberForm(PersonForm):
    relation = forms.ChoiceField(
        label=_("Relation to the head of household"), choices=RELATIONS, widget=FIRST
    )
    since = day(_("Lives there since"))
    field_order = ("relation",)


class KnownMemberForm(forms.Form):
    """Somebody who is in the registry already."""

    relation = forms.ChoiceField(
        label=_("Relation to the head of household"), choices=RELATIONS, widget=FIRST
    )
    since = day(pgettext_lazy("period", "Since"))


class KnownFounderForm(forms.Form):
    since = day(_("Lives there since"))
    number = forms.CharField(label=_("Number of the household register"), required=False,
                             max_length=40)  # fmt: skip


# --- a section ------------------------------------------------------------------------------------


class SectionForm(forms.Form):
    """The fields of a section, whether a change from a day on or a correction. What is sealed is
    not shown: an empty field leaves it as it is.
    """

    how = forms.ChoiceField(
        label=_("What kind of entry is it"),
        choices=[("change", _("It has changed")), ("correct", _("It was entered wrongly"))],
        widget=forms.RadioSelect,
        initial="change",
    )
    effective = day(
        _("From which day on"), required=False, help_text=_("A correction needs no day.")
    )

    def __init__(self, *args, section: kinds.Section, row: models.Model | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.section, self.row = section, row
        self.sealed = []
        for element in section.elements:
            if element.field not in STEPS:
                self.fields[element.field] = self._field(
                    kinds.entry(f"{section.code}.{element.field}")
                )
        if self.sealed:
            self.fields["remove"] = forms.MultipleChoiceField(
                label=_("Remove"), required=False, choices=self.sealed,
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip

    def _field(self, entry):
        name = entry.element.field
        value = getattr(self.row, name, None) if self.row else None
        shared = {"label": entry.element.title, "required": name == "name"}
        if entry.sealed:
            if value:
                self.sealed.append((name, entry.element.title))
                shared["help_text"] = _("Known; leave it empty to keep it.")
            return forms.CharField(max_length=200, widget=UPPER, **shared)
        return _plain_field(entry, value, shared)

    def clean(self):
        given = super().clean()
        if given.get("how") == "change" and not given.get("effective"):
            self.add_error("effective", _("From which day on does it hold?"))
        return given

    def values(self) -> dict[str, Any]:
        """What was typed; of what is sealed only what is new."""
        given, removed = self.cleaned_data, set(self.cleaned_data.get("remove", ()))
        found = {}
        for element in self.section.elements:
            name = element.field
            if name not in given:
                continue
            sealed = kinds.entry(f"{self.section.code}.{name}").sealed
            if not sealed or given[name]:
                found[name] = given[name]
            elif name in removed:
                found[name] = None
        return found


def _plain_field(entry, value, shared):
    if entry.codelist or entry.column.choices:
        options = entry.codelist.choices() if entry.codelist else entry.column.choices
        empty = [] if any(code == "0" for code, _label in options) else [("", "—")]
        return forms.ChoiceField(choices=[*empty, *options], initial=value, **shared)
    if entry.type == "date":
        return day(shared["label"], required=False, initial=value)
    if entry.type == "yes_no":
        return forms.BooleanField(initial=value, **shared | {"required": False})
    return forms.CharField(max_length=entry.length, initial=value, **shared)


# --- steps ----------------------------------------------------------------------------------------


class MoveIn(DwellingForm):
    kind = forms.TypedChoiceField(
        label=_("Why the person is here"), coerce=int,
        choices=[each for each in Presence.Kind.choices if each[0] != Presence.Kind.REGISTERED],
    )  # fmt: skip
    since = day(pgettext_lazy("period", "Since"))
    field_order = ("kind", "since")


class MoveOut(forms.Form):
    which = forms.ChoiceField(label=_("What ends"), widget=forms.RadioSelect)
    on = day(_("First day no longer here"))

    def __init__(self, *args, presences: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["which"].choices = presences
        if presences:
            self.fields["which"].initial = presences[0][0]


class Register(forms.Form):
    place = PlaceField(
        label=_("Where the household register is"),
        max_length=60,
        help_text=_("Name or code of the division, of this city or elsewhere."),
    )
    on = day(pgettext_lazy("period", "Since"))


class Death(forms.Form):
    on = day(_("Date of death"))


class End(forms.Form):
    on = day(_("Day"))

    def __init__(self, *args, members: list[Membership], **kwargs):
        super().__init__(*args, **kwargs)


class AsOf(forms.Form):
    """How things stood on a day, as is known now or was known then."""

    day = day(_("As of"))
    section = forms.ChoiceField(label=_("Part"), required=False)
    known = forms.BooleanField(label=_("As it was known on that day"), required=False)

    def __init__(self, *args, sections: list[tuple[str, Any]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = sections


class Leave(forms.Form):
    who = forms.TypedChoiceField(label=_("Who leaves"), coerce=int)
    on = day(_("Day"))

    def __init__(self, *args, members: list[Membership], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [(each.person_id, each.person.name) for each in members]


class NewHead(forms.Form):
    head = forms.TypedChoiceField(label=_("New head of household"), coerce=int)
    since = day(pgettext_lazy("period", "Since"))

    def __init__(self, *args, members: list[Membership], **kwargs):
        super().__init__(*args, **kwargs)
        self.members = members
        heads = [each for each in members if each.relation != "02"]
        self.fields["head"].choices = [(each.person_id, each.person.name) for each in heads]
        for each in members:
            self.fields[f"relation_{each.person_id}"] = forms.ChoiceField(
                label=_now("Relation of %(name)s to the new head") % {"name": each.person.name},
                required=False, choices=RELATIONS,
            )  # fmt: skip

    def relations(self) -> dict[int, str]:
        head = self.cleaned_data["head"]
        return {
            each.person_id: self.cleaned_data.get(f"relation_{each.person_id}") or ""
            for each in self.members if each.person_id != head
        }  # fmt: skip


class Split(DwellingForm):
    """Who leaves, with whom as head; to another dwelling where one is named."""

    head = forms.TypedChoiceField(label=_("Head of the new household"), coerce=int)
    others = forms.TypedMultipleChoiceField(
        label=_("Who goes along"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    since = day(pgettext_lazy("period", "Since"))

    def __init__(self, *args, members: list[Membership], **kwargs):
        super().__init__(*args, **kwargs)
        able = [(each.person_id, each.person.name) for each in members if each.relation != "02"]
        self.fields["head"].choices = self.fields["others"].choices = able
        for pk, name in able:
            self.fields[f"relation_{pk}"] = forms.ChoiceField(
                label=_now("Relation of %(name)s to the new head") % {"name": name},
                required=False, choices=RELATIONS,
            )  # fmt: skip
        self.order_fields(["head", "others", *(f"relation_{pk}" for pk, _name in able), "since"])

    def relations(self) -> dict[int, str]:
        given = self.cleaned_data
        return {
            pk: given.get(f"relation_{pk}") or "" for pk in given["others"] if pk != given["head"]
        }

    def has_dwelling(self) -> bool:
        return any(self.cleaned_data[part] for part in ("estate", "road", "building", "room"))
