"""What can be wrong with a row, and what becomes of it then."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REFUSE = "refuse"  # the row is not taken
CELL = "cell"  # the row is taken without this cell, if the batch says so
ASK = "ask"  # somebody else decides


@dataclass(frozen=True)
class Kind:
    """`sentence` is "" where the cell itself, read again, says what is wrong with it."""

    code: str
    level: str
    title: str | Promise
    sentence: str | Promise = ""


KINDS = {
    kind.code: kind
    for kind in (
        Kind("name", REFUSE, pgettext_lazy("person", "Name"), _("The name is missing.")),
        Kind("badname", REFUSE, _("Name that is none")),
        Kind("identity", REFUSE, _("Identity number")),
        Kind(
            "birth",
            REFUSE,
            _("Neither number nor birth"),
            _("There is neither an identity number nor a whole date of birth."),
        ),
        Kind(
            "contradict",
            REFUSE,
            _("Contradicts the number"),
            _("Birth or sex differ from what the identity number says."),
        ),
        Kind("division", REFUSE, _("Community or grid")),
        Kind(
            "noplace",
            REFUSE,
            _("No community"),
            _("The row says no community, and this import is not for a single one."),
        ),
        Kind("presence", REFUSE, _("Lives here or is only registered")),
        Kind("relation", CELL, _("Relation to the head of household")),
        Kind("phone", CELL, pgettext_lazy("problem of a row", "Phone")),
        Kind("date", CELL, pgettext_lazy("problem of a row", "Date")),
        Kind("code", CELL, _("Not in the list")),
        Kind("value", CELL, pgettext_lazy("problem of a row", "Value")),
        Kind(
            "died",
            REFUSE,
            _("Date of death"),
            _("The death lies before the birth, or the person is not entered as dead."),
        ),
        Kind(
            "twice", REFUSE, _("Twice in the file"),
            _("The same person stands in row %(row)s already."),
        ),
        Kind(
            "heads", REFUSE, _("Two heads of a household"),
            _("This household has a head already, in row %(row)s."),
        ),
        Kind(
            "conflict",
            REFUSE,
            _("The number of somebody else"),
            _("In the registry this number belongs to somebody of another name."),
        ),
        Kind(
            "holders",
            REFUSE,
            _("Two holders of a number"),
            _("Two persons of the registry have this number; settle that first."),
        ),
        Kind(
            "elsewhere",
            ASK,
            _("Known in another community"),
            _("This person is entered in %(place)s; ask it for a transfer."),
        ),
        Kind(
            "gone",
            REFUSE,
            _("Moved away or dead"),
            _("The registry has this person as moved away or dead; enter the return by hand."),
        ),
        Kind(
            "pending",
            REFUSE,
            _("In another import"),
            _("Another import that is not opened yet brings this person."),
        ),
        Kind(
            "perhaps",
            REFUSE,
            _("Perhaps known already"),
            _("There is somebody of this name and birth in the community; compare by hand."),
        ),
        Kind(
            "unknown",
            REFUSE,
            _("Nobody knows this person"),
            _("This source may not bring new persons, and the registry does not know this one."),
        ),
        Kind(
            "late",
            REFUSE,
            _("Entered meanwhile"),
            _("This person was entered after the check; check the file again."),
        ),
        Kind(
            "absent",
            REFUSE,
            _("Dead or moved away, and not known"),
            _("The file has this person as dead or moved away, and the registry never had them."),
        ),
        Kind(
            "ends",
            ASK,
            _("Has died or moved away"),
            _("The file has this person as dead or moved away; enter that by hand."),
        ),
        Kind(
            "movedate",
            ASK,
            _("Moved before moving in"),
            _("The move lies before the day on which the registry has the present home begin; "
              "enter it by hand."),
        ),
        Kind("differs", ASK, _("Says something else"), _("The registry says something else.")),
    )
}  # fmt: skip


@dataclass(slots=True)
class Found:
    """One problem of one row."""

    code: str
    column: int | None = None
    other: int | None = None
    place: str = ""

    @property
    def level(self) -> str:
        return KINDS[self.code].level
