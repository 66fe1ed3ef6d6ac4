import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from shanzhi.kernel import identifiers, masking


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王小明", "王**"),
        ("王明", "王*"),
        ("王", "王"),
        ("欧阳明", "欧阳*"),
        ("欧阳小明", "欧阳**"),
        ("欧阳", "欧*"),
        ("诸葛小明", "诸葛**"),
        ("买买提·艾力", "买**"),
        ("阿卜杜拉·买买提江", "阿**"),
        ("𠮷小明", "𠮷**"),
        ("John Smith", "J**"),
        ("  王小明 ", "王**"),
        ("", ""),
        (None, ""),
    ],
)
def test_of_a_name_the_surname_stays(text, shown):
    assert masking.name(text) == shown


@given(st.text())
def test_of_a_name_never_more_than_two_characters_stay(text):
    shown = masking.name(text)
    assert len(shown.replace("*", "")) <= 2 or "*" in text
    assert len(shown) <= 4


def test_phones_identities_and_accounts():
    assert masking.phone("13800000019") == "138****0019"
    assert masking.phone("051988000019") == "********0019"
    assert masking.phone("110") == "110"
    assert masking.phone(None) == masking.phone("") == ""
    assert masking.identity("32049919900101001X") == "32" + "*" * 16
    assert masking.identity(None) == ""
    assert masking.bank("6222020000001234567") == "*" * 15 + "4567"
    assert masking.bank(None) == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("天安别墅12幢301室", "天安别墅**"),
        ("天安别墅12幢", "天安别墅**"),
        ("天安别墅 12栋 301", "天安别墅**"),
        ("天安别墅3-2-501", "天安别墅**"),
        ("天安别墅，3-501", "天安别墅**"),
        ("天安别墅#12", "天安别墅**"),
        ("河景花园1号楼2单元", "河景花园**"),
        ("河景花园A座1503", "河景花园**"),
        ("河景花园B-1203", "河景花园**"),
        ("河景花园东区17-甲-502", "河景花园东区**"),
        ("和平花园 301", "和平花园**"),
        ("和平花园１２幢３０１室", "和平花园**"),
        ("和平花园十二幢三零一室", "和平花园**"),
        ("和平花园三〇一", "和平花园**"),
        ("和平花园甲单元", "和平花园**"),
        ("和平花园五楼", "和平花园**"),
        ("竹林北路88号", "竹林北路**"),
        ("竹林北路88", "竹林北路**"),
        ("竹林北路88-3号", "竹林北路**"),
        ("竹林北路八十八号", "竹林北路**"),
        ("天宁区竹林北路256号天安别墅12幢301室", "天宁区竹林北路**天安别墅**"),
        ("人民中路15-3号河海广场A座1503", "人民中路**河海广场**"),
        ("人民路8号王小明家2楼", "人民路**"),
        ("人民路8号院3号楼", "人民路**"),
        ("府西巷3弄5号", "府西巷**"),
        ("薛家镇张家村十组12号", "薛家镇张家村**"),
        ("薛家镇张家村3队", "薛家镇张家村**"),
        ("312国道北侧张家村5号", "312国道北侧张家村**"),
        ("五一路", "五一路"),
        ("五一小区3幢", "五一小区**"),
        ("二号桥小区4栋", "二号桥小区**"),
        ("朝阳二村丙单元", "朝阳二村**"),
        ("三井街道天安社区", "三井街道天安社区"),
        ("301室", "**"),
        ("", ""),
        (None, ""),
    ],
)
def test_of_an_address_the_estate_stays_and_never_the_room(text, shown):
    assert masking.address(text) == shown


parts = st.lists(
    st.sampled_from(
        ["天安别墅", "竹林北路", "人民路", "12", "３", "幢", "栋", "号", "号楼", "单元", "室", "-",
         "三零一", "十二", "A", "座", " ", "花园", "312国道", "东"]
    )
)  # fmt: skip


@given(parts.map("".join) | st.text())
def test_no_number_of_a_house_or_room_remains(text):
    shown = masking.address(text)
    assert not re.search(r"\d(?!\d*(国道|省道|县道|乡道))", shown)
    assert masking.address(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("电话13800000001请回电", "电话138****0001请回电"),
        ("打138 0000 0001或138-0000-0002", "打138****0001或138****0002"),
        ("tel13800000001x", "tel138****0001x"),
        ("138.0000.0001", "138****0001"),
        ("138－0000－0001", "138****0001"),
        ("１３８０００００００１", "138****0001"),
        ("138 - 0000 - 0001", "138****0001"),
        ("1 3 8 0 0 0 0 0 0 0 1", "138****0001"),
        ("138000 00001", "138****0001"),
        ("+8613800000001", "138****0001"),
        ("+86 138 0000 0001", "138****0001"),
        ("0086-13800000001", "138****0001"),
        ("013800000001", "138****0001"),
        ("13800000001、13800000002", "138****0001、138****0002"),
        ("13800000001\n13800000002", "138****0001\n138****0002"),
        ("身份证32049919900101001X。", "身份证32****************。"),
        ("身份证32049919900101001x号", "身份证32****************号"),
        ("ID320499199001010019ok", "ID32****************ok"),
        ("320499 19900101 0019", "32****************"),
        ("320499-1990-01-01-0019", "32****************"),
        ("３２０４９９１９９００１０１００１９", "32****************"),
        ("残疾证32049919900101001942", "残疾证****************1942"),
        ("旧号320499900101001", "旧号***********1001"),
        ("卡号6222020000001234567", "卡号***************4567"),
        ("6222 0200 0000 1234 567", "***************4567"),
        ("622202 0000001234567", "***************4567"),
        ("订单123456789012345678", "订单12****************"),
        ("0519-88000001", "********0001"),
        ("（0519）8800 0001", "********0001"),
        ("051988000001", "********0001"),
        ("010-12345678", "*******5678"),
    ],
)
def test_numbers_in_a_text_are_masked(text, shown):
    assert masking.scrub(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "路灯从2026年3月2日起不亮，共12盏",
        "2026-03-02 13:00-14:00 至 2026-03-05",
        "2026-03-02 09:30:00",
        "2025.12.31—2026.01.05",
        "办件260000001234，即2600 0000 1234",
        "拨打12345、110或95598",
        "编号12345678",
        "3.1415926535",
        "第1、3、5、7、9、11、13、15号楼",
        "没有号码",
        "",
    ],
)
def test_dates_and_receipt_numbers_stay(text):
    assert masking.scrub(text) == text


@pytest.mark.parametrize("sign", ["\u200b", "\u202a", "\u202e", "\u2060", "\ufeff"])
def test_signs_nobody_sees_hide_no_number(sign):
    assert masking.scrub(f"电话{sign}138{sign}0000{sign}0019{sign}") == "电话138****0019"


mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
around = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=8)
gaps = st.sampled_from(["", " ", "-", "－", "·", "\u3000"])


@given(around, mobiles, st.lists(gaps, min_size=10, max_size=10), around)
def test_no_mobile_number_survives_however_it_is_grouped(before, number, between, after):
    assume(not re.search(r"[\d\-–·\s]$", before))
    typed = "".join(d + gap for d, gap in zip(number, [*between, ""], strict=True))
    shown = masking.scrub(before + typed + after)
    assert number not in re.sub(r"[^\d]", "", shown)
    assert f"{number[:3]}****{number[-4:]}" in shown


@given(st.lists(mobiles | around | st.text("0123456789 -", max_size=20)).map("".join))
@example("138000000001 1380000000")
def test_no_eleven_digits_of_a_mobile_remain_in_any_text(text):
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", masking.scrub(text))
    assert not re.search(r"\d{13}", masking.scrub(text))


@given(around, st.dates(), st.integers(0, 999), around)
def test_no_identity_number_survives(before, born, serial, after):
    first = f"320499{born.year:04d}{born:%m%d}{serial:03d}"
    number = first + identifiers.check_digit(first)
    shown = masking.scrub(before + number + after)
    assert number[2:] not in shown
    assert number[6:14] not in shown


@given(st.text("0123456789X* -一", max_size=60))
def test_what_was_masked_is_masked_no_further_into_the_open(text):
    once = masking.scrub(text)
    shown = [run for run in re.findall(r"\d+", masking.scrub(once)) if len(run) > 12]
    assert shown == []
