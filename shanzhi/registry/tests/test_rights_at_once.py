"""Two at once about one binding or one correction: the second gets a sentence."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import transaction

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people.tests import factories as staff
from shanzhi.registry import commands
from shanzhi.registry.models import Binding, ChangeRequest, Person
from shanzhi.work import commands as work
from tests.concurrency import in_own_connection, wait_until_someone_waits_for_me

from . import rights_factories as make
from .rights_factories import LATER, NOON, TODAY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def zhang():
    staff.city()
    commands.load_sources(by=SYSTEM, at=NOON)
    work.load_calendar(by=SYSTEM, at=NOON)
    return make.person()


@pytest.fixture
def account(zhang):
    return make.resident()


def second_is_told(sentence, first, second):
    """`second` begins while `first` is not committed, and is refused after it."""
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            first()
            later = other.submit(in_own_connection, second)
            wait_until_someone_waits_for_me()
        with pytest.raises(Refused, match=sentence):
            later.result(timeout=5)


def test_a_code_from_a_phone_binds_once(zhang, account):
    _request, digits = commands.show_code(account_id=account.pk, by=make.acting(account), at=NOON)
    typed = partial(
        commands.bind_by_code, digits=digits, person=zhang, proof="居民身份证", by=SYSTEM, at=NOON
    )
    second_is_told("not the code", typed, typed)
    assert Binding.objects.count() == 1


def test_nobody_is_named_for_somebody_who_is_being_entered_as_dead(zhang, account):
    name = partial(
        commands.bind, account_id=account.pk, person=zhang, level=1, relation="proxy",
        scope=["read"], by=SYSTEM, at=LATER,
    )  # fmt: skip
    death = partial(commands.die, person=zhang, on=TODAY, by=SYSTEM, at=LATER)
    second_is_told("has died", death, name)
    assert Binding.objects.count() == 0


def test_a_binding_ends_once(zhang, account):
    binding = make.bound(account, zhang, "proxy", scope=["read"])
    end = partial(commands.end_binding, binding=binding, by=SYSTEM, at=LATER)
    second_is_told("ended already", partial(end, reason="staff"), partial(end, reason="resident"))
    assert Binding.objects.get().ended == "staff"


def asked(zhang, account, value):
    return partial(
        commands.ask_correction, person=zhang, element="person.phone", value=value,
        reason="换了号码", by=make.acting(account), at=NOON,
    )  # fmt: skip


def test_a_value_is_said_to_be_wrong_once(zhang, account):
    make.bound(account, zhang)
    first, second = (asked(zhang, account, f"1380000009{n}") for n in (1, 2))
    second_is_told("being checked already", first, second)
    assert ChangeRequest.objects.get().wanted == "13800000091"


@pytest.mark.parametrize("other", ["decides", "withdraws"])
def test_a_correction_is_answered_once(zhang, account, other):
    make.bound(account, zhang)
    change = asked(zhang, account, "13800000091")()
    accept = partial(
        commands.decide_correction, request=change, accept=True, answer="已核实", by=SYSTEM,
        at=LATER,
    )  # fmt: skip
    refuse = partial(accept, accept=False, answer="仍在使用")
    back = partial(commands.withdraw_correction, request=change, by=make.acting(account), at=LATER)
    second_is_told("answered already", accept, refuse if other == "decides" else back)
    assert ChangeRequest.objects.get().state == "accepted"
    assert Person.objects.get(pk=zhang.pk).phone == "13800000091"


def test_papers_are_decided_once(zhang, account):
    request = make.asked_by_papers(account, zhang)
    worker = staff.actor(staff.post("community_worker"))
    decide = partial(commands.decide_binding, request=request, person=zhang, by=worker, at=LATER)
    second_is_told(
        "answered already", partial(decide, accept=True, answer="户口簿"),
        partial(decide, accept=False, answer="不清楚"),
    )  # fmt: skip
    assert Binding.objects.count() == 1
