"""What the desk shows of agreements beside the inbox."""

from datetime import datetime

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from shanzhi.kernel.acting import Actor
from shanzhi.work.kinds import Figure

from . import queries
from .rules import READERS


def arrears(actor: Actor, at: datetime) -> Figure | None:
    """To payer, community and whoever oversees them, while something is overdue."""
    if actor.role not in READERS:
        return None
    late = queries.arrears_of(queries.visible_to(actor), localdate(at))
    if late is None:
        return None
    page = reverse("agreements:payments") + "?" + urlencode({"which": "overdue", "year": late.year})
    said = _("together %(total)s yuan") % {"total": f"{late.yuan:,.2f}"}
    return Figure(str(late.many), said, "red", link=page)
