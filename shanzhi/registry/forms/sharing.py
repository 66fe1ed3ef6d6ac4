"""What is typed when elements are asked for, decided of and read."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused, places
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.inputs import day
from shanzhi.places import queries as divisions

from .. import kinds
from ..codelists import SEX
from ..models import Grant, GrantPart, Presence
from ..queries import privacy as queries
from ..queries.granted import BY_CONSENT, ON_DUTY
from ..rules.sharing import Wanted

AREA = forms.Textarea({"rows": 3})
FILTER = ("kind", "age_from", "age_to", "sex", "children", "children_basis", "consent")
LEVELS = ("city", "district", "subdistrict", "community", "grid")


def _age(label):
    number = forms.NumberInput({"min": 0, "max": 150, "inputmode": "numeric"})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=150,
                              widget=number)  # fmt: skip


class GrantForm(forms.Form):
    """An application. The elements are ticked in a table, under `element` and `full`."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=100,
        help_text=_("In a few words; residents read it when they ask who looked at their data."),
    )
    basis = forms.CharField(
        label=_("Basis in law"),
        max_length=200,
        widget=AREA,
        help_text=_("The law or rule, with its article, that gives the task."),
    )
    scenario = forms.CharField(
        label=_("How it is used, kept and destroyed"), max_length=1000, widget=AREA
    )
    scope = forms.CharField(
        label=_("Scope"),
        max_length=60,
        help_text=_("Name or code of your own division, or one inside it."),
    )
    kind = forms.TypedChoiceField(label=_("Whose data"), coerce=int, choices=Presence.Kind.choices)
    age_from = _age(_("From the age of"))
    age_to = _age(_("Up to the age of"))
    sex = forms.ChoiceField(label=_("Sex"), required=False)
    children = forms.ChoiceField(
        label=_("Children under 14"),
        required=False,
        choices=[
            ("", _("Not read")),
            (ON_DUTY, _("Read, because a law makes it our duty")),
            (BY_CONSENT, _("Read, of those whose guardian agreed")),
        ],
        help_text=_("All their data are sensitive. They are left out unless you say otherwise."),
    )
    children_basis = forms.CharField(
        label=_("Law that makes it a duty"),
        max_length=200,
        required=False,
        help_text=_("Only where children under 14 are read."),
    )
    consent = forms.ChoiceField(
        label=_("Purpose guardians agree to"), required=False,
        help_text=_("From the register of purposes that rest on consent."),
    )  # fmt: skip
    since = day(_("Begins on"))
    until = day(_("Ends on"))
    method = forms.ChoiceField(
        label=_("Way of reading"), choices=Grant.Method.choices, widget=forms.RadioSelect
    )
    confidential_basis = forms.CharField(
        label=_("Law by which residents are not told"), max_length=200, required=False
    )
    review_on = day(_("Looked at again on"), required=False)

    def __init__(self, data=None, *, actor: Actor, **kwargs: Any):
        super().__init__(data, **kwargs)
        self.actor = actor
        self.fields["sex"].choices = [
            ("", _("Either sex")),
            ("1", SEX.label("1")),
            ("2", SEX.label("2")),
        ]
        open_ones = [(each.pk, each.title) for each in queries.purposes() if each.open]
        self.fields["consent"].choices = [("", "—"), *open_ones]
        self.chosen = data.getlist("element") if data is not None else []
        self.full = set(data.getlist("full")) if data is not None else set()

    def clean_scope(self) -> str:
        return find_division(self.cleaned_data["scope"], self.actor.place)

    def wanted(self) -> Wanted:
        given = dict(self.cleaned_data)
        filter_ = {name: given.pop(name) for name in FILTER}
        needed = {"": (), ON_DUTY: ("children", "children_basis"),
                  BY_CONSENT: ("children", "consent")}  # fmt: skip
        kept = needed[filter_["children"]]
        for name in ("children", "children_basis", "consent"):
            if name not in kept:
                del filter_[name]
        elements = {code: code in self.full for code in self.chosen}
        return Wanted(elements=elements, filter=filter_, **given)


def find_division(text: str, within: str) -> str:
    """By code, or by a name that only one division has."""
    code = re.search(r"[0-9]{4,20}", text)
    if code and places.is_code(code[0]):
        return code[0]
    name = text.strip()
    if within and name in (divisions.name(within), "".join(divisions.path_names(within)[-2:])):
        return within
    found = [each for each in divisions.search(name, within, 10, LEVELS) if each.estate is None]
    exact = [each for each in found if name == each.name] or found
    if len(exact) == 1:
        return exact[0].code
    if exact:
        names = "、".join(f"{each.path}{each.name} {each.code}" for each in exact[:4])
        raise forms.ValidationError(
            _("Several are called so; write the code: %(names)s.") % {"names": names}
        )
    raise forms.ValidationError(_("There is no division of this name inside yours."))


def initial_of(grant: Grant) -> dict[str, Any]:
    names = ("purpose", "basis", "scenario", "since", "until", "method", "confidential_basis",
             "review_on")  # fmt: skip
    found = {name: getattr(grant, name) for name in names}
    return found | grant.filter | {"scope": division_words(grant.scope)}


def division_words(code: str) -> str:
    return f"{divisions.name(code)} {code}"


def element_rows(chosen: dict[str, bool], owner_name: Any) -> list[tuple[str, list[dict]]]:
    """The table of elements to tick, by section."""
    groups: dict[str, list[dict]] = {}
    for entry in kinds.entries():
        groups.setdefault(str(entry.section.title), []).append({
            "entry": entry,
            "owner": owner_name(entry),
            "chosen": entry.code in chosen,
            "full": chosen.get(entry.code, False),
            "maskable": bool(entry.element.mask),
        })  # fmt: skip
    return list(groups.items())


# --- steps ----------------------------------------------------------------------------------------


class Nothing(forms.Form):
    """A step that asks for no words."""


class Reason(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=AREA)


class Answer(forms.Form):
    answer = forms.CharField(label=_("What was missing"), max_length=1000, widget=AREA)


class Gaps(forms.Form):
    gaps = forms.CharField(
        label=_("What is missing"),
        max_length=1000,
        widget=AREA,
        help_text=_("Everything at once, a line each: it is told only once."),
    )


class Agree(forms.Form):
    """`full` are the elements asked for without a mask."""

    full = forms.MultipleChoiceField(
        label=_("Shown in full"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What is not ticked is masked."),
    )
    conditions = forms.CharField(
        label=_("Conditions of use"), max_length=500, required=False, widget=AREA
    )
    statute = forms.CharField(
        label=_("Law or State Council decision that opens it"),
        max_length=200,
        required=False,
        help_text=_("Needed where an element is not shared."),
    )
    provided = forms.TypedChoiceField(
        label=_("When"),
        coerce=lambda value: value == "1",
        initial="1",
        widget=forms.RadioSelect,
        choices=[
            ("1", _("Provide at once")),
            ("0", _("Agree now, provide within 20 working days")),
        ],
    )

    def __init__(self, *args: Any, full: list[tuple[str, str]], not_shared: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if full:
            self.fields["full"].choices = full
            self.fields["full"].initial = [code for code, _title in full]
        else:
            del self.fields["full"]
        if not not_shared:
            del self.fields["statute"]


class Refuse(forms.Form):
    ground = forms.ChoiceField(
        label=_("Ground"),
        choices=GrantPart.Ground.choices,
        widget=forms.RadioSelect,
        help_text=_("Where something is missing, ask for it instead."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=AREA)


class Extend(forms.Form):
    days = forms.IntegerField(label=_("Working days more"), min_value=1, max_value=10, initial=10)
    approved = forms.CharField(label=_("Approved by"), max_length=200)


# --- reading --------------------------------------------------------------------------------------


class LookUp(forms.Form):
    identity = forms.CharField(
        label=_("Identity number"),
        max_length=24,
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "text"}),
    )


class Reveal(forms.Form):
    elements = forms.MultipleChoiceField(
        label=_("What you need to see"), widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("The resident can read it, with your unit and post."),
    )

    def __init__(self, *args: Any, elements: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["elements"].choices = elements


def check(form: forms.Form, refusal: Refused) -> None:
    """A refusal becomes an error of the field it names."""
    name = refusal.field if refusal.field in form.fields else None
    form.add_error(name, str(refusal))
