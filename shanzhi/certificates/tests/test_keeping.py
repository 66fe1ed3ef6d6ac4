"""Two at once, letting go, and what happens when two entries become one person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection, transaction

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import commands as registry_commands
from shanzhi.registry import retention
from shanzhi.registry.models import Person
from shanzhi.registry.tests import factories as registry
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from .. import commands, queries
from ..models import Application, Certificate
from . import factories as make
from .factories import BANK, MONDAY

DAY = timedelta(days=1)


@pytest.fixture
def real_city(transactional_db):
    make.city()


def test_two_secretaries_seal_one_request_and_the_second_gets_a_sentence(real_city):
    certificate, wang, li = make.requested(), make.secretary(), make.secretary()
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            commands.seal(certificate=certificate, by=wang, at=MONDAY)
            second = second_request.submit(
                in_own_connection, commands.seal, certificate=certificate, by=li, at=MONDAY
            )
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="not possible now"):
            second.result(timeout=5)
    row = Certificate.objects.get()
    assert (row.number, row.sealed_by) == ("Z2026-11002018-0001", wang.account_id)


def test_two_refusals_at_once_have_two_numbers_and_one_unit(real_city):
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            first = make.refused()
            second = second_request.submit(in_own_connection, make.refused)
            wait_until_someone_waits_for_me()
        second = second.result(timeout=5)
    assert [first.number, second.number] == ["G2026-11002018-0001", "G2026-11002018-0002"]
    assert (first.unit, second.unit.name, queries.units()) == (second.unit, BANK, [BANK])


def test_one_request_sent_twice_at_once_is_one_request(real_city):
    person = make.known()
    by = make.asker(person=person)
    entry = make.entry("居住情况证明")
    sent = {"entry": entry, "person_id": person.pk, "wish": make.wish(), "by": by, "at": MONDAY}
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            commands.apply(**sent)
            second = second_request.submit(in_own_connection, commands.apply, **sent)
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="asked for this already"):
            second.result(timeout=5)
    assert Application.objects.count() == 1


def test_a_request_is_withdrawn_or_taken_and_never_both(real_city):
    person = make.known()
    by, worker = make.asker(person=person), make.worker()
    application = make.applied(by, person=person)
    with ThreadPoolExecutor(1) as second_request:
        with transaction.atomic():
            commands.withdraw(application=application, by=by, at=MONDAY)
            second = second_request.submit(
                in_own_connection, commands.take, application=application, wish=make.wish(),
                by=worker, at=MONDAY,
            )  # fmt: skip
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="not possible now"):
            second.result(timeout=5)
    assert Application.objects.get().state == "withdrawn" and not Certificate.objects.exists()


@pytest.mark.usefixtures("city")
def test_three_years_after_it_ran_out_the_line_stays_and_says_nothing_of_anybody():
    certificate = make.sealed()  # holds until 31 May 2026
    refused = commands.refuse_request(
        certificate=make.requested(), reason="不符", by=make.secretary(), at=MONDAY
    )
    over = MONDAY.replace(year=2029, month=6, day=1)
    assert {each.pk for each in queries.due(Certificate, over.date())} == {
        certificate.pk, refused.pk,
    }  # fmt: skip
    assert queries.due(Certificate, date(2029, 5, 31)).get() == refused
    assert commands.forget_certificates(by=SYSTEM, at=over) == 2
    row = Certificate.objects.get(pk=certificate.pk)
    assert (row.person, row.holder, row.statement, row.token, row.shown_holder) == (
        None, None, None, None, "",
    )  # fmt: skip
    assert (row.number, row.copies, row.purpose) == (certificate.number, 2, "子女入学")
    assert queries.shown(certificate.token) is None


@pytest.mark.usefixtures("city")
def test_whom_the_registry_forgets_certificates_forget_too():
    certificate = make.sealed()
    rules = {rule.code: rule for rule in retention.rules()}
    assert rules["certificates"].due(MONDAY.date()) == 0
    Person.objects.filter(pk=certificate.person).update(name="")
    assert rules["certificates"].deal(by=SYSTEM, at=MONDAY) == 1
    assert Certificate.objects.get().holder is None


@pytest.mark.usefixtures("city")
def test_certificates_go_along_when_two_entries_are_one_person():
    kept = registry.person("张示例", identity=None)
    certificate = make.sealed()
    given_up = Person.objects.get(pk=certificate.person)
    merge = registry_commands.merge(
        kept=kept, other=given_up, choices={}, by=make.worker(), at=MONDAY + DAY
    )
    assert Certificate.objects.get().person == kept.pk
    registry_commands.undo_merge(merge=merge, by=make.worker(), at=MONDAY + DAY)
    assert Certificate.objects.get().person == given_up.pk


@pytest.mark.usefixtures("city")
def test_a_dump_shows_no_name_no_statement_and_no_token():
    certificate = make.sealed()
    with connection.cursor() as cursor:
        cursor.execute("select row_to_json(c)::text from certificates_certificate c")
        row = cursor.fetchone()[0]
    for value in ("张示例", "天安别墅", certificate.token):
        assert value not in row and value.encode().hex() not in row
