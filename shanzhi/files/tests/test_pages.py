"""Looking at files, uploading and removing them, by a browser."""

import logging
from urllib.parse import quote
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from shanzhi.files import commands, disk, rules
from shanzhi.files.models import File
from shanzhi.kernel.acting import SYSTEM, Actor
from shanzhi.people.tests import factories as people

from . import factories as make
from .factories import MONDAY, OWNER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


def browser(phone: str) -> tuple[Client, Actor]:
    account = people.resident(phone)
    return people.enter(Client(), account), people.actor(account)


@pytest.fixture
def wang():
    return browser("13800000001")


@pytest.fixture
def li():
    return browser("13800000002")


def path(file, query=""):
    return reverse("files:file", args=[file.pk]) + query


def attach(file, by):
    commands.attach(files=[file.pk], owner=OWNER, by=by, at=MONDAY, place="320411002018")


def body(response):
    return b"".join(response.streaming_content)


def test_a_photo_is_shown_and_may_do_nothing(wang):
    client, by = wang
    file = make.make_file(by=by, name="厨房.jpg")
    response = client.get(path(file))

    assert response.status_code == 200
    assert body(response) == b"".join(disk.read(file.pk))
    sent = {
        "Content-Type": "image/jpeg",
        "Content-Length": str(file.size),
        "Content-Disposition": f"inline; filename*=utf-8''{quote('厨房.jpg')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "private, no-store",
        "X-Frame-Options": "DENY",
    }
    assert {name: response[name] for name in sent} == sent


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(make.pdf(), "application/pdf"), (make.old_office("WordDocument"), "application/msword")],
)
def test_a_paper_is_saved_and_not_opened_in_the_page(wang, content, content_type):
    client, by = wang
    file = make.make_file(content, by=by, name="表.bin")
    response = client.get(path(file))
    assert response["Content-Type"] == content_type
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%A1%A8.")
    assert body(response) == content


def test_the_small_picture_is_sent_where_there_is_one(wang):
    client, by = wang
    photo = make.make_file(make.picture("PNG"), by=by)
    response = client.get(path(photo, "?thumb"))
    assert response["Content-Type"] == "image/jpeg"
    assert body(response) == b"".join(disk.read(photo.pk, disk.THUMB))
    paper = make.make_file(make.pdf(), by=by)
    assert body(client.get(path(paper, "?thumb"))) == make.pdf()


def test_before_it_is_sent_only_its_uploader_sees_a_file(wang, li):
    file = make.make_file(by=wang[1])
    assert wang[0].get(path(file)).status_code == 200
    assert li[0].get(path(file)).status_code == 404
    assert Client().get(path(file)).status_code == 404


def test_after_it_is_sent_those_see_it_who_may_read_its_owner(wang, li):
    file = make.make_file(by=wang[1])
    attach(file, wang[1])
    make.register_owner(reader=li[1])
    assert li[0].get(path(file)).status_code == 200
    assert wang[0].get(path(file)).status_code == 404
    assert Client().get(path(file)).status_code == 404
    File.objects.update(owner="tests.Thing:18")
    assert li[0].get(path(file)).status_code == 404
    File.objects.update(owner="nobody.Nothing:17")
    assert li[0].get(path(file)).status_code == 404


def test_who_is_not_signed_in_sees_nothing_of_the_system(wang):
    file = make.make_file(by=SYSTEM)
    assert Client().get(path(file)).status_code == 404
    assert wang[0].get(path(file)).status_code == 404


def test_an_unknown_file_is_not_found(wang):
    assert wang[0].get(reverse("files:file", args=[uuid4()])).status_code == 404


def test_only_looking_is_allowed(wang):
    file = make.make_file(by=wang[1])
    assert wang[0].post(path(file)).status_code == 405
    assert wang[0].head(path(file)).status_code == 200


def alter(file):
    place = disk.path(file.pk)
    content = bytearray(place.read_bytes())
    content[-1] ^= 1
    place.write_bytes(content)


@pytest.mark.parametrize("damage", [alter, lambda file: disk.remove(file.pk)])
def test_a_damaged_file_gets_a_sentence_and_a_line_in_the_log(wang, caplog, damage):
    client, by = wang
    file = make.make_file(by=by, name="secret-name.jpg")
    damage(file)
    with caplog.at_level(logging.ERROR):
        response = client.get(path(file), HTTP_ACCEPT_LANGUAGE="en")
    assert response.status_code == 409
    assert str(file.pk) in caplog.text
    assert "secret-name" not in caplog.text


def test_looking_at_a_file_asks_for_it_once(wang, django_assert_num_queries):
    client, by = wang
    file = make.make_file(by=by)
    client.get(path(file))
    with django_assert_num_queries(3):  # session, account, file
        client.get(path(file))


def send(client, *uploads, field="proof", **more):
    data = {"field": field, field: list(uploads), **more}
    return client.post(reverse("files:upload"), data, headers={"HX-Request": "true"})


def test_uploading_gives_a_row_and_an_empty_chooser(wang):
    client, by = wang
    response = send(client, make.upload(make.jpeg(), "厨房 <b>.jpg"), make.upload(make.pdf(), "a"))

    assert response.status_code == 200
    html = response.content.decode()
    photo, paper = File.objects.order_by("content_type").reverse()
    assert (photo.uploaded_by, photo.owner, photo.name) == (by.account_id, "", "厨房 b.jpg")
    for file in (photo, paper):
        assert f'name="proof" value="{file.pk}" checked' in html
        assert reverse("files:remove", args=[file.pk]) in html
    assert html.count("?thumb") == 1
    assert html.count('id="choose-proof"') == 1
    assert 'hx-swap-oob="true"' in html
    assert "<b>" not in html
    assert "style=" not in html


def test_what_is_refused_gets_its_sentence_beside_what_was_taken(wang):
    response = send(wang[0], make.upload(b"<svg/>", "plan.svg"), make.upload(make.jpeg()))
    assert response.status_code == 200
    assert "plan.svg" in response.content.decode()
    assert File.objects.count() == 1

    response = send(wang[0], make.upload(b"<svg/>", "<plan>.svg"))
    assert response.status_code == 422
    assert "<plan>" not in response.content.decode()
    assert File.objects.count() == 1


def test_more_than_ten_files_at_a_time_are_refused(wang):
    response = send(wang[0], *[make.upload(make.pdf(), f"{n}.pdf") for n in range(11)])
    assert response.status_code == 422
    assert not File.objects.exists()


def test_no_files_and_broken_field_names(wang):
    assert send(wang[0]).status_code == 200
    assert send(wang[0], field='"><script>').status_code == 404
    assert wang[0].post(reverse("files:upload")).status_code == 404
    assert not File.objects.exists()


def test_uploading_needs_an_account_and_a_token(wang):
    assert "/sign-in/" in send(Client(), make.upload(make.jpeg()))["HX-Redirect"]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = wang[0].cookies
    assert send(strict, make.upload(make.jpeg())).status_code == 403
    assert not File.objects.exists()


HANDLERS = [
    "shanzhi.files.receiving.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]


def test_what_is_too_large_is_skipped_on_its_way_and_told(wang, settings):
    settings.FILE_UPLOAD_HANDLERS, settings.SHANZHI_UPLOAD_MB = HANDLERS, 1
    large = make.upload(make.pdf() + bytes(3_000_000) + b"%%EOF", "large.pdf")
    response = send(wang[0], large, more="typed")
    assert response.status_code == 422
    assert "1 MB" in response.content.decode()
    assert response.wsgi_request.POST["more"] == "typed"
    assert not response.wsgi_request.FILES
    assert not File.objects.exists()

    assert send(wang[0], make.upload(make.jpeg())).status_code == 200
    assert File.objects.count() == 1


def test_what_is_a_hundred_times_too_large_is_not_listened_to(wang, settings, monkeypatch):
    settings.FILE_UPLOAD_HANDLERS = HANDLERS
    monkeypatch.setattr(rules, "largest", lambda: 1)
    response = send(wang[0], make.upload(make.jpeg()))
    assert response.status_code == 422
    assert not File.objects.exists()


def test_an_upload_is_taken_back(wang, li, django_capture_on_commit_callbacks, on_disk):
    file = make.make_file(by=wang[1])
    action = reverse("files:remove", args=[file.pk])
    assert li[0].post(action).status_code == 404
    assert wang[0].get(action).status_code == 405
    assert File.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        response = wang[0].post(action, headers={"HX-Request": "true"})
    assert (response.status_code, response.content) == (200, b"")
    assert not File.objects.exists()
    assert on_disk() == []
