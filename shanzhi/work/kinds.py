"""The plugs of the desk: what kinds of duties there are, and what stands beside the inbox."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shanzhi.kernel.acting import Actor


@dataclass(frozen=True)
class DutyKind:
    """`title` is the step on the badge (待受理), `action` the button (受理)."""

    code: str  # "cases.accept"
    title: Any  # lazy
    action: Any  # lazy
    tone: str = "blue"  # colour of the badge: blue, orange, teal


@dataclass(frozen=True)
class Figure:
    """What a card at the head of the desk shows; `tone` colours the note: "", up, red, amber."""

    value: str
    note: str = ""
    tone: str = ""
    unit: str = ""
    link: str = ""


@dataclass(frozen=True)
class Kpi:
    """A card at the head of the desk. `figure` answers None where the post has no such figure."""

    code: str
    title: Any  # lazy
    figure: Callable[[Actor, datetime], Figure | None]


@dataclass(frozen=True)
class Panel:
    """A card beside the inbox. `context` answers None where there is nothing to show the post."""

    code: str
    template: str  # a part of a page, which gets `panel` (the context)
    context: Callable[[Actor, datetime], dict[str, Any] | None]
    style: str = ""  # static file of its own


_duties: dict[str, DutyKind] = {}
_kpis: dict[str, Kpi] = {}
_panels: dict[str, Panel] = {}
_items: list[Callable[[Collection[str]], dict[str, str]]] = []


def register_duty(kind: DutyKind) -> None:
    _duties[kind.code] = kind


def register_kpi(kpi: Kpi) -> None:
    _kpis[kpi.code] = kpi


def register_panel(panel: Panel) -> None:
    _panels[panel.code] = panel


def register_items(names: Callable[[Collection[str]], dict[str, str]]) -> None:
    """`names` gives the names of those codes of `Duty.item` that are its area's."""
    _items.append(names)


def item_names(codes: Collection[str]) -> dict[str, str]:
    return {code: name for names in _items for code, name in names(codes).items()}


def duty_kind(code: str) -> DutyKind:
    """Also for a kind whose area is gone: its duties stay readable."""
    return _duties.get(code) or DutyKind(code, code, "")


def kpis() -> list[Kpi]:
    return list(_kpis.values())


def panels() -> list[Panel]:
    return list(_panels.values())
