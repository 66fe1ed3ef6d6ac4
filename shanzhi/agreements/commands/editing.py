"""The text while it is negotiated, and what the two say about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from shanzhi.burden.models import ListEntry
from shanzhi.kernel.acting import Actor

from .. import queries, rules
from ..kinds import KEPT
from ..models import Agreement, Clause, Comment
from . import steps


@transaction.atomic
def edit_clause(
    *, clause: Clause, values: Mapping[str, Any], everywhere: bool, by: Actor, at: datetime
) -> Clause:
    """Target, money and days. Of a pattern, `everywhere` also in the drafts of its communities
    that still say the same; who had agreed is asked again.
    """
    agreement = steps.locked(clause.agreement)
    clause = agreement.clauses.select_for_update().get(pk=clause.pk)
    rules.check_edit(agreement, by)
    values = {name: values[name] for name in KEPT}
    rules.check_item(values, agreement.year)
    before = {name: getattr(clause, name) for name in KEPT}
    changed = [name for name in KEPT if before[name] != values[name]]
    also = 0
    if everywhere and agreement.kind == Agreement.Kind.PATTERN:
        drafts = queries.drafts(agreement.place, agreement.year).select_for_update()
        also = Clause.objects.filter(
            agreement__in=list(drafts), code=clause.code, **before
        ).update(**values)  # fmt: skip
    for name in KEPT:
        setattr(clause, name, values[name])
    clause.save(update_fields=list(KEPT))
    _ask_again(agreement, at)
    steps.record("edited", agreement, by, at, code=clause.code, fields=changed, also=also)
    return clause


@transaction.atomic
def add_clause(*, agreement: Agreement, entry: ListEntry, by: Actor, at: datetime) -> Clause:
    """An entry of the lists it is made from: one that was left out, or is confirmed since."""
    agreement = steps.locked(agreement)
    rules.check_edit(agreement, by)
    rules.check_takes_clauses(agreement)
    told = queries.told(agreement.own, agreement.assist).get(entry.code)
    rules.check_new(entry, told, queries.codes_of(agreement))
    last = agreement.clauses.aggregate(last=Max("position"))["last"]
    clause = Clause.objects.create(agreement=agreement, position=(last or 0) + 1, **told)
    _ask_again(agreement, at)
    steps.record("clause_added", agreement, by, at, code=clause.code)
    return clause


@transaction.atomic
def remove_clause(*, clause: Clause, by: Actor, at: datetime) -> None:
    agreement = steps.locked(clause.agreement)
    rules.check_edit(agreement, by)
    rules.check_remove(agreement.clauses.count())
    _ask_again(agreement, at)
    steps.record("clause_removed", agreement, by, at, code=clause.code)
    clause.delete()


@transaction.atomic
def write_terms(*, agreement: Agreement, terms: str, by: Actor, at: datetime) -> Agreement:
    agreement = steps.locked(agreement)
    rules.check_edit(agreement, by)
    agreement.terms = terms.strip()
    agreement.save(update_fields=["terms"])
    _ask_again(agreement, at)
    steps.record("edited", agreement, by, at, fields=["terms"])
    return agreement


def _ask_again(agreement, at):
    """Whoever agreed, agreed on another text."""
    if agreement.community_agreed_at or agreement.subdistrict_agreed_at:
        agreement.save(update_fields=steps.unfix(agreement))
        steps.hand_over(agreement, at, "changed")


# --- comments -------------------------------------------------------------------------------------


@transaction.atomic
def comment(*, agreement: Agreement, code: str, text: str, by: Actor, at: datetime) -> Comment:
    agreement = steps.locked(agreement)
    side = rules.check_comment(agreement, text, by)
    made = Comment.objects.create(
        agreement=agreement, code=code, side=side, text=text.strip(), at=at
    )
    _ask_again(agreement, at)
    steps.record("commented", agreement, by, at, side=side, code=code)
    steps.hand_over(agreement, at, "commented")
    return made


@transaction.atomic
def answer(*, comment: Comment, text: str, by: Actor, at: datetime) -> Comment:
    agreement, comment = _locked(comment)
    rules.check_settle(agreement, comment, text, by)
    comment.answer, comment.answered_at = text.strip(), at
    comment.save(update_fields=["answer", "answered_at"])
    steps.record("answered", agreement, by, at, side=comment.side, code=comment.code)
    steps.hand_over(agreement, at, "answered")
    return comment


@transaction.atomic
def settle(*, comment: Comment, by: Actor, at: datetime) -> Comment:
    agreement, comment = _locked(comment)
    rules.check_settle(agreement, comment, None, by)
    comment.settled_at = at
    comment.save(update_fields=["settled_at"])
    steps.record("settled", agreement, by, at, side=comment.side, code=comment.code)
    steps.hand_over(agreement, at, "settled")
    return comment


def _locked(comment):
    agreement = steps.locked(comment.agreement)
    return agreement, agreement.comments.select_for_update().get(pk=comment.pk)
