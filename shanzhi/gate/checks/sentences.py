"""What each finding says: a head and a text, filled by its values when it is shown."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

# key: (head, text)
SENTENCES: Mapping[str, tuple[Any, Any]] = {
    "city_paper_ledger": (
        _("Cancelled at city level"),
        _("All paper ledgers of the city level are cancelled; a city department asks for none."),
    ),
    "city_appraisal": (
        _("Cancelled at city level"),
        _("All appraisals of the city level are cancelled: a city department cannot hold one."),
    ),
    "veto": (
        _("No one-vote veto"),
        _("Assessing communities by a one-vote veto is not allowed."),
    ),
    "second_assessment": (
        _("One composite assessment a year"),
        _(
            "These communities have %(number)s assessment already; what you want to know goes "
            "into the composite one, with the residents' satisfaction."
        ),
    ),
    "on_list": (_("Negative list, no. %(code)s"), _("%(title)s")),
    "on_list_unconfirmed": (
        _("Negative list, no. %(code)s, basis to be checked"),
        _("%(title)s The city has not confirmed its clause yet, so it does not refuse."),
    ),
    "on_no_negative_list": (
        _("Negative list"),
        _("Nothing on the negative list speaks against it."),
    ),
    "fields_new": (_("%(all)s fields, none known yet"), _("The platform holds none of them.")),
    "fields_known": (_("%(known)s of %(all)s fields are on file already"), ""),
    "no_overlap": (_("Overlap"), _("No demand in force asks for the same.")),
    "overlaps": (_("Overlaps with %(number)s in force"), ""),
    "terms_right": (
        _("Basis and time"),
        _("The basis is named; it is valid until %(until)s and leaves by itself then."),
    ),
    "no_basis": (_("Basis in law"), _("No law or document is named.")),
    "basis_unclear": (
        _("Basis in law"),
        _("“%(basis)s” names no law, document number or article that can be looked up."),
    ),
    "no_end": (_("Last day"), _("There is no last day: what never ends is not admitted.")),
    "long_time": (_("Last day"), _("More than %(years)s years: apply again after that.")),
    "no_start": (_("First day"), _("Say when it begins.")),
    "too_soon": (
        _("First day"),
        _("It begins in %(days)s working days; apply at least %(least)s before."),
    ),
    "paid": (
        _("The money goes with the task"),
        _("%(yuan)s yuan a year for a community, paid by %(payer)s."),
    ),
    "no_payer": (_("The money goes with the task"), _("The payer is not named.")),
    "no_money": (
        _("The money goes with the task"),
        _("No money is named; before it is admitted, a unit has to pay for it."),
    ),
    "on_no_list": (
        _("Two lists"),
        _("It stands on neither list: if it is admitted, each agreement needs a supplement."),
    ),
    "list_unconfirmed": (
        _("Two lists"),
        _(
            "Nearest to “%(title)s” (%(code)s, %(percent)s%%), whose clause is still to be "
            "confirmed."
        ),
    ),
    "communitys_own": (
        _("Two lists"),
        _(
            "“%(title)s” (%(code)s, %(percent)s%%) is the community's own duty on list one: help "
            "it, do not set it a task."
        ),
    ),
    "on_assist_list": (_("Two lists"), _("List two: “%(title)s” (%(code)s, %(percent)s%%).")),
    "load_light": (
        _("Load of the month"),
        _(
            "An average community has %(now)s hours of demands and calls; with this one "
            "%(then)s, %(share)s%% of its working time."
        ),
    ),
    "load_heavy": (
        _("Load of the month"),
        _(
            "With this one an average community has %(then)s hours, %(share)s%% of its working "
            "time; the city wants no more than %(limit)s%%."
        ),
    ),
    "load_split": (
        _("Load of the month"),
        _(
            "Alone it stays below the limit: %(then)s hours, %(share)s%%. Together with what the "
            "same unit has applied for besides (%(parts)s) an average community has %(together)s "
            "hours, %(whole)s%%; the city wants no more than %(limit)s%%."
        ),
    ),
    "split": (
        _("Part of a larger demand?"),
        _(
            "The same unit applied for similar ones: %(parts)s. Together they take %(hours)s "
            "hours a year in one community."
        ),
    ),
}  # fmt: skip
