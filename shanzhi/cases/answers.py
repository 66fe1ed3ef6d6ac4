"""From what was typed to what is stored: answers are checked, and the personal ones parted.

Answers are a dict by field key: a text, a list of texts (choices, file ids), or for a group a list
of such dicts. This check is the truth; what a browser checks before it is a courtesy.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from shanzhi.kernel import Refused, identifiers, masking

from .shapes import FormField

TEXT_LIMIT = {"text": 200, "longtext": 2000, "name": 60, "address": 200}
FILES_LIMIT = 9


class Invalid(Exception):  # noqa: N818
    """Answers that cannot be taken: sentences by field path ("members.0.identity")."""

    def __init__(self, errors: dict[str, str]):
        super().__init__("; ".join(f"{path}: {sentence}" for path, sentence in errors.items()))
        self.errors = errors


@dataclass
class Parted:
    """Answers ready to store: `plain` may be read by SQL, `sealed` is encrypted."""

    plain: dict = field(default_factory=dict)
    sealed: dict = field(default_factory=dict)
    words: str = ""  # all free text, numbers masked


def clean(fields: list[FormField], raw: Mapping[str, Any], *, today: date) -> dict:
    """Checked answers in the form's order, without what was left empty; raises Invalid."""
    errors: dict[str, str] = {}
    unknown = set(raw) - {each.key for each in fields}
    answers = _clean_all(fields, raw, today, "", errors)
    errors |= {key: _("This form does not ask for that.") for key in sorted(unknown)}
    if errors:
        raise Invalid(errors)
    return answers


def _clean_all(fields, raw, today, prefix, errors):
    answers = {}
    for each in fields:
        path = f"{prefix}{each.key}"
        try:
            value = _clean_one(each, raw.get(each.key), today, path, errors)
        except Refused as refusal:
            errors[path] = str(refusal)
            continue
        if value not in ("", [], None):
            answers[each.key] = value
        elif each.required and not any(known.startswith(path) for known in errors):
            errors[path] = _("Please fill this in.")
    return answers


def _clean_one(each, value, today, path, errors):
    if value in (None, "", []):
        return value
    return CLEANERS[each.type](each, value, today, path, errors)


def _text(each, value, *_rest):
    if not isinstance(value, str | int | float) or isinstance(value, bool):
        raise Refused(_("Enter text here."))
    text = re.sub(r"[^\S\n]+", " ", str(value).replace("\r\n", "\n").replace("\0", "")).strip()
    limit = min(each.max or TEXT_LIMIT.get(each.type, 200), TEXT_LIMIT.get(each.type, 200))
    if len(text) > limit:
        raise Refused(_("At most %(limit)s characters.") % {"limit": limit})
    if text and each.min and len(text) < each.min:
        raise Refused(_("At least %(limit)s characters.") % {"limit": each.min})
    return text


def _choice(each, value, *_rest):
    if value not in each.options:
        raise Refused(_("Choose one of the options."))
    return value


def _choices(each, value, *_rest):
    values = value if isinstance(value, list) else [value]
    if any(one not in each.options for one in values):
        raise Refused(_("Choose from the options."))
    return [option for option in each.options if option in values]


def _date(each, value, today, *_rest):
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise Refused(_("Enter a date such as 2026-05-01.")) from None
    if not 1900 <= day.year <= 2199:
        raise Refused(_("This date is not plausible."))
    if each.past and day > today:
        raise Refused(_("This date lies in the future."))
    return day.isoformat()


def _number(each, value, *_rest):
    if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,12}(\.\d{1,4})?", str(value).strip()):
        raise Refused(_("Enter a number."))
    text = str(value).strip()
    number = float(text)
    if each.min is not None and number < each.min:
        raise Refused(_("Not less than %(limit)s.") % {"limit": each.min})
    if each.max is not None and number > each.max:
        raise Refused(_("Not more than %(limit)s.") % {"limit": each.max})
    return text


def _files(each, value, *_rest):
    values = value if isinstance(value, list) else [value]
    if len(values) > FILES_LIMIT:
        raise Refused(_("At most %(limit)s files.") % {"limit": FILES_LIMIT})
    try:
        return [str(UUID(str(one))) for one in values]
    except ValueError:
        raise Refused(_("This file is not known; upload it again.")) from None


def _group(each, value, today, path, errors):
    if not isinstance(value, list) or any(not isinstance(row, dict) for row in value):
        raise Refused(_("Fill in the rows."))
    rows = [row for row in value if any(row.values())]
    low, high = each.min or 0, each.max or 20
    if not low <= len(rows) <= high:
        raise Refused(_("From %(low)s to %(high)s rows.") % {"low": low, "high": high})
    return [
        _clean_all(each.fields, row, today, f"{path}.{n}.", errors) for n, row in enumerate(rows)
    ]


CLEANERS = {
    "text": _text,
    "longtext": _text,
    "name": _text,
    "address": _text,
    "choice": _choice,
    "choices": _choices,
    "date": _date,
    "number": _number,
    "identity": lambda each, value, today, *_: identifiers.identity(str(value), today=today),
    "phone": lambda each, value, *_: identifiers.telephone(str(value)),
    "bank": lambda each, value, *_: identifiers.bank_card(str(value)),
    "file": _files,
    "group": _group,
}


def part(fields: list[FormField], answers: Mapping[str, Any]) -> Parted:
    """Part checked answers into what may stand in the clear and what is sealed.

    A group with one sealed field is sealed as a whole. Free text stands in the clear with the
    numbers in it masked; as it was typed, it is sealed where the two differ.
    """
    parted, words = Parted(), []
    for each in fields:
        if each.key not in answers:
            continue
        value = answers[each.key]
        if each.sealed or any(inner.sealed for inner in each.fields):
            parted.sealed[each.key] = value
        elif each.type in ("text", "longtext"):
            parted.plain[each.key] = masking.scrub(value)
            words.append(parted.plain[each.key])
            if parted.plain[each.key] != value:
                parted.sealed[each.key] = value
        else:
            parted.plain[each.key] = value
    parted.words = "\n".join(words)
    return parted


def file_ids(fields: list[FormField], answers: Mapping[str, Any]) -> list[UUID]:
    """All attachments that checked answers refer to, groups included."""
    found = []
    for each in fields:
        value = answers.get(each.key) or []
        if each.type == "file":
            found += [UUID(one) for one in value]
        elif each.type == "group":
            found += [one for row in value for one in file_ids(each.fields, row)]
    return found


def from_post(fields: list[FormField], post, prefix: str = "") -> dict:
    """What a browser sent, as raw answers: `members-0-name` becomes members[0]["name"]."""
    raw: dict[str, Any] = {}
    for each in fields:
        name = f"{prefix}{each.key}"
        if each.type == "group":
            numbers = {
                int(found[1])
                for key in post
                if (found := re.match(rf"{re.escape(name)}-(\d{{1,2}})-", key))
            }
            raw[each.key] = [from_post(each.fields, post, f"{name}-{n}-") for n in sorted(numbers)]
        elif each.type in ("choices", "file"):
            raw[each.key] = [value for value in post.getlist(name) if value]
        else:
            raw[each.key] = post.get(name, "").strip()
    return raw
