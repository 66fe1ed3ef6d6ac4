"""The form someone fills in, between the browser and the command: reading, keeping, showing it."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from shanzhi.files import commands as files
from shanzhi.files import queries as uploads
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import Actor

from . import answers
from .commands.submitting import Request
from .content import questions
from .models import Case, Item
from .shapes import FormField

WHO = ("name", "phone", "place", "estate", "category")


def fields_of(item: Item) -> list[FormField]:
    return questions(item)


def read(request: HttpRequest, item: Item, before: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Everything the browser sent, as a draft keeps it; new uploads are stored first."""
    post, fields = request.POST, fields_of(item)
    raw = answers.from_post(fields, post)
    problems = {}
    for each in fields:
        if each.type == "file":
            raw[each.key] += _store(request, each.key, at, problems)
    who = {name: post.get(name, before.get(name, "")).strip() for name in WHO}
    return who | {"answers": raw, "problems": problems}


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


def waiting(item: Item, content: dict[str, Any], by: Actor) -> dict[str, list]:
    """Uploads that the form will send along, by field."""
    return {
        each.key: uploads.waiting(content["answers"].get(each.key) or [], by)
        for each in fields_of(item)
        if each.type == "file"
    }


def request_of(item: Item, content: dict[str, Any]) -> Request:
    return Request(item=item, answers=content["answers"], **{key: content[key] for key in WHO})


def problems_of(item: Item, content: dict[str, Any], by: Actor, today: date) -> dict[str, str]:
    """What must be mended before this can be sent: sentences by field path."""
    found = dict(content.get("problems", {}))
    if len(content["name"]) < 2:
        found["name"] = _("Enter the applicant's full name.")
    if not content["phone"] and not by.is_staff:
        found["phone"] = _("Enter a phone number at which you can be reached.")
    if len(content["place"]) < 12:
        found["place"] = _("Choose the community this is about.")
    try:
        answers.clean(fields_of(item), content["answers"], today=today)
    except answers.Invalid as invalid:
        found |= invalid.errors
    return found
