"""What the registry puts into the plugs of the areas below, and its own sections."""

from shanzhi.registry import kinds, sections


def register() -> None:
    for section in sections.OWN:
        kinds.register(section)
