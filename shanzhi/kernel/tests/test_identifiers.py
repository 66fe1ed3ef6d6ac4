from datetime import date

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from shanzhi.kernel import Refused, identifiers

TODAY = date(2026, 3, 2)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def identity(text):
    return identifiers.identity(text, today=TODAY)


def number(born: date, serial: int = 1, area: str = "320499") -> str:
    first = f"{area}{born:%Y%m%d}{serial:03d}"
    return first + identifiers.check_digit(first)


valid = st.builds(number, st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))


def test_the_vector_of_the_standard():
    assert identity("11010519491231002X") == "11010519491231002X"
    assert identifiers.sex("11010519491231002X") == "2"
    assert identifiers.birth("11010519491231002X") == date(1949, 12, 31)


@given(valid)
def test_every_valid_number_passes(text):
    assert identity(text) == text


@given(valid, st.integers(0, 17), st.integers(1, 9))
def test_every_single_mistyped_digit_is_noticed(text, at, step):
    old = text[at]
    new = "0123456789"[(int(old) + step) % 10] if old != "X" else str(step)
    with pytest.raises(Refused):
        identity(text[:at] + new + text[at + 1 :])


@given(valid, st.integers(0, 16))
def test_two_neighbours_typed_the_wrong_way_round_are_noticed(text, at):
    swapped = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if swapped != text:
        with pytest.raises(Refused):
            identity(swapped)


@pytest.mark.parametrize(
    "typed",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X",
        "110105-19491231-002X",
        "　11010519491231002X\n",
        "\u202d11010519491231002X\u202c",
        "\ufeff11010519491231002X",
    ],
)
def test_one_spelling_however_it_was_typed(typed):
    assert identity(typed) == "11010519491231002X"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("110105491231002", "15 digits are no longer valid"),
        ("", "has 18 characters"),
        (None, "has 18 characters"),
        ("1101051949123100", "has 18 characters"),
        ("110105194912310020X", "has 18 characters"),
        ("X1010519491231002X", "has 18 characters"),
        ("11010519491231OO2X", "has 18 characters"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "has 18 characters"),
        ("320499199002300017", "date of birth"),
        ("320499199013010014", "date of birth"),
        ("320499189912310014", "date of birth"),
        ("320499202603030018", "date of birth"),
        ("110105194912310021", "mistyped"),
    ],
)
def test_what_is_no_identity_number_gets_a_sentence(typed, sentence):
    with pytest.raises(Refused, match=sentence):
        identity(typed)


def test_someone_born_today_has_a_number():
    assert identity(number(TODAY)) == number(TODAY)
    assert identity(number(date(2024, 2, 29))) == number(date(2024, 2, 29))


@pytest.mark.parametrize("area", ["810000", "820000", "830000", "911156"])
def test_residence_permits_and_the_foreigners_card_pass(area):
    assert identity(number(date(1990, 1, 1), area=area))


@pytest.mark.parametrize(
    "typed",
    [
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        "138–0000—0001",
        "１３８００００００００１"[:3] + "00000001",
        "１３８００００００" + "01",
        "+8613800000001",
        "+86 138 0000 0001",
        "0086-13800000001",
        "8613800000001",
        "\u202d13800000001\u202c",
        " 13800000001\t",
    ],
)
def test_a_phone_has_one_spelling(typed):
    assert identifiers.phone(typed) == "13800000001"
    assert identifiers.telephone(typed) == "13800000001"


@pytest.mark.parametrize(
    "typed",
    [
        "", None, "12800000001", "1380000000", "138000000011", "+8513800000001", "1380000000a",
        "13٠٠٠٠٠٠٠٠٠", "0519-88000001", "86 86 13800000001", "138 0000 0001 转 2",
    ],
)  # fmt: skip
def test_what_is_no_mobile_number_is_refused(typed):
    with pytest.raises(Refused, match="eleven digits"):
        identifiers.phone(typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0519-88000001", "051988000001"),
        ("010 12345678", "01012345678"),
        ("12345", "12345"),
        ("110", "110"),
        ("95598", "95598"),
        ("400-800-0001", "4008000001"),
    ],
)
def test_landlines_and_service_numbers(typed, kept):
    assert identifiers.telephone(typed, service=True) == kept


@pytest.mark.parametrize("typed", ["", "88000001", "05198800", "0519880000012", "7", "abc"])
def test_what_cannot_be_called_is_refused(typed):
    with pytest.raises(Refused, match="area code"):
        identifiers.telephone(typed)


def luhn(first: str) -> str:
    total = sum(
        n - 9 * (n > 9) for n in (int(d) * (2 - i % 2) for i, d in enumerate(reversed(first)))
    )
    return first + str(-total % 10)


@given(st.text("0123456789", min_size=15, max_size=18), st.data())
def test_a_card_number_with_a_mistyped_digit_is_refused(first, data):
    card = luhn(first)
    assert identifiers.bank_card(f" {card[:4]} {card[4:]} ") == card
    at = data.draw(st.integers(0, len(card) - 1))
    wrong = str((int(card[at]) + data.draw(st.integers(1, 9))) % 10)
    with pytest.raises(Refused, match="mistyped"):
        identifiers.bank_card(card[:at] + wrong + card[at + 1 :])


def test_older_accounts_have_no_check_digit():
    assert identifiers.bank_card("320499000001") == "320499000001"
    for wrong in ("32049900000", "3" * 20, "", "32049900000a", "١٢٣٤٥٦٧٨٩٠١٢"):
        with pytest.raises(Refused, match="12 to 19 digits"):
            identifiers.bank_card(wrong)


@given(st.text())
@example("\ud800")
def test_any_text_is_answered(text):
    """With the number in one spelling, ASCII only, or with a sentence."""
    checks = (
        identity,
        identifiers.phone,
        identifiers.telephone,
        identifiers.bank_card,
    )
    for check in checks:
        try:
            kept = check(text)
        except Refused:
            continue
        assert kept.isascii()
        assert check(kept) == kept
