"""Residents sign in by a code on their phone. A code proves the phone and nothing more."""

import re
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.kernel import Refused
from shanzhi.kernel.acting import SYSTEM

from .. import acting, commands, kinds, queries
from ..models import Account, PhoneCode, SentCode
from . import factories as make
from .factories import NOON

PHONE = "13800000001"


def ask(client, phone=PHONE, **more):
    return client.post("/sign-in/", {"phone": phone} | more)


def sent(phone=PHONE):
    text = queries.sent_text(commands.phones.phone_hash(phone))
    return re.search(r"\d{6}", text)[0]


def type_code(client, code, **more):
    return client.post("/sign-in/code/", {"code": code} | more)


def sign_in(client, phone=PHONE, **more):
    ask(client, phone)
    return type_code(client, sent(phone), **more)


def account_of(client):
    answer = client.get("/letter/")
    return int(answer.content.split()[-1]) if answer.status_code == 200 else None


def stale(days=91, **values):
    account = make.resident(**values)
    seen = localdate(timezone.now()) - timedelta(days=days)
    Account.objects.filter(pk=account.pk).update(seen_on=seen)
    return account


def test_an_unknown_phone_opens_an_account_on_proof(client, db):
    assert ask(client).url == "/sign-in/code/"
    assert Account.objects.count() == 0

    answer = type_code(client, sent())

    assert answer.url == "/"
    account = Account.objects.get()
    assert account.phone == PHONE
    assert account_of(client) == account.pk


def test_a_known_phone_comes_back_to_its_account(client, db):
    account = make.resident(at=timezone.now())

    sign_in(client)

    assert account_of(client) == account.pk


def test_asking_answers_the_same_for_known_and_unknown_phones(client, other_client, db):
    make.resident()
    known, unknown = ask(client), ask(other_client, "13800000002")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    pages = [each.get("/sign-in/code/").content.decode() for each in (client, other_client)]
    plain = [re.sub(r"\d{6}|138\*{4}\d{4}|value=\"\w+\"", "", page) for page in pages]
    assert plain[0] == plain[1]


def test_neither_session_nor_table_holds_the_phone_or_code_in_clear(client, db):
    ask(client)
    code = PhoneCode.objects.get()

    assert PHONE not in str(dict(client.session.items()))
    assert sent() not in str(dict(client.session.items()))
    assert sent().encode() not in bytes(code.digest)


def test_the_way_back_is_kept_and_never_leads_elsewhere(client, other_client, db):
    ask(client, next="/letter/")
    assert type_code(client, sent()).url == "/letter/"

    ask(other_client, "13800000002", next="https://elsewhere.example/")
    assert type_code(other_client, sent("13800000002")).url == "/"


def test_a_wrong_code_counts_and_after_five_none_is_right(client, db):
    ask(client)
    right = sent()
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _n in range(5):
        page = type_code(client, wrong)
        assert "not the code we sent" in page.content.decode()

    page = type_code(client, right)

    assert "Too many wrong codes" in page.content.decode()
    assert account_of(client) is None


def test_a_code_lives_five_minutes(client, db):
    ask(client)
    PhoneCode.objects.update(sent_at=timezone.now() - timedelta(minutes=5))

    assert "no longer valid" in type_code(client, sent()).content.decode()
    assert Account.objects.count() == 0


def test_a_code_works_once_and_only_where_it_was_asked_for(client, other_client, db):
    ask(client)
    code = sent()
    assert type_code(other_client, code).url == "/sign-in/"
    type_code(client, code)
    used = PhoneCode.objects.get()

    with pytest.raises(Refused, match="no longer valid"):
        commands.prove_code(code_id=str(used.pk), digits=code, by=SYSTEM, at=timezone.now())
    with pytest.raises(Refused, match="Begin again"):
        commands.claim_account(code_id=str(used.pk), by=SYSTEM, at=timezone.now())


def test_an_unproved_code_claims_nothing(db):
    code, _digits = commands.ask_code(phone=PHONE, by=acting.ANONYMOUS, at=NOON)
    with pytest.raises(Refused, match="Begin again"):
        commands.claim_account(code_id=str(code.pk), by=acting.ANONYMOUS, at=NOON)
    commands.prove_code(code_id=str(code.pk), digits=_digits, by=SYSTEM, at=NOON)
    with pytest.raises(Refused, match="too long"):
        late = NOON + timedelta(minutes=15)
        commands.claim_account(code_id=str(code.pk), by=acting.ANONYMOUS, at=late)
    assert Account.objects.count() == 0


def test_a_second_code_within_a_minute_is_refused_and_the_first_stays_good(client, db):
    ask(client)
    page = ask(client)

    assert "Wait a minute" in page.content.decode()
    assert SentCode.objects.count() == 1
    assert type_code(client, sent()).url == "/"


def test_ten_codes_a_day_are_enough_for_a_number(db):
    for minutes in range(10):
        at = NOON + timedelta(minutes=2 * minutes)
        commands.ask_code(phone=PHONE, by=acting.ANONYMOUS, at=at)

    with pytest.raises(Refused, match="tomorrow"):
        commands.ask_code(phone=PHONE, by=acting.ANONYMOUS, at=NOON + timedelta(hours=1))
    assert PhoneCode.objects.count() == 10
    commands.ask_code(phone=PHONE, by=acting.ANONYMOUS, at=NOON + timedelta(days=1))


@pytest.mark.parametrize("typed", ["+86 138 0000 0001", "１３８０００００００１", "138-0000-0001"])
def test_a_number_is_understood_however_it_is_typed(client, db, typed):
    ask(client, typed)
    type_code(client, sent())

    assert Account.objects.get().phone == PHONE


def test_a_number_that_is_none_gets_a_sentence(client, db):
    assert "eleven digits" in ask(client, "110").content.decode()
    assert PhoneCode.objects.count() == 0


# --- numbers given out anew


def test_a_number_unused_for_long_asks_for_the_name_before_the_old_account_opens(client, db):
    account = stale(name="王小明")

    page = sign_in(client)
    assert "Are you the same person" in page.content.decode()
    assert "王小明" not in page.content.decode()
    assert account_of(client) is None

    assert client.post("/sign-in/holder/", {"name": " 王 小明"}).url == "/"
    assert account_of(client) == account.pk
    account.refresh_from_db()
    assert account.phone == PHONE
    assert account.seen_on == localdate(timezone.now())


def test_three_wrong_names_open_a_fresh_account_and_nobody_gets_into_the_old(client, db):
    account = stale(name="王小明")
    sign_in(client)

    for _n in range(2):
        page = client.post("/sign-in/holder/", {"name": "李四"})
        assert "not the name in the account" in page.content.decode()
    assert client.post("/sign-in/holder/", {"name": "李四"}).url == "/"

    fresh = account_of(client)
    assert fresh not in (None, account.pk)
    account.refresh_from_db()
    assert (account.phone, account.phone_hash, account.is_active) == (None, None, True)
    assert Account.objects.get(pk=fresh).phone == PHONE


def test_one_click_says_that_the_number_is_new(client, db):
    account = stale(name="王小明")
    sign_in(client)

    assert client.post("/sign-in/holder/", {"choice": "fresh"}).url == "/"
    assert account_of(client) not in (None, account.pk)


def test_an_old_account_without_a_name_cannot_be_proved(client, db):
    account = stale()

    assert sign_in(client).url == "/"
    assert account_of(client) not in (None, account.pk)


def test_the_new_holder_may_say_so_at_any_time(client, db):
    account = make.resident(name="王小明", at=timezone.now())

    assert sign_in(client, fresh="on").url == "/"
    assert account_of(client) not in (None, account.pk)
    account.refresh_from_db()
    assert account.phone is None


def test_a_session_of_the_old_holder_ends_when_the_phone_is_released(client, other_client, db):
    make.resident(name="王小明", at=timezone.now())
    sign_in(client)
    old = account_of(client)
    PhoneCode.objects.all().delete()
    make.commands.forget_attempts(
        name="code", subject=commands.phones.phone_hash(PHONE).hex(), by=SYSTEM, at=NOON
    )

    sign_in(other_client, fresh="on")

    assert old is not None
    assert account_of(client) is None
    assert account_of(other_client) not in (None, old)


def test_ninety_days_are_not_yet_long(client, db):
    account = stale(days=90, name="王小明")

    assert sign_in(client).url == "/"
    assert account_of(client) == account.pk


def test_two_who_share_a_phone_share_its_account_and_nothing_else(client, other_client, db):
    """Whoever holds the phone gets its account; another account of the house stays apart."""
    husband = make.resident(at=timezone.now())
    wife = make.resident("13800000002", at=timezone.now())

    sign_in(client)
    sign_in(other_client, "13800000002")

    assert (account_of(client), account_of(other_client)) == (husband.pk, wife.pk)


# --- changing the number


def test_a_new_number_is_proved_before_it_replaces_the_old(client, db):
    account = make.resident(at=timezone.now())
    make.enter(client, account)

    assert client.post("/me/phone/", {"phone": "13800000009"}).url == "/me/phone/code/"
    account.refresh_from_db()
    assert account.phone == PHONE
    answer = client.post("/me/phone/code/", {"code": sent("13800000009")})

    assert answer.url == "/me/"
    account.refresh_from_db()
    assert account.phone == "13800000009"


def test_a_number_of_another_account_is_not_taken_away(client, db):
    account, other = make.resident(), make.resident("13800000002")
    make.enter(client, account)

    client.post("/me/phone/", {"phone": "13800000002"})
    page = client.post("/me/phone/code/", {"code": sent("13800000002")})

    assert "belongs to another account" in page.content.decode()
    assert {each.phone for each in Account.objects.all()} == {PHONE, other.phone}


def test_a_code_asked_for_signing_in_by_a_resident_with_staff_account_opens_no_desk(client, city):
    post = make.post()
    commands.change_phone(account=post.account, phone=PHONE, by=make.actor(post), at=timezone.now())

    assert sign_in(client).url == "/"
    assert client.get("/desk/").status_code == 403


def test_a_closed_account_is_told_so(client, db):
    account = make.resident()
    Account.objects.filter(pk=account.pk).update(is_active=False)

    assert sign_in(client).url == "/staff/closed/"
    assert "closed" in client.get("/staff/closed/").content.decode()
    assert account_of(client) is None


# --- senders and other ways


def test_codes_show_on_the_page_in_the_demonstration_only(client, settings, db):
    ask(client)
    assert sent() in client.get("/sign-in/code/").content.decode()
    settings.SHANZHI_DEMO = False
    assert sent() not in client.get("/sign-in/code/").content.decode()


def test_the_log_sender_masks_the_number(client, settings, db, caplog):
    caplog.set_level("INFO")
    settings.SHANZHI_SMS = "shanzhi.people.senders.log"
    ask(client)
    assert "138****0001" in caplog.text
    assert PHONE not in caplog.text


def test_a_registered_way_has_its_button(client, db, monkeypatch):
    monkeypatch.setattr(kinds, "_ways", {})
    assert "WeChat" not in client.get("/sign-in/").content.decode()
    kinds.register_sign_in(kinds.SignInWay("wechat", "WeChat", "people:demo"))
    assert "WeChat" in client.get("/sign-in/").content.decode()


def test_what_is_over_is_swept(db):
    commands.ask_code(phone=PHONE, by=acting.ANONYMOUS, at=NOON)
    commands.keep_sent_code(phone=PHONE, text="x", by=SYSTEM, at=NOON)

    assert commands.sweep(by=SYSTEM, at=NOON + timedelta(hours=1)) == 1
    assert commands.sweep(by=SYSTEM, at=NOON + timedelta(days=2)) == 3
    assert not PhoneCode.objects.exists()


def test_ended_sessions_are_swept_and_living_ones_stay(client, other_client, db):
    sign_in(client)
    sign_in(other_client, "13800000002")
    Session.objects.filter(pk=client.session.session_key).update(expire_date=NOON)

    commands.sweep(by=SYSTEM, at=timezone.now())

    assert [each.session_key for each in UserSession.objects.all()] == [
        other_client.session.session_key
    ]
    assert account_of(other_client) is not None
