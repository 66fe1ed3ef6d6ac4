from hypothesis import given
from hypothesis import strategies as st

from shanzhi.kernel import places

digits = st.text("0123456789", max_size=15)
codes = st.sampled_from([2, 4, 6, 9, 12, 15]).flatmap(
    lambda length: st.text("0123456789", min_size=length, max_size=length)
)


@given(place=digits, code=digits)
def test_a_code_is_in_the_span_of_a_place_exactly_if_it_begins_with_it(place, code):
    start, end = places.span(place)
    assert (start <= code < end) == code.startswith(place) == places.holds(place, code)


@given(place=digits, rest=digits)
def test_everything_below_a_place_is_in_its_span(place, rest):
    start, end = places.span(place)
    assert start <= place + rest < end


@given(code=codes)
def test_above_goes_from_the_province_down_to_the_code_itself(code):
    line = places.above(code)
    assert line[-1] == code
    assert len(line[0]) == 2
    assert [places.parent(each) for each in line] == ["", *line[:-1]]
    assert all(places.holds(each, code) for each in line)


@given(code=codes)
def test_cutting_to_its_own_level_keeps_a_code(code):
    assert places.is_code(code)
    assert places.cut(code, places.level(code)) == code
    assert places.cut(code, "province") == code[:2]


def test_the_levels_of_one_grid():
    grid = "320411002018003"
    assert [places.level(code) for code in places.above(grid)] == [
        "province",
        "city",
        "district",
        "subdistrict",
        "community",
        "grid",
    ]
    assert places.cut(grid, "district") == "320411"
    assert places.span("320411") == ("320411", "320412")
    assert places.span("3209") == ("3209", "320:")


def test_what_is_no_code():
    assert not any(
        places.is_code(text) for text in ["", "3", "32041", "３２", "32x4", "32041100201"]
    )
