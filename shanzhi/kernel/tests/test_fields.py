"""Sealed columns, tried on the tables that use them."""

import pytest
from django.core.exceptions import FieldError
from django.db import connection
from django.utils import timezone

from shanzhi.files.models import File
from shanzhi.kernel import crypto
from shanzhi.kernel.fields import SealedJSON, SealedText

NAME = File._meta.get_field("name")


def make_file(**values):
    values = {"name": "厨房漏水.jpg", "size": 1, "digest": b"x", **values}
    return File.objects.create(uploaded_at=timezone.now(), **values)


def raw():
    with connection.cursor() as cursor:
        cursor.execute("select name from files_file")
        return [bytes(row[0]) for row in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["", "a", "厨房漏水.jpg", "𠮷·\u202e'\"; drop table", "x" * 100_000]
)
def test_the_table_holds_bytes_and_python_sees_the_text(text):
    file = make_file(name=text)
    assert File.objects.get().name == text
    assert list(File.objects.values_list("name", flat=True)) == [text]
    (sealed,) = raw()
    assert len(text) < 4 or text[:4].encode() not in sealed  # less may stand there by chance
    assert NAME.open(sealed) == text
    file.name = "other"
    file.save(update_fields=["name"])
    assert File.objects.get().name == "other"


@pytest.mark.django_db
def test_bulk_writes_seal_too():
    files = File.objects.bulk_create(
        File(name=f"{n}.jpg", size=1, digest=b"", uploaded_at=timezone.now()) for n in range(3)
    )
    for file in files:
        file.name = "new"
    File.objects.bulk_update(files, ["name"])
    assert set(File.objects.values_list("name", flat=True)) == {"new"}
    File.objects.update(name="newest")
    assert set(File.objects.values_list("name", flat=True)) == {"newest"}
    assert all(sealed[:1] == crypto.VERSION for sealed in raw())


@pytest.mark.django_db
def test_a_value_moved_to_another_column_does_not_open():
    sealed = crypto.seal(b"value", context="people_account.phone")
    with pytest.raises(crypto.CannotOpen):
        NAME.open(sealed)


@pytest.mark.parametrize("lookup", ["name", "name__contains", "name__in", "name__startswith"])
def test_searching_a_sealed_column_is_a_mistake_that_shows(lookup):
    with pytest.raises(FieldError):
        File.objects.filter(**{lookup: "厨房"})


@pytest.mark.django_db
def test_whether_there_is_a_value_may_be_asked():
    make_file()
    assert File.objects.filter(name__isnull=False).count() == 1


def test_a_sealed_value_is_not_written_into_fixtures():
    with pytest.raises(TypeError, match="fixtures"):
        NAME.value_to_string(File(name="a"))


def test_defaults():
    assert SealedText().get_default() == ""
    assert SealedText(null=True).get_default() is None
    assert SealedText(default="x").get_default() == "x"
    assert SealedJSON(default=dict).get_default() == {}


@pytest.mark.parametrize(
    "value", [{}, [], {"姓名": "王某", "成员": [{"n": 1, "x": None}]}, "text", 1]
)
def test_a_json_value_comes_back_as_it_was(value):
    field = SealedJSON()
    field.model, field.column = File, "anything"
    sealed = field.get_prep_value(value)
    assert field.open(sealed) == value
    assert "王某".encode() not in sealed
    assert field.get_prep_value(None) is None
