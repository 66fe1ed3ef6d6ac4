"""Identity numbers, phones and bank accounts: one spelling, and a check before they are stored."""

import re
import unicodedata
from datetime import date
from operator import mul

from django.utils.translation import gettext_lazy as _
from stdnum import luhn

from . import Refused

CITIZEN = re.compile(r"[0-9]{17}[0-9X]")
MOBILE = re.compile(r"1[3-9][0-9]{9}")
LANDLINE = re.compile(r"0[0-9]{9,11}")
SERVICE = re.compile(r"1[0-9]{2,4}|9[56][0-9]{3,4}|[48]00[0-9]{7}")  # 12345, 95598, 400 …
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def plain(text: str) -> str:
    """Half-width, without spaces and dashes: １３８ 0000-0000 → 13800000000.

    Phones wrap a number copied from their contacts in invisible marks of writing direction.
    """
    if text and text.isascii() and text.isalnum():
        return text
    text = unicodedata.normalize("NFKC", text or "")
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    return re.sub(r"[\s\-\u2010-\u2015]", "", text)


def phone(text: str) -> str:
    """A mainland mobile number in eleven digits, or Refused."""
    number = re.sub(r"^(\+?86|0086)(?=1)", "", plain(text))
    if not MOBILE.fullmatch(number):
        raise Refused(_("Enter a mobile number of eleven digits."))
    return number


def telephone(text: str, *, service: bool = False) -> str:
    """A mobile number or a landline with its area code; with `service` also 12345; or Refused."""
    number = plain(text)
    if MOBILE.fullmatch(number):  # most
        return number
    number = re.sub(r"^(\+?86|0086)(?=1)", "", number)
    patterns = (MOBILE, LANDLINE, SERVICE) if service else (MOBILE, LANDLINE)
    if any(pattern.fullmatch(number) for pattern in patterns):
        return number
    raise Refused(_("Enter a mobile number, or a landline with its area code."))


def check_digit(first17: str) -> str:
    """The last character of a citizen number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(map(mul, map(int, first17), WEIGHTS)) % 11]


def identity(text: str, *, today: date) -> str:
    """A citizen identity number of 18 characters whose checksum and date hold, or Refused.

    Residence permits of Hong Kong, Macao and Taiwan residents (81, 82, 83) and the foreigners' card
    of 2023 (first digit 9) have the same form and checksum.
    """
    number = plain(text).upper()
    if not CITIZEN.fullmatch(number):
        if re.fullmatch(r"[0-9]{15}", number):
            raise Refused(_("Numbers of 15 digits are no longer valid; enter the 18 on the card."))
        raise Refused(_("An identity number has 18 characters."))
    born = birth(number)
    if born is None or not date(1900, 1, 1) <= born <= today:
        raise Refused(_("The date of birth in this identity number does not exist."))
    if number[17] != check_digit(number[:17]):
        raise Refused(_("This identity number is mistyped: its last digit does not fit."))
    return number


def birth(number: str) -> date | None:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def sex(number: str) -> str:
    """GB/T 2261.1: "1" male, "2" female."""
    return "1" if int(number[16]) % 2 else "2"


def bank_card(text: str) -> str:
    """A bank account of 12 to 19 digits, by the Luhn check from 16 on; or Refused."""
    number = plain(text)
    if not re.fullmatch(r"[0-9]{12,19}", number):
        raise Refused(_("A bank account has 12 to 19 digits."))
    if len(number) >= 16 and not luhn.is_valid(number):
        raise Refused(_("This bank account is mistyped: its last digit does not fit."))
    return number
