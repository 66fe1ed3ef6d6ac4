"""Two at once on one list: the second goes on when the first is through."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from shanzhi.kernel import Refused
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from .. import commands
from ..models import ListEntry
from . import factories as make
from .factories import BEGAN, FIRST, NOON, SYSTEM, edition
from .test_lists import confirm, drafted


@pytest.fixture(autouse=True)
def city(transactional_db):
    make.city()
    edition()


def behind(first, command, **kwargs):
    """While `first` holds the list, the command waits."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            first()
            second = other.submit(in_own_connection, command, **kwargs)
            wait_until_someone_waits_for_me()
        return second.result(timeout=5)


def in_force():
    return ListEntry.objects.get(code="Y02", edition__state="in_force")


def test_a_clause_confirmed_while_the_draft_is_published_holds_in_what_is_in_force():
    draft = drafted()
    behind(confirm, commands.publish_edition, edition=draft, on=BEGAN, by=SYSTEM, at=NOON)
    assert (in_force().edition, in_force().confirmed) == (draft, True)


def test_a_clause_confirmed_when_its_edition_is_replaced_is_refused_and_the_new_one_named():
    draft, entry = drafted(), in_force()
    with pytest.raises(Refused, match="confirm the entry of the new one"):
        behind(
            lambda: commands.publish_edition(edition=draft, on=BEGAN, by=SYSTEM, at=NOON),
            commands.confirm_entry, entry=entry, clause="条例", by=make.office(), at=NOON,
        )  # fmt: skip
    assert not in_force().confirmed


def test_a_clause_confirmed_while_a_draft_is_made_is_confirmed_in_that_draft():
    entry = in_force()
    behind(
        lambda: drafted(FIRST), commands.confirm_entry,
        entry=entry, clause="条例", by=make.office(), at=NOON,
    )  # fmt: skip
    assert ListEntry.objects.filter(code="Y02", confirmed=True, clause="条例").count() == 2
