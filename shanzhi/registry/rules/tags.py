"""Who may know a restricted tag. Everybody else learns nothing, not even that there is one."""

from datetime import date

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from .. import tags
from ..models import Tag

ROLES = frozenset({"community_secretary", "community_worker", "department_clerk"})


def may_read(actor: Actor, kind: str, place: str) -> bool:
    declared = tags.KINDS.get(kind)
    return declared is not None and actor.covers(place) and _listed(actor, declared)


def may_set(actor: Actor, kind: str, place: str) -> bool:
    declared = tags.KINDS[kind]
    return may_read(actor, kind, place) and bool({actor.role, actor.department} & declared.editors)


def readable(actor: Actor) -> list[str]:
    """Codes of the kinds on whose access list the actor's post is."""
    return [code for code, kind in tags.KINDS.items() if actor.place and _listed(actor, kind)]


def settable(actor: Actor, place: str) -> list[str]:
    return [code for code in readable(actor) if may_set(actor, code, place)]


def _listed(actor, kind):
    if actor.role == "department_clerk":
        return actor.department in kind.departments
    return actor.role in kind.roles


def check_set(by: Actor, kind: str, place: str) -> None:
    if kind not in tags.KINDS or not may_set(by, kind, place):
        raise Refused(_("Your post does not keep tags of this kind."))


def check_open(tag: Tag, by: Actor) -> None:
    if not may_set(by, tag.kind, tag.place):
        raise Refused(_("Your post does not keep tags of this kind."))
    if tag.until:
        raise Refused(_("This tag has ended."))


def check_since(since: date, today: date) -> None:
    if since > today:
        raise Refused(_("This date lies in the future."), field="since")
