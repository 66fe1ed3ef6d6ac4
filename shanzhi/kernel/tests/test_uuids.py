from datetime import UTC, datetime, timedelta

from shanzhi.kernel import uuids

MOMENT = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)


def test_it_is_a_uuid_of_version_7_and_tells_its_millisecond():
    made = uuids.rising(MOMENT)
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(MOMENT.timestamp() * 1000)


def test_they_rise_with_time_and_differ_within_a_moment():
    assert uuids.rising(MOMENT) < uuids.rising(MOMENT + timedelta(milliseconds=1))
    assert len({uuids.rising(MOMENT) for _n in range(1000)}) == 1000
