"""The ledger of 34 columns in every shape communities keep it: the same persons each time."""

from datetime import date

import pytest

from shanzhi.registry.intake import written
from shanzhi.registry.models import Dwelling, Household, Membership, Person

from . import factories
from . import imports_factories as shapes
from .imports_factories import TITLES, brought, checked, families, taken

pytestmark = pytest.mark.django_db

SHAPES = {
    "plain": (shapes.plain, "csv"),
    "under a caption": (shapes.under_a_caption, "xlsx"),
    "two rows of titles": (shapes.two_rows_of_titles, "xlsx"),
    "merged households": (shapes.merged_households, "xlsx"),
    "blank households in GB 18030": (shapes.blank_households, "csv"),
    "a sheet for each building": (shapes.sheet_a_building, "xlsx"),
}


@pytest.fixture(autouse=True)
def ground(settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    factories.city()
    factories.estate()


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_brings_the_same_persons_homes_and_households(shape):
    make, kind = SHAPES[shape]
    people = families(12)
    batch = taken(checked(make(people), f"台账.{kind}"))

    assert batch.trouble == ""
    assert batch.counts["outcomes"].get("new") == 36, batch.counts
    assert "refused" not in batch.counts["outcomes"]
    assert (Household.objects.count(), Dwelling.objects.count()) == (12, 12)
    head = Person.objects.get(identity_hash=hash_of(people[3].number))
    assert (head.name, head.birth, head.phone) == (people[3].name, people[3].born, people[3].phone)
    assert head.employer == "示例厂"
    living = head.presences.get(kind=2)
    assert living.dwelling.building == str(people[3].building)
    assert living.dwelling.door["room"] == people[3].room
    mine = Membership.objects.get(person=head)
    assert sorted(mine.household.members.values_list("relation", flat=True)) == ["02", "10", "20"]


def hash_of(number):
    from shanzhi.kernel import crypto

    return crypto.keyed_hash(number, kind="identity")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(encoding, delimiter):
    batch = checked(shapes.plain(families(2), encoding=encoding, delimiter=delimiter))
    assert batch.counts["outcomes"] == {"new": 6}


def test_columns_nobody_knows_are_kept_aside():
    from shanzhi.registry.bringing import header_of

    found = header_of(brought(shapes.plain(families(1))))
    aside = [each.title for each in found.columns if not each.target]
    assert aside == [
        "序号",
        "户籍所在地",
        "健康状况",
        "宗教信仰",
        "特长",
        "是否志愿者",
        "登记日期",
        "备注",
    ]
    assert {each.target for each in found.columns} >= {
        "row.grid", "household.number", "person.name", "row.relation", "person.identity",
        "row.presence", "home.written", "bank.number",
    }  # fmt: skip


def test_assigned_by_hand_it_is_remembered_for_the_next_file_of_the_source():
    from shanzhi.registry.bringing import header_of

    batch = brought(shapes.plain(families(1)))
    shapes.assigned(batch, 备注="person.employer", 工作单位="")
    found = header_of(brought(shapes.plain(families(2))))
    by = {each.title: (each.target, each.by) for each in found.columns}
    assert by["备注"] == ("person.employer", "remembered")
    assert by["工作单位"] == ("", "")


def test_other_titles_are_guessed_by_what_the_columns_hold():
    lines = [["甲", "乙", "丙"], *([each.name, each.number, each.phone] for each in families(2))]
    from shanzhi.registry.bringing import header_of

    batch = brought(shapes.as_csv(lines))
    found = header_of(batch, 0, 1)
    assert [each.target for each in found.columns] == ["", "person.identity", "person.phone"]


def test_sheets_with_other_titles_are_left_out_and_named():
    from shanzhi.registry.bringing import header_of

    batch = brought(shapes.sheet_a_building(families(12)), "楼.xlsx")
    found = header_of(batch)
    assert found.left == ["填表说明"]
    assert len(found.begins) == 2


def test_the_grid_column_says_where_the_home_is():
    batch = taken(checked(shapes.plain(families(1))))
    assert batch.counts["written"] == {factories.TIANAN: 3}
    assert set(Person.objects.values_list("presences__place", flat=True)) == {
        factories.GRID, factories.TIANAN,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "estate", "expected"),
    [
        ("天安别墅12幢1单元301室", "天安别墅", ("", "", "12", "1", "301")),
        (
            "江苏省常州市新北区三井街道天安社区天安别墅12-1-301",
            "天安别墅",
            ("", "", "12", "1", "301"),
        ),
        ("竹林北路256号天安别墅12幢301", "天安别墅", ("竹林北路", "256", "12", "", "301")),
        ("竹林北路256号", "", ("竹林北路", "256", "", "", "")),
        ("河海中路88号3幢乙单元602室", "", ("河海中路", "88", "3", "乙", "602")),
        ("新北区黄河东路12-5号", "", ("黄河东路", "12-5", "", "", "")),
        ("某新村12号楼2单元501", "某新村", ("", "", "12", "2", "501")),
    ],
)
def test_an_address_as_written_is_taken_apart(text, estate, expected):
    found = written.take_apart(text, estate)
    assert (found.road, found.number, found.building, found.unit, found.room) == expected


def test_a_footer_and_titles_that_come_again_are_no_persons():
    people = families(2)
    lines = shapes.rows(people)
    content = shapes.as_csv([TITLES, *lines[:3], TITLES, *lines[3:], ["合计", "", "", "", "6人"]])
    assert checked(content).counts["outcomes"] == {"new": 6, "skipped": 2}


def test_a_month_of_birth_is_enough_beside_a_number():
    people = families(1)
    lines = shapes.rows(people)
    lines[0][TITLES.index("出生日期")] = f"{people[0].born:%Y.%m}"
    assert checked(shapes.as_csv([TITLES, *lines])).counts["outcomes"] == {"new": 3}
    assert people[0].born != date(people[0].born.year, people[0].born.month, 1)
