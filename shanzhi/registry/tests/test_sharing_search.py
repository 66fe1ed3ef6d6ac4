"""Whatever a department calls an element, the catalogue finds it, in milliseconds."""

import time
from datetime import date
from statistics import median

import pytest
from django.utils import translation

from shanzhi.registry import kinds, masks, queries


def codes(text):
    return [entry.code for entry in queries.search_elements(text)]


NAMES = ["手机", "联系电话", "手机号", "电话", "手 机 号 码", "联系电话："]


@pytest.mark.parametrize("text", NAMES)
def test_all_names_of_the_phone_find_the_phone_first(text):
    assert codes(text)[0] == "person.phone"


def test_three_names_of_the_phone_are_one_element():
    assert {queries.element_named(text).code for text in ("联系电话", "手机号", "电话")} == {
        "person.phone"
    }
    assert queries.element_named("本人联系电话") is None
    assert queries.element_named("") is None


def test_a_question_that_holds_a_name_finds_it():
    assert codes("申请人本人联系电话号码") == ["person.phone"]


def test_the_whole_name_comes_before_a_part_of_it():
    assert codes("地址")[0] == "home.written"
    assert "person.registered_address" in codes("地址")


def test_wide_letters_and_capitals_are_the_same():
    assert codes("ＰＥＲＳＯＮ．Phone")[0] == codes("person.phone")[0] == "person.phone"


def test_titles_are_found_in_the_language_of_the_reader():
    with translation.override("en"):
        assert codes("date of birth")[0] == "person.birth"


@pytest.mark.parametrize("text", ["", "   ", "——", "没有这个数据项"])
def test_nothing_is_found_where_nothing_fits(text):
    assert codes(text) == []


def test_a_very_long_question_is_cut():
    assert codes("电话" * 5000)[0] == "person.phone"


def test_a_search_takes_less_than_five_milliseconds():
    queries.search_elements("手机")

    def once():
        began = time.perf_counter()
        queries.search_elements("手机")
        return time.perf_counter() - began

    assert median(once() for _n in range(50)) < 0.005


# --- masks ----------------------------------------------------------------------------------------


def shown(code, value, full=False):
    return masks.shown(kinds.entry(code), value, full)


@pytest.mark.parametrize(
    ("code", "value", "masked", "full"),
    [
        ("person.name", "欧阳示例", "欧阳**", "欧阳示例"),
        ("person.phone", "13800000019", "138****0019", "13800000019"),
        ("person.identity", "320499194503150016", "32" + "*" * 16, "320499194503150016"),
        ("person.birth", date(1945, 3, 15), "1945", "15 Mar 1945"),
        ("person.sex", "2", "Female", "Female"),
        ("person.state", "gone", "Moved away", "Moved away"),
        ("bank.number", "6222000000000000004", "*" * 15 + "0004", "6222000000000000004"),
        ("home.door", {"number": "256", "unit": "1", "room": "302"}, "****", "256号1单元302室"),
        ("home.longitude", 119.97, "****", "119.97"),
        ("person.registered_address", "天安别墅12幢301室", "天安别墅**", "天安别墅12幢301室"),
    ],
)
def test_one_rule_for_each_element(code, value, masked, full):
    assert (shown(code, value), shown(code, value, True)) == (masked, full)


@pytest.mark.parametrize("nothing", [None, "", {}])
def test_nothing_stays_nothing_and_is_not_made_to_look_hidden(nothing):
    assert shown("home.door", nothing) == shown("person.phone", nothing) == ""


def test_a_day_is_written_as_the_reader_writes_it():
    with translation.override("zh-hans"):
        assert shown("person.birth", date(1945, 3, 15), True) == "1945年3月15日"


def test_a_program_gets_codes_and_days_as_they_are():
    def told(code, value, full=False):
        return masks.told(kinds.entry(code), value, full)

    assert told("person.sex", "2") == "2"
    assert told("person.birth", date(1945, 3, 15), True) == "1945-03-15"
    assert told("person.birth", date(1945, 3, 15)) == "1945"
    assert told("person.phone", "13800000019") == "138****0019"
