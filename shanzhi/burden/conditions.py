"""What must be true so that nothing enters past the gate: what the burden knows of it.

The gate adds what it knows (`kinds.register_condition`).
"""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as t
from django.utils.translation import ngettext

from shanzhi.people.models import Post
from shanzhi.people.queries import held_on

from .kinds import Condition
from .models import Edition
from .queries import lists
from .rules import OFFICE

State = Edition.State


def _in_force(kind):
    def check(place: str, on: date) -> tuple[bool, str]:
        known = lists.editions(kind, place)  # the nearest place first
        edition = next((each for each in known if each.state == State.IN_FORCE), None)
        if edition is None and any(each.state == State.DRAFT for each in known):
            return False, _("a draft waits to be published")
        if edition is None:
            return False, _("no edition in force")
        open_ones = edition.entries.filter(confirmed=False).count()
        if open_ones:
            return True, ngettext("%(num)s entry still to be confirmed",
                                  "%(num)s entries still to be confirmed",
                                  open_ones) % {"num": open_ones}  # fmt: skip
        return True, _("all entries confirmed")

    return check


def _office(place: str, on: date) -> tuple[bool, str]:
    held = Post.objects.filter(held_on(on), role__in=OFFICE, account__is_active=True)
    number = sum(place.startswith(code) for code in held.values_list("place", flat=True))
    return number > 0, ngettext("%(num)s person holds it", "%(num)s people hold it",
                                number) % {"num": number}  # fmt: skip


LISTS = [
    (Edition.Kind.NEGATIVE, t("Negative list in force"), 10),
    (Edition.Kind.OWN, t("List one in force"), 20),
    (Edition.Kind.ASSIST, t("List two in force"), 30),
]
CONDITIONS = [
    *(Condition(kind.value, title, "burden:lists", _in_force(kind), order, f"?kind={kind.value}")
      for kind, title, order in LISTS),
    Condition("office", t("Post of the burden relief office held"), "burden:account", _office, 40),
]  # fmt: skip
