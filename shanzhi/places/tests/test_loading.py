import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import connection

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.places import commands, queries
from shanzhi.places.models import Division

from .factories import (
    BEGAN,
    CITY,
    CLERK,
    MONDAY,
    SECRETARY,
    TIANAN,
    everything,
    make_city,
    make_grid,
    told,
)

pytestmark = pytest.mark.django_db
CHANGZHOU = Path(__file__).parents[1] / "data" / "divisions-changzhou.csv"
HEADING = "code,name,level,parent\n"
GOOD = HEADING + "32,江苏省,province,\n3204,常州市,city,32\n320411,新北区,district,3204\n"


def load(path, **more):
    values = {"by": SYSTEM, "at": MONDAY, "valid_from": BEGAN} | more
    return commands.load_divisions(path=path, **values)


def write(folder, text, name="list.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def national(folder, **changed):
    """The layout of the national list, with a city that has no districts."""
    files = {
        "provinces": 'code,name\n11,"北京市"\n44,"广东省"\n',
        "cities": 'code,name,provinceCode\n1101,"市辖区",11\n4419,"东莞市",44\n',
        "areas": 'code,name,cityCode,provinceCode\n110101,"东城区",1101,11\n'
        '441900,"东莞市",4419,44\n',
        "streets": "code,name,areaCode,provinceCode,cityCode\n"
        '110101001,"东华门街道",110101,11,1101\n441900003,"东城街道",441900,44,4419\n',
        "villages": "code,name,streetCode,provinceCode,cityCode,areaCode\n"
        '110101001001,"多福巷社区居委会",110101001,11,1101,110101\n'
        '441900003001,"岗贝社区居民委员会",441900003,44,4419,441900\n',
    } | changed
    for name, text in files.items():
        write(folder, text, f"{name}.csv")
    return folder


def test_the_city_is_loaded_from_its_own_list():
    seen = []
    counts = load(CHANGZHOU, progress=lambda done, total: seen.append((done, total)))

    assert (counts.rows, counts.added, counts.renamed, counts.within) == (1124, 1124, 0, "3204")
    assert seen == [(1124, 1124)]
    assert queries.level_counts("3204") == {
        "district": 6,
        "subdistrict": 67,
        "community": 1049,
    }
    assert queries.path_names(TIANAN) == ["常州市", "新北区", "三井街道", "天安社区"]
    assert told("places.loaded") == [
        (
            "places.Division:3204",
            None,
            "3204",
            {
                "list": "divisions-changzhou.csv",
                "on": "2024-01-01",
                "rows": 1124,
                "added": 1124,
                "renamed": 0,
                "corrected": 0,
                "ended": 0,
                "missing": 0,
            },
        )
    ]


def test_no_two_communities_of_a_sub_district_share_a_short_name():
    load(CHANGZHOU)
    names = Division.objects.filter(level="community").values_list("parent", "short_name")
    assert len(set(names)) == len(names) == 1049


def test_the_same_list_again_changes_no_row():
    load(CHANGZHOU)
    before = everything()[0]
    counts = load(CHANGZHOU, valid_from=date(2025, 1, 1))
    assert (counts.added, counts.renamed, counts.unchanged, counts.ended) == (0, 0, 1124, 0)
    assert everything()[0] == before


def test_the_national_list_is_read_from_its_five_files(tmp_path):
    folder = national(tmp_path)
    counts = load(folder / "villages.csv")
    assert (counts.rows, counts.added, counts.within) == (10, 10, "")
    assert queries.path_names("110101001001") == ["北京市", "东城区", "东华门街道", "多福巷社区"]
    assert queries.path_names("441900003001") == ["东莞市", "东城街道", "岗贝社区"]
    assert load(folder).unchanged == 10


def test_a_renamed_code_gets_a_version_from_the_date_of_the_list():
    make_city()
    counts = make_city(
        [*CITY[:7], (TIANAN, "天安新社区居委会"), CITY[8]], valid_from=date(2025, 7, 1)
    )
    assert (counts.added, counts.renamed, counts.unchanged) == (0, 1, 8)
    assert [
        (each.short_name, each.valid_from, each.valid_to) for each in queries.history(TIANAN)
    ] == [
        ("天安社区", BEGAN, date(2025, 7, 1)),
        ("天安新社区", date(2025, 7, 1), None),
    ]
    assert queries.name(TIANAN, date(2025, 6, 30)) == "天安社区"
    assert queries.name(TIANAN, date(2025, 7, 1)) == "天安新社区"
    assert queries.name(TIANAN) == "天安新社区"


def test_a_name_loaded_again_for_the_same_day_is_a_correction():
    make_city()
    counts = make_city([*CITY[:7], (TIANAN, "天安里社区居委会"), CITY[8]])
    assert (counts.corrected, counts.renamed, counts.added) == (1, 0, 0)
    assert [each.short_name for each in queries.history(TIANAN)] == ["天安里社区"]


def test_a_list_older_than_the_present_name_is_refused():
    make_city(valid_from=date(2025, 7, 1))
    before = everything()
    with pytest.raises(Refused, match="line 8: 320411002018 last changed on 2025-07-01"):
        make_city([*CITY[:7], (TIANAN, "天安里社区居委会")])
    assert everything() == before


def test_what_the_list_no_longer_has_is_counted_and_ends_only_when_asked():
    make_city()
    make_grid(1)
    shorter = [row for row in CITY if row[0] != TIANAN]
    counts = make_city(shorter, valid_from=date(2025, 7, 1))
    assert (counts.missing, counts.ended) == ((TIANAN,), 0)
    assert queries.exists(TIANAN)

    rows = [{"code": code, "name": name} for code, name in shorter]
    counts = commands.load_divisions(
        rows=rows, by=SYSTEM, at=MONDAY, valid_from=date(2025, 7, 1), end_missing=True
    )
    assert (counts.missing, counts.ended) == ((TIANAN,), 2)  # with its grid
    assert not queries.exists(TIANAN) and not queries.exists(f"{TIANAN}001")
    assert queries.name(TIANAN) == "天安社区"  # rows keep the code, so it keeps a name


def test_what_ended_and_is_in_a_later_list_begins_again():
    make_city()
    shorter = [{"code": code, "name": name} for code, name in CITY if code != TIANAN]
    commands.load_divisions(
        rows=shorter, by=SYSTEM, at=MONDAY, valid_from=date(2025, 7, 1), end_missing=True
    )
    with pytest.raises(Refused, match="last changed on 2025-07-01"):
        make_city(valid_from=date(2025, 6, 30))
    assert make_city(valid_from=date(2026, 1, 1)).added == 1
    assert [each.valid_from.year for each in queries.history(TIANAN)] == [2024, 2026]


BROKEN = {
    "an unknown parent": (GOOD + "320481001,昆仑街道,subdistrict,320481\n", "line 5: .* lies in"),
    "a parent it cannot have": (GOOD + "320411002,三井街道,subdistrict,320402\n", "line 5:"),
    "letters in the code": (GOOD + "32041x,某区,district,3204\n", "line 5: the code 32041x"),
    "a code of no level": (GOOD + "3204110,某区,district,3204\n", "line 5: the code 3204110"),
    "another level than its length": (GOOD + "320412,武进区,city,3204\n", "line 5: 320412"),
    "a code twice": (GOOD + "320411,新北区,district,3204\n", "line 5: the code 320411 .* twice"),
    "no name": (GOOD + "320412,  ,district,3204\n", "line 5: 320412 has no name"),
    "a name too long": (GOOD + f"320412,{'区' * 101},district,3204\n", "line 5: the name"),
    "an unreadable name": (GOOD + "320412,武\ufffd区,district,3204\n", "line 5: the name"),
    "another encoding": (GOOD.encode() + "320412,武进区,district,3204\n".encode("gbk"), "line 5"),
    "a column missing": (GOOD + "320412,武进区,district\n", "line 5: 3 columns instead of 4"),
    "no such heading": ("code,name,parent\n32,江苏省,\n", "line 1: there is no column level"),
    "an open quotation mark": (GOOD + '320412,"武进区,district,3204\n', "line 5: a quotation"),
    "nothing but a heading": (HEADING, "empty"),
    "nothing at all": ("", "line 1: there is no column code"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_broken_list_changes_nothing_and_the_refusal_names_the_line(tmp_path, text, sentence):
    make_city()
    before = everything()
    with pytest.raises(Refused, match=sentence):
        load(write(tmp_path, text), valid_from=date(2025, 1, 1))
    assert everything() == before


def test_a_broken_line_deep_in_the_national_list_names_its_file(tmp_path):
    folder = national(tmp_path, streets="code,name,areaCode\n110101001,东华门街道,110102\n")
    with pytest.raises(Refused, match=r"streets.csv, line 2: 110101001 cannot lie in 110102"):
        load(folder)
    assert not Division.objects.exists()


def test_a_national_list_without_one_of_its_files_is_refused(tmp_path):
    (national(tmp_path) / "areas.csv").unlink()
    with pytest.raises(Refused, match=r"There is no file areas.csv"):
        load(tmp_path / "villages.csv")


def test_a_list_with_a_byte_order_mark_is_read(tmp_path):
    assert load(write(tmp_path, b"\xef\xbb\xbf" + GOOD.encode())).added == 3


def test_two_communities_that_would_be_called_alike_keep_their_official_names():
    make_city([*CITY, ("320411002030", "花园社区居委会"), ("320411002031", "花园居委会")])
    assert queries.name("320411002030") == "花园社区居委会"
    assert queries.name("320411002031") == "花园居委会"


def test_only_the_program_or_a_city_post_loads_a_list():
    before = everything()
    for by, on in ((SECRETARY, BEGAN), (SYSTEM, date(2026, 3, 3))):
        with pytest.raises(Refused):
            load(CHANGZHOU, by=by, valid_from=on)
    assert everything() == before
    assert load(CHANGZHOU, by=CLERK).added == 1124


def test_a_city_post_does_not_load_another_city():
    before = everything()
    with pytest.raises(Refused, match="city's clerk"):
        load(CHANGZHOU, by=replace(CLERK, place="3205"))
    assert everything() == before


def indexes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'places_division'")
        return sorted(cursor.fetchall())


def test_a_country_goes_into_an_empty_table_without_indexes_and_has_them_afterwards(monkeypatch):
    before = indexes()
    monkeypatch.setattr("shanzhi.places.commands.merging.A_COUNTRY", 9)
    assert make_city().added == 9
    assert indexes() == before
    assert len(before) == 6
    assert [found.name for found in queries.search("天安")] == ["天安社区"]


@pytest.mark.slow
def test_twenty_thousand_communities_load_and_load_again(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["code", "name", "level", "parent"])
        out.writerows([["32", "江苏省", "province", ""], ["3204", "常州市", "city", "32"]])
        out.writerow(["320411", "新北区", "district", "3204"])
        for street in range(1, 41):
            out.writerow([f"320411{street:03d}", f"{street}号街道", "subdistrict", "320411"])
            for number in range(1, 501):
                code = f"320411{street:03d}{number:03d}"
                out.writerow([code, f"{number}号社区居委会", "community", code[:9]])
    seen = []
    assert load(path, progress=lambda *step: seen.append(step)).added == 20_043
    assert seen == [(10_000, 20_043), (20_000, 20_043), (20_043, 20_043)]
    assert load(path).unchanged == 20_043
