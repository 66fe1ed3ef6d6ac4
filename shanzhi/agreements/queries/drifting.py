"""What the lists in force say otherwise than an agreement."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import F

from shanzhi.burden.models import Demand, Edition
from shanzhi.burden.queries import lists
from shanzhi.kernel import places

from ..kinds import TOLD, Drift
from ..models import Agreement, Clause


def in_force(agreement: Agreement) -> tuple[Edition | None, Edition]:
    """The editions of both lists that hold for its place now."""
    return (lists.edition("own", agreement.place),
            lists.edition("assist", agreement.place) or agreement.assist)  # fmt: skip


def told(own: Edition | None, assist: Edition) -> dict[str, dict[str, Any]]:
    """By code, what may enter an agreement: entries whose basis is confirmed, list one first."""
    found = {}
    for kind, edition in (("own", own), ("assist", assist)):
        if edition is None:
            continue
        rows = edition.entries.filter(confirmed=True).exclude(clause="").order_by("position")
        for row in rows:
            found[row.code] = {
                "kind": kind, "code": row.code, "title": row.title, "text": row.text,
                "department_id": row.department_id, "basis": row.clause, "cycle": row.cycle,
                "fee": row.fee,
            }  # fmt: skip
    return found


def admitted(place: str) -> dict[str, dict[str, Any]]:
    """By number, what the gate has admitted and may ask of this community."""
    rows = Demand.objects.filter(
        origin=Demand.Origin.ADMITTED, state=Demand.State.IN_FORCE,
        scope__overlap=places.above(place),
    ).exclude(basis="")  # fmt: skip
    rows = rows.order_by("number").values(
        "number", "title", "department_id", "basis", "cycle", text=F("purpose")
    )
    return {row["number"]: _as_told(row) for row in rows}


def _as_told(row):
    return {"kind": Clause.Kind.ADMITTED, "code": row.pop("number"), "fee": "", **row}


def admissible(agreement: Agreement, codes: Collection[str]) -> dict[str, dict[str, Any]]:
    """What a supplement may add: entries of list two as it is now, and what the gate admitted."""
    _own, assist = in_force(agreement)
    found = told(None, assist) | admitted(agreement.place)
    return {code: each for code, each in found.items() if code not in codes}


def drift(agreement: Agreement) -> list[Drift]:
    """Clause by clause. What was left out on purpose is missed only where the edition is new."""
    own, assist = in_force(agreement)
    listed = told(own, assist)
    now = listed | admitted(agreement.place)
    clauses = {each.code: each for each in agreement.clauses.all()}
    found = []
    for code, clause in clauses.items():
        before = {name: getattr(clause, name) for name in TOLD}
        if code not in now:
            found.append(Drift(code, clause.title, "removed", before))
        elif any(before[name] != now[code][name] for name in TOLD):
            found.append(Drift(code, clause.title, "changed", before, now[code]))
    if agreement.kind != Agreement.Kind.SUPPLEMENT:
        known = told(agreement.own, agreement.assist)
        found += [Drift(code, each["title"], "added", {}, each) for code, each in listed.items()
                  if code not in clauses and code not in known]  # fmt: skip
    return sorted(found, key=lambda each: each.code)


def outdated(agreement: Agreement, drift: Sequence[Drift]) -> bool:
    """Must it be renewed before it is signed?"""
    if drift:
        return True
    if agreement.kind == Agreement.Kind.SUPPLEMENT:
        return False
    own, assist = in_force(agreement)
    return (agreement.own_id, agreement.assist_id) != (own and own.pk, assist.pk)
