"""Changes of scopes as pages show them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shanzhi.journal import labels
from shanzhi.kernel import places
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name
from shanzhi.places import queries as divisions

from .kinds import SCOPED
from .models import ScopeChange
from .queries import following as queries
from .rules.following import may_leave, may_take

WAITING = {ScopeChange.Kind.ASKED, ScopeChange.Kind.EMPTY}
TONES = {"asked": "orange", "followed": "blue", "taken": "teal", "left": "grey", "replaced": "grey",
         "empty": "orange", "ended": "grey", "kept": "grey"}  # fmt: skip
MOST = 12  # names in one line


def rows(changes: Sequence[ScopeChange], actor: Actor, today: date) -> list[dict[str, Any]]:
    names = divisions.names({code for each in changes for code in _codes(each)})
    asking = queries.asking([each.about for each in changes if _waits(each)], today)
    return [_row(each, names, actor, asking) for each in changes]


def _codes(change):
    return (*change.before, *change.after, *change.old, *change.unasked, change.new)


def _waits(change):
    return change.kind in WAITING and not hasattr(change, "answered_by")


def _row(change, names, actor, asking):
    name, _colon, _pk = change.about.partition(":")
    scoped = SCOPED[name]
    row = scoped.model(pk=labels.pk(change.about), number=change.number)
    open_ = change.about in asking and _waits(change)
    empty = change.kind == ScopeChange.Kind.EMPTY
    return {
        "id": change.pk, "title": change.title, "number": change.number,
        "href": scoped.link(row), "what": scoped.model._meta.verbose_name,
        "unit": unit_name(change.place, change.department_id), "on": change.on,
        "kind": {"text": change.get_kind_display(), "tone": TONES[change.kind]},
        "open": open_, "old": _named(change.old, names), "new": names.get(change.new, change.new),
        "unasked": _named(change.unasked, names),
        "before": _named(change.before, names), "after": _named(change.after, names),
        "by": change.unit,
        "take": _("Ask all of %(name)s") % {"name": names.get(change.new, change.new)}
        if open_ and not empty and may_take(change, scoped, actor) else "",
        "leave": _leave(change) if open_ and not empty and may_leave(change, actor) else "",
        "empty": empty, "end": open_ and empty and may_leave(change, actor),
    }  # fmt: skip


def _leave(change):
    if len(change.new) >= places.LEVELS["community"]:
        return _("Do not ask it")
    return _("Stay with those asked so far")


def _named(codes, names):
    """A long list is cut: a district has hundreds of communities."""
    found = [names.get(code, code) for code in codes[:MOST]]
    return "、".join(found) + ("…" if len(codes) > MOST else "")
