"""What an item asks for that the registry knows: the editor says so, and fills it in."""

from typing import Any

from shanzhi.registry import kinds
from shanzhi.registry.kinds import Entry
from shanzhi.registry.queries.catalogue import plain, search_elements

PAPERS = ("复印件", "原件", "证明", "材料")
SHORTEST = 2  # letters of a name that is looked for inside a question


def known_as(text: str) -> Entry | None:
    """The element a question asks for, under one of its names: 老人的身份证号码 is an identity."""
    words = plain(text)
    if len(words) < SHORTEST:
        return None
    found = [entry for entry in search_elements(text, 5) if _is_named(entry, words)]
    return found[0] if found else None


def _is_named(entry, words):
    names = {plain(name) for name in (str(entry.element.title), *entry.synonyms)}
    return any(len(name) >= SHORTEST and name in words for name in names)


def paper_known_as(name: str) -> Entry | None:
    """The element that a paper would only prove: 居民身份证复印件 → person.identity."""
    for ending in PAPERS:
        name = name.replace(ending, "")
    return known_as(name)


def hint(name: str, row: dict[str, Any], fillable: tuple[str, ...]) -> Entry | None:
    """What to say beside a row of the editor, if anything."""
    if name == "materials":
        asked = row["needed"] and not (row["obtainable"] or row["commitment"])
        return paper_known_as(row["name"]) if asked else None
    if name == "form" and row["type"] in fillable and not row["fills"]:
        return known_as(row["label"])
    return None


def fill(row: dict[str, Any], name: str) -> None:
    """One press: the question is filled from the registry, the paper no longer asked for."""
    if name == "materials":
        row["needed"], row["obtainable"] = "", "on"
    elif entry := known_as(row["label"]):
        row["fills"] = entry.code


def choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every element, in groups by section."""
    return [
        (str(section.title), [
            (Entry(section, each).code, str(each.title)) for each in section.elements
        ])
        for section in kinds.SECTIONS.values()
    ]  # fmt: skip
