"""How names, addresses and births are read before they are compared."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanzhi.registry.linking import (
    CHINESE,
    Pair,
    Part,
    Record,
    from_row,
    homes,
    likely,
    names,
    propose,
    rank,
    records,
)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("王 瑋", "王玮"), ("劉　偉", "刘伟"), ("买买提•艾力", "买买提·艾力"),
        ("李四（户主）", "李四"),
        ("张喆", "张哲"), ("Ｗang　Wei", "wangwei"), ("·王·", "王"), ("", ""), ("陈堃", "陈坤"),
    ],
)  # fmt: skip
def test_a_name_has_one_spelling(written, read):
    assert names.one_spelling(written) == read


@pytest.mark.parametrize(
    ("one", "two"),
    [("王伟", "王玮"), ("张静", "张婧"), ("单立", "山丽"), ("曾乐", "增勒"), ("解放", "谢芳")],
)  # fmt: skip
def test_homophones_sound_the_same_also_by_a_rare_reading_of_the_surname(one, two):
    assert set(names.sounds(one)) & set(names.sounds(two))


@pytest.mark.parametrize(("one", "two"), [("陈林", "程宁"), ("张丽", "臧妮"), ("胡兰", "傅南")])
def test_what_is_easily_misheard_is_alike(one, two):
    assert names.alike(names.sounds(one)[0]) == names.alike(names.sounds(two)[0])


def test_a_name_in_letters_sounds_as_it_is_written():
    assert names.sounds("wangwei") == ["wangwei"]
    assert names.sounds("买买提·ali")[0].endswith("·ali")


@given(st.text(max_size=30))
def test_any_text_has_one_spelling_and_keeps_it(text):
    once = names.one_spelling(text)
    assert names.one_spelling(once) == once
    assert len(names.sounds(once)) <= names.MOST_READINGS


@pytest.mark.parametrize(
    "written",
    [
        "天安别墅12幢1单元301室", "天安别墅12-1-301", "天安别墅12-301", "天安别墅 12栋 301",
        "江苏省常州市新北区三井街道天安社区天安别墅12号楼301室", "天安别墅小区012幢301",
        "竹林北路256号天安别墅十二幢甲单元三〇一室", "天安别墅１２幢３０１",
    ],
)  # fmt: skip
def test_an_address_leads_to_one_door_however_it_is_written(written):
    assert homes.read(written).door_key == "天安别墅/12/301"


def test_a_dwelling_of_the_registry_has_the_key_of_the_text():
    assert homes.of_parts("天安别墅", "", "", "12", "301").door_key == "天安别墅/12/301"
    assert homes.read("竹林北路256号").estate_key == "竹林北路256"
    assert homes.read("").estate_key == ""
    assert homes.read("天安别墅").door_key == ""


@given(st.text(max_size=60))
def test_any_text_can_be_read_as_an_address(text):
    home = homes.read(text)
    assert not home.door_key or home.estate_key


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1958-03-07", "19580307"), ("1958.3.7", "19580307"), ("1958年3月7日", "19580307"),
        ("19580307", "19580307"), ("1958-03", "19580301"), ("1958", "19580101"),
        (date(1958, 3, 7), "19580307"), ("", ""), (None, ""), ("不详", ""), ("58-3-7", ""),
    ],
)  # fmt: skip
def test_a_birth_is_read_in_the_ways_lists_have_it(written, read):
    assert records.birth(written) == read


def test_a_row_is_read_by_the_names_of_the_catalogue():
    row = {
        "person.name": "王伟", "person.former_name": "王小毛", "person.sex": "男",
        "person.birth": "1958.3.7", "person.phone": "+86 138-0000-0001",
        "home.written": "天安别墅12-301", "household.relation": "02", "else": "ignored",
    }  # fmt: skip
    assert from_row(7, row) == Record(
        7, "王伟", ("王小毛",), "1", "19580307", ("13800000001",),
        (homes.read("天安别墅12幢301室"),), "02",
    )  # fmt: skip


# --- pairs ----------------------------------------------------------------------------------------


def one(number=1, name="王伟", **more):
    given = {"sex": "1", "birth": "19580307", "phones": ("13800000001",),
             "homes": (homes.read("天安别墅12-301"),)}  # fmt: skip
    return Record(number, name, **(given | more))


def levels(left, right):
    pairs = propose([left], [right], model=CHINESE, least=-99)
    return {part.field: part.level for part in pairs[0].parts} if pairs else {}


@pytest.mark.parametrize(
    ("changed", "field", "level"),
    [
        ({}, "name", "same"), ({"name": "王瑋"}, "name", "sound"),
        ({"name": "李伟", "former": ("王伟",)}, "name", "former"),
        ({"name": "黄伟"}, "name", "other"), ({"birth": "19580703"}, "birth", "turned"),
        ({"birth": "19580101"}, "birth", "only_year"), ({"birth": "19580370"}, "birth", "digit"),
        ({"birth": "19580207"}, "birth", "digit"), ({"birth": "19580408"}, "birth", "lunar"),
        ({"birth": "19600307"}, "birth", "near_year"), ({"birth": "19700909"}, "birth", "other"),
        ({"birth": ""}, "birth", "unknown"), ({"sex": "2"}, "sex", "other"),
        ({"phones": ("13800000010",)}, "phone", "digit"),
        ({"phones": ("13811111111", "13800000001")}, "phone", "same"),
        ({"homes": (homes.read("红梅新村1-101"), homes.read("天安别墅12-301"))}, "home",
         "door_and_phone"),
        ({"homes": (homes.read("天安别墅12-502"),)}, "home", "building"),
        ({"homes": (homes.read("天安别墅3-502"),)}, "home", "estate"),
        ({"homes": ()}, "home", "unknown"),
    ],
)  # fmt: skip
def test_each_step_is_met(changed, field, level):
    assert levels(one(), one(2, **changed))[field] == level


def test_names_of_three_characters_may_differ_in_one():
    assert levels(one(name="王建国"), one(2, "王建设"))["name"] == "one_of_siblings"
    assert levels(one(name="王建国"), one(2, "王建设", homes=()))["name"] == "one_sign"
    assert levels(one(name="陈海林"), one(2, "程海宁", homes=()))["name"] == "alike"


def test_a_name_in_parts_is_met_by_its_first():
    assert levels(one(name="买买提·艾力"), one(2, "买买提"))["name"] == "part"


def test_a_father_and_a_son_at_one_door_with_one_phone_are_two():
    father = one(1, "王建国", birth="19500307")
    son = one(2, "王磊", birth="19780711")
    assert [pair for pair in propose([father], [son], model=CHINESE) if pair.weight > 0] == []


def test_nothing_comes_of_nothing():
    assert propose([], [], model=CHINESE) == []
    assert propose([one()], model=CHINESE) == []
    assert propose([one()], [], model=CHINESE) == []
    assert propose([Record(1)], [Record(1)], model=CHINESE) == []


def test_in_one_list_a_pair_is_proposed_once():
    pairs = propose([one(5), one(3), one(9, "李娜", birth="19900101")], model=CHINESE)
    assert [(pair.left, pair.right) for pair in pairs if pair.weight > 0] == [(3, 5)]


def test_of_several_the_best_is_suggested_and_only_where_it_is_clear():
    def pair(left, right, weight):
        return Pair(left, right, weight, -8, (Part("name", "same", weight),))

    ranked = rank([pair(1, 1, 20), pair(1, 2, 12), pair(2, 2, 11), pair(3, 3, 5)])
    assert [each.suggested for each in ranked] == [True, False, False, False]
    assert [each.lead for each in ranked] == [8, -8, -1, 9]
    twice = rank([pair(1, 2, 12), pair(1, 3, 11)], one_list=True)
    assert [each.suggested for each in twice] == [True, True]


def test_bits_are_odds():
    assert likely(0) == 0.5
    assert round(likely(6), 4) == 0.9846
    assert likely(-2000) == 0
