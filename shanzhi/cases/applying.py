"""The form someone fills in, between the browser and the command: reading, keeping, showing it."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shanzhi.files import commands as files
from shanzhi.files import queries as uploads
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from . import answers, filling
from .commands.submitting import Request
from .content import questions
from .filling import Filled
from .models import Case, Item

WHO = ("name", "phone", "place", "estate", "category")
FROM_REGISTRY = {"person": filling.PERSON, "proof": filling.PROOF}


def read(request: HttpRequest, item: Item, before: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Everything the browser sent, as a draft keeps it; new uploads are stored first."""
    post, fields = request.POST, questions(item)
    raw = answers.from_post(fields, post)
    problems = {}
    for each in fields:
        if each.type == "file":
            raw[each.key] += _store(request, each.key, at, problems)
    who = {name: post.get(name, before.get(name, "")).strip() for name in WHO}
    who |= {name: post.get(field, "")[:60] for name, field in FROM_REGISTRY.items()}
    return who | {"answers": raw, "problems": problems, "own": filling.own_keys(item, post)}


def _store(request, key, at, problems):
    stored = []
    for upload in request.FILES.getlist(key):
        try:
            stored.append(str(files.store(upload=upload, by=request.actor, at=at).pk))
        except Refused as refusal:
            problems[key] = str(refusal)
    return stored


def answers_of(case: Case) -> dict[str, Any]:
    """What was sent, as it was typed, to be completed."""
    return case.answers | case.sealed | ({"identity": case.identity} if case.identity else {})


def to_correct(case: Case, taken: dict[str, Filled]) -> dict[str, Any]:
    """The same for the page: what came from the registry does not go into it."""
    return {key: value for key, value in answers_of(case).items() if key not in taken}


def corrected(
    request: HttpRequest, case: Case, taken: dict[str, Filled], at: datetime
) -> dict[str, Any]:
    """What the browser sent; what came from the registry stays unless the sender says otherwise."""
    content = read(request, case.item, {}, at)
    kept = {key: each.value for key, each in taken.items() if key not in content["own"]}
    return content | {"answers": content["answers"] | kept}


def waiting(item: Item, content: dict[str, Any], by: Actor) -> dict[str, list]:
    """Uploads that the form will send along, by field."""
    return {
        each.key: uploads.waiting(content["answers"].get(each.key) or [], by)
        for each in questions(item)
        if each.type == "file"
    }


def request_of(item: Item, content: dict[str, Any], by: Actor, on: date) -> Request:
    person_id = filling.person_of(item, content.get("person", ""), by, on)
    content = content | {"phone": filling.phone(item, person_id, content["phone"], by)}
    return Request(
        item=item, answers=content["answers"], person=content.get("person", ""),
        own=tuple(content.get("own", ())), proof=content.get("proof", ""),
        **{key: content[key] for key in WHO},
    )  # fmt: skip


def filled(
    item: Item, content: dict[str, Any], by: Actor, on: date, *, full: bool = False
) -> dict[str, Filled]:
    """What the registry answers in this form, but for what the sender answers themselves."""
    person_id = filling.person_of(item, content.get("person", ""), by, on)
    return filling.taken(item, person_id, content.get("own", []), by, on, full=full)


def problems_of(item: Item, content: dict[str, Any], by: Actor, today: date) -> dict[str, str]:
    """What must be mended before this can be sent: sentences by field path."""
    found = dict(content.get("problems", {}))
    if len(content["name"]) < 2:
        found["name"] = _("Enter the applicant's full name.")
    if not content["phone"] and not by.is_staff:
        found["phone"] = _("Enter a phone number at which you can be reached.")
    if len(content["place"]) < 12:
        found["place"] = _("Choose the community this is about.")
    taken = filled(item, content, by, today)
    given = content["answers"] | {key: each.value for key, each in taken.items()}
    if by.is_staff and taken and not content.get("proof"):
        found[filling.PROOF] = _("Look at the resident's identity document first.")
    try:
        answers.clean(questions(item), given, today=today)
    except answers.Invalid as invalid:
        found |= invalid.errors
    return found
