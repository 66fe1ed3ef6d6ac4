import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from shanzhi.kernel import words

texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
odd = st.text("a1 :*&|!()<>'\"\\%_-.二办件℃²ª\0\u0301\ud800", max_size=30)


def matches(text: str, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select to_tsvector('simple', %s) @@ to_tsquery('simple', %s)",
            [words.for_index(text), words.for_query(query)],
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db
@given(texts | odd)
@example("办件 & | ! ( ) :* <-> ' \\")
@example("a" * 5000)
@example("词" * 5000)
@example("\ud800\0")
@example("3.14 1e5 -7 a_b x@y.cn http://a.b/c?d=1")
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_a_query(text):
    matches(text, text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("天安社区残疾人两项补贴申请", "残疾人补贴"),
        ("天安社区残疾人两项补贴申请", "补贴 天安"),
        ("楼道堆放杂物，请尽快清理。", "清理杂物"),
        ("ＷｉＦｉ信号差", "wifi"),
        ("Street lamp No.12 broken", "lamp bro"),
        ("面积3.14平方米", "3.14"),
        ("编号a_b", "A_B"),
        ("上门服务", "上门"),
    ],
)
def test_a_text_is_found_by_its_words(text, query):
    assert matches(text, query)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "query"), [("残疾人补贴", "高龄补贴"), ("路灯", "灯杆"), ("lamp", "amp"), ("路灯", "")]
)
def test_and_not_by_others(text, query):
    assert not matches(text, query)


def test_a_query_has_at_most_twenty_words():
    assert words.for_query("甲 " * 1000).count("甲") == 20
    assert words.for_query("，。！ \0 _") == ""
    assert words.for_query("") == words.for_query(None) == words.for_index("", None) == ""


def test_every_word_must_occur_and_the_last_may_be_unfinished():
    assert words.for_query("路灯 lam") == "路灯 & lam:*"
