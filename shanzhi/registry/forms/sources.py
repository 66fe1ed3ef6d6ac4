"""How a source is asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..adapters import ADAPTERS
from ..models import Batch, Feed


class FeedForm(forms.Form):
    code = forms.RegexField(r"^[a-z0-9_.]+$", label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=100)
    adapter = forms.ChoiceField(label=_("How it is asked"))
    folder = forms.CharField(label=_("Folder"), max_length=200, required=False)
    address = forms.CharField(label=_("Address"), max_length=300, required=False)
    key = forms.CharField(
        label=_("Key"), max_length=300, required=False,
        help_text=_("Left empty, the one that is kept stays."),
    )  # fmt: skip
    dsn = forms.CharField(
        label=_("Database"), max_length=300, required=False,
        help_text=_("As postgresql://reader:password@host/name; left empty, the kept one stays."),
    )  # fmt: skip
    view = forms.CharField(label=_("View"), max_length=100, required=False)
    place = forms.CharField(label=_("Code of the division it speaks of"), max_length=12)
    every = forms.IntegerField(label=_("Minutes between two times"), min_value=5, initial=1440)
    fresh = forms.IntegerField(label=_("Minutes after which it is out of date"), min_value=5,
                               initial=2880)  # fmt: skip
    decision = forms.ChoiceField(label=_("Where the registry says something else"),
                                 choices=Batch.Decision.choices, initial="fill")  # fmt: skip
    adds = forms.BooleanField(label=_("It may bring persons nobody knows"), required=False)
    enabled = forms.BooleanField(label=_("It is asked"), required=False, initial=True)

    def __init__(self, *args: Any, feed: Feed | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.feed = feed
        self.fields["adapter"].choices = [(each.code, each.title) for each in ADAPTERS.values()]
        if feed:
            kept = {"folder", "address", "view"}
            self.initial = {name: feed.settings.get(name, "") for name in kept} | {
                name: getattr(feed, name)
                for name in ("adapter", "place", "every", "fresh", "decision", "adds", "enabled")
            } | {"code": feed.source.code, "name": feed.source.name}  # fmt: skip
            self.fields["code"].disabled = True

    @property
    def given(self) -> dict[str, Any]:
        """For the command: secrets left empty stay as they are."""
        values = dict(self.cleaned_data)
        kept = self.feed.settings if self.feed else {}
        needs = ADAPTERS[values["adapter"]].needs
        typed = {name: values.pop(name, "") for name in ("folder", "address", "key", "dsn", "view")}
        settings = {name: typed[name] or kept.get(name, "") for name in needs}
        return values | {"settings": settings}
