"""Known persons whom a file has at another home: moved, moved back, or asked for elsewhere."""

from datetime import date, timedelta

import pytest

from shanzhi.journal.models import Entry
from shanzhi.kernel import Refused
from shanzhi.people.tests import factories as people
from shanzhi.registry import commands, population
from shanzhi.registry.commands.imports_transfer import ask_for_row
from shanzhi.registry.models import (
    Batch,
    Difference,
    Dwelling,
    Membership,
    Person,
    Presence,
    Problem,
    Transfer,
    Version,
)

from . import factories
from . import imports_factories as shapes
from .factories import FUDU, MONDAY, TIANAN, TODAY
from .imports_factories import TITLES, as_csv, checked, families, taken, undone

pytestmark = pytest.mark.django_db
TUESDAY = MONDAY + timedelta(days=1)
ONE = families(1)[0]  # by the file in 天安别墅1幢2单元201室
LINE = dict(zip(TITLES, shapes.rows([ONE])[0], strict=True))


@pytest.fixture(autouse=True)
def ground(settings, tmp_path, city):
    settings.FILES_ROOT = tmp_path
    factories.estate()


def ledger(**more):
    """The home, and what the registry has already."""
    cells = {"姓名": ONE.name, "公民身份号码": ONE.number, "现住址": LINE["现住址"],
             "小区": LINE["小区"], "楼栋": LINE["楼栋"], "单元": LINE["单元"],
             "室号": LINE["室号"], **more}  # fmt: skip
    return as_csv([list(cells), list(cells.values())])


def at_home(room="301", **more):
    home = factories.dwelling(room)
    values = {"identity": ONE.number, "document": "111", "home": home} | more
    return factories.person(ONE.name, **values), home


def stays(person):
    rows = Presence.objects.filter(person=person, kind=2).order_by("id")
    return [(each.dwelling and each.dwelling.door, each.since, each.until) for each in rows]


OLD, NEW = {"unit": "1", "room": "301"}, {"unit": "2", "room": "201"}
LONG_AGO = date(2020, 1, 1)


def test_who_has_moved_is_a_difference_and_counted():
    person, _home = at_home()
    batch = checked(ledger())
    assert batch.counts["outcomes"] == {"differs": 1}
    assert batch.counts["moves"] == 1
    [difference] = batch.differences.all()
    assert (difference.section, difference.person_id, difference.filling) == ("move", person.pk, [])


def test_the_same_home_is_none():
    taken(checked(ledger()))
    assert checked(ledger()).counts["outcomes"] == {"same": 1}


def test_taken_over_the_old_stay_ends_today_and_the_new_one_begins():
    person, _home = at_home()
    batch = taken(checked(ledger()), "take")

    assert (batch.state, batch.trouble) == ("opened", "")
    assert stays(person) == [(OLD, LONG_AGO, TODAY), (NEW, TODAY, None)]
    living = Presence.objects.get(person=person, kind=2, until=None)
    assert (living.place, living.name, living.birth, living.batch) == (
        factories.GRID, ONE.name, ONE.born, None,
    )  # fmt: skip
    assert Entry.objects.get(verb="registry.imported").data == {"new": 0, "changed": 1}


def test_the_day_of_the_file_counts():
    person, _home = at_home()
    taken(checked(ledger(入住日期="2025年12月31日")), "take")
    moved = date(2025, 12, 31)
    assert stays(person) == [(OLD, LONG_AGO, moved), (NEW, moved, None)]


def test_a_new_person_lives_there_since_the_day_of_the_file():
    taken(checked(ledger(入住日期="2025-12-31")))
    assert stays(Person.objects.get()) == [(NEW, date(2025, 12, 31), None)]


def test_a_move_before_the_present_home_began_is_left_to_somebody():
    person, _home = at_home()
    batch = checked(ledger(入住日期="2019-05-01"))
    assert batch.problems.get().code == "movedate"
    assert batch.counts["outcomes"] == {"same": 1}
    assert stays(person) == [(OLD, LONG_AGO, None)]


def test_nobody_moves_where_only_what_is_empty_is_filled():
    person, _home = at_home()
    batch = taken(checked(ledger(曾用名="王示例")))
    person.refresh_from_db()
    assert (person.former_name, batch.counts["changed"]) == ("王示例", {TIANAN: 1})
    assert stays(person) == [(OLD, LONG_AGO, None)]
    assert batch.differences.get(section="move").state == "waiting"


def test_a_home_nobody_knew_is_filled_in_and_emptied_again():
    person = factories.person(ONE.name, identity=ONE.number, document="111")
    before = factories.everything()[1]
    batch = taken(checked(ledger()))
    assert stays(person) == [(NEW, LONG_AGO, None)]
    undone(batch, when=TUESDAY)
    assert stays(person) == [(None, LONG_AGO, None)]
    assert factories.everything()[1] == before


def test_undone_everything_is_as_before_to_the_row():
    person, _home = at_home()
    tables = (Person, Presence, Membership, Dwelling, Version)
    before = [sorted(map(str, table.objects.values_list())) for table in tables]
    batch = taken(checked(ledger()), "take")
    assert Dwelling.objects.count() == 2
    batch = undone(batch, when=TUESDAY)

    assert [sorted(map(str, table.objects.values_list())) for table in tables] == before
    assert (batch.state, batch.counts["kept"]) == ("undone", 0)
    assert batch.differences.get().state == "undone"
    assert stays(person) == [(OLD, LONG_AGO, None)]
    assert population.faults() == 0


def test_who_moved_on_since_is_not_moved_back():
    person, _home = at_home()
    batch = taken(checked(ledger()), "take")
    third = factories.dwelling("909")
    worker = factories.worker()
    commands.move_in(person=person, dwelling=third, since=TODAY, by=worker, at=TUESDAY)
    batch = undone(batch, when=TUESDAY)

    assert Presence.objects.get(person=person, kind=2, until=None).dwelling == third
    assert (batch.differences.get().state, batch.counts["kept"]) == ("stale", 1)


def test_who_was_moved_by_hand_after_the_check_is_not_moved_by_the_file():
    person, _home = at_home()
    batch = checked(ledger())
    third = factories.dwelling("909")
    commands.move_in(person=person, dwelling=third, since=TODAY, by=factories.worker(), at=MONDAY)
    batch = taken(batch, "take", when=TUESDAY)
    assert Presence.objects.get(person=person, kind=2, until=None).dwelling == third
    assert batch.differences.get().state == "stale"


def test_words_that_lead_to_no_door_move_nobody():
    at_home()
    batch = checked(
        as_csv([["姓名", "公民身份号码", "现住址"], [ONE.name, ONE.number, "老厂宿舍"]])
    )
    assert batch.counts["outcomes"] == {"same": 1}


def test_the_pages_say_from_where_to_where(desk):
    at_home(room="301")
    batch = checked(ledger(楼栋="15", 入住日期="2026-01-05"))
    page = desk.get(f"/desk/registry/imports/{batch.pk}/").content.decode()
    assert "By this file one known person has moved." in page
    page = desk.get(f"/desk/registry/imports/{batch.pk}/differences/?moves=1").content.decode()
    assert "moves from 天安别墅** to 天安别墅** (another door) on 5 Jan 2026" in page
    assert "301室" not in page


# --- elsewhere ------------------------------------------------------------------------------------


@pytest.fixture
def elsewhere():
    return factories.person(ONE.name, identity=ONE.number, document="111", place=FUDU)


def test_who_lives_elsewhere_is_asked_for_by_one_press_and_nothing_is_overwritten(elsewhere, desk):
    batch = checked(ledger())
    assert batch.counts["outcomes"] == {"elsewhere": 1}
    address = f"/desk/registry/imports/{batch.pk}/problems/"
    page = desk.get(f"{address}?code=elsewhere").content.decode()
    assert "ask it for a transfer" in page
    assert "Ask for the transfer" in page
    problem = batch.problems.get()

    answer = desk.post(f"{address}{problem.pk}/transfer/", follow=True).content.decode()

    transfer = Transfer.objects.get()
    assert (transfer.person_id, transfer.from_place, transfer.state) == (
        elsewhere.pk, FUDU, "asked",
    )  # fmt: skip
    assert transfer.dwelling.door == NEW
    assert transfer.to_place == factories.GRID
    assert f"/desk/registry/transfers/{transfer.pk}/" in answer
    assert "Ask for the transfer" not in answer
    assert stays(elsewhere) == [(None, LONG_AGO, None)]


def test_registered_here_and_living_elsewhere_is_known_elsewhere():
    places = {1: TIANAN, 2: FUDU}
    presences = [commands.NewPresence(kind, where, None, LONG_AGO)
                 for kind, where in places.items()]  # fmt: skip
    person = factories.person(
        ONE.name, identity=ONE.number, document="111", presences=presences,
        registered_place=TIANAN,
    )  # fmt: skip
    batch = checked(ledger())
    assert (batch.problems.get().code, batch.problems.get().place) == ("elsewhere", FUDU)
    assert not Difference.objects.filter(section="move").exists()
    assert stays(person) == [(None, LONG_AGO, None)]


def test_asked_once_only_by_the_community_and_while_the_rows_are_kept(elsewhere):
    batch = checked(ledger())
    problem, worker = batch.problems.get(), factories.worker()
    clerk = people.actor(people.post("city_clerk", factories.CITY))
    with pytest.raises(Refused, match="Only the community itself"):
        ask_for_row(batch=batch, problem=problem, by=clerk, at=MONDAY)
    assert Transfer.objects.count() == 0

    ask_for_row(batch=batch, problem=problem, by=worker, at=MONDAY)
    with pytest.raises(Refused, match="done already"):
        ask_for_row(batch=batch, problem=problem, by=worker, at=MONDAY)
    Problem.objects.update(other=None)
    batch.chunks.all().delete()
    with pytest.raises(Refused, match="rows of this import were removed"):
        ask_for_row(batch=batch, problem=Problem.objects.get(), by=worker, at=MONDAY)
    assert Transfer.objects.count() == 1
    assert Batch.objects.get().state == "checked"
