"""What is typed of agreements."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.inputs import day
from shanzhi.people.queries import departments

from .models import Clause, Side
from .rules.carrying import gives

LINES = forms.Textarea({"rows": 3})
APART = re.compile(r"[\s,;，；、]+")
WRITTEN = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")


class Days(forms.CharField):
    """Several days, one after the other: 2027-06-30 2027-12-20, or as people write them."""

    def prepare_value(self, value):
        return " ".join(each.isoformat() for each in value) if isinstance(value, list) else value

    def clean(self, value):
        text = super().clean(value)
        try:
            if APART.sub("", WRITTEN.sub("", text)):
                raise ValueError(text)
            return [date(*map(int, each)) for each in WRITTEN.findall(text)]
        except ValueError:
            raise forms.ValidationError(_("Write days as 2027-06-30, with a space between.")) \
                from None  # fmt: skip


class Agreed(forms.Form):
    """What the two agree on of one clause."""

    target = forms.CharField(label=_("Target"), max_length=200, required=False, widget=LINES)
    amount = forms.DecimalField(
        label=_("Yuan in the year"), max_digits=12, decimal_places=2, min_value=0, required=False
    )
    payer = forms.ChoiceField(label=_("Payer"), required=False)
    due_on = Days(
        label=_("Payment dates"), max_length=200, required=False,
        help_text=_("For instance 2027-06-30 2027-12-20: the amount is paid in equal parts."),
    )  # fmt: skip
    everywhere = forms.BooleanField(
        label=_("Also in the drafts of all communities that still say the same"), required=False,
        initial=True,
    )  # fmt: skip

    def __init__(self, *args: Any, everywhere: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["payer"].choices = [("", "—"), *departments().items()]
        if not everywhere:
            del self.fields["everywhere"]

    @classmethod
    def of(cls, clause: Clause, data: Any, everywhere: bool) -> "Agreed":
        initial = {"target": clause.target, "amount": clause.amount or None,
                   "payer": clause.payer_id or clause.department_id,
                   "due_on": clause.due_on}  # fmt: skip
        return cls(data, initial=initial, everywhere=everywhere)

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        amount = typed["amount"] or 0
        return {"target": typed["target"], "amount": amount, "due_on": sorted(typed["due_on"]),
                "payer_id": (typed["payer"] or None) if amount else None}  # fmt: skip


class Supplement(Agreed):
    """An entry of the list as it is now, or what the gate admitted."""

    entry = forms.ChoiceField(
        label=_("What is added"),
        help_text=_("Confirmed entries of list two, and what the gate has admitted here."),
    )
    for_all = forms.BooleanField(
        label=_("For all communities of the sub-district whose agreement is in force"),
        required=False,
    )
    field_order = ("entry",)

    def __init__(self, *args: Any, entries: Mapping[str, Mapping[str, Any]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["entry"].choices = [
            ("", "—"), *((code, f"{code} {told['title']}") for code, told in entries.items())
        ]  # fmt: skip


class End(forms.Form):
    ends_on = day(_("Last day of the agreement"))


class Add(forms.Form):
    entry = forms.ChoiceField(label=_("Entry of the list"))

    def __init__(self, *args: Any, entries: Mapping[str, Mapping[str, Any]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["entry"].choices = [
            (code, f"{code} {told['title']}") for code, told in entries.items()
        ]


class Terms(forms.Form):
    terms = forms.CharField(
        label=_("Further terms"), required=False, max_length=3000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Each line becomes a paragraph of the last article."),
    )  # fmt: skip


class Words(forms.Form):
    """A comment or an answer."""

    text = forms.CharField(label=_("Comment"), max_length=500, widget=LINES)


class Sign(forms.Form):
    sure = forms.BooleanField(
        label=_("I have read the document and sign it for my unit."),
        error_messages={"required": _("Read it first, then tick this.")},
    )
    password = forms.CharField(
        label=_("Your password"), strip=False, widget=forms.PasswordInput(
            {"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, asks: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["password"]


class SignAll(Sign):
    """Which of those that wait, and the password once for all of them."""

    sure = forms.BooleanField(
        label=_("I have read the documents and sign them for my unit."),
        error_messages={"required": _("Read it first, then tick this.")},
    )
    numbers = forms.MultipleChoiceField(
        label=_("Agreements to be signed"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("numbers",)

    def __init__(self, *args: Any, numbers: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["numbers"].choices = [(each, each) for each in numbers]
        self.fields["numbers"].error_messages["required"] = _("Choose what is to be signed.")


class Verify(forms.Form):
    file = forms.FileField(label=_("Signed PDF file"))


class Pay(forms.Form):
    paid_on = day(_("Paid on"))
    evidence = forms.CharField(label=_("Number of the voucher"), max_length=100)


class Year(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2020, max_value=2100)


SCORES = [("", "—"), *((n, str(n)) for n in range(5, 0, -1))]
TITLES = {"target": _("Target reached"), "support": _("Support and guidance"),
          "money": _("Money in time")}  # fmt: skip


class Evaluate(forms.Form):
    """A score for every clause; which ones depends on who evaluates."""

    def __init__(self, *args: Any, clauses: Sequence[Clause], side: Side, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.clauses, self.side = clauses, side
        for clause in clauses:
            for name in gives(side, clause):
                self.fields[f"{name}_{clause.pk}"] = forms.TypedChoiceField(
                    label=f"{clause.code} {TITLES[name]}", choices=SCORES, coerce=int
                )
            self.fields[f"words_{clause.pk}"] = forms.CharField(
                label=_("Remark"), max_length=300, required=False
            )
        self.fields["words"] = forms.CharField(
            label=_("In all"), max_length=1000, required=False, widget=LINES
        )

    def lines(self) -> list[tuple[Clause, list[forms.BoundField]]]:
        return [
            (clause, [self[f"{name}_{clause.pk}"] for name in (*gives(self.side, clause), "words")])
            for clause in self.clauses
        ]

    def scores(self) -> dict[int, dict[str, Any]]:
        return {
            clause.pk: {name: self.cleaned_data[f"{name}_{clause.pk}"]
                        for name in (*gives(self.side, clause), "words")}
            for clause in self.clauses
        }  # fmt: skip
