"""An account is a person only by proof, and only as long as the proof holds."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from shanzhi.journal.queries import about
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people import commands as people
from shanzhi.people.models import Account
from shanzhi.people.tests import factories as staff
from shanzhi.registry import commands, queries
from shanzhi.registry.models import Binding, BindingRequest, Person

from . import rights_factories as make
from .rights_factories import LATER, NOON, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def city():
    staff.city()


@pytest.fixture
def zhang():
    return make.person()


@pytest.fixture
def account():
    return make.resident()


@pytest.fixture
def worker():
    return staff.actor(staff.post("community_worker"))


def sees(account, on=TODAY):
    return queries.bound_person(account.pk, on=on)


def ask_code(phone, at):
    code, digits = people.ask_code(phone=phone, by=SYSTEM, at=at)
    people.prove_code(code_id=str(code.pk), digits=digits, by=SYSTEM, at=at)
    return str(code.pk)


def test_a_phone_alone_is_nobody(account, zhang):
    assert sees(account) is None
    assert queries.known_values(account.pk, ["person.name"]) == {}
    assert queries.bound_person(None) is None


def test_even_a_phone_that_the_registry_has_of_someone_is_nobody(zhang):
    same = make.resident("13800000021")
    assert sees(same) is None


def test_a_bound_account_is_its_person_and_says_so_in_the_journal(account, zhang):
    binding = make.bound(account, zhang)

    assert sees(account) == zhang
    assert binding.until == TODAY + timedelta(days=730)
    entry = about(f"registry.Person:{zhang.pk}")[-1]
    assert (entry.verb, entry.data["account"], entry.place) == (
        "registry.bound", account.pk, staff.GRID,
    )  # fmt: skip


def test_at_the_counter_the_worker_types_the_code_from_the_phone(account, zhang, worker):
    request, digits = commands.show_code(account_id=account.pk, by=make.acting(account), at=NOON)

    binding = commands.bind_by_code(
        digits=digits, person=zhang, proof="居民身份证", by=worker, at=NOON
    )

    assert (binding.account_id, binding.person_id, binding.level) == (account.pk, zhang.pk, 1)
    assert binding.proved_by == worker.account_id
    request.refresh_from_db()
    assert (request.state, request.digest) == ("done", None)
    refuses_code(digits, zhang, worker)


def refuses_code(digits, person, worker, at=NOON, sentence="not the code"):
    before = list(Binding.objects.values())
    with pytest.raises(Refused, match=sentence):
        commands.bind_by_code(digits=digits, person=person, proof="居民身份证", by=worker, at=at)
    assert list(Binding.objects.values()) == before


def test_a_code_is_over_after_ten_minutes_and_when_a_new_one_is_shown(account, zhang, worker):
    _request, first = commands.show_code(account_id=account.pk, by=make.acting(account), at=NOON)
    refuses_code(first, zhang, worker, NOON + timedelta(minutes=10), "no longer valid")
    _request, second = commands.show_code(account_id=account.pk, by=make.acting(account), at=NOON)
    refuses_code(first, zhang, worker)
    refuses_code("000000" if second != "000000" else "111111", zhang, worker)


def test_another_community_binds_nobody(account, zhang):
    elsewhere = staff.actor(staff.post("community_worker", staff.PANLONG))
    _request, digits = commands.show_code(account_id=account.pk, by=make.acting(account), at=NOON)
    refuses_code(digits, zhang, elsewhere, sentence="own community")
    clerk = staff.actor(staff.post("city_clerk", staff.CITY))
    refuses_code(digits, zhang, clerk, sentence="own community")


def test_nobody_shows_a_code_for_another_account(account):
    other = make.resident("13800000002")
    with pytest.raises(Refused, match="your own account"):
        commands.show_code(account_id=account.pk, by=make.acting(other), at=NOON)
    assert BindingRequest.objects.count() == 0


# --- numbers change hands -------------------------------------------------------------------------


def test_a_changed_number_ends_the_binding_at_once(account, zhang):
    make.bound(account, zhang)
    people.change_phone(account=account, phone="13800000009", by=make.acting(account), at=LATER)

    assert sees(account) is None
    ended = Binding.objects.get()
    assert (ended.ended, ended.ended_at) == ("phone", LATER)
    assert about(f"registry.Person:{zhang.pk}")[-1].verb == "registry.binding_ended"


def test_the_new_holder_of_a_recycled_number_sees_nothing(account, zhang):
    make.bound(account, zhang)
    later = NOON + timedelta(days=100)
    code = ask_code("13800000001", later)
    fresh = people.claim_account(code_id=code, fresh=True, by=SYSTEM, at=later)

    assert fresh.pk != account.pk
    assert sees(fresh, localdate(later)) is None
    assert sees(account, localdate(later)) is None
    assert Binding.objects.get().ended == "phone"


def test_a_name_known_to_the_new_holder_opens_the_account_but_no_data(account, zhang):
    """After long disuse the name may come from a call to the old holder."""
    make.bound(account, zhang)
    later = NOON + timedelta(days=100)
    code = ask_code("13800000001", later)
    same = people.claim_account(code_id=code, name="张一", by=SYSTEM, at=later)

    assert same.pk == account.pk
    assert sees(same, localdate(later)) is None
    assert Binding.objects.get().ended == "phone"


def test_a_binding_holds_only_for_the_number_it_was_proved_with(account, zhang):
    """Even where nobody told: a number altered by hand in the database."""
    make.bound(account, zhang)
    other = make.resident("13800000003")
    Account.objects.filter(pk=other.pk).update(phone=None, phone_hash=None)
    Account.objects.filter(pk=account.pk).update(phone_hash=other.phone_hash)
    assert sees(account) is None


def test_a_shared_phone_is_one_person_and_speaks_for_others_by_proxy_only(account, zhang):
    """An old couple with one phone: the second is bound as whom the first speaks for."""
    wife = make.person("李二", date(1947, 5, 2), "002")
    make.bound(account, zhang)
    make.bound(account, wife, "proxy", scope=["read", "fill"])
    assert sees(account) == zhang
    assert queries.bound_ids(account.pk, on=TODAY) == [zhang.pk, wife.pk]

    make.bound(account, wife)

    assert sees(account) == wife
    assert queries.bound_ids(account.pk, on=TODAY) == [wife.pk]
    assert sorted(Binding.objects.values_list("ended", flat=True)) == ["", "again", "again"]


def test_a_person_bound_again_leaves_the_old_account(account, zhang):
    make.bound(account, zhang)
    new = make.resident("13800000004")
    make.bound(new, zhang)
    assert (sees(account), sees(new)) == (None, zhang)


# --- time -----------------------------------------------------------------------------------------


def test_an_expired_binding_sees_nothing(account, zhang):
    make.bound(account, zhang, until=TODAY + timedelta(days=10))
    assert sees(account, TODAY + timedelta(days=9)) == zhang
    assert sees(account, TODAY + timedelta(days=10)) is None
    assert queries.bound_ids(account.pk, on=TODAY + timedelta(days=10)) == []


def test_a_closed_account_sees_nothing(account, zhang):
    make.bound(account, zhang)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    assert sees(account) is None


# --- minors, proxies, the dead --------------------------------------------------------------------


def test_a_child_is_bound_through_a_guardian_until_it_is_of_age(account):
    child = make.person("张小", date(2015, 6, 1))
    with pytest.raises(Refused, match="through a guardian"):
        make.bound(account, child)
    assert Binding.objects.count() == 0

    binding = make.bound(account, child, "guardian")
    assert binding.allows("correct")
    assert sees(account) is None
    assert queries.bound_ids(account.pk, on=TODAY) == [child.pk]
    teenager = make.person("张中", date(2008, 4, 1), "005")
    assert make.bound(account, teenager, "guardian").until == date(2026, 4, 1)


def test_grown_people_have_no_guardian_here(account, zhang):
    with pytest.raises(Refused, match="of age"):
        make.bound(account, zhang, "guardian")
    assert Binding.objects.count() == 0


def test_a_proxy_does_what_it_was_named_for_and_no_more(account, zhang):
    make.bound(account, zhang, "proxy", scope=["read"])
    binding = queries.binding_for(account.pk, zhang.pk, on=TODAY)
    assert (binding.allows("read"), binding.allows("fill"), binding.allows("copy")) == (
        True, False, False,
    )  # fmt: skip
    with pytest.raises(Refused, match="not for this"):
        commands.ask_correction(
            person=zhang, element="person.phone", value="13800000055", reason="换号了",
            by=make.acting(account), at=NOON,
        )  # fmt: skip
    with pytest.raises(Refused, match="not for this"):
        commands.take_copy(person=zhang, form="json", by=make.acting(account), at=NOON)
    with pytest.raises(Refused, match="themselves"):
        commands.ask_erasure(person=zhang, by=make.acting(account), at=NOON)


@pytest.mark.parametrize("scope", [[], ["everything"]])
def test_a_proxy_is_named_for_something(account, zhang, scope):
    with pytest.raises(Refused, match="what the proxy may do"):
        make.bound(account, zhang, "proxy", scope=scope)
    with pytest.raises(Refused, match="last day from March 2, 2026 to March 1, 2027"):
        make.bound(account, zhang, "proxy", scope=["read"], until=TODAY + timedelta(days=400))
    assert Binding.objects.count() == 0


def test_a_relative_of_the_dead_reads_for_a_time(account, zhang):
    with pytest.raises(Refused, match="only for close relatives"):
        make.bound(account, zhang, "relative")
    Person.objects.filter(pk=zhang.pk).update(state="dead", died_on=TODAY)
    with pytest.raises(Refused, match="has died"):
        make.bound(account, zhang)

    binding = make.bound(account, zhang, "relative")

    assert (binding.allows("read"), binding.allows("correct")) == (True, False)
    assert binding.until == TODAY + timedelta(days=90)


# --- ending ---------------------------------------------------------------------------------------


def test_the_holder_the_person_and_the_community_end_a_binding_and_nobody_else(
    account, zhang, worker
):
    son = make.resident("13800000005", "张儿子")
    make.bound(account, zhang)
    proxy = make.bound(son, zhang, "proxy", scope=["read"])
    stranger = make.resident("13800000006", "路人")
    with pytest.raises(Refused, match="own community"):
        commands.end_binding(binding=proxy, reason="resident", by=make.acting(stranger), at=NOON)
    assert queries.binding_for(son.pk, zhang.pk, on=TODAY) is not None

    commands.end_binding(binding=proxy, reason="resident", by=make.acting(account), at=NOON)
    assert queries.binding_for(son.pk, zhang.pk, on=TODAY) is None
    own = Binding.objects.get(account=account, ended_at=None)
    commands.end_binding(binding=own, reason="staff", by=worker, at=NOON)
    assert sees(account) is None
    with pytest.raises(Refused, match="ended already"):
        commands.end_binding(binding=own, reason="staff", by=worker, at=NOON)
