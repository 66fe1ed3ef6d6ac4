import re
from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict
from django.template import engines
from django.utils import timezone, translation

from shanzhi.kernel.paging import Page

from .. import filters, samples

UI = '{% import "shell/macros/ui.html" as ui %}'
FORMS = '{% import "shell/macros/forms.html" as forms %}'


def made(source, **context):
    with translation.override("en"):
        return " ".join(engines["jinja2"].from_string(source).render(context).split())


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126 Mobile Safari/537.36 "
         "MicroMessenger/8.0", "Android phone · WeChat"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1",
         "iPhone · Safari"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0 Safari/537.36 Edg/126.0",
         "Windows computer · Edge"),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)  # fmt: skip
def test_a_device_is_called_as_people_call_it(said, called):
    assert made("{{ said|device }}", said=said) == called


def test_a_clock_is_told_by_words_and_not_by_colour_alone():
    html = made(UI + "{{ ui.clock('3 hours late', 'red') }}")

    assert "Overdue" in html
    assert "3 hours late" in html
    assert "mark-red" in html


def test_dates_are_local_and_show_another_year():
    late = datetime(2020, 11, 17, 17, 30, tzinfo=UTC)  # the 18th in China
    this_year = date(timezone.localdate().year, 11, 18)

    with translation.override("zh-hans"):
        assert filters.date(late) == "2020年11月18日"
        assert filters.date(this_year) == "11月18日"
        assert filters.date_and_time(late) == "2020年11月18日 01:30"
    with translation.override("en"):
        assert filters.date(late) == "18 Nov 2020"
        assert filters.date(this_year) == "18 Nov"
    assert filters.date(None) == filters.clock_time(None) == filters.date_and_time(None) == ""


def test_a_filter_over_a_constant_is_made_anew_for_every_reader():
    template = engines["jinja2"].from_string("{{ ''|device }}")

    with translation.override("zh-hans"):
        assert template.render() == "未知设备"
    with translation.override("en"):
        assert template.render() == "Unknown device"


def test_the_query_string_keeps_the_rest():
    query = QueryDict("f=late&cursor=abc&q=王")

    assert filters.qs(query, cursor="x") == "f=late&cursor=x&q=%E7%8E%8B"
    assert filters.qs(query, cursor=None, q="") == "f=late"


def test_the_pager_leads_on_and_back_to_the_first_page():
    source = UI + "{{ ui.pager(page, query) }}"
    last = made(source, page=Page([], ""), query=QueryDict("f=late&cursor=abc"))

    assert made(source, page=Page([], ""), query=QueryDict("")) == ""
    assert 'href="?f=late"' in last
    assert "Next page" not in last
    assert 'href="?cursor=n&amp;f=late"' in made(
        source, page=Page([], "n"), query=QueryDict("cursor=abc&f=late")
    )


def test_what_people_typed_is_never_markup():
    evil = "<script>x</script>"
    html = made(
        UI + "{{ ui.badge(t) }}{{ ui.alert(t) }}{{ ui.button(t, t) }}{{ ui.facts([(t, t)]) }}"
        "{{ ui.contact(t, t, t, t) }}{{ ui.kpi(t, t) }}{{ ui.search(value=t) }}{{ ui.avatar(t) }}"
        "{{ icon('home', t) }}",
        t=evil,
    )

    assert "<script" not in html


def test_the_four_steps_say_which_one_is_now():
    html = made(UI + "{{ ui.steps4(steps) }}", steps=samples.STEPS)

    assert html.count("<li") == 4
    assert html.count('aria-current="step"') == 1


def test_an_unknown_icon_does_not_lose_the_page():
    assert made("{{ icon('no-such-icon') }}") == made("{{ icon('point') }}")
    assert 'aria-label="Search"' in made("{{ icon('search', 'Search') }}")


def test_a_field_is_tied_to_its_help_and_its_errors():
    form = samples.Application({"name": "", "way": "card"})
    html = made(FORMS + "{{ forms.field(form['name']) }}", form=form)

    assert 'aria-describedby="id_name_help id_name_error"' in html
    assert 'id="id_name_help"' in html
    assert 'id="id_name_error"' in html
    assert 'class="form-control is-invalid"' in html


@pytest.mark.parametrize(
    ("name", "marks"),
    [
        ("way", ["<fieldset", "<legend", 'type="radio"', "form-check-input"]),
        ("days", ["<fieldset", 'type="checkbox"', "optional"]),
        ("agreed", ['class="choice"', 'type="checkbox"']),
        ("photo", ['type="file"', "form-control"]),
        ("text", ["<textarea", "form-control"]),
        ("kind", ["<select", "form-select"]),
        ("born", ['type="date"', "optional"]),
    ],
)
def test_a_field_of_every_kind(name, marks):
    html = made(FORMS + "{{ forms.field(form[name]) }}", form=samples.Application(), name=name)

    assert [mark for mark in marks if mark not in html] == []


def test_what_was_typed_is_kept_when_a_form_comes_back():
    form = samples.Application({"name": "", "phone": "13800000001", "way": "cash"})
    html = made(FORMS + "{{ forms.form(form, '', 'Send') }}", form=form)

    assert 'value="13800000001"' in html
    assert re.search(r'<input[^>]*value="cash"[^>]* checked', html)
    assert 'enctype="multipart/form-data"' in html
    assert 'href="#id_name"' in html
    assert "Please look at these" in html
