"""Who keeps the lists, and what an edition needs."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from ..kinds import ListRow
from ..models import Edition
from .demands import check_office, in_line
from .editions import check_confirm, check_discard, check_publish

__all__ = ["check_confirm", "check_discard", "check_draft", "check_publish"]


def check_draft(by: Actor, place: str, kind: str, rows: Sequence[ListRow]) -> None:
    check_office(by, place)
    if kind not in Edition.Kind.values:
        raise Refused(_("Choose one of the three lists."), field="kind")
    if not rows:
        raise Refused(_("There is no entry in this file."), field="file")
    seen: dict[str, int] = {}
    for row in rows:
        if row.code in seen:
            words = {"code": row.code, "line": seen[row.code]}
            raise in_line(row.number, Refused(
                _("the code %(code)s stands in line %(line)s already.") % words))  # fmt: skip
        seen[row.code] = row.number
