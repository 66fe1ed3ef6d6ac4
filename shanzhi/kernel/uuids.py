"""Identifiers that are drawn at random and still rise with time (RFC 9562, version 7).

New rows then stand side by side at the end of an index, not each on a page of its own.
"""

import secrets
from datetime import datetime
from uuid import UUID


def rising(at: datetime) -> UUID:
    milliseconds = int(at.timestamp() * 1000) & (2**48 - 1)
    drawn = secrets.randbits(74)
    number = milliseconds << 80 | 0x7 << 76 | (drawn >> 62) << 64 | 0b10 << 62 | drawn & (2**62 - 1)
    return UUID(int=number)
