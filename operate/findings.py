"""What an examination answers: a state, a sentence, and how to mend it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    state: str  # "ok", "warn" or "bad"
    sentence: str
    mend: str = ""


def ok(sentence: str) -> Finding:
    return Finding("ok", sentence)


def warn(sentence: str, mend: str = "") -> Finding:
    return Finding("warn", sentence, mend)


def bad(sentence: str, mend: str = "") -> Finding:
    return Finding("bad", sentence, mend)


def needs_database(function):
    function.needs_database = True
    return function
