"""Answers against a form: whatever is typed gets a sentence or is stored in one spelling."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.cases import answers
from shanzhi.cases.shapes import FormField

TODAY = date(2026, 3, 2)
IDENTITY = "320499194503150016"


def fields(*shapes):
    return [FormField.model_validate({"label": "问", **shape}) for shape in shapes]


EVERY = fields(
    {"key": "a", "type": "text", "max": 10, "required": False},
    {"key": "b", "type": "longtext", "required": False},
    {"key": "c", "type": "choice", "options": ["甲", "乙"], "required": False},
    {"key": "d", "type": "choices", "options": ["甲", "乙"], "required": False},
    {"key": "e", "type": "date", "past": True, "required": False},
    {"key": "f", "type": "number", "min": 0, "max": 100, "required": False},
    {"key": "g", "type": "identity", "required": False},
    {"key": "h", "type": "phone", "required": False},
    {"key": "i", "type": "bank", "required": False},
    {"key": "j", "type": "address", "required": False},
    {"key": "k", "type": "file", "required": False},
    {"key": "l", "type": "name", "required": False},
    {"key": "m", "type": "group", "required": False, "max": 3, "fields": [
        {"key": "n", "label": "姓名", "type": "name"},
        {"key": "o", "label": "年龄", "type": "number", "required": False},
    ]},
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from("abcdefghijklmz"), ANYTHING))
def test_whatever_is_sent_is_stored_or_refused_by_field(raw):
    try:
        clean = answers.clean(EVERY, raw, today=TODAY)
    except answers.Invalid as invalid:
        assert set(invalid.errors) and all(invalid.errors.values())
    else:
        assert answers.clean(EVERY, clean, today=TODAY) == clean


@given(st.text(max_size=300))
def test_no_phone_or_identity_number_in_free_text_stands_in_the_clear(text):
    told = f"{text} 13800000001 {IDENTITY}"

    parted = answers.part(EVERY, answers.clean(EVERY, {"b": told}, today=TODAY))

    assert "13800000001" not in parted.words + str(parted.plain)
    assert IDENTITY not in parted.words + str(parted.plain)
    assert "13800000001" in parted.sealed["b"]


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("a", "  两  个 ", "两 个"),
        ("c", "甲", "甲"),
        ("d", ["乙", "甲"], ["甲", "乙"]),
        ("d", "乙", ["乙"]),
        ("e", "2026-03-02", "2026-03-02"),
        ("f", "12.50", "12.50"),
        ("g", "３２０４９９１９４５０３１５００１６", IDENTITY),
        ("h", "138 0000-0001", "13800000001"),
        ("h", "0519-88000001", "051988000001"),
        ("m", [{"n": "张示例", "o": "80"}, {"n": ""}], [{"n": "张示例", "o": "80"}]),
    ],
)
def test_what_is_typed_gets_one_spelling(key, typed, kept):
    assert answers.clean(EVERY, {key: typed}, today=TODAY) == {key: kept}


@pytest.mark.parametrize(
    ("key", "typed", "path"),
    [
        ("a", "超过十个字的一段文字呀", "a"),
        ("c", "丙", "c"),
        ("d", ["甲", "丙"], "d"),
        ("e", "2026-02-30", "e"),
        ("e", "2026-03-03", "e"),
        ("f", "-1", "f"),
        ("f", "101", "f"),
        ("f", "1e3", "f"),
        ("f", True, "f"),
        ("g", "320499194503150017", "g"),
        ("g", "123456789012345", "g"),
        ("h", "12345", "h"),
        ("i", "6222000000000000005", "i"),
        ("k", ["not-an-id"], "k"),
        ("m", [{"o": "80"}], "m.0.n"),
        ("m", [{"n": "张示例", "o": "八十"}], "m.0.o"),
        ("m", [{"n": "张示例"}] * 4, "m"),
        ("z", "x", "z"),
    ],
)
def test_what_does_not_fit_is_named(key, typed, path):
    with pytest.raises(answers.Invalid) as invalid:
        answers.clean(EVERY, {key: typed}, today=TODAY)
    assert list(invalid.value.errors) == [path]


def test_what_is_required_is_asked_for_inside_groups_too():
    needed = fields(
        {"key": "a", "type": "text"},
        {"key": "m", "type": "group", "min": 1, "fields": [
            {"key": "n", "label": "姓名", "type": "name"},
        ]},
    )  # fmt: skip

    with pytest.raises(answers.Invalid) as invalid:
        answers.clean(needed, {"m": [{"n": ""}]}, today=TODAY)

    assert set(invalid.value.errors) == {"a", "m"}


def test_a_browser_sends_groups_as_numbered_rows():
    from django.http import QueryDict

    post = QueryDict("a=x&d=%E7%94%B2&m-0-n=%E5%BC%A0&m-0-o=80&m-2-n=%E6%9D%8E&k=1&k=")

    raw = answers.from_post(EVERY, post)

    assert (raw["a"], raw["d"], raw["k"]) == ("x", ["甲"], ["1"])
    assert raw["m"] == [{"n": "张", "o": "80"}, {"n": "李", "o": ""}]
