"""What the registry puts into the plugs of the areas below, and its own sections."""

from shanzhi.registry import kinds, sections

from . import imports, keeping, linking, persons, rights, sharing


def register() -> None:
    for section in sections.OWN:
        kinds.register(section)
    imports.register()
    keeping.register()
    linking.register()
    persons.register()
    rights.register()
    sharing.register()
