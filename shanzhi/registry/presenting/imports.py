"""A batch, its columns, problems and differences, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shanzhi.kernel import Refused, masking
from shanzhi.places import queries as divisions

from .. import kinds, masks, packing, versions
from ..bringing import Assigning
from ..intake import problems as trouble
from ..intake import targets, values
from ..models import Batch, Difference, Person, Problem, Source
from ..queries import imports as batches
from ..queries.imports_known import current_rows
from ..queries.imports_moves import MOVE
from ..rules import imports as rules
from ..rules.sources import owned_elsewhere
from . import moves

TONES = {
    "uploaded": "blue", "checking": "blue", "checked": "orange", "applying": "blue",
    "opened": "green", "undoing": "blue", "undone": "grey", "discarded": "grey",
}  # fmt: skip
OUTCOMES = ("new", "differs", "same", "cells", "elsewhere", "refused", "skipped")


def badge(batch: Batch) -> dict[str, str]:
    if batch.trouble and batch.state in rules.BUSY:
        return {"text": _("Stopped"), "tone": "red"}
    return {"text": batch.get_state_display(), "tone": TONES[batch.state]}


def line(batch: Batch) -> dict[str, Any]:
    outcomes = batch.counts.get("outcomes", {})
    return {
        "href": reverse("registry:import", args=[batch.pk]),
        "name": batch.name,
        "place": divisions.name(batch.place) or batch.place,
        "source": batch.source.name,
        "at": batch.made_at,
        "badge": badge(batch),
        "rows": sum(outcomes.values()) - outcomes.get("skipped", 0) if outcomes else None,
        "written": sum(batch.counts.get("written", {}).values()),
    }


def outcome_titles() -> dict[str, str]:
    return {
        "new": _("New"),
        "differs": _("Known, something differs"),
        "same": _("Known, nothing new"),
        "cells": _("New, but a cell cannot be read"),
        "elsewhere": _("Known in another community"),
        "refused": _("Cannot be taken over"),
        "skipped": _("No person in the row"),
    }


def outcomes(batch: Batch) -> list[dict[str, Any]]:
    titles, counts = outcome_titles(), batch.counts.get("outcomes", {})
    tones = {"new": "teal", "differs": "orange", "refused": "red", "elsewhere": "orange",
             "cells": "orange"}  # fmt: skip
    return [{"title": titles[each], "count": counts[each], "tone": tones.get(each, "grey")}
            for each in OUTCOMES if counts.get(each)]  # fmt: skip


def progress(batch: Batch, at: datetime) -> dict[str, Any]:
    seconds = max((at - batch.began_at).total_seconds(), 1) if batch.began_at else 1
    whole = max(batch.total, batch.done, 1)
    return {
        "done": batch.done,
        "total": batch.total,
        "share": min(round(100 * batch.done / whole), 100),
        "rate": round(batch.done / seconds),
        "busy": batch.state in rules.BUSY and not batch.trouble,
    }


# --- columns --------------------------------------------------------------------------------------


def columns(found: Assigning, form: Any) -> list[dict[str, Any]]:
    reasons = {
        "title": _("by its title"), "alike": _("its title is alike"),
        "content": _("by what it holds"), "remembered": _("as the last time"), "": "",
    }  # fmt: skip
    return [
        {
            "field": form[f"column_{each.number}"],
            "title": each.title or _("Column %(number)s") % {"number": each.number + 1},
            "samples": [sample(each.target, text) for text in each.samples],
            "by": reasons[each.by],
        }
        for each in found.columns
    ]


def sample(target: str, text: str) -> str:
    """Masked as its element is; of a column nobody knows, numbers that could be somebody's are."""
    text, entry = text.strip()[:40], kinds.entry(target)
    mask = masking.BY_KIND.get(entry.element.mask) if entry else None
    if mask and mask is not masking.name:
        return mask(text)
    return masking.scrub(text)


# --- problems -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """A problem on a page. `cell` is what stands there, masked."""

    row: str
    title: str
    column: str
    cell: str
    sentence: str
    asks: int | None = None  # the problem of somebody who may be asked for
    transfer: int | None = None  # that was asked


def problem_counts(batch: Batch) -> list[tuple[str, str, int]]:
    counts = batch.counts.get("problems", {})
    return [
        (code, str(kind.title), counts[code])
        for code, kind in trouble.KINDS.items()
        if counts.get(code) and code != "differs"
    ]


def problems(batch: Batch, rows: list[Problem]) -> list[Shown]:
    kept = kept_rows(batch, [each.row for each in rows])
    return [_problem(batch, each, kept.get(each.row)) for each in rows]


def kept_rows(batch: Batch, rows: list[int]) -> dict[int, packing.Kept]:
    chunks = batches.chunks_of(batch, rows)
    opened: dict[int, list] = {}
    found = {}
    for row, chunk in chunks.items():
        if chunk is None:
            continue
        if chunk.pk not in opened:
            context = packing.context(batch.pk, chunk.number)
            opened[chunk.pk] = packing.unpack(chunk.sealed, context)
        found[row] = opened[chunk.pk][row - chunk.first]
    return found


def _problem(batch, problem, kept):
    kind = trouble.KINDS[problem.code]
    target = batch.columns[problem.column] if problem.column is not None else ""
    titles = batch.layout.get("titles", [])
    cell = ""
    if problem.column is not None and kept and kept.cells and problem.column < len(kept.cells):
        cell = kept.cells[problem.column]
    return Shown(
        row=row_name(batch, kept),
        title=str(kind.title),
        column=titles[problem.column] if problem.column is not None and problem.column < len(titles)
        else "",
        cell=sample(target, cell),
        sentence=sentence(batch, problem, cell),
        asks=problem.pk if problem.code == "elsewhere" and not problem.other else None,
        transfer=problem.other if problem.code == "elsewhere" else None,
    )  # fmt: skip


def row_name(batch: Batch, kept: packing.Kept | None) -> str:
    if kept is None:
        return ""
    sheets = batch.layout["sheets"]
    if len(sheets) > 1:
        return f"{sheets[kept.sheet]} {kept.number}"
    return str(kept.number)


def sentence(batch: Batch, problem: Problem, cell: str) -> str:
    """Of the kind; or the cell is read again, and says itself what is wrong with it."""
    kind = trouble.KINDS[problem.code]
    if kind.sentence:
        place = divisions.name(problem.place) or problem.place
        return str(kind.sentence) % {"row": problem.other, "place": place}
    return _of_cell(batch, problem, cell) or str(kind.title)


def _of_cell(batch, problem, cell):
    target, today = batch.columns[problem.column], localdate(batch.made_at)
    text = values.tidy(cell)
    try:
        if target == "person.identity":
            values.read_identity(text, "", today=today)
        elif target == "home.place":
            from ..intake import ground

            ground.place(batches.ground(batch.place), text)
        else:
            values.reader(target, today=today)(text)
    except Refused as refusal:
        return str(refusal)
    return ""


# --- differences ----------------------------------------------------------------------------------


def differences(rows: list[Difference], source: Source | None = None) -> list[dict[str, Any]]:
    """Both values of each field, masked; whose they are, by the name's mask. `asks` are the
    titles of what the owner is asked for, if this source is said to be right.
    """
    names = dict(Person.objects.filter(pk__in=[each.person_id for each in rows])
                 .values_list("pk", "name"))  # fmt: skip
    held = {}
    for code in {each.section for each in rows} - {MOVE}:
        section = kinds.SECTIONS[code]
        persons = [each.person_id for each in rows if each.section == code]
        for pk, row in current_rows(section, persons).items():
            held[code, pk] = versions.values_of(row, section)
    moved = moves.fields(each for each in rows if each.section == MOVE)
    return [
        _lines(each, names, [moved[each.pk]]) if each.section == MOVE
        else _difference(each, names, held.get((each.section, each.person_id), {}))
        | {"asks": _asks(each, source)}
        for each in rows
    ]  # fmt: skip


def _asks(difference, source):
    if source is None:
        return ""
    section = kinds.SECTIONS[difference.section]
    owned = owned_elsewhere(section, difference.fields, source)
    titles = [str(kinds.entry(f"{section.code}.{name}").element.title) for name in owned]
    return pgettext("between parts of a list", ", ").join(titles)


def _difference(each, names, held):
    told = packing.values_of(each.section, each.told)
    entries = {name: kinds.entry(f"{each.section}.{name}") for name in each.fields}
    before = each.before or {}
    fields = [
        {
            "title": str(entry.element.title),
            "held": masks.shown(entry, before.get(name, held.get(name))),
            "told": masks.shown(entry, told[name]),
            "filling": name in each.filling,
        }
        for name, entry in entries.items()
    ]
    return _lines(each, names, fields)


def _lines(difference, names, fields):
    return {
        "id": difference.pk,
        "name": masking.name(names.get(difference.person_id, "")),
        "state": difference.get_state_display(),
        "waiting": difference.state == Difference.State.WAITING,
        "fields": fields,
    }


def target_titles(batch: Batch) -> list[dict[str, str]]:
    """Which column became what; and those that were kept aside."""
    titles = batch.layout.get("titles", [])
    return [
        {"title": title or str(n + 1), "target": targets.title_of(code) if code else ""}
        for n, (title, code) in enumerate(zip(titles, batch.columns, strict=False))
    ]
