from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, connection, transaction
from django.utils.timezone import localdate

from shanzhi.journal import queries as journal
from shanzhi.journal.labels import label
from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM

from .. import acting, commands, kinds
from ..models import Account
from . import factories as make
from .factories import GRID, NOON, PANLONG, STREET, TIANAN

PHONE = "13800000001"


def unchanged(account):
    account = Account.objects.get(pk=account.pk)
    return lambda: (
        Account.objects.get(pk=account.pk).__dict__ | {"_state": 0}
        == (account.__dict__ | {"_state": 0})
    )


def test_a_resident_account_opens_by_phone_and_the_journal_knows_no_number(db):
    account = commands.open_account(phone="138 0000 0001", by=acting.ANONYMOUS, at=NOON)

    account.refresh_from_db()
    assert account.phone == PHONE
    assert account.username.startswith("r-")
    assert not account.has_usable_password()
    assert str(account) == "Resident"
    entry = journal.about(label(account))[0]
    assert (entry.verb, entry.place, entry.data) == (
        "people.account_opened",
        "3204",
        {"way": "phone"},
    )


def test_opening_for_a_phone_that_has_an_account_gives_that_one(db):
    first = commands.open_account(phone=PHONE, by=SYSTEM, at=NOON)

    assert commands.open_account(phone=PHONE, by=SYSTEM, at=NOON) == first
    assert Account.objects.count() == 1


def test_two_sign_up_with_one_phone_at_once_and_get_one_account(committed):
    def second():
        try:
            return commands.open_account(phone=PHONE, by=SYSTEM, at=NOON).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first = commands.open_account(phone=PHONE, by=SYSTEM, at=NOON).pk
            waiting = pool.submit(second)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.5)  # it waits for the unique index
        assert waiting.result(timeout=5) == first
    assert Account.objects.count() == 1


def test_staff_accounts_are_opened_by_those_who_appoint(city):
    by = make.actor(make.post("community_secretary"))

    account = commands.open_account(
        username="zhang.wei", name="张伟", password=make.PASSWORD, by=by, at=NOON
    )

    assert account.check_password(make.PASSWORD)
    assert account.password_given


def test_staff_accounts_are_refused_to_others_and_for_bad_or_taken_names(city):
    secretary, worker = make.post("community_secretary"), make.post()
    count = Account.objects.count()

    def refuse(match, username, held):
        with pytest.raises(Refused, match=match):
            commands.open_account(
                username=username, password="x" * 10, by=make.actor(held), at=NOON
            )
        assert Account.objects.count() == count

    refuse("does not let you", "zhang.wei", worker)
    for username in ("", "ab", "张伟", "Zhang", "r-abcdef", "a b c", "x" * 41):
        refuse("A user name has", username, secretary)
    refuse("taken", secretary.account.username, secretary)


def test_names_are_set_by_oneself(db):
    account, other = make.resident(), make.resident("13800000002")
    same = unchanged(account)

    with pytest.raises(Refused, match="own account"):
        commands.set_name(account=account, name="王小明", by=make.actor(other), at=NOON)
    for name in ("", "  ", "x" * 31, "<script>"):
        with pytest.raises(Refused, match="1 to 30"):
            commands.set_name(account=account, name=name, by=make.actor(account), at=NOON)
    assert same()

    commands.set_name(account=account, name=" 王小明 ", by=make.actor(account), at=NOON)
    account.refresh_from_db()
    assert account.name == "王小明"
    assert "王小明" not in str(journal.about(label(account)))


def test_preferences_are_one_by_one(db):
    account = make.resident()
    by = make.actor(account)

    commands.set_preferences(account_id=account.pk, large=True, by=by, at=NOON)
    commands.set_preferences(account_id=account.pk, language="en", by=by, at=NOON)

    account.refresh_from_db()
    assert (account.language, account.large) == ("en", True)
    same = unchanged(account)
    with pytest.raises(Refused, match="not available"):
        commands.set_preferences(account_id=account.pk, language="xx", by=by, at=NOON)
    with pytest.raises(Refused, match="own account"):
        commands.set_preferences(account_id=account.pk, large=False, by=acting.ANONYMOUS, at=NOON)
    assert same()


def test_home_is_a_community_or_grid_with_its_estate(city):
    account, estate = make.resident(), make.estate()
    by = make.actor(account)

    commands.choose_home(account=account, place=GRID, estate=estate, by=by, at=NOON)

    account.refresh_from_db()
    assert (account.home, account.estate) == (GRID, estate)
    same = unchanged(account)
    for place in (STREET, "", "320411002999"):
        with pytest.raises(Refused, match="Choose a community"):
            commands.choose_home(account=account, place=place, by=by, at=NOON)
    with pytest.raises(Refused, match="another community"):
        commands.choose_home(account=account, place=PANLONG, estate=estate, by=by, at=NOON)
    with pytest.raises(Refused, match="own account"):
        commands.choose_home(account=account, place=TIANAN, by=acting.ANONYMOUS, at=NOON)
    assert same()


def test_a_released_phone_leaves_the_account_without_a_way_in(db):
    account = make.resident()
    before = account.get_session_auth_hash()

    commands.release_phone(account=account, reason="new_holder", by=acting.ANONYMOUS, at=NOON)

    account.refresh_from_db()
    assert (account.phone, account.phone_hash, account.phone_proved_at) == (None, None, None)
    assert account.get_session_auth_hash() != before  # every session of it is over
    with pytest.raises(Refused, match="no phone"):
        commands.release_phone(account=account, reason="again", by=SYSTEM, at=NOON)


def test_releasing_the_phone_of_staff_keeps_their_password(db):
    account = make.staff()
    commands.change_phone(account=account, phone=PHONE, by=make.actor(account), at=NOON)

    commands.release_phone(account=account, reason="new_holder", by=SYSTEM, at=NOON)

    account.refresh_from_db()
    assert account.check_password(make.PASSWORD)


def test_a_phone_changes_to_a_free_number_only(db):
    account, other = make.resident(), make.resident("13800000002")
    by = make.actor(account)
    same = unchanged(account)

    for phone, match in (("13800000002", "another account"), ("12345", "eleven digits")):
        with pytest.raises(Refused, match=match):
            commands.change_phone(account=account, phone=phone, by=by, at=NOON)
    with pytest.raises(Refused, match="own account"):
        commands.change_phone(account=account, phone="13800000003", by=make.actor(other), at=NOON)
    assert same()

    commands.change_phone(account=account, phone="13800000003", by=by, at=NOON)
    account.refresh_from_db()
    assert account.phone == "13800000003"
    assert "13800000003" not in str(journal.about(label(account)))


def test_the_database_holds_one_account_a_phone(db):
    account, other = make.resident(), make.resident("13800000002")
    other.phone_hash = account.phone_hash
    with pytest.raises(IntegrityError, match="phone_hash"), transaction.atomic():
        other.save(update_fields=["phone_hash"])
    other.phone_hash = None
    with pytest.raises(IntegrityError, match="account_phone_is_found"), transaction.atomic():
        other.save(update_fields=["phone_hash"])


def test_lost_password_and_factor_are_reset_by_those_above(city):
    secretary, worker = make.post("community_secretary"), make.post()
    Authenticator.objects.create(user=worker.account, type="totp", data={})

    password = commands.reset_sign_in(
        account=worker.account, reason="phone lost", by=make.actor(secretary), at=NOON
    )

    worker.account.refresh_from_db()
    assert worker.account.check_password(password)
    assert worker.account.password_given
    assert not Authenticator.objects.exists()
    entry = journal.about(label(worker.account))[0]
    assert (entry.verb, entry.data) == ("people.sign_in_reset", {"reason": "phone lost"})


def test_reset_is_refused_to_equals_oneself_and_for_residents(city):
    secretary, worker, other = make.post("community_secretary"), make.post(), make.post()

    def refuse(match, account, held):
        same = unchanged(account)
        with pytest.raises(Refused, match=match):
            commands.reset_sign_in(account=account, reason="x", by=make.actor(held), at=NOON)
        assert same()

    refuse("does not let you", worker.account, other)
    refuse("your own password", worker.account, worker)
    refuse("holds no post", make.resident(), secretary)


def test_an_account_is_seen_once_a_day(db, django_assert_num_queries):
    account = make.resident(at=NOON - timedelta(days=9))

    commands.mark_seen(account_id=account.pk, by=make.actor(account), at=NOON)

    account.refresh_from_db()
    assert account.seen_on == localdate(NOON)


@pytest.mark.django_db
def test_who_watches_phones_hears_in_the_same_transaction_that_one_changed_hands(monkeypatch):
    heard = []
    watch = kinds.PhoneWatch("test", lambda account_id, at: heard.append((account_id, at)))
    monkeypatch.setattr(kinds, "_watches", {"test": watch})
    account = make.resident()
    commands.change_phone(account=account, phone="13800000009", by=make.actor(account), at=NOON)
    commands.release_phone(account=account, reason="new_holder", by=SYSTEM, at=NOON)
    assert heard == [(account.pk, NOON), (account.pk, NOON)]
