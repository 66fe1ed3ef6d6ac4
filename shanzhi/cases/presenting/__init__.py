"""A case in words and rows: what pages and papers show of it."""

from .answers import answer_rows, masked_fields, typed_rows
from .pages import (
    as_row,
    card,
    choices,
    chosen,
    draft_rows,
    for_desk,
    for_receipt,
    for_resident,
    list_rows,
    page_of,
    state_chips,
)
from .progress import four_steps, timeline
from .words import lead_name, unit_choices

__all__ = [
    "answer_rows",
    "as_row",
    "card",
    "choices",
    "chosen",
    "draft_rows",
    "for_desk",
    "for_receipt",
    "for_resident",
    "four_steps",
    "lead_name",
    "list_rows",
    "masked_fields",
    "page_of",
    "state_chips",
    "timeline",
    "typed_rows",
    "unit_choices",
]
