"""Two at once: one number in two communities, one door, one transfer."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import commands
from shanzhi.registry.models import Conflict, Dwelling, Presence, Transfer
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from . import factories
from .factories import FUDU, MONDAY, TIANAN, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city():
    factories.city()


def test_one_number_entered_at_once_is_a_conflict(city):
    number, source = factories.identity(), factories.source()

    def add(place):
        return commands.add_person(
            values={"name": "张示例", "identity": number},
            presences=[commands.NewPresence(factories.LIVING, place)],
            source=source, by=SYSTEM, at=MONDAY,
        )  # fmt: skip

    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            add(place=TIANAN)
            second = second_request.submit(in_own_connection, add, place=FUDU)
            wait_until_someone_waits_for_me()
        second.result(timeout=5)
    assert len(Conflict.objects.get().persons) == 2


def test_one_door_entered_at_once_is_one_dwelling(city):
    factories.estate()
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            first = factories.dwelling()
            second = second_request.submit(in_own_connection, factories.dwelling)
            wait_until_someone_waits_for_me()
        assert second.result(timeout=5) == first
    assert Dwelling.objects.count() == 1


def test_a_transfer_confirmed_and_withdrawn_at_once_ends_one_way(city):
    person = factories.person(place=FUDU)
    asked = commands.ask_transfer(
        identity=person.identity, name=person.name, dwelling=None, place=TIANAN, since=TODAY,
        by=SYSTEM, at=MONDAY,
    )  # fmt: skip
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            commands.confirm_transfer(transfer=asked, by=SYSTEM, at=MONDAY)
            second = second_request.submit(
                in_own_connection, commands.withdraw_transfer, transfer=asked, by=SYSTEM, at=MONDAY
            )
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="done already"):
            second.result(timeout=5)
    assert Transfer.objects.get().state == "done"
    assert Presence.objects.get(person=person, until=None).place == TIANAN
