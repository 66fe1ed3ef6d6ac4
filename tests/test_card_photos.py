"""The photo on a contact card."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from shanzhi.cases.tests.test_pages import PICTURE
from shanzhi.files.models import File
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people import commands
from shanzhi.people.models import Card
from shanzhi.people.tests import factories as people


@pytest.fixture
def card(db):
    people.city()
    return commands.set_card(
        place=people.TIANAN, kind="secretary", name="王书记", phone="0519-88000001", by=SYSTEM,
        at=timezone.now(),
    )  # fmt: skip


def picture():
    return SimpleUploadedFile("王.png", PICTURE, "image/png")


def desk(place=people.TIANAN):
    return people.enter(Client(), people.post("community_secretary", place))


def test_a_photo_is_shown_with_consent_and_taken_down_again(card):
    page = f"/desk/cards/{card.pk}/photo/"
    client = desk()
    assert client.post(page, {"photo": picture()}).status_code == 200
    assert Card.objects.get().photo is None

    client.post(page, {"photo": picture(), "consent": "on"})
    shown = Card.objects.get().photo
    assert shown is not None and Client().get(f"/files/{shown}/").status_code == 200

    client.post(f"{page}remove/")
    assert (Card.objects.get().photo, File.objects.count()) == (None, 0)
    assert Client().get(f"/files/{shown}/").status_code == 404


def test_another_community_finds_no_such_card(card):
    client = desk(people.FUDU)

    assert client.get(f"/desk/cards/{card.pk}/photo/").status_code == 404
    assert client.post(f"/desk/cards/{card.pk}/photo/remove/").status_code == 404


def test_what_is_no_picture_is_refused(card):
    page = f"/desk/cards/{card.pk}/photo/"
    html = SimpleUploadedFile("x.png", b"<html>", "image/png")

    answer = desk().post(page, {"photo": html, "consent": "on"})

    assert (answer.status_code, Card.objects.get().photo, File.objects.count()) == (200, None, 0)
