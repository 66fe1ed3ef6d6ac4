import csv
import io

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from shanzhi.kernel import navigation
from shanzhi.places import commands, queries
from shanzhi.places.models import Estate

from .factories import (
    CITY,
    CLERK,
    HEHAI,
    LONGCHENG,
    MONDAY,
    NEIGHBOUR,
    RESIDENT,
    SECRETARY,
    TIANAN,
    everything,
    make_city,
    make_estate,
    make_grid,
    square,
)

pytestmark = [pytest.mark.django_db, pytest.mark.urls("shanzhi.places.tests.urls")]


@pytest.fixture(autouse=True)
def _city(db):
    make_city()


@pytest.fixture
def visit(client, monkeypatch):
    """A client that acts as somebody; the guard asks only for the role."""

    def guard(request, roles):
        actor = request.actor
        if not actor.is_staff or (roles and actor.role not in roles):
            return HttpResponse("no", status=403)
        return None

    monkeypatch.setattr("shanzhi.kernel.access._guard", guard)
    ours = {key: entry for key, entry in navigation._entries.items() if entry.code == "places"}
    monkeypatch.setattr(navigation, "_entries", ours)

    def as_(actor):
        monkeypatch.setattr("shanzhi.people.acting.of_request", lambda request: actor)
        return client

    client.cookies["django_language"] = "en"
    return as_


def shown(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def test_the_desk_begins_at_ones_own_place(visit):
    response = visit(SECRETARY).get("/desk/places/")
    assert response["Location"] == f"/desk/places/{TIANAN}/"


def test_a_division_shows_what_lies_below_with_counts(visit):
    page = shown(visit(CLERK).get("/desk/places/320411/"))
    assert "新北区" in page and "常州市" in page
    assert 'href="/desk/places/320411002/"' in page and "三井街道" in page
    assert "2024" in page and "320411" in page


def test_a_page_of_a_thousand_children_asks_as_often_as_one_of_two(
    visit, django_assert_max_num_queries
):
    more = [(f"320402001{number:03d}", f"{number}号社区居委会") for number in range(1, 999)]
    make_city([*CITY, ("320402001", "雕庄街道"), *more])
    with django_assert_max_num_queries(16):
        page = shown(visit(CLERK).get("/desk/places/320402001/"))
    assert page.count("row-link") == 998


def test_a_community_shows_its_grids_on_a_map_its_estates_and_its_history(visit):
    make_grid(1)
    make_grid(2)
    make_grid(3, area=False)
    make_estate("天安别墅")
    page = shown(visit(SECRETARY).get(f"/desk/places/{TIANAN}/"))
    assert page.count("<path d=") >= 2 and '<svg class="map' in page
    assert "第3网格" in page and "天安别墅" in page and "天安社区居委会" in page
    assert f"/desk/places/{TIANAN}/grids/add/" in page
    assert f"/desk/places/{TIANAN}/rename/" not in page
    assert "style=" not in page and "<style" not in page


def test_what_has_ended_shows_its_successor(visit):
    commands.merge(
        olds=[TIANAN, LONGCHENG],
        new=LONGCHENG,
        on=MONDAY.date(),
        reason="合并",
        by=CLERK,
        at=MONDAY,
    )
    page = shown(visit(CLERK).get(f"/desk/places/{TIANAN}/"))
    assert f'href="/desk/places/{LONGCHENG}/"' in page
    assert f"/desk/places/{TIANAN}/rename/" not in page
    assert visit(CLERK).get(f"/desk/places/{TIANAN}/rename/").status_code == 404


def test_unknown_places_are_not_found(visit):
    for url in ("999", "999/export", f"{TIANAN}009/grid", "999/estates", "estates/999999"):
        assert visit(CLERK).get(f"/desk/places/{url}/").status_code == 404


def test_a_search_finds_every_level(visit):
    make_estate("三井花园")
    page = shown(visit(CLERK).get("/desk/places/", {"q": "三井"}))
    assert "三井街道" in page and "三井花园" in page
    assert "Nothing" in shown(visit(CLERK).get("/desk/places/", {"q": "没有这个"}))


def test_the_exported_list_can_be_loaded_again_and_changes_nothing(visit):
    response = visit(CLERK).get("/desk/places/3204/export/")
    text = b"".join(response.streaming_content).decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["code"], row["name"]) for row in rows] == sorted(CITY)
    assert commands.load_divisions(
        rows=rows, by=CLERK, at=MONDAY, valid_from=MONDAY.date()
    ).unchanged == len(CITY)


def test_a_clerk_sees_what_a_merger_would_do_and_then_confirms_it(visit):
    make_grid(1)
    url = f"/desk/places/{LONGCHENG}/merge/"
    assert "天安社区" in shown(visit(CLERK).get(url))
    values = {"others": [TIANAN], "stays": "yes", "on": "2026-01-01", "reason": "合并"}
    before = everything()

    page = shown(visit(CLERK).post(url, values))
    assert f"{TIANAN}001" in page and f"{LONGCHENG}001" in page and 'name="confirm"' in page
    assert everything() == before

    response = visit(CLERK).post(url, values | {"confirm": "1"})
    assert response["Location"] == f"/desk/places/{LONGCHENG}/"
    assert not queries.exists(TIANAN)
    assert queries.name(f"{LONGCHENG}001") == "第1网格"


def test_a_merger_that_is_refused_keeps_what_was_typed(visit):
    before = everything()
    values = {"others": [TIANAN], "stays": "no", "on": "2026-01-01", "reason": "常政发 7 号"}
    page = shown(visit(CLERK).post(f"/desk/places/{LONGCHENG}/merge/", values), 422)
    assert "常政发 7 号" in page and 'name="confirm"' not in page
    assert everything() == before


def test_a_clerk_renames_splits_and_moves(visit):
    common = {"on": "2026-01-01", "reason": "更名", "confirm": "1"}
    rename = {"name": "天安里社区居委会", "short": ""}
    visit(CLERK).post(f"/desk/places/{TIANAN}/rename/", rename | common)
    assert queries.name(TIANAN) == "天安里社区"

    make_grid(1, community=LONGCHENG)
    split = {"keeps": "on", "name_1": "龙城社区居委会", "name_2": "龙锦社区居委会"}
    split |= {f"part_{LONGCHENG}001": "2"}
    visit(CLERK).post(f"/desk/places/{LONGCHENG}/split/", split | common)
    assert queries.name("320411002004001") == "第1网格"

    visit(CLERK).post(f"/desk/places/{HEHAI}/move/", {"parent": "320411002"} | common)
    assert queries.path_names("320411002001") == ["常州市", "新北区", "三井街道", "河海社区"]


def test_the_forms_of_changes_open(visit):
    for change in ("rename", "merge", "split", "move"):
        assert 'name="preview"' in shown(visit(CLERK).get(f"/desk/places/{TIANAN}/{change}/"))


def test_only_a_city_post_changes_divisions_and_only_its_own_people_draw(visit):
    before = everything()
    for change in ("rename", "merge", "split", "move"):
        assert visit(SECRETARY).get(f"/desk/places/{TIANAN}/{change}/").status_code == 403
    values = {"name": "甲网格", "households": "1"}
    assert visit(NEIGHBOUR).post(f"/desk/places/{TIANAN}/grids/add/", values).status_code == 403
    for url in ("", f"{TIANAN}/", f"{TIANAN}/grids/add/", f"{TIANAN}/estates/"):
        assert visit(RESIDENT).get(f"/desk/places/{url}").status_code == 403
    assert everything() == before


def test_a_secretary_draws_a_grid_from_a_file_and_changes_it_by_text(visit):
    make_grid(2)
    url = f"/desk/places/{TIANAN}/grids/add/"
    assert '<svg class="map' in shown(visit(SECRETARY).get(url))
    area = orjson.dumps(square(119.95, 31.83, 0.01))
    file = SimpleUploadedFile("grid.geojson", area)
    response = visit(SECRETARY).post(url, {"name": "第三网格", "households": "310", "file": file})
    assert response["Location"] == f"/desk/places/{TIANAN}001/"
    assert queries.find_grid(119.955, 31.835) == f"{TIANAN}001"

    edit = f"/desk/places/{TIANAN}001/grid/"
    assert "119.95" in shown(visit(SECRETARY).get(edit))
    values = {"name": "第三网格", "households": "320", "area": "{broken"}
    assert "not GeoJSON" in shown(visit(SECRETARY).post(edit, values), 422)
    visit(SECRETARY).post(edit, values | {"area": area.decode()})
    assert queries.grids(TIANAN)[0][1].households == 320


def test_a_secretary_ends_a_grid(visit):
    make_grid(1)
    assert visit(SECRETARY).get(f"/desk/places/{TIANAN}001/grid/end/").status_code == 405
    visit(NEIGHBOUR).post(f"/desk/places/{TIANAN}001/grid/end/")
    assert queries.exists(f"{TIANAN}001")
    visit(SECRETARY).post(f"/desk/places/{TIANAN}001/grid/end/")
    assert not queries.exists(f"{TIANAN}001")


def test_a_secretary_enters_and_changes_an_estate(visit):
    url = f"/desk/places/{TIANAN}/estates/"
    assert "None entered" in shown(visit(SECRETARY).get(url))
    values = {
        "name": "丽景花园", "place": TIANAN, "address": "河海中路 88 号", "buildings": "24",
        "households": "900", "longitude": "119.955", "latitude": "31.828", "system": "gcj02",
    }  # fmt: skip
    assert 'value="320411002018"' in shown(visit(SECRETARY).get(f"{url}add/"))
    assert visit(SECRETARY).post(f"{url}add/", values)["Location"] == url
    estate = Estate.objects.get()
    assert 119.948 < estate.longitude < 119.952  # a few hundred metres west of what was typed
    assert "丽景花园" in shown(visit(SECRETARY).get(url))

    page = f"/desk/places/estates/{estate.pk}/"
    assert "河海中路 88 号" in shown(visit(SECRETARY).get(page))
    visit(SECRETARY).post(page, values | {"name": "丽景花苑"})
    estate.refresh_from_db()
    assert estate.name == "丽景花苑"
    assert "both longitude" in shown(visit(SECRETARY).post(page, values | {"latitude": ""}), 422)


def test_residents_choose_among_communities_and_estates(client):
    estate = make_estate("天安别墅")
    page = shown(client.get("/places/choose/", {"q": "天安"}))
    assert f'name="place" value="{TIANAN}"' in page
    assert f'name="estate" value="{estate.pk}"' in page
    assert "<button" not in shown(client.get("/places/choose/", {"q": ""}))
    assert "<button" not in shown(client.get("/places/choose/", {"q": "没有这个"}))
    assert "&lt;b&gt;" not in shown(client.get("/places/choose/", {"q": "<b>"}))
