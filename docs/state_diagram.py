"""Prints the diagram of docs/cases.md: `.venv/bin/python docs/state_diagram.py`."""

import os
import sys

import django


def diagram() -> str:
    """The table of the rules as mermaid: from each state, where it may go and by which command."""
    from shanzhi.cases.rules import NEXT

    lines = ["stateDiagram-v2", "    [*] --> submitted : submit, receive"]
    for state, targets in NEXT.items():
        lines += [f"    {state} --> {target} : {command}" for target, command in targets.items()]
        if not targets:
            lines.append(f"    {state} --> [*]")
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.development")
    django.setup()
    sys.stdout.write(diagram() + "\n")
