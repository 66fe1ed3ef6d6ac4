"""Keys change while everything stays readable, also when a run is killed in the middle."""

import base64
import os
import signal
import subprocess
import sys
import time
import uuid
from datetime import UTC, date, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as configured
from django.db import connection, transaction

from operate import environment, keys
from shanzhi.files import disk
from shanzhi.journal.models import Entry
from shanzhi.kernel import crypto, rotation
from shanzhi.people.adapters import MFAAdapter
from shanzhi.people.models import Account
from shanzhi.registry import versions
from shanzhi.registry.models import Dwelling, Person, Source

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
OLD, MIDDLE, NEW = (base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2, 3))


def forget():
    for each in (crypto._keys, crypto._hash_key):
        each.cache_clear()


@pytest.fixture
def use(settings):
    """use(NEW, OLD): from now on the keys are these."""

    def change(*chosen):
        settings.SHANZHI_KEYS = list(chosen)
        forget()
        return rotation.names()[0]

    yield change
    forget()


def persons(count):
    source, _new = Source.objects.get_or_create(
        code="community", defaults={"kind": "community", "name": "社区采集"}
    )
    facts = {"source": source, "valid_from": date(2020, 1, 1), "recorded_at": NOON}
    return Person.objects.bulk_create(
        [
            Person(
                name="甲", identity=f"32049919900101{n:04d}", identity_hash=b"h",
                phone=f"154{n:08d}", phone_hash=b"h", **facts,
            )
            for n in range(count)
        ],
        batch_size=1000,
    ), facts  # fmt: skip


def under(key):
    return sum(found[key] for found in rotation.counts().values())


@pytest.mark.django_db
def test_everything_sealed_is_found_sealed_anew_and_opens(use, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    old = use(OLD)
    people, facts = persons(700)
    home = Dwelling.objects.create(place="320411002018", door={"room": "301"}, **facts)
    key = versions.make_key(people[0].pk)
    account = Account.objects.create(
        username="w", opened_at=NOON, phone="13800000001", phone_hash=b"h"
    )
    adapter = MFAAdapter()
    factor = Authenticator.objects.create(
        user=account, type="totp", data={"secret": adapter.encrypt("SECRET")}
    )
    upload = uuid.uuid4()
    disk.write(upload, b"x" * 100_000)
    disk.write(upload, b"small", disk.THUMB)
    assert under(old) == 1400 + 1 + 1 + 1 + 1 + 2

    new = use(NEW, OLD)
    told = []
    outcome = keys.rotate(at=NOON, tell=lambda *each: told.append(each))
    assert outcome.resealed == under(new) == 1406
    assert (under(old), outcome.unopened) == (0, {})
    assert ("registry_person.identity", 300, 700) in told
    assert ("registry_person.identity", 700, 700) in told
    assert Entry.objects.get(verb="operate.keys_rotated").data == {"values": 1406}

    use(NEW)  # without the old one everything still opens
    assert Person.objects.get(pk=people[3].pk).identity == people[3].identity
    assert Person.objects.get(pk=people[3].pk).phone == people[3].phone
    assert Dwelling.objects.get(pk=home.pk).door == {"room": "301"}
    assert versions.open_key(people[0].pk) == key
    assert Account.objects.get(pk=account.pk).phone == "13800000001"
    factor.refresh_from_db()
    assert adapter.decrypt(factor.data["secret"]) == "SECRET"
    assert b"".join(disk.read(upload)) == b"x" * 100_000
    assert b"".join(disk.read(upload, disk.THUMB)) == b"small"
    assert keys.rotate(at=NOON, tell=lambda *each: None).resealed == 0
    assert Entry.objects.filter(verb="operate.keys_rotated").count() == 1


@pytest.mark.django_db
def test_the_status_says_which_key_may_be_dropped(use, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    use(MIDDLE, OLD)
    persons(3)
    names = [name.hex() for name in (use(NEW, MIDDLE, OLD), *rotation.names()[1:])]
    assert keys.status() == [
        f"Key {names[0]} (1 of 3) seals 0 values and every new one.",
        f"Key {names[1]} (2 of 3) seals 6 values. Run: shanzhi keys rotate",
        f"Key {names[2]} (3 of 3) seals 0 values. Keep it: by it phones and identity numbers are "
        "found.",
    ]
    keys.rotate(at=NOON, tell=lambda *each: None)
    assert "6 values and every new one" in keys.status()[0]
    assert "may be dropped" in keys.status()[1]
    use(OLD)
    assert keys.status()[-1] == (
        f"Key {names[0]} is not in SHANZHI_KEYS and seals 6 values: add it again."
    )


@pytest.mark.django_db
def test_an_altered_value_is_told_and_left_and_does_not_keep_the_others(use, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    old = use(OLD)
    people, _facts = persons(2)
    with connection.cursor() as cursor:
        cursor.execute(
            "update registry_person set phone = set_byte(phone, 20, 255 - get_byte(phone, 20))"
            " where id = %s", [people[0].pk],
        )  # fmt: skip
    use(NEW, OLD)
    outcome = keys.rotate(at=NOON, tell=lambda *each: None)
    assert outcome.resealed == 3
    assert outcome.unopened == {"registry_person.phone": 1}
    assert under(old) == 1
    assert "1 values of registry_person.phone cannot be opened" in keys.told(outcome)[1]


@pytest.mark.django_db(transaction=True)
def test_rows_in_use_are_waited_for_and_nobody_waits_for_us(use, settings, tmp_path, monkeypatch):
    import threading

    settings.FILES_ROOT = tmp_path
    old = use(OLD)
    people, _facts = persons(3)
    use(NEW, OLD)
    held, release = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            Person.objects.select_for_update().get(pk=people[1].pk)
            held.set()
            release.wait(10)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    threading.Timer(0.7, release.set).start()
    began = time.monotonic()
    outcome = keys.rotate(at=NOON, tell=lambda *each: None)
    thread.join()
    assert time.monotonic() - began > 0.6
    assert (outcome.resealed, under(old)) == (6, 0)


RUN = """
import django, sys
django.setup()
from operate import environment
environment.be_patient()
from shanzhi.kernel import rotation
print("begun", flush=True)
rotation.rotate(lambda where, done, total: print(done, flush=True))
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_run_that_is_killed_goes_on_where_it_ended(use, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    old = use(OLD)
    people, _facts = persons(6000)
    new = use(NEW, OLD)
    database = configured.DATABASES["default"] | {"NAME": connection.settings_dict["NAME"]}
    env = os.environ | {
        "DJANGO_SETTINGS_MODULE": "operate.tests.keyed",
        "SHANZHI_KEYS": f"{NEW},{OLD}",
        "SHANZHI_FILES": str(tmp_path),
        "DATABASE_URL": f"postgres://{database['USER']}@{database['HOST'].replace('/', '%2F')}"
        f"/{database['NAME']}",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", RUN], env=env, cwd=environment.ROOT, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    lines = iter(process.stdout.readline, "")
    assert next(lines) == "begun\n"
    for line in lines:
        if int(line) >= 900:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert 900 <= under(new) < 12_000
    assert under(new) + under(old) == 12_000
    outcome = keys.rotate(at=NOON, tell=lambda *each: None)
    assert under(new) == 12_000
    assert outcome.resealed < 11_200
    use(NEW)
    assert Person.objects.get(pk=people[-1].pk).phone == people[-1].phone
