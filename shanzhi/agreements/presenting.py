"""Agreements in words: states, steps, what happened, what a clause costs."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shanzhi.burden.models import Cycle
from shanzhi.journal import queries as journal
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import Actor
from shanzhi.people.queries import unit_name
from shanzhi.places import queries as divisions

from . import queries
from .kinds import Drift, parts
from .models import Agreement, Clause, Comment, Payment, Side
from .rules import is_overdue, side_of

TONES = {
    "draft": "grey", "negotiated": "orange", "agreed": "blue", "half_signed": "blue",
    "in_force": "green", "evaluated": "teal", "ended": "grey", "withdrawn": "grey",
}  # fmt: skip
ORDER = ("draft", "negotiated", "agreed", "half_signed", "in_force", "evaluated")


def badge(agreement: Agreement) -> dict[str, str]:
    return {"text": agreement.get_state_display(), "tone": TONES[agreement.state]}


def row(agreement: Agreement, today: date) -> dict[str, Any]:
    return {
        "href": reverse("agreements:agreement", args=[agreement.number]),
        "number": agreement.number,
        "name": divisions.name(agreement.place) or agreement.place,
        "former": divisions.name(agreement.former) if agreement.former else "",
        "kind": agreement.get_kind_display() if agreement.parent_id else "",
        "asks": agreement.asks,
        "money": yuan(agreement.money or 0),
        "badge": badge(agreement),
        "agreed": _agreed(agreement),
        "late": late(agreement, today),
    }


def ready(agreements: QuerySet[Agreement]) -> list[dict[str, Any]]:
    """Lines of those that wait for the sub-district's signature."""
    rows = agreements.annotate(
        money=Sum("clauses__amount"), asks=Count("clauses", filter=~Q(clauses__kind="own"))
    )
    return [
        {"number": each.number, "name": divisions.name(each.place) or each.place,
         "kind": each.get_kind_display() if each.parent_id else "", "asks": each.asks,
         "money": yuan(each.money or 0)}
        for each in rows
    ]  # fmt: skip


def late(agreement: Agreement, today: date) -> list[str]:
    """What a line of the list says of it in red; `arrears` is annotated."""
    said = [_("a payment is overdue")] if agreement.arrears else []
    if agreement.state == "in_force" and agreement.evaluate_by and agreement.evaluate_by < today:
        said.append(_("the evaluation is overdue"))
    return said


def evaluation(agreement: Agreement, given: set[str], today: date) -> dict[str, Any] | None:
    """Until when, and who is awaited; None where nobody was asked or both have evaluated."""
    if agreement.state != "in_force" or not agreement.evaluate_by:
        return None
    awaited = [side for side in Side if side not in given]
    return {
        "by": agreement.evaluate_by,
        "late": agreement.evaluate_by < today,
        "awaited": "、".join(str(side.label) for side in awaited),
        "sides": awaited,
    }


def arrears(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What is overdue among the payments of one agreement."""
    found = [each["payment"].amount for each in rows if each["days"]]
    return {"many": len(found), "yuan": yuan(sum(found))} if found else None


def _agreed(agreement):
    if agreement.state != "negotiated":
        return ""
    said = {"community": _("the community agrees"), "subdistrict": _("the sub-district agrees")}
    return next((text for side, text in said.items() if getattr(agreement, f"{side}_agreed_at")),
                "")  # fmt: skip


def yuan(amount: Any) -> str:
    return f"{amount:,.2f}" if amount else "—"


def clause(each: Clause, comments: Sequence[Comment], pattern: Clause | None) -> dict[str, Any]:
    return {
        "clause": each,
        "department": each.department.name if each.department else "",
        "cycle": Cycle(each.cycle).label if each.cycle in Cycle.values else "",
        "amount": yuan(each.amount),
        "payer": each.payer.name if each.payer else "",
        "parts": [(day, yuan(amount)) for day, amount in parts(each.amount, each.due_on)],
        "comments": [one for one in comments if one.code == each.code],
        "differs": pattern is not None and any(
            getattr(each, name) != getattr(pattern, name)
            for name in ("target", "amount", "payer_id", "due_on")
        ),
    }  # fmt: skip


def clauses(agreement: Agreement) -> list[dict[str, Any]]:
    """Each with what is said about it, and whether it differs from the pattern of the year."""
    said = queries.comments(agreement)
    pattern = queries.pattern(agreement.subdistrict, agreement.year)
    usual = {}
    if pattern and agreement.kind == Agreement.Kind.YEARLY:
        usual = {each.code: each for each in pattern.clauses.all()}
    return [clause(each, said, usual.get(each.code)) for each in queries.clauses(agreement)]


def steps(agreement: Agreement) -> list[dict[str, str]]:
    """The four steps at the head of the page."""
    titles = [
        (pgettext("agreement", "Draft"), {"draft"}), (_("Negotiation"), {"negotiated"}),
        (_("Signing"), {"agreed", "half_signed"}),
        (pgettext("agreement", "In force"), {"in_force"}),
    ]  # fmt: skip
    now = next((n for n, (_title, states) in enumerate(titles) if agreement.state in states), 4)
    return [
        {"title": title, "state": "done" if n < now else "now" if n == now else "todo",
         "note": agreement.get_state_display() if n == now == 2 else ""}
        for n, (title, _states) in enumerate(titles)
    ]  # fmt: skip


def drifted(each: Drift) -> dict[str, Any]:
    names = {
        "title": pgettext("demand", "Title"), "text": _("Content"), "basis": _("Basis in law"),
        "department_id": _("Responsible department"), "cycle": pgettext("demand", "Cycle"),
        "fee": _("Fee standard"),
    }  # fmt: skip
    kinds = {"added": _("new in the list"), "removed": _("no longer in the list"),
             "changed": _("changed in the list")}  # fmt: skip
    return {
        "code": each.code, "title": each.title, "kind": kinds[each.kind],
        "tone": {"added": "green", "removed": "red", "changed": "orange"}[each.kind],
        "fields": [(names[name], each.old[name], each.new[name]) for name in names
                   if each.kind == "changed" and each.old[name] != each.new[name]],
    }  # fmt: skip


def payment(each: Payment, today: Any, actor: Actor) -> dict[str, Any]:
    late = is_overdue(each, today)
    side = side_of(each.agreement, actor)
    if each.paid_on is None:
        state = (_("overdue"), "red") if late else (pgettext("payment", "due"), "blue")
    else:
        state = ((_("received"), "green") if each.received_at
                 else (_("paid, not yet confirmed"), "orange"))  # fmt: skip
    return {
        "payment": each, "name": divisions.name(each.agreement.place), "state": state,
        "amount": yuan(each.amount), "days": (today - each.due_on).days if late else 0,
        "payer": unit_name(each.agreement.subdistrict, each.clause.payer_id or ""),
        "may_pay": side == Side.SUBDISTRICT and each.paid_on is None,
        "may_confirm": side == Side.COMMUNITY and each.paid_on and not each.received_at,
    }  # fmt: skip


def history(agreement: Agreement) -> list[dict[str, Any]]:
    """What happened, from the journal, the latest first."""
    titles = {
        "pattern_made": _("Made from the lists"), "drafted": _("Made from the pattern of the year"),
        "edited": _("Text changed"), "clause_added": _("Clause added"),
        "clause_removed": _("Clause taken out"), "opened": _("Opened for negotiation"),
        "commented": _("Comment"), "answered": _("Comment answered"),
        "settled": _("Comment settled"), "agreed": _("Agreed"), "reopened": _("Reopened"),
        "withdrawn": _("Withdrawn"), "renewed": _("Renewed after the list changed"),
        "signed": _("Signed"), "supplemented": _("Supplement drawn up"),
        "paid": _("Payment entered"), "received": _("Payment received"),
        "evaluated": _("Evaluated"), "evaluation_asked": _("Both sides asked to evaluate"),
        "payment_overdue": _("Payment overdue"), "carried_on": _("Carried on by another community"),
        "ended": _("Ended early"),
    }  # fmt: skip
    sides = {str(side.value): str(side.label) for side in Side}
    found = []
    for entry in reversed(journal.about(label(agreement))):
        if title := titles.get(entry.verb.partition(".")[2]):
            told = [sides.get(entry.data.get("side", ""), ""), entry.data.get("code", "")]
            found.append({"title": title, "at": entry.at, "who": " ".join(filter(None, told))})
    return found
