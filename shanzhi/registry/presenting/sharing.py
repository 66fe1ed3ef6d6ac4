"""Applications, grants and what is read by them, as plain rows for pages."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from shanzhi.kernel.acting import Actor
from shanzhi.people import queries as people
from shanzhi.people.queries import unit_name
from shanzhi.places import queries as places
from shanzhi.work import queries as work

from .. import kinds
from ..codelists import SEX
from ..models import Grant, GrantPart, Presence, Purpose, ReadEntry
from ..queries import sharing
from ..readlog import title
from ..rules import sharing as rules
from ..rules import sharing_moves
from .catalogue import Badge, share_badge

t = gettext_lazy
State, Decision = Grant.State, GrantPart.State
TONES = {
    State.DRAFT: "grey", State.ASKED: "blue", State.GAPS: "orange", State.AGREED: "teal",
    State.GRANTED: "green", State.SUSPENDED: "red", State.REFUSED: "red", State.WITHDRAWN: "grey",
    State.ENDED: "grey",
}  # fmt: skip
PART_TONES = {
    Decision.WAITING: "blue", Decision.GAPS: "orange", Decision.AGREED: "teal",
    Decision.PROVIDED: "green", Decision.REFUSED: "red",
}  # fmt: skip
TOLD = {  # %(owner)s is the owner department, %(n)s a number
    "registry.grant_drafted": t("Application begun"),
    "registry.grant_redrafted": t("Application changed"),
    "registry.grant_asked": t("Sent to the owners"),
    "registry.grant_gaps_told": t("%(owner)s named what is missing"),
    "registry.grant_completed": t("Completed for %(owner)s"),
    "registry.grant_agreed": t("%(owner)s agreed"),
    "registry.grant_provided": t("%(owner)s provided"),
    "registry.grant_refused": t("%(owner)s refused"),
    "registry.grant_extended": t("%(owner)s took %(n)s working days more"),
    "registry.grant_withdrawn": t("Withdrawn by the unit"),
    "registry.grant_suspended": t("Suspended"),
    "registry.grant_resumed": t("Resumed"),
    "registry.grant_ended": pgettext_lazy("grant", "Ended"),
    "registry.grant_move_confirmed": t("%(owner)s lets it read the merged division"),
    "registry.grant_moved": t("It reads the merged division from now on"),
}


def badge(grant: Grant, today: date | None = None) -> Badge:
    """A grant that is over reads nothing, even before the night that ends it."""
    if today and grant.state == State.GRANTED and grant.until < today:
        return Badge(str(State.ENDED.label), TONES[State.ENDED])
    return Badge(str(grant.get_state_display()), TONES[State(grant.state)])


@dataclass(frozen=True)
class Line:
    """A grant in a list."""

    href: str
    number: str
    purpose: str
    unit: str
    scope: str
    until: date
    badge: Badge


def line(grant: Grant) -> Line:
    return Line(
        href=reverse("registry:grant", args=[grant.number]),
        number=grant.number,
        purpose=grant.purpose,
        unit=unit_name(grant.place, grant.department_id),
        scope=places.name(grant.scope),
        until=grant.until,
        badge=badge(grant),
    )


def whom(grant: Grant) -> str:
    """常州市新北区, lives here, from 65 years on, female."""
    chosen = grant.filter
    youngest, oldest = chosen.get("age_from"), chosen.get("age_to")
    words = [
        "".join(places.path_names(grant.scope)[-2:]),
        str(Presence.Kind(chosen.get("kind", Presence.Kind.LIVING)).label),
    ]
    if youngest is not None and oldest is not None:
        words.append(_("%(from)s to %(to)s years old") % {"from": youngest, "to": oldest})
    elif youngest is not None:
        words.append(_("%(from)s years old and older") % {"from": youngest})
    elif oldest is not None:
        words.append(_("up to %(to)s years old") % {"to": oldest})
    if chosen.get("sex"):
        words.append(SEX.label(chosen["sex"]))
    if chosen.get("children"):
        words.append(
            _("children under 14 whose guardian agreed")
            if chosen["children"] == "consent"
            else _("children under 14 too")
        )
    elif youngest is None or youngest < rules.GROWN:
        words.append(_("none under 14"))
    return " · ".join(words)


def became(grant: Grant, today: date) -> str:
    """What the grant's division has become, if it is no longer itself; else nothing."""
    codes = places.successors(grant.scope, today)
    return "" if grant.scope in codes else "、".join(places.name(code) for code in codes)


def consent(grant: Grant) -> str:
    """Title of the purpose by which guardians let children be read."""
    code = grant.filter.get("consent", "")
    row = Purpose.objects.filter(pk=code).first() if code else None
    return row.title if row else ""


@dataclass(frozen=True)
class Part:
    """What one owner decides, with the elements and the clock that runs."""

    row: GrantPart
    owner: str
    badge: Badge
    elements: list[dict[str, Any]]
    clock: work.OpenClock | None
    left: work.Remaining | None
    steps: list[str]  # what this post may do with it now


def parts(grant: Grant, actor: Actor, at: datetime) -> list[Part]:
    return [_part(grant, each, actor, at) for each in sharing.parts(grant)]


def _part(grant, row, actor, at):
    clocks = work.open_clocks(f"registry.GrantPart:{row.pk}")
    clock = clocks[0] if clocks else None
    return Part(
        row=row,
        owner=unit_name(settings.SHANZHI_CITY, row.owner_id),
        badge=Badge(str(row.get_state_display()), PART_TONES[Decision(row.state)]),
        elements=[_element(each) for each in sorted(row.elements.all(), key=_order)],
        clock=clock,
        left=work.remaining(clock.due_at, at, paused=clock.paused) if clock else None,
        steps=steps_of_part(grant, row, actor, localdate(at)),
    )


def _order(element):
    codes = [entry.code for entry in kinds.entries()]
    return codes.index(element.element) if element.element in codes else len(codes)


def _element(row):
    entry = kinds.entry(row.element)
    return {
        "code": row.element,
        "title": title(row.element),
        "share": share_badge(row.share),
        "full": row.full,
        "masked": bool(entry and entry.element.mask) and not row.full,
    }


def steps_of_part(grant: Grant, part: GrantPart, actor: Actor, today: date) -> list[str]:
    """The steps a post may take with an owner's part now, as in the address."""
    if grant.state == State.DRAFT:
        return []
    if sharing_moves.may_move(part, grant, actor, today):
        return ["move"]
    if rules.asks(actor, grant):
        return ["complete"] if part.state == Decision.GAPS else []
    if not rules.owns(actor, part.owner_id):
        return []
    if part.state == Decision.AGREED and grant.state not in (State.WITHDRAWN,):
        return ["provide"]
    if part.state != Decision.WAITING or grant.state not in (State.ASKED, State.GAPS):
        return []
    shares = {each.share for each in part.elements.all()}
    conditional = shares != {kinds.Share.UNCONDITIONAL}
    return [
        "agree",
        *([] if part.gaps_at else ["gaps"]),
        *(["refuse"] if conditional else []),
        *(["extend"] if conditional and not part.extended else []),
    ]


def steps_of_grant(grant: Grant, actor: Actor, owners: list[str]) -> list[str]:
    """The steps a post may take with the whole application now."""
    asks = rules.asks(actor, grant)
    watches = actor.role == "security_admin" or any(rules.owns(actor, each) for each in owners)
    if asks and grant.state == State.DRAFT:
        return ["send", "discard"]
    if asks and grant.state in (State.ASKED, State.GAPS, State.AGREED):
        return ["withdraw"]
    if grant.state == State.GRANTED:
        return [*(["suspend"] if watches else []), *(["end"] if watches or asks else [])]
    if grant.state == State.SUSPENDED:
        return [*(["resume"] if watches else []), *(["end"] if watches or asks else [])]
    return []


def timeline(grant: Grant) -> list[dict[str, Any]]:
    """Who did what; of the staff the unit, not the name."""
    entries = sharing.history(grant)
    return [
        {
            "at": entry.at,
            "title": str(TOLD[entry.verb])
            % {
                "owner": unit_name(settings.SHANZHI_CITY, entry.data.get("owner", "")),
                "n": entry.data.get("days", ""),
            },
        }
        for entry in entries
        if entry.verb in TOLD
    ]


def reads(entries: list[ReadEntry]) -> list[dict[str, Any]]:
    """The lines of the read log of a grant: its owners see the account that read."""
    names = people.account_names({each.account for each in entries if each.account})
    return [
        {
            "at": each.at,
            "who": names.get(each.account, ""),
            "unit": unit_name(each.place, each.department),
            "program": each.key is not None,
            "through": str(each.get_through_display()),
            "count": ngettext("%(n)s person", "%(n)s persons", len(each.persons))
            % {"n": len(each.persons)},
            "elements": _(", ").join(title(code) for code in each.elements),
            "purpose": each.purpose,
        }
        for each in entries
    ]


def over(grant: Grant, at: datetime) -> bool:
    return grant.until < localdate(at)
