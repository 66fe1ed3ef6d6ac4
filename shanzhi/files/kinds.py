"""Who may read what a file belongs to: the areas above register what they own in `ready()`."""

from collections.abc import Callable
from dataclasses import dataclass

from shanzhi.journal import labels
from shanzhi.kernel.acting import Actor


@dataclass(frozen=True)
class Owner:
    """Whatever files can be attached to. `may_read` gets the key of its row."""

    label_prefix: str  # "cases.Case"
    may_read: Callable[[int | str, Actor], bool]


_owners: dict[str, Owner] = {}


def register(owner: Owner) -> None:
    _owners[owner.label_prefix] = owner


def is_known(label: str) -> bool:
    return label.partition(":")[0] in _owners


def may_read(label: str, actor: Actor) -> bool:
    """What no area answers for is read by nobody."""
    owner = _owners.get(label.partition(":")[0])
    return owner is not None and owner.may_read(labels.pk(label), actor)
