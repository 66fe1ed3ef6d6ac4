"""Two at once, without luck: the second goes on when the first is through, and is answered."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from shanzhi.burden import commands as burden
from shanzhi.burden import list_files
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from .. import commands
from ..models import Agreement, Signature
from . import factories as make
from .factories import AT, CITY


@pytest.fixture
def town(transactional_db, settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    make.town()


def test_two_sign_for_one_side_and_the_second_gets_a_sentence(town):
    agreement, secretary = make.agreed(), make.secretary()
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            commands.sign(agreement=agreement, by=secretary, at=AT)
            second = second_request.submit(
                in_own_connection, commands.sign, agreement=agreement, by=secretary, at=AT
            )
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="now the sub-district"):
            second.result(timeout=10)
    assert Signature.objects.count() == 1


def _draft():
    rows = list_files.read(make.NEWER.encode(), "assist")
    return burden.draft_edition(
        kind="assist", place=CITY, title="清单", rows=rows, by=SYSTEM, at=AT
    )


def test_who_signs_while_a_list_is_published_waits_and_is_refused(town):
    agreement, edition = make.half_signed(), _draft()
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            burden.publish_edition(edition=edition, on=AT.date(), by=SYSTEM, at=AT)
            second = second_request.submit(
                in_own_connection, commands.sign, agreement=agreement, by=make.clerk(), at=AT
            )
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="list has changed since this was agreed"):
            second.result(timeout=10)
    assert Agreement.objects.get(pk=agreement.pk).state == "half_signed"


def test_who_publishes_while_somebody_signs_waits_and_both_are_done(town):
    agreement, edition, clerk = make.half_signed(), _draft(), make.clerk()
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            commands.sign(agreement=agreement, by=clerk, at=AT)
            second = second_request.submit(
                in_own_connection, burden.publish_edition, edition=edition, on=AT.date(),
                by=SYSTEM, at=AT,
            )  # fmt: skip
            wait_until_someone_waits_for_me()
        second.result(timeout=10)
    agreement.refresh_from_db()
    edition.refresh_from_db()
    assert (agreement.state, edition.state) == ("in_force", "in_force")


def test_two_runs_at_once_make_each_agreement_once(town):
    one = commands.start_run(place=CITY, year=2027, by=SYSTEM, at=AT)
    two = commands.start_run(place=make.STREET, year=2027, by=SYSTEM, at=AT)
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            commands.make_more(run=one, by=SYSTEM, at=AT)
            second = second_request.submit(
                in_own_connection, commands.make_more, run=two, by=SYSTEM, at=AT
            )
            wait_until_someone_waits_for_me()
        second.result(timeout=10)
    two.refresh_from_db()
    assert (two.made, two.kept) == (0, 2)
    assert Agreement.objects.filter(kind="yearly").count() == 3
