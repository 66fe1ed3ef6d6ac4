"""Changing the keys that seal personal values: what each still seals, and sealing it anew."""

from collections import Counter
from datetime import datetime

from django.conf import settings
from django.db import transaction

from shanzhi.journal.commands import record
from shanzhi.kernel import rotation
from shanzhi.kernel.acting import SYSTEM

from .progress import Tell


def rotate(*, at: datetime, tell: Tell) -> rotation.Outcome:
    outcome = rotation.rotate(tell)
    if outcome.resealed:
        with transaction.atomic():
            record(
                "operate.keys_rotated", about=f"operate.Key:{rotation.names()[0].hex()}",
                by=SYSTEM, at=at, place=settings.SHANZHI_CITY, values=outcome.resealed,
            )  # fmt: skip
    return outcome


def told(outcome: rotation.Outcome) -> list[str]:
    sentences = [f"{outcome.resealed:,} values were sealed anew and opened again."]
    return sentences + [
        f"{count:,} values of {where} cannot be opened with these keys, or were altered; they were "
        "left as they are."
        for where, count in outcome.unopened.items()
    ]


def status() -> list[str]:
    """A sentence a key, in the order of SHANZHI_KEYS, and one for keys that are missing there."""
    sealed: Counter[bytes] = Counter()
    for found in rotation.counts().values():
        sealed += found
    names = rotation.names()
    known = [_key(name, place, names, sealed[name]) for place, name in enumerate(names)]
    missing = {name: count for name, count in sealed.items() if name not in names}
    return known + [
        f"Key {name.hex()} is not in SHANZHI_KEYS and seals {count:,} values: add it again."
        for name, count in missing.items()
    ]


def _key(name, place, names, count):
    sentence = f"Key {name.hex()} ({place + 1} of {len(names)}) seals {count:,} values"
    last = place == len(names) - 1
    if place == 0:
        return f"{sentence} and every new one{'; by it phones and numbers are found' * last}."
    if last:
        return f"{sentence}. Keep it: by it phones and identity numbers are found."
    if count:
        return f"{sentence}. Run: shanzhi keys rotate"
    return f"{sentence}. It may be dropped, once no back-up made before today is needed."
