"""A place is a code, and a prefix is a subtree: 32 → 3204 → 320411 → 320411002 → 320411002018.

Codes are compared byte by byte (`COLLATE "C"`), so a subtree is one range of an index.
"""

LENGTHS = {2: "province", 4: "city", 6: "district", 9: "subdistrict", 12: "community", 15: "grid"}
LEVELS = {name: length for length, name in LENGTHS.items()}


def span(code: str) -> tuple[str, str]:
    """The half-open range of all codes at or below `code`; of "", of all codes there are.

    >>> span("320411")
    ('320411', '320412')
    >>> span("3209")
    ('3209', '320:')
    """
    if not code:
        return "", "~"
    return code, code[:-1] + chr(ord(code[-1]) + 1)


def holds(place: str, code: str) -> bool:
    """Is `code` the place itself or inside it?"""
    return code.startswith(place)


def level(code: str) -> str:
    return LENGTHS[len(code)]


def is_code(text: str) -> bool:
    """Are these the digits of some level?"""
    return len(text) in LENGTHS and text.isascii() and text.isdigit()


def cut(code: str, name: str) -> str:
    """The code of the level `name` that `code` lies in: "320411002018", "district" → "320411"."""
    return code[: LEVELS[name]]


def parent(code: str) -> str:
    """One level up: 320411002 → 320411; of a province, ""."""
    return code[: max((length for length in LENGTHS if length < len(code)), default=0)]


def above(code: str) -> list[str]:
    """Codes from the province down to `code` itself."""
    return [code[:length] for length in LENGTHS if length <= len(code)]
