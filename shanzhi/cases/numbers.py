"""Receipt numbers that can be read out on the phone, and the six digits that go with them."""

import re
import secrets
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.timezone import localdate
from stdnum import luhn

from shanzhi.kernel.crypto import keyed_hash

DIGITS = 12


def begin(at: datetime, submission: UUID) -> tuple[str, bool]:
    """A new number, and whether this press has its case already: in one question."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval('cases_number'), exists (select from cases_case where submission = %s)",
            [submission],
        )
        running, sent = cursor.fetchone()
        return _checked(at, running), sent


def new(at: datetime, *, once: str) -> str:
    """A new number. Two transactions that do the same thing `once` at the same time go one after
    the other from here; the second must look again whether the thing is done.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval('cases_number'), pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [once],
        )
        return _checked(at, cursor.fetchone()[0])


def _checked(at, running):
    """Year (2), a running number (9) and a check digit: 26 000000123 4."""
    first = f"{localdate(at):%y}{running:09d}"
    return first + luhn.calc_check_digit(first)


def spoken(number: str) -> str:
    """In groups of four, as it is printed: 2600 0000 1234."""
    return " ".join(number[start : start + 4] for start in range(0, DIGITS, 4))


def read(text: str) -> str | None:
    """The number a person typed or read out, None if it cannot be one."""
    number = re.sub(r"\D", "", text or "")
    return number if len(number) == DIGITS and luhn.is_valid(number) else None


def new_code() -> str:
    return f"{secrets.randbelow(1_000_000):06d}"


def code_hash(number: str, code: str) -> bytes:
    return keyed_hash(f"{number}/{code}", kind="receipt")
