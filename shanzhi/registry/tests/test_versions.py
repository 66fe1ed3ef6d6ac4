"""History against a list of statements: for every day the last one known about a field holds."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from shanzhi.kernel import crypto
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import commands, versions
from shanzhi.registry.models import PersonKey, Version

from . import factories
from .factories import MONDAY

FIRST = date(2026, 3, 2)
HOUR = timedelta(hours=1)
FIELDS = ("phone", "marital", "employer")

values = some.dictionaries(some.sampled_from(FIELDS), some.integers(0, 2), min_size=1, max_size=2)
statements = some.lists(
    some.tuples(some.one_of(some.none(), some.integers(-4, 4)), some.integers(0, 2), values),
    max_size=6,
)


def written(numbered):
    choices = {
        "phone": ("13800000001", "13800000002", "13800000003"),
        "marital": ("10", "20", "30"),
        "employer": ("", "示例厂", "示例公司"),
    }
    return {field: choices[field][number] for field, number in numbered.items()}


class Naive:
    """The whole story as a list; what a row's beginning is, it finds by looking at all of it."""

    def __init__(self, first, begins, known):
        self.told = [(begins, known, first)]
        self.begins, self.last = begins, known

    def tell(self, effective, known, told):
        known = max(known, self.last)
        day = self.begins if effective is None else effective
        differs = self.differs(day, told)
        self.told.append((day, known, told))
        if differs:
            self.last = known
        if self.differs_now and day > self.begins:
            self.begins = day

    def differs(self, day, told):
        last = max(each[0] for each in self.told)
        days = [day + timedelta(n) for n in range((last - day).days + 1)] or [day]
        self.differs_now = self.differ(max(last, day), told)
        return any(self.differ(each, told) for each in days)

    def differ(self, day, told):
        now = self.as_of(day, None) or {}
        return any(now.get(field) != value for field, value in told.items())

    def as_of(self, day, known_at):
        found = None
        for begins, known, told in self.told:
            if begins <= day and (known_at is None or known <= known_at):
                found = (found or {}) | told
        return found


@pytest.mark.usefixtures("city")
@given(told=statements)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_of_is_what_a_list_of_statements_says_for_every_day_and_moment(told):
    first = written({"phone": 0, "marital": 0, "employer": 0})
    person = factories.person(**first, when=MONDAY)
    naive = Naive(first, FIRST, MONDAY)
    moment = MONDAY
    source = factories.source()
    for effective, later, numbered in told:
        moment += later * HOUR
        day = None if effective is None else FIRST + timedelta(effective)
        row = versions.current_row(person.pk, versions.kinds.SECTIONS["person"])
        changed = versions.state(
            row, versions.kinds.SECTIONS["person"], written(numbered),
            effective=day, source_id=source.pk, at=moment,
        )  # fmt: skip
        commands.persons.steps.save_changed(row, versions.kinds.SECTIONS["person"], changed, FIRST)
        naive.tell(day, moment, written(numbered))
    moments = {MONDAY - HOUR, moment + HOUR} | {MONDAY + n * HOUR for n in range(13)}
    for known_at in sorted(each for each in moments if each <= moment + HOUR):
        for offset in range(-5, 6):
            day = FIRST + timedelta(offset)
            found = versions.as_of(person.pk, "person", day=day, known_at=known_at)
            found = found and {field: found[field] for field in FIELDS if field in found}
            assert found == naive.as_of(day, known_at), (day, known_at)
    assert_never_two_answers(person)


def assert_never_two_answers(person):
    spans = versions.timeline(person.pk, "person")
    moments = {span.known_from for span in spans} | {span.known_to for span in spans} - {None}
    days = {span.valid_from for span in spans}
    for known_at in moments - {None}:
        for day in days:
            holding = [
                span for span in spans
                if span.valid_from <= day and (span.valid_to is None or day < span.valid_to)
                and span.known_from <= known_at
                and (span.known_to is None or known_at < span.known_to)
            ]  # fmt: skip
            assert len(holding) <= 1


@pytest.fixture
def zhang(city):
    return factories.person("张示例", phone="13800000001")


def change(person, effective=None, when=MONDAY + factories.DAY, **values):
    return commands.change(
        section="person", person=person, values=values, effective=effective,
        source=factories.source(), by=SYSTEM, at=when,
    )  # fmt: skip


def told(person, day, known_at, field="phone"):
    found = versions.as_of(person.pk, "person", day=day, known_at=known_at)
    return found and found.get(field)


def test_a_change_leaves_what_was_believed_and_what_stays_true_of_the_past(zhang):
    changed = change(zhang, date(2026, 3, 3), phone="13800000002")
    assert changed == ["phone"]
    assert Version.objects.filter(person_id=zhang.pk).count() == 2
    after = MONDAY + 2 * factories.DAY
    assert told(zhang, date(2026, 3, 3), after) == "13800000002"
    assert told(zhang, date(2026, 3, 2), after) == "13800000001"
    assert told(zhang, date(2026, 3, 3), MONDAY) == "13800000001"
    assert told(zhang, date(2026, 3, 1), after) is None


def test_a_correction_leaves_only_what_was_believed(zhang):
    change(zhang, phone="13800000002")
    assert Version.objects.filter(person_id=zhang.pk).count() == 1
    assert told(zhang, date(2026, 3, 2), MONDAY + 2 * factories.DAY) == "13800000002"
    assert told(zhang, date(2026, 3, 2), MONDAY) == "13800000001"


def test_what_is_the_same_leaves_nothing(zhang):
    assert change(zhang, date(2026, 3, 3), phone="138 0000 0001") == []
    assert not Version.objects.exists()
    assert not PersonKey.objects.exists()


def test_dates_and_nothing_come_back_as_they_were(zhang):
    change(zhang, birth=date(1950, 3, 15), education="20")
    before = versions.as_of(zhang.pk, "person", day=date(2026, 3, 2), known_at=MONDAY)
    assert (before["birth"], before["education"], before["other_phone"]) == (
        date(1950, 3, 15), "", None,
    )  # fmt: skip


def test_a_dump_shows_nothing_of_a_version(zhang):
    change(zhang, phone="13800000002")
    sealed = bytes(Version.objects.get().sealed)
    assert "张示例".encode() not in sealed
    assert b"13800000001" not in sealed


def test_without_the_key_nothing_opens_and_the_timeline_says_so(zhang):
    change(zhang, date(2026, 3, 3), phone="13800000002")
    assert versions.destroy_key(zhang.pk)
    assert told(zhang, date(2026, 3, 2), MONDAY) is None
    spans = versions.timeline(zhang.pk, "person")
    assert [span.values is None for span in spans] == [False, True, True]
    assert not versions.destroy_key(zhang.pk)


def test_a_version_does_not_open_as_another_persons(zhang):
    change(zhang, phone="13800000002")
    li = factories.person("李示例")
    change(li, phone="13800000009")
    mine = Version.objects.get(person_id=zhang.pk)
    Version.objects.filter(person_id=li.pk).update(sealed=mine.sealed)
    with pytest.raises(crypto.CannotOpen):
        versions.as_of(li.pk, "person", day=date(2026, 3, 2), known_at=MONDAY)
