"""Amounts in parts and in words: no cent is lost, whatever is divided."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as some

from ..kinds import CENT, DIGITS, capital, parts

cents = some.integers(1, 99_999_999_99)
days = some.sets(some.integers(0, 364), min_size=1, max_size=12).map(
    lambda found: [date(2027, 1, 1) + timedelta(n) for n in found]
)


@given(cents, days)
def test_the_parts_are_equal_to_the_cent_and_their_sum_is_what_was_promised(amount, days):
    promised = amount * CENT
    found = parts(promised, days)
    amounts = [each for _day, each in found]
    assert sum(amounts) == promised
    assert [day for day, _each in found] == sorted(days)
    assert max(amounts) - min(amounts) <= CENT
    assert amounts == sorted(amounts, reverse=True)


def test_nothing_is_paid_without_an_amount_or_a_day():
    assert parts(Decimal(0), [date(2027, 1, 1)]) == []
    assert parts(Decimal(5), []) == []


PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read_aloud(words: str) -> Decimal:
    """What a reader makes of capital characters, one after the other."""
    whole, _yuan, rest = words.rpartition("元")
    total, group, digit = 0, 0, 0
    for each in whole:
        if each in DIGITS:
            digit = DIGITS.index(each)
        elif each in PLACES:
            group, digit = group + digit * PLACES[each], 0
        else:
            total, group, digit = total + (group + digit) * {"万": 10**4, "亿": 10**8}[each], 0, 0
    total += group + digit
    small = sum(
        DIGITS.index(rest[n - 1]) * worth
        for n, each in enumerate(rest)
        if (worth := {"角": 10, "分": 1}.get(each))
    )
    return total + small * CENT


@given(some.integers(0, 99_999_999_99))
def test_capital_characters_say_the_amount(amount):
    words = capital(amount * CENT)
    assert read_aloud(words) == amount * CENT
    assert "零零" not in words


def test_capital_characters_as_a_cheque_has_them():
    known = {
        "0": "零元整", "10": "壹拾元整", "1001": "壹仟零壹元整", "20000": "贰万元整",
        "100300": "壹拾万零叁佰元整", "12003.50": "壹万贰仟零叁元伍角", "8.05": "捌元零伍分",
        "0.60": "陆角", "30010000": "叁仟零壹万元整",
    }  # fmt: skip
    assert {amount: capital(Decimal(amount)) for amount in known} == known
