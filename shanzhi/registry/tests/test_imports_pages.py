"""The pages of an import: file, columns, check, decision, undoing; and who may not."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from shanzhi.people.tests import factories as people
from shanzhi.registry import importing
from shanzhi.registry.models import Batch, Person

from . import factories
from . import imports_factories as shapes
from .factories import MONDAY, TIANAN
from .imports_factories import TITLES, as_csv, families

pytestmark = pytest.mark.django_db
LIST = "/desk/registry/imports/"


@pytest.fixture(autouse=True)
def ground(settings, tmp_path, city):
    settings.FILES_ROOT = tmp_path
    factories.estate()


def upload(desk, content, name="台账.csv", **more):
    data = {"file": SimpleUploadedFile(name, content), "source": "community", **more}
    return desk.post(f"{LIST}new/", data)


def work(batch):
    importing.run(batch.pk, now=lambda: MONDAY)


def chosen(response):
    """What the page has chosen for each column."""
    selects = re.findall(
        r'<select name="(column_\d+)".*?</select>', response.content.decode(), re.S
    )
    found = dict.fromkeys(selects, "")
    for name, body in re.findall(
        r'<select name="(column_\d+)"(.*?)</select>', response.content.decode(), re.S
    ):
        if value := re.search(r'value="([^"]*)" selected', body):
            found[name] = value[1]
    return found


def test_from_the_file_to_the_list_of_residents_and_back(desk):
    lines = shapes.rows(families(3))
    lines[4][TITLES.index("公民身份号码")] = "32049919900101001X"
    response = upload(desk, as_csv([TITLES, *lines]))
    batch = Batch.objects.get()
    assert response.headers["Location"] == f"{LIST}{batch.pk}/"
    response = desk.get(f"{LIST}{batch.pk}/", follow=True)
    page = response.content.decode()
    assert "Which column is what?" in page
    assert families(1)[0].number not in page
    assert "138****0004" in page

    desk.post(f"{LIST}{batch.pk}/columns/", chosen(response))
    assert "Every row is being checked" in desk.get(f"{LIST}{batch.pk}/").content.decode()
    assert "hx-get" in desk.get(f"{LIST}{batch.pk}/progress/").content.decode()
    work(batch)
    assert desk.get(f"{LIST}{batch.pk}/progress/").headers["HX-Refresh"] == "true"
    page = desk.get(f"{LIST}{batch.pk}/").content.decode()
    assert "Take over the good rows" in page
    page = desk.get(f"{LIST}{batch.pk}/problems/?code=identity").content.decode()
    assert "its last digit does not fit" in page
    assert "32****************" in page

    desk.post(f"{LIST}{batch.pk}/take-over/", {"decision": "fill"})
    work(batch)
    assert Person.objects.count() == 8
    assert "李示乙" in desk.get(reverse("registry:residents")).content.decode()
    page = desk.get(f"{LIST}{batch.pk}/").content.decode()
    assert "Undo the whole import" in page

    desk.post(f"{LIST}{batch.pk}/undo/", {"reason": "传错了"})
    work(batch)
    assert Person.objects.count() == 0
    assert "This import was undone: 传错了" in desk.get(f"{LIST}{batch.pk}/").content.decode()
    assert desk.get(LIST).status_code == 200


def test_rows_left_out_as_a_file(desk):
    lines = shapes.rows(families(1))
    lines[0][TITLES.index("公民身份号码")] = "3.2E+17"
    batch = shapes.checked(as_csv([TITLES, *lines]))
    text = desk.get(f"{LIST}{batch.pk}/left-out.csv").content.decode("utf-8-sig")
    assert text.splitlines()[1].count("3.2E+17") == 1
    assert desk.get(f"{LIST}{batch.pk}/left-out.xlsx").content[:2] == b"PK"


def test_differences_are_masked(desk):
    one = families(1)[0]
    factories.person(one.name, identity=one.number, phone="13800001111")
    batch = shapes.checked(shapes.plain([one]))
    page = desk.get(f"{LIST}{batch.pk}/differences/").content.decode()
    assert "138****1111" in page
    assert "138****0004" in page
    assert "13800001111" not in page


def test_a_broken_file_is_a_sentence(desk):
    response = upload(desk, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "台账.xls")
    assert response.status_code == 422
    assert "Save as" in response.content.decode()
    assert Batch.objects.count() == 0


def test_no_file_and_a_file_that_is_too_large(desk, settings):
    assert "Choose a file." in desk.post(f"{LIST}new/", {"source": "community"}).content.decode()
    settings.SHANZHI_IMPORT_MB = 1
    response = upload(desk, b"a,b\n" + b"x" * 1_200_000)
    assert "at most 1 MB" in response.content.decode()


def test_two_columns_for_one_element_are_refused_on_the_page(desk):
    batch = shapes.brought(shapes.plain(families(1)))
    response = desk.get(f"{LIST}{batch.pk}/columns/")
    values = chosen(response)
    values["column_33"] = "person.name"
    response = desk.post(f"{LIST}{batch.pk}/columns/", values)
    assert response.status_code == 422
    assert "Two columns are assigned" in response.content.decode()


def test_the_titles_can_be_shown_by_hand(desk):
    batch = shapes.brought(as_csv([["a", "b"], ["姓名", "身份证号"], ["王示例", "1"]]))
    page = desk.get(f"{LIST}{batch.pk}/columns/?row=1&height=1").content.decode()
    assert "<td>a</td>" in page
    page = desk.get(f"{LIST}{batch.pk}/columns/?row=40&height=2").content.decode()
    assert "These rows cannot be the titles" in page


def test_another_community_and_other_posts_do_not_see_it(desk, english):
    batch = shapes.brought(shapes.plain(families(1)))
    other = people.enter(english, people.post("community_worker", factories.FUDU))
    assert other.get(f"{LIST}{batch.pk}/").status_code == 404
    clerk = people.enter(english, people.post("subdistrict_clerk", TIANAN[:9]))
    assert clerk.get(f"{LIST}{batch.pk}/", follow=True).status_code == 200
    leader = people.enter(english, people.post("city_leader", factories.CITY))
    assert leader.get(LIST).status_code == 403


def test_the_list_asks_few_questions(desk, django_assert_max_num_queries):
    for _n in range(3):
        shapes.brought(shapes.plain(families(1)))
    desk.get(LIST)
    with django_assert_max_num_queries(14):
        desk.get(LIST)
