"""The plug for business lines: a kind of case they add, with its rules and panel."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel import Refused

OPEN_REPORT = "open-report"  # code of the item to which the first page always leads


def _no_objection(case, *, by):
    pass


def _line_is_off(case, *, by):
    raise Refused(_("The business line of this case is switched off; it can only be read."))


@dataclass(frozen=True)
class Kind:
    """How cases of one kind go. `check_*` may raise Refused; `panel` is a template."""

    code: str
    title: str | Promise
    decided: bool = False  # ends in granted or refused, not only in an answer
    sent: bool = True  # False: the guide only says where to go instead
    reply_days: int = 1  # promised working days until someone says accepted or not
    panel: str = ""
    check_accept: Callable = _no_objection
    check_reply: Callable = _no_objection


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    if kind.code in _kinds:
        raise ValueError(f"case kind {kind.code!r} is registered twice")
    _kinds[kind.code] = kind


def get(code: str) -> Kind:
    """A case outlives its line: without the line it can be read but not moved."""
    return _kinds.get(code) or Kind(
        code, title=code, check_accept=_line_is_off, check_reply=_line_is_off
    )


def all_kinds() -> list[Kind]:
    return list(_kinds.values())


register(Kind("application", _("Application"), decided=True, reply_days=3))
register(Kind("report", _("Report")))
register(Kind("service", _("Service"), reply_days=2))
register(Kind("referral", _("Done elsewhere"), sent=False))
