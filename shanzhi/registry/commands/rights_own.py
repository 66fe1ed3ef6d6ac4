"""What a person asks about the whole of their data: a copy, and deletion."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from shanzhi.journal.commands import record
from shanzhi.journal.labels import label
from shanzhi.kernel.acting import SYSTEM, Actor

from .. import queries, rules, versions
from ..models import ErasureRequest, Merge, Person
from .persons import change
from .rights import person_label, person_place


@transaction.atomic
def take_copy(*, person: Person, form: str, by: Actor, at: datetime) -> None:
    """Says in the journal that a copy was handed out; `form` is "json" or "pdf"."""
    rules.check_allows(queries.binding_for(by.account_id, person.pk, on=localdate(at)), "copy")
    record(
        "registry.copy_taken", about=person_label(person), by=by, at=at,
        place=person_place(person), form=form,
    )  # fmt: skip


@transaction.atomic
def ask_erasure(*, person: Person, by: Actor, at: datetime) -> ErasureRequest:
    """Delete what the law allows, at once; say of the rest which law keeps it, and how long."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    rules.check_erase(queries.binding_for(by.account_id, person.pk, on=localdate(at)))

    outcome = {each.entry.code: rules.keeps(each.entry) for each in queries.all_values(person)}
    gone = [code for code, kept_by in outcome.items() if not kept_by]
    erase(person, gone, at)
    request = ErasureRequest.objects.create(
        person_id=person.pk, asked_by=by.account_id, asked_at=at, outcome=outcome
    )
    record(
        "registry.erasure_asked", about=label(request), by=by, at=at,
        place=person_place(person), person=person.pk, deleted=gone,
    )  # fmt: skip
    return request


def erase(person: Person, codes: list[str], at: datetime) -> None:
    """Empty these elements now and in every version; inside a command that has asked the rules."""
    by_section: dict[str, list[str]] = {}
    for code in codes:
        section, _dot, field = code.partition(".")
        by_section.setdefault(section, []).append(field)
    for section, fields in by_section.items():
        change(
            section=section, person=person, values=dict.fromkeys(fields, ""), effective=None,
            source=queries.source("resident"), by=SYSTEM, at=at,
        )  # fmt: skip
        versions.strike(person.pk, section, fields)
    if codes:  # what is kept for the undoing of a merge holds the same values
        Merge.objects.filter(kept=person).update(sealed=None)
