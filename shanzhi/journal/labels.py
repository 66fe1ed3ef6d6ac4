"""What an entry is about, in one word: "cases.Case:17"."""

from django.db.models import Model


def label(obj: Model) -> str:
    return f"{obj._meta.label}:{obj.pk}"


def pk(label: str) -> int | str:
    """The key in a label: a number where it is one, else its text."""
    text = label.partition(":")[2]
    return int(text) if text.isdecimal() else text
