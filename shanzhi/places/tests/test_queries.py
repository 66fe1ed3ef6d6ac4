import pytest

from shanzhi.kernel import Refused
from shanzhi.places import commands, memory, queries
from shanzhi.places.models import Division, Edition

from .factories import (
    CITY,
    CLERK,
    LONGCHENG,
    MONDAY,
    TIANAN,
    TODAY,
    make_city,
    make_estate,
    make_grid,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _city(db):
    make_city([*CITY, ("320402006", "兰陵街道"), ("320402006007", "天安河滨社区居委会")])


def test_names_and_paths():
    assert queries.name(TIANAN) == "天安社区"
    assert queries.name("320411002099") == queries.name("") == ""
    assert queries.names([TIANAN, "3204", "99"]) == {TIANAN: "天安社区", "3204": "常州市"}
    assert queries.path_names(TIANAN) == ["常州市", "新北区", "三井街道", "天安社区"]
    assert queries.path_names("32") == queries.path_names("") == []


def test_names_are_asked_for_once(django_assert_num_queries):
    memory.forget()
    with django_assert_num_queries(2):  # the edition, and all names of the city
        queries.names([TIANAN, LONGCHENG])
    with django_assert_num_queries(0):
        assert queries.path_names(TIANAN)[-1] == "天安社区"
        assert len(queries.names(code for code, _name in CITY)) == 9


def test_a_change_by_another_process_shows_after_a_while(monkeypatch):
    assert queries.name(TIANAN) == "天安社区"
    Division.objects.filter(code=TIANAN).update(short_name="天安新社区")
    Edition.objects.update(number=7)
    assert queries.name(TIANAN) == "天安社区"
    monkeypatch.setattr(memory, "FRESH_SECONDS", 0)
    assert queries.name(TIANAN) == "天安新社区"


def test_a_table_too_large_for_memory_is_asked_for_what_is_needed(monkeypatch):
    memory.forget()
    monkeypatch.setattr(memory, "AT_ONCE", 3)
    monkeypatch.setattr(memory, "AT_MOST", 3)
    assert queries.path_names(TIANAN) == ["常州市", "新北区", "三井街道", "天安社区"]
    assert queries.names([LONGCHENG, TIANAN]) == {LONGCHENG: "龙城社区", TIANAN: "天安社区"}


def test_children_and_counts():
    assert [each.short_name for each in queries.children("320411")] == ["河海街道", "三井街道"]
    assert [each.code for each in queries.children("")] == ["32"]
    assert queries.level_counts("320411") == {"subdistrict": 2, "community": 3}
    assert queries.below_counts("320411") == {"320411001": 1, "320411002": 2}


def test_the_present_division():
    assert queries.current(TIANAN).name == "天安社区居委会"
    assert queries.exists(TIANAN) and not queries.exists("320411002099")
    with pytest.raises(Refused, match="no division 320411002099"):
        queries.current("320411002099")


def search(text, **more):
    return [(found.name, found.path) for found in queries.search(text, **more)]


def test_communities_and_estates_are_found_by_any_part_of_their_name():
    make_estate("天安别墅", TIANAN)
    make_estate("新天安苑", LONGCHENG)
    assert search("天安") == [
        ("天安社区", "常州市 新北区 三井街道"),
        ("天安别墅", "常州市 新北区 三井街道 天安社区"),
        ("天安河滨社区", "常州市 天宁区 兰陵街道"),
        ("新天安苑", "常州市 新北区 三井街道 龙城社区"),
    ]
    assert search("天安", within="320411002")[0][0] == "天安社区"
    assert len(search("天安", within="320411002")) == 3
    assert search("天安", limit=1) == [("天安社区", "常州市 新北区 三井街道")]
    assert [name for name, _path in search("河滨")] == ["天安河滨社区"]
    assert [name for name, _path in search("天安社区居委会")] == ["天安社区"]
    assert [name for name, _path in search("河")] == ["河海社区"]  # one character: beginnings
    assert search("  ") == search("天%") == search("_安") == search("天\\") == []


def test_other_levels_are_found_where_they_are_asked_for():
    make_grid(1)
    assert search("三井街道") == []
    assert search("三井", levels=["subdistrict"]) == [("三井街道", "常州市 新北区")]
    assert search("第1网格", levels=["grid"]) == [("第1网格", "常州市 新北区 三井街道 天安社区")]


def test_what_has_ended_is_not_found_any_more():
    commands.merge(
        olds=[TIANAN, LONGCHENG], new=LONGCHENG, on=TODAY, reason="合并", by=CLERK, at=MONDAY
    )
    assert [name for name, _path in search("天安")] == ["天安河滨社区"]


def test_one_query_finds_names_in_divisions_and_one_in_estates(django_assert_num_queries):
    make_estate("天安别墅", TIANAN)
    queries.names([TIANAN])
    with django_assert_num_queries(2):
        queries.search("天安")
