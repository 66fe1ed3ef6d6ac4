"""What is typed of an application, of an opinion, and of what the meeting decided."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shanzhi.burden.fields import LINES, PEOPLE, Names, Scope, demand_named, whole
from shanzhi.burden.kinds import TIMES, Size
from shanzhi.burden.models import Category, Cycle, Demand, Medium
from shanzhi.kernel import places
from shanzhi.kernel.acting import Actor
from shanzhi.kernel.inputs import day
from shanzhi.people.queries import departments
from shanzhi.places import queries as divisions

from ..kinds import Plan
from ..models import Application, Opinion, Vote
from ..rules.applications import Ballot, Ruling

SEATS = 9
NEEDED = ("purpose", "scope", "minutes", "starts_on", "alternatives")  # see rules.check_submit


class ApplicationForm(forms.Form):
    """With gaps it can be kept; the checks read it while it is typed."""

    title = forms.CharField(label=pgettext_lazy("demand", "Title"), max_length=100)
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    purpose = forms.CharField(label=_("Purpose"), max_length=500, required=False, widget=LINES)
    basis = forms.CharField(
        label=_("Basis in law"), max_length=300, required=False,
        help_text=_("Law or document with its number and article."),
    )  # fmt: skip
    scope = Scope(required=False)
    cycle = forms.ChoiceField(label=pgettext_lazy("demand", "Cycle"), choices=Cycle.choices)
    times = whole(_("Times a year"), 1, required=False,
                  help_text=_("Empty: as the cycle says."))  # fmt: skip
    minutes = whole(_("Minutes each time and person"), 1, required=False)
    staff = whole(_("People each time"), 1, PEOPLE, required=False)
    money = whole(_("Yuan a year for a community"), required=False)
    payer = forms.ChoiceField(label=_("Payer"), required=False)
    medium = forms.ChoiceField(label=_("Medium"), required=False,
                               choices=[("", "—"), *Medium.choices])  # fmt: skip
    fields_asked = Names()
    plaque = forms.CharField(label=_("Text of the plaque"), max_length=60, required=False)
    url = forms.URLField(label=_("Address of the system"), max_length=200, required=False,
                         assume_scheme="https")  # fmt: skip
    starts_on = day(_("First day"), required=False)
    ends_on = day(_("Last day"), required=False)
    alternatives = forms.CharField(
        label=_("Alternatives considered"), max_length=500, required=False, widget=LINES,
        help_text=_("What is known already, and why it is not enough."),
    )  # fmt: skip
    edited = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["scope"].inside = actor.place
        for name in NEEDED:
            self.fields[name].mark = _("needed to submit")
        self.fields["payer"].choices = [("", "—"), *departments().items()]

    def values(self) -> dict[str, Any]:
        """By column of Application; what is missing or wrong is left empty."""
        given = self.cleaned_data
        texts = ("title", "category", "purpose", "basis", "cycle", "medium", "plaque", "url",
                 "alternatives")  # fmt: skip
        return {name: given.get(name) or "" for name in texts} | {
            "scope": given.get("scope") or [],
            "fields": given.get("fields_asked") or [],
            "times": given.get("times") or TIMES.get(given.get("cycle") or "", 0),
            "minutes": given.get("minutes") or 0,
            "staff": given.get("staff") or 1,
            "money": given.get("money") or 0,
            "payer": given.get("payer") or None,
            "starts_on": given.get("starts_on"),
            "ends_on": given.get("ends_on"),
        }

    def plan(self, number: str = "", communities: int = 0) -> Plan:
        found = self.values()
        names = ("title", "category", "purpose", "basis", "alternatives", "cycle", "times",
                 "minutes", "staff", "money", "medium", "starts_on", "ends_on")  # fmt: skip
        return Plan(
            number=number, place=self.actor.place, department=self.actor.department,
            level=places.level(self.actor.place), scope=tuple(found["scope"]),
            fields=tuple(found["fields"]), payer=found["payer"] or "", communities=communities,
            **{name: found[name] for name in names},
        )  # fmt: skip


def initial(application: Application) -> dict[str, Any]:
    names = ("title", "category", "purpose", "basis", "cycle", "times", "minutes", "staff",
             "money", "medium", "plaque", "url", "starts_on", "ends_on", "alternatives",
             "edited")  # fmt: skip
    found = {name: getattr(application, name) for name in names}
    known = divisions.names(application.scope)
    return found | {
        "payer": application.payer_id or "",
        "scope": "\n".join(_said(code, known) for code in application.scope),
        "fields_asked": "\n".join(application.fields),
        "times": application.times or None, "minutes": application.minutes or None,
        "money": application.money or None,
    }  # fmt: skip


def _said(code, names):
    """Its name where nothing else has it; communities keep their code."""
    return names.get(code, code) if len(code) <= places.LEVELS["district"] else code


def renewal(demand: Demand) -> dict[str, Any]:
    """A new application for what is in force."""
    names = ("title", "category", "purpose", "basis", "cycle", "times", "minutes", "staff",
             "money", "medium", "plaque", "url")  # fmt: skip
    known = divisions.names(demand.scope)
    fields = demand.fields.order_by("position").values_list("name", flat=True)
    return {name: getattr(demand, name) for name in names} | {
        "payer": demand.payer_id or "", "fields_asked": "\n".join(fields),
        "scope": "\n".join(_said(code, known) for code in demand.scope),
    }  # fmt: skip


class Reason(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=LINES)


class OpinionForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("What does your community think?"), choices=Opinion.Answer.choices,
        widget=forms.RadioSelect,
    )  # fmt: skip
    minutes = whole(_("Minutes it would take you each time"), required=False)
    text = forms.CharField(
        label=_("In a sentence"), max_length=500, required=False, widget=LINES,
        help_text=_("The department reads it without the name of your community."),
    )  # fmt: skip


# Why a member stands aside; "recused" is any other interest, in words.
INTERESTS = {
    "applied": _("the unit that applied"), "carries": _("would carry it out"),
    "pays": _("would pay for it"),
}  # fmt: skip
ABSENT = "absent"
VOTES = [
    ("admit", pgettext_lazy("ballot", "Admit")), ("change", pgettext_lazy("ballot", "Changed")),
    ("merge", pgettext_lazy("ballot", "Merge")), ("refuse", pgettext_lazy("ballot", "Against")),
    ("abstain", pgettext_lazy("ballot", "Abstains")), (ABSENT, pgettext_lazy("ballot", "Absent")),
]  # fmt: skip
ASIDE = [
    ("applied", pgettext_lazy("interest", "Applied")),
    ("carries", pgettext_lazy("interest", "Carries it out")),
    ("pays", pgettext_lazy("interest", "Pays")), ("recused", pgettext_lazy("interest", "Other")),
]  # fmt: skip


class Seat(forms.Form):
    """One tap: how a member voted, or why it stands aside."""

    member = forms.CharField(label=_("Member"), max_length=60, required=False)
    choice = forms.ChoiceField(
        label=_("Vote"), required=False, widget=forms.RadioSelect, choices=[*VOTES, *ASIDE]
    )
    interest = forms.CharField(label=_("Which interest?"), max_length=200, required=False)

    @property
    def named(self) -> bool:
        """A member of the last meeting: its name is not typed again."""
        return bool(self["member"].value())

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("member", "").strip() and not found.get("choice") and not self.errors:
            self.add_error("choice", _("Say how it voted, or that it was absent."))
        if reason := INTERESTS.get(found.get("choice", "")):
            with translation.override(settings.LANGUAGE_CODE):
                found |= {"choice": Vote.Choice.RECUSED, "interest": str(reason)}
        return found


Seats = forms.formset_factory(Seat, extra=SEATS, max_num=SEATS, absolute_max=SEATS)


class RulingForm(forms.Form):
    """What the joint meeting decided; what belongs to another choice is not read."""

    choice = forms.ChoiceField(
        label=pgettext_lazy("application", "Decision"), widget=forms.RadioSelect,
        choices=[("admit", _("Admit")), ("change", _("Admit with changes")),
                 ("merge", _("Merge into a demand in force")), ("refuse", _("Do not admit"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=LINES)
    decided_on = day(_("Day of the meeting"))
    minutes_number = forms.CharField(label=_("Number of the minutes"), max_length=60)
    heir = forms.CharField(
        label=_("Merged into"), max_length=100, required=False,
        help_text=_("Number or title of a demand that stays."),
    )  # fmt: skip
    kept = forms.MultipleChoiceField(
        label=_("Fields that remain"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("When it is merged: only those that are really new."),
    )  # fmt: skip
    added = whole(_("Minutes more each time for the demand it is merged into"), required=False)
    times = whole(_("Times a year"), 1, required=False)
    minutes = whole(_("Minutes each time and person"), 1, required=False)
    staff = whole(_("People each time"), 1, PEOPLE, required=False)
    ends_on = day(_("Last day"), required=False)

    def __init__(self, *args: Any, application: Application, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [(name, name) for name in application.fields]

    def clean_heir(self) -> Demand | None:
        text = self.cleaned_data["heir"].strip()
        if not text or self.data.get("choice") != "merge":
            return None
        in_force = Demand.objects.filter(state=Demand.State.IN_FORCE)
        return demand_named(text, Demand.objects.all(), in_force, number=text.upper())

    def ruling(self, seats: forms.BaseFormSet) -> Ruling:
        found = self.cleaned_data
        merged, changed = found["choice"] == "merge", found["choice"] == "change"
        size = [found.get(name) for name in ("times", "minutes", "staff")]
        return Ruling(
            choice=found["choice"], reason=found["reason"], decided_on=found["decided_on"],
            minutes_number=found["minutes_number"], ballots=ballots(seats),
            heir=found.get("heir"), minutes=found["added"] or 0 if merged else 0,
            fields=found["kept"] if merged or changed else (),
            size=Size(*size) if changed and all(size) else None,
            ends_on=found["ends_on"] if changed else None,
        )  # fmt: skip


def ballots(seats: forms.BaseFormSet) -> list[Ballot]:
    """Of the seats that are filled; who was absent neither votes nor stands aside."""
    rows = [seat.cleaned_data for seat in seats if seat.cleaned_data.get("member")
            and seat.cleaned_data["choice"] != ABSENT]  # fmt: skip
    return [Ballot(row["member"].strip(), row["choice"], row["interest"]) for row in rows]
