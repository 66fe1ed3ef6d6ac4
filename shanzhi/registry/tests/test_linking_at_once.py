"""Two who decide at once, a worker that is killed, and the plug that has to be complete."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection, connections, transaction

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import commands, comparing, owning, queries
from shanzhi.registry.commands import linking as steps
from shanzhi.registry.models import LinkJob, LinkPair, Membership, Merge, NotSame, Person, Presence
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from . import factories
from . import imports_factories as imports
from . import linking_factories as lists
from .factories import DAY, FUDU, MONDAY, TIANAN

at_once = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(transactional_db):
    factories.city()
    kept = factories.person("王伟", phone="13800000001", identity=factories.identity())
    return kept, lists.listed("王玮", phone="13800000001", birth=kept.birth, sex="1")


def merged(two):
    return commands.merge(kept=two[0], other=two[1], choices={}, by=SYSTEM, at=MONDAY + DAY)


@at_once
def test_of_two_who_merge_at_once_the_second_is_told(two):
    with ThreadPoolExecutor(1) as second:
        with transaction.atomic():
            merged(two)
            other = second.submit(in_own_connection, merged, two=two)
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="merged with another entry meanwhile"):
            other.result(timeout=5)
    assert Merge.objects.count() == 1


@at_once
def test_one_says_not_the_same_while_the_other_merges(two):
    with ThreadPoolExecutor(1) as second:
        with transaction.atomic():
            merged(two)
            other = second.submit(
                in_own_connection, commands.say_not_same, one=two[0], two=two[1], by=SYSTEM,
                at=MONDAY,
            )  # fmt: skip
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="merged with another entry meanwhile"):
            other.result(timeout=5)
    assert not NotSame.objects.exists()


@at_once
def test_of_two_who_undo_at_once_the_second_is_told(two):
    made = merged(two)
    with ThreadPoolExecutor(1) as second:
        with transaction.atomic():
            commands.undo_merge(merge=made, by=SYSTEM, at=MONDAY + DAY)
            other = second.submit(
                in_own_connection, commands.undo_merge, merge=made, by=SYSTEM, at=MONDAY + DAY
            )
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="undone already"):
            other.result(timeout=5)


@at_once
def test_two_comparisons_of_one_place_are_not_started_at_once(two):
    with ThreadPoolExecutor(1) as second:
        with transaction.atomic():
            commands.start_comparison(place=TIANAN, by=SYSTEM, at=MONDAY)
            other = second.submit(
                in_own_connection, commands.start_comparison, place=TIANAN, by=SYSTEM, at=MONDAY
            )
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match="under way here"):
            other.result(timeout=5)
    assert LinkJob.objects.count() == 1


# --- stopped in the middle ------------------------------------------------------------------------

MERGE = """
import django, os, sys, time
django.setup()
from django.db import connection
from datetime import datetime, UTC
from shanzhi.kernel.acting import SYSTEM
from shanzhi.registry import commands
from shanzhi.registry.commands import merging
from shanzhi.registry.models import Person
def wait(*given):
    print("here", flush=True)
    time.sleep(60)
merging._seal = wait
one, two = map(int, sys.argv[1:])
commands.merge(kept=Person.objects.get(pk=one), other=Person.objects.get(pk=two), choices={},
               by=SYSTEM, at=datetime(2026, 3, 3, tzinfo=UTC))
"""


def elsewhere(code, *arguments):
    """In a process of its own, on the test's database."""
    given = connection.settings_dict
    address = f"postgres://{given['USER']}@{given['HOST'].replace('/', '%2F')}/{given['NAME']}"
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], stdout=subprocess.PIPE,
        env=os.environ | {"DATABASE_URL": address, "PYTHONPATH": "."},
    )  # fmt: skip


@at_once
@pytest.mark.slow
def test_a_merge_that_is_killed_in_the_middle_leaves_nothing(two):
    before = lists.everything()
    process = elsewhere(MERGE, two[0].pk, two[1].pk)
    assert process.stdout.readline() == b"here\n"
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    process.stdout.close()
    wait_until_free()
    assert lists.everything() == before
    assert not Merge.objects.exists()
    merged(two)


def wait_until_free():
    """The server sees the end of a killed client when it next looks."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and pid <> pg_backend_pid() and state = 'idle in transaction'"
            )
            if not cursor.fetchone()[0]:
                return
        time.sleep(0.1)


@at_once
def test_a_comparison_whose_worker_was_stopped_begins_again(two):
    job = commands.start_comparison(place=TIANAN, by=SYSTEM, at=MONDAY)
    steps.begin(job=job, records=2, by=SYSTEM, at=MONDAY)
    assert comparing.run_waiting(now=lambda: MONDAY + DAY) == 1
    job.refresh_from_db()
    assert (job.state, job.found, LinkPair.objects.count()) == ("done", 1, 1)
    assert comparing.run_waiting(now=lambda: MONDAY + DAY) == 0


@at_once
def test_a_comparison_that_another_worker_holds_is_left_to_it(two):
    job = commands.start_comparison(place=TIANAN, by=SYSTEM, at=MONDAY)
    with ThreadPoolExecutor(1) as other:
        assert other.submit(comparing._take, job.pk).result()
        assert comparing.run(job, now=lambda: MONDAY) is False
        other.submit(comparing._let_go, job.pk).result()
        other.submit(connections.close_all).result()
    assert comparing.run(job, now=lambda: MONDAY) is True


@pytest.mark.django_db
def test_a_comparison_that_breaks_off_says_so(city, monkeypatch):
    """The engine is the world outside."""
    factories.person()
    job = commands.start_comparison(place=TIANAN, by=SYSTEM, at=MONDAY)

    def broken(*given, **more):
        raise MemoryError

    monkeypatch.setattr(comparing.linking, "propose", broken)
    assert comparing.run(job, now=lambda: MONDAY) is True
    job.refresh_from_db()
    assert (job.state, job.trouble) == (
        "failed", "The comparison broke off. Start it again.",
    )  # fmt: skip
    commands.start_comparison(place=TIANAN, by=SYSTEM, at=MONDAY)


# --- a list against the others --------------------------------------------------------------------


@pytest.mark.django_db
def test_an_import_is_compared_with_the_others_and_not_with_itself(city):
    known = factories.person("王伟", identity=factories.identity())
    listed = lists.listed("王玮", birth=known.birth, sex="1")
    again = lists.listed("王玮", birth=known.birth, sex="1")
    Person.objects.filter(pk__in=[listed.pk, again.pk]).update(batch=7)
    left, right = queries.linking.records(TIANAN, 7)
    assert [each.id for each in left] == [listed.pk, again.pk]
    assert [each.id for each in right] == [known.pk]


@pytest.mark.django_db
def test_a_list_without_numbers_comes_in_by_import_and_its_pairs_are_found(
    city, settings, tmp_path
):
    settings.FILES_ROOT = tmp_path
    factories.estate()
    people = imports.families(4)
    imports.taken(imports.checked(imports.plain(people)))
    older = [replace(each, number="", name=each.name[0] + "　" + each.name[1:],
                     born=each.born.replace(month=1, day=1)) for each in people]  # fmt: skip
    second = imports.taken(imports.checked(imports.plain(older), "旧名单.csv"))
    brought = Person.objects.filter(batch=second.pk).count()
    assert (second.state, second.counts["outcomes"].get("new", 0) > 0) == ("opened", True)
    job = commands.start_comparison(place=TIANAN, batch=second, by=SYSTEM, at=MONDAY)
    comparing.run(job, now=lambda: MONDAY)
    pairs = LinkPair.objects.filter(job=job, suggested=True)
    assert pairs.count() == brought


@pytest.mark.django_db
def test_who_is_only_registered_here_and_lives_elsewhere_is_not_compared(city):
    factories.person("王伟", place=FUDU, registered_place=TIANAN)
    here = factories.person("李娜", registered_place=TIANAN)
    unknown = factories.person("张示例", presences=[], registered_place=TIANAN)
    assert queries.linking.comparable(TIANAN) == {here.pk, unknown.pk}


@pytest.mark.django_db
def test_the_record_of_a_person_has_what_lists_may_say_of_them(city):
    home = factories.dwelling("301", "12")
    person = factories.person(
        "王伟", home=home, phone="13800000001", other_phone="13800000002", former_name="王小毛",
        registered_address="红梅新村3-502", birth=None, identity=None,
    )  # fmt: skip
    commands.move_in(person=person, dwelling=factories.dwelling("502", "9"),
                     since=factories.TODAY, by=SYSTEM, at=MONDAY)  # fmt: skip
    [[record]] = queries.linking.records(TIANAN)
    assert (record.name, record.former, record.birth) == ("王伟", ("王小毛",), "")
    assert record.phones == ("13800000001", "13800000002")
    assert {home.door_key for home in record.homes} == {
        "天安别墅/12/301", "天安别墅/9/502", "红梅新村/3/502",
    }  # fmt: skip


@pytest.mark.django_db
def test_two_who_have_different_numbers_are_not_proposed(city):
    factories.person("王伟", phone="13800000001")
    factories.person("王伟", phone="13800000001")
    job = commands.start_comparison(place=TIANAN, by=SYSTEM, at=MONDAY)
    comparing.run(job, now=lambda: MONDAY)
    job.refresh_from_db()
    assert (job.state, job.found) == ("done", 0)


# --- the plug -------------------------------------------------------------------------------------

STAY = {
    "Presence", "Membership", "BankAccount",  # moved by rules of their own
    "Version", "PersonKey",  # the history of the entry that was given up; its key is in the Merge
    "FormerStay",  # what was believed of it then; it goes when the person is forgotten
    "Merge", "Person",
    "Difference",  # of an import, which undoes it by the entry it was about
}  # fmt: skip


def test_whatever_names_a_person_goes_along_or_is_known_to_stay():
    named = {
        model for model in apps.get_app_config("registry").get_models()
        for each in model._meta.concrete_fields
        if each.attname == "person_id" or getattr(each, "related_model", None) is Person
    }  # fmt: skip
    left = {model.__name__ for model in named - set(owning.OWNED)}
    assert left <= STAY, left - STAY
    assert {Presence, Membership} & set(owning.OWNED) == set()
