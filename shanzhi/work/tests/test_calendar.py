"""The published years, what is known beyond them, and how other processes hear of a change."""

from datetime import date, timedelta

import pytest

from shanzhi.journal.queries import about
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.work import calendar, commands, notices, queries
from shanzhi.work.models import Day, Edition, Year
from shanzhi.work.rules import Notice, Rest

from .factories import ADMIN, at, notice_2027, worker

NOVEMBER = at("2026-11-10 09:00")


def span(month, first, last, year=2026):
    return [date(year, month, day) for day in range(first, last + 1)]


REST_2026 = [
    *span(1, 1, 3), *span(2, 15, 23), *span(4, 4, 6), *span(5, 1, 5), *span(6, 19, 21),
    *span(9, 25, 27), *span(10, 1, 7),
]  # fmt: skip
MAKEUP_2026 = [date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))]


def test_the_package_agrees_with_the_notice_for_2026(published):
    known = calendar.calendar()

    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    expected = [day in MAKEUP_2026 or (day.weekday() < 5 and day not in REST_2026) for day in days]
    assert [known.is_workday(day) for day in days] == expected
    assert known.known_until == date(2026, 12, 31)


def test_loading_tells_the_journal_once_and_again_does_nothing(db):
    years = commands.load_calendar(by=SYSTEM, at=NOVEMBER)

    assert years == list(range(2004, 2027))
    [edition] = Edition.objects.all()
    assert [(e.verb, e.data) for e in about(f"work.Edition:{edition.pk}")] == [
        ("work.calendar_loaded", {"first": 2004, "last": 2026})
    ]
    days = Day.objects.count()
    assert commands.load_calendar(by=SYSTEM, at=NOVEMBER) == []
    assert (Edition.objects.count(), Day.objects.count()) == (1, days)


def test_loading_leaves_alone_what_was_entered_by_hand(db):
    notice = notice_2027(
        year=2026,
        rests=(Rest("元旦", date(2026, 1, 1), date(2026, 1, 2)),),
        makeups=(),
    )
    commands.publish_year(notice=notice, by=ADMIN, at=NOVEMBER)

    assert 2026 not in commands.load_calendar(by=SYSTEM, at=NOVEMBER)

    assert Year.objects.get(year=2026).source == "国办发明电〔2026〕0号"
    assert list(Day.objects.filter(day__year=2026).values_list("day", flat=True)) == span(1, 1, 2)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2031, 1, 1), False),
        (date(2031, 1, 2), True),
        (date(2031, 5, 2), False),  # a Friday
        (date(2031, 5, 1), False),
        (date(2031, 10, 3), False),  # a Friday
        (date(2031, 10, 6), True),
        (date(2031, 10, 4), False),  # a Saturday
    ],
)
def test_beyond_the_published_years_weekends_and_fixed_holidays_rest(published, day, works):
    known = calendar.calendar()

    assert known.is_workday(day) is works
    assert not known.knows(day)


def test_an_empty_calendar_knows_nothing_and_still_counts(db):
    known = calendar.calendar()

    assert known.known_until == date.min
    assert known.is_workday(date(2026, 3, 2))
    assert not known.is_workday(date(2026, 10, 1))


def test_a_year_apart_does_not_stretch_what_is_known(published):
    later = calendar.calendar().with_year(2028, {})

    assert later.known_until == date(2026, 12, 31)
    assert later.with_year(2027, {}).known_until == date(2028, 12, 31)


def test_publishing_a_year_makes_it_known(published):
    edition = commands.publish_year(notice=notice_2027(), by=ADMIN, at=NOVEMBER)
    calendar.forget()

    known = calendar.calendar()
    assert known.edition == edition.number
    assert known.known_until == date(2027, 12, 31)
    assert [known.is_workday(date(2027, 2, day)) for day in (4, 5, 11, 12, 20, 21)] == [
        True, False, False, True, True, False,
    ]  # fmt: skip
    assert [(e.verb, e.data) for e in about(f"work.Edition:{edition.pk}")] == [
        ("work.calendar_published", {"year": 2027, "notice": "国办发明电〔2026〕0号"})
    ]


def test_a_correction_replaces_the_whole_year(published):
    commands.publish_year(notice=notice_2027(), by=ADMIN, at=NOVEMBER)
    rests = (Rest("春节", date(2027, 2, 6), date(2027, 2, 12)),)
    edition = commands.publish_year(
        notice=notice_2027(rests=rests, makeups=()), by=ADMIN, at=NOVEMBER
    )

    assert list(Day.objects.filter(day__year=2027).values_list("day", flat=True)) == span(
        2, 6, 12, 2027
    )
    assert about(f"work.Edition:{edition.pk}")[0].verb == "work.calendar_corrected"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"year": 2024}, "last year"),
        ({"source": " "}, "number"),
        ({"rests": ()}, "holidays of the year"),
        ({"rests": (Rest(" ", date(2027, 1, 1), date(2027, 1, 1)),)}, "name"),
        ({"rests": (Rest("元旦", date(2027, 1, 3), date(2027, 1, 1)),)}, "before it begins"),
        ({"rests": (Rest("元旦", date(2026, 12, 31), date(2027, 1, 1)),)}, "not within"),
        ({"rests": (Rest("元旦", date(2027, 1, 1), date(2027, 3, 1)),)}, "16 days"),
        (
            {
                "rests": (
                    Rest("中秋节", date(2027, 9, 15), date(2027, 9, 17)),
                    Rest("国庆节", date(2027, 9, 17), date(2027, 9, 20)),
                )
            },
            "overlap",
        ),
        ({"makeups": (date(2027, 3, 3),)}, "weekday"),
        ({"makeups": (date(2028, 1, 8),)}, "not within the year"),
        ({"makeups": (date(2027, 1, 2),)}, "both rest and work"),
        ({"makeups": (date(2027, 1, 30), date(2027, 1, 30))}, "twice"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused(db, english, changes, words):
    with pytest.raises(Refused, match=words):
        commands.publish_year(notice=notice_2027(**changes), by=ADMIN, at=NOVEMBER)

    assert not Year.objects.exists() and not Day.objects.exists() and not Edition.objects.exists()


def test_only_those_who_keep_the_calendar_publish(db, english):
    for by in (worker(), worker(2, "audit_admin", "3204")):
        with pytest.raises(Refused, match="keeps the calendar"):
            commands.publish_year(notice=notice_2027(), by=by, at=NOVEMBER)

    assert not Year.objects.exists()


def test_a_process_that_kept_the_calendar_reads_the_new_one_within_seconds(
    published, monkeypatch, django_assert_num_queries
):
    now = [1000.0]
    monkeypatch.setattr(calendar.time, "monotonic", lambda: now[0])
    kept = calendar.calendar()
    Year.objects.create(year=2027, source="another process", entered_at=NOVEMBER)
    Edition.objects.create(years=[2027], source="another process", published_at=NOVEMBER)

    with django_assert_num_queries(0):
        assert calendar.calendar() is kept
    now[0] += calendar.CHECK_EVERY
    assert calendar.calendar().known_until == date(2027, 12, 31)
    now[0] += calendar.CHECK_EVERY
    with django_assert_num_queries(1):
        calendar.calendar()


@pytest.mark.parametrize(
    ("moment", "role", "warned"),
    [
        ("2026-11-10 09:00", "system_admin", True),
        ("2026-11-10 09:00", "city_clerk", True),
        ("2026-11-10 09:00", "department_clerk", False),
        ("2026-10-10 09:00", "system_admin", False),
    ],
)
def test_who_keeps_the_calendar_is_warned_before_it_ends(published, moment, role, warned):
    panel = queries.calendar_ends(worker(1, role, "3204"), at(moment))

    assert panel == ({"known_until": date(2026, 12, 31)} if warned else None)


# --- reading the text of a notice -----------------------------------------------------------------

TEXT_2026 = """
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def test_the_text_of_2026_gives_its_days():
    rests, makeups = notices.parse(TEXT_2026, 2026)

    notice = Notice(2026, "国办发明电", rests, makeups)
    assert [rest.name for rest in rests] == [
        "元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节",
    ]  # fmt: skip
    assert [day for day, works in notice.works().items() if not works] == REST_2026
    assert list(makeups) == MAKEUP_2026


def test_days_of_other_forms_are_read_too():
    rests, makeups = notices.parse(
        "二、春节:1月28日至2月4日放假调休，共8天。1月26日、2月8日上班。\n三、端午节：6月3日放假。",
        2027,
    )

    assert rests == (
        Rest("春节", date(2027, 1, 28), date(2027, 2, 4)),
        Rest("端午节", date(2027, 6, 3), date(2027, 6, 3)),
    )
    assert makeups == (date(2027, 1, 26), date(2027, 2, 8))


@pytest.mark.parametrize("text", ["", "各部门要妥善安排好值班", "一、元旦：13月1日至3日放假。"])
def test_text_without_days_is_refused(text):
    with pytest.raises(Refused):
        notices.parse(text, 2027)
