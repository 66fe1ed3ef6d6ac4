"""Input of the pages of rights."""

from datetime import date, timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.inputs import day

from .. import kinds
from ..models import Relation
from ..rules import SCOPES

AREA = forms.Textarea({"rows": 3})


class Wrong(forms.Form):
    """What is right instead; the control follows the element."""

    value = forms.CharField(label=_("What is right"), max_length=200)
    reason = forms.CharField(label=_("What is wrong"), max_length=500, widget=AREA)

    def __init__(self, *args, entry: kinds.Entry, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["value"]
        if entry.codelist:
            field.widget = forms.Select(choices=[("", "—"), *entry.codelist.choices()])
        elif entry.type == "date":
            field.widget = day().widget
        elif entry.element.hashed == "phone":
            field.widget = forms.TextInput({"type": "tel", "inputmode": "tel"})


class Papers(forms.Form):
    """Who somebody says they are, for the community to check."""

    relation = forms.ChoiceField(
        label=_("Whose data is it"), widget=forms.RadioSelect,
        choices=[
            (Relation.SELF, _("My own")),
            (Relation.GUARDIAN, _("My child's, as guardian")),
            (Relation.PROXY, _("Somebody's who has named me as proxy")),
            (Relation.RELATIVE, _("A close relative's who has died")),
        ],
    )  # fmt: skip
    name = forms.CharField(label=_("Name of the person"), max_length=60)
    number = forms.CharField(
        label=_("Identity number of the person"), max_length=20,
        widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    scope = forms.MultipleChoiceField(
        label=_("What a proxy may do"), required=False, choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple, help_text=_("Only for a proxy."),
    )  # fmt: skip


class Counter(forms.Form):
    """The worker's side: the code from the phone, and which document was looked at."""

    digits = forms.RegexField(
        r"^\s*\d{6}\s*$", label=_("Code on the resident's phone"),
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    relation = forms.ChoiceField(
        label=_("The account is"), choices=Relation.choices, initial=Relation.SELF,
        widget=forms.RadioSelect,
    )  # fmt: skip
    scope = forms.MultipleChoiceField(
        label=_("What a proxy may do"),
        required=False,
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    until = day(
        _("Last day"), required=False,
        help_text=_("Empty is as long as possible: of a proxy one year, else two, and of a "
                    "guardian no longer than until the child is of age."),
    )  # fmt: skip
    proof = forms.CharField(
        label=_("Documents looked at"), max_length=200, initial="居民身份证",
        help_text=_("Their kind only, never a number; of a guardian also what shows the kinship, "
                    "such as the household register."),
    )  # fmt: skip

    def __init__(self, *args, dead: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        relation = self.fields["relation"]
        relation.choices = [
            each for each in Relation.choices if (each[0] == Relation.RELATIVE) == dead
        ]
        if dead:
            relation.initial = Relation.RELATIVE
            del self.fields["scope"]
            self.fields["until"].help_text = _("Empty is as long as possible: ninety days.")
            self.fields["proof"].initial = ""
            self.fields["proof"].help_text = _(
                "Their kind only, never a number: the certificate of death, and what shows the "
                "kinship."
            )

    def clean_until(self):
        """The first day no longer."""
        last = self.cleaned_data["until"]
        return last + timedelta(days=1) if last and last < date.max else last


class Decide(forms.Form):
    """Yes or no, and what the resident reads."""

    answer = forms.CharField(label=_("Answer to the resident"), required=False, max_length=300,
                             widget=AREA)  # fmt: skip


class Notice(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=100)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea({"rows": 14}))
    changes = forms.CharField(label=_("What is new"), required=False, max_length=500, widget=AREA)
    in_force_from = day(_("In force from"))


ELEMENTS = _("Catalogue names, one a line, such as person.phone.")


def element_lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class Elements(forms.CharField):
    """Catalogue names, one a line."""

    def __init__(self, **kwargs):
        super().__init__(required=False, widget=AREA, help_text=ELEMENTS, max_length=2000, **kwargs)

    def clean(self, value):
        return element_lines(super().clean(value))


class PurposeForm(forms.Form):
    code = forms.RegexField(
        r"^[a-z][a-z0-9-]{1,39}$", label=_("Code"),
        error_messages={"invalid": _("Small letters, digits and dashes, a letter first.")},
    )  # fmt: skip
    title = forms.CharField(label=_("Purpose"), max_length=100)
    text = forms.CharField(label=_("What is agreed to"), widget=AREA)
    elements = Elements(label=_("Data"))
    open = forms.BooleanField(label=_("Asked for at present"), required=False, initial=True)


class AssessmentForm(forms.Form):
    title = forms.CharField(label=_("What was assessed"), max_length=200)
    purpose = forms.CharField(label=_("Purpose and way: lawful, proper, needed?"), widget=AREA)
    effects = forms.CharField(label=_("Effects on persons, and risks"), widget=AREA)
    measures = forms.CharField(label=_("Measures: lawful, effective, fitting?"), widget=AREA)
    elements = Elements(label=_("Data"))
    risk = forms.ChoiceField(
        label=_("Risk that remains"), widget=forms.RadioSelect,
        choices=[("low", _("Low risk")), ("middle", _("Middle risk")), ("high", _("High risk"))],
    )  # fmt: skip
    made_on = day(_("Assessed on"))


class IncidentForm(forms.Form):
    title = forms.CharField(label=_("What happened, in one line"), max_length=200)
    found_at = forms.DateTimeField(
        label=_("Found at"), widget=forms.DateTimeInput({"type": "datetime-local"})
    )
    what = forms.CharField(label=_("What is known: kinds of data, cause, extent"), widget=AREA)
    harm = forms.CharField(label=_("What harm may follow"), widget=AREA)
    advice = forms.CharField(label=_("What those affected can do"), widget=AREA)
    elements = Elements(label=_("Data"))
    persons = forms.CharField(
        label=_("Those affected"), required=False, widget=AREA, max_length=200000,
        help_text=_("Numbers of their entries in the registry, separated by spaces."),
    )  # fmt: skip

    def clean_persons(self):
        words = self.cleaned_data["persons"].replace(",", " ").split()
        if not all(word.isdecimal() and len(word) < 19 for word in words):
            raise forms.ValidationError(_("Numbers only, separated by spaces."))
        return [int(word) for word in words]


class Words(forms.Form):
    words = forms.CharField(label=_("What was done"), max_length=2000, widget=AREA)
