"""Which spellings may be one unit; the list of units is the city's."""

from django.conf import settings
from django.utils.translation import gettext as _

from shanzhi.burden.rules import check_office
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..models import RequestingUnit


def check_join(unit: RequestingUnit, into: RequestingUnit, by: Actor) -> None:
    check_office(by, settings.SHANZHI_CITY)
    if unit.pk == into.pk:
        raise Refused(_("These are the same words."), field="into")
    if unit.same_as_id or into.same_as_id:
        raise Refused(_("One of them is counted as another unit already: separate it first."))
    if unit.spellings.exists():
        raise Refused(_("Other spellings are counted as “%(name)s”: keep this one, or separate "
                        "them first.") % {"name": unit.name})  # fmt: skip


def check_part(unit: RequestingUnit, by: Actor) -> None:
    check_office(by, settings.SHANZHI_CITY)
    if unit.same_as_id is None:
        raise Refused(_("This step is not possible now; reload the page."))
