"""Staff sign in with name, password and a second factor; wrong tries lock; idle sessions end."""

import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.test import RequestFactory

from shanzhi.kernel.acting import SYSTEM

from .. import acting, commands, limits, middleware
from ..models import Account, Attempt
from . import factories as make
from .factories import GRID, PASSWORD, TIANAN

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(step=0):
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + step))


def with_totp(post):
    TOTP.activate(post.account, SECRET)
    return post


def password(client, post, typed=PASSWORD, **more):
    values = {"login": post.account.username, "password": typed} | more
    return client.post("/staff/sign-in/", values)


@pytest.fixture
def worker(city):
    return with_totp(make.post())


def test_password_and_code_open_the_desk(client, worker):
    answer = password(client, worker)
    assert answer.url == "/me/security/authenticate/"
    assert client.get("/desk/").url.startswith("/staff/sign-in/")  # not yet

    answer = client.post(answer.url, {"code": code()})

    assert answer.url == "/desk/"
    page = client.get("/desk/").content.decode()
    assert page == f"community_worker in {TIANAN}"


def test_the_totp_secret_is_sealed_at_rest(worker):
    assert SECRET not in str(Authenticator.objects.get().data)


def test_every_page_on_the_way_shows(client, worker):
    assert client.get("/staff/sign-in/").status_code == 200
    password(client, worker)
    page = client.get("/me/security/authenticate/").content.decode()
    assert "Second factor" in page
    assert "passkey" in page


def test_a_code_works_once(client, other_client, worker):
    once = code()
    password(client, worker)
    client.post("/me/security/authenticate/", {"code": once})
    password(other_client, worker)

    page = other_client.post("/me/security/authenticate/", {"code": once})

    assert "used already" in page.content.decode()


def test_five_wrong_passwords_lock_for_fifteen_minutes(client, other_client, worker):
    for _n in range(5):
        assert "wrong" in password(client, worker, "nonsense").content.decode()

    page = password(other_client, worker)

    assert "locked for 15 minutes" in page.content.decode()
    lock = Attempt.objects.get()
    assert (lock.until - lock.since) >= timedelta(minutes=15)
    Attempt.objects.update(until=lock.since)
    assert password(other_client, worker).url == "/me/security/authenticate/"


def test_the_right_password_forgets_the_wrong_ones(client, worker):
    for _n in range(4):
        password(client, worker, "nonsense")
    password(client, worker)

    assert not Attempt.objects.exists()


def test_unknown_names_lock_just_the_same(client, city):
    values = {"login": "nobody.here", "password": "nonsense"}
    for _n in range(5):
        page = client.post("/staff/sign-in/", values).content.decode()
        assert "User name or password is wrong" in page
    assert "locked" in client.post("/staff/sign-in/", values).content.decode()


def test_five_wrong_codes_lock_too(client, worker):
    password(client, worker)
    for _n in range(5):
        page = client.post("/me/security/authenticate/", {"code": "000000"})
        assert "This code is wrong" in page.content.decode()

    page = client.post("/me/security/authenticate/", {"code": code()})

    assert "locked" in page.content.decode()
    assert client.get("/desk/").status_code == 302


# --- the first sign-in


def test_without_a_second_factor_staff_are_led_to_set_one_up(client, city):
    post = make.post()
    assert password(client, post).url == "/desk/"
    assert client.get("/desk/").url == "/me/second-factor/?next=%2Fdesk%2F"
    assert client.get("/me/second-factor/").status_code == 200

    page = client.get("/me/security/totp/activate/")  # no second password within minutes
    assert "Set up the authenticator app" in page.content.decode()
    secret = client.session["mfa.totp.secret"]
    typed = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = client.post("/me/security/totp/activate/", {"code": typed})

    assert answer.url == "/me/security/recovery-codes/"
    assert "Recovery codes" in client.get(answer.url).content.decode()
    assert client.get("/desk/").status_code == 200


def test_with_the_first_factor_sessions_of_a_stolen_password_end(client, other_client, city):
    post = make.post()
    password(client, post)
    password(other_client, post)
    client.get("/me/security/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    typed = format_hotp_value(hotp_value(secret, int(time.time()) // 30))

    client.post("/me/security/totp/activate/", {"code": typed})

    assert client.get("/desk/").status_code == 200
    assert other_client.get("/desk/").url.startswith("/staff/sign-in/")


def test_a_staff_session_ends_with_the_browser(client, worker):
    password(client, worker)
    client.post("/me/security/authenticate/", {"code": code()})
    assert client.cookies["sessionid"]["max-age"] == ""


def test_until_then_the_actor_has_no_post(client, city):
    post = make.post()
    password(client, post)
    request = RequestFactory().get("/")
    request.user, request.session = Account.objects.get(pk=post.account_id), client.session
    request.user.second_factor = False

    assert acting.of_request(request).role == ""


def test_a_given_password_must_be_changed_first(client, city):
    secretary = make.actor(make.post("community_secretary"))
    account = commands.open_account(
        username="zhang.wei", name="张伟", password=PASSWORD, by=secretary, at=make.NOON
    )
    post = with_totp(make.post(account=account))
    password(client, post)
    client.post("/me/security/authenticate/", {"code": code()})
    assert client.get("/desk/").url.startswith("/me/security/password/")
    page = client.get("/me/security/password/").content.decode()
    assert "given to you" in page and "At least 10 characters" in page
    assert "&lt;" not in page  # the validators would say it as a list of HTML

    new = "Sparrow-on-the-roof-7"
    values = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = client.post("/me/security/password/", values)

    assert answer.url == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_a_recovery_code_works_once(client, other_client, city):
    post = with_totp(make.post())
    codes = Authenticator.objects.create(
        user=post.account,
        type="recovery_codes",
        data={"migrated_codes": [make_sealed("11112222")], "used_codes": []},
    )
    password(client, post)
    answer = client.post("/me/security/authenticate/", {"code": "11112222"})

    assert answer.url == "/desk/"
    codes.refresh_from_db()
    assert codes.wrap().get_unused_codes() == []


def make_sealed(text):
    from allauth.mfa.utils import encrypt

    return encrypt(text)


# --- who may see what


def test_strangers_are_sent_to_the_right_door(client, db):
    assert client.get("/desk/").url == "/staff/sign-in/?next=%2Fdesk%2F"
    assert client.get("/letter/").url == "/sign-in/?next=%2Fletter%2F"


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(client, db):
    answer = client.get("/letter/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/sign-in/")


def test_residents_and_staff_without_post_get_a_sentence(client, other_client, city):
    make.enter(client, make.resident())
    page = client.get("/desk/")
    assert (page.status_code, "Sign in with your staff name" in page.content.decode()) == (
        403,
        True,
    )

    post = make.post()
    make.enter(other_client, post)
    post.delete()
    page = other_client.get("/desk/")
    assert (page.status_code, "You hold no post today" in page.content.decode()) == (403, True)


def test_a_page_for_other_roles_says_so(client, city):
    make.enter(client, make.post())
    page = client.get("/cockpit/")
    assert (page.status_code, "Switch to another post" in page.content.decode()) == (403, True)


def test_hats_are_switched_openly_among_ones_own(client, city):
    first = make.post()
    second = make.post("grid_leader", GRID, account=first.account)
    foreign = make.post()
    make.enter(client, first)

    answer = client.post("/desk/post/", {"post": second.pk, "next": "/desk/"})
    assert answer.url == "/desk/"
    assert client.get("/desk/").content.decode() == f"grid_leader in {GRID}"
    client.post("/desk/post/", {"post": foreign.pk, "next": "https://elsewhere.example/"})
    assert client.get("/desk/").content.decode() == f"grid_leader in {GRID}"


def test_a_desk_page_costs_two_queries_of_its_visitor(client, city, django_assert_num_queries):
    make.enter(client, make.post())
    client.get("/desk/")

    with django_assert_num_queries(2):
        client.get("/desk/")
    with django_assert_num_queries(0):
        client.cookies.pop("sessionid")
        client.get("/")


def test_anonymous_is_not_the_system():
    assert acting.ANONYMOUS != SYSTEM
    assert not acting.ANONYMOUS.is_staff


# --- idle, sessions, remote sign-out


@pytest.mark.parametrize(("minutes", "still"), [(29, True), (31, False)])
def test_a_staff_session_idles_half_an_hour(client, city, minutes, still):
    make.enter(client, make.post())
    _last_seen(client, minutes * 60)

    assert (client.get("/desk/").status_code == 200) is still


@pytest.mark.parametrize(("days", "still"), [(29, True), (31, False)])
def test_a_residents_session_idles_thirty_days(client, db, days, still):
    make.enter(client, make.resident())
    _last_seen(client, days * 86400)

    assert (client.get("/letter/").status_code == 200) is still


def _last_seen(client, seconds):
    session = client.session
    session["seen"] = int(time.time()) - seconds
    session.save()


def test_use_is_noted_once_in_a_while_only(client, city, django_assert_num_queries):
    make.enter(client, make.post())
    client.get("/desk/")
    first = client.session["seen"]
    client.get("/desk/")
    assert client.session["seen"] == first
    _last_seen(client, middleware.STAMP_SECONDS + 1)
    client.get("/desk/")
    assert client.session["seen"] >= first


def test_a_session_is_ended_from_another_device(client, other_client, worker):
    for step, each in enumerate((client, other_client)):
        password(each, worker)
        each.post("/me/security/authenticate/", {"code": code(step)})
    theirs = UserSession.objects.get(session_key=other_client.session.session_key)
    assert "this device" in client.get("/me/sessions/").content.decode()

    assert client.post(f"/me/sessions/{theirs.pk}/end/").url == "/me/sessions/"

    assert other_client.get("/desk/").status_code == 302
    assert client.get("/desk/").status_code == 200
    client.post(f"/me/sessions/{theirs.pk}/end/")
    assert "ended already" in client.get("/me/sessions/").content.decode()


def test_nobody_ends_the_sessions_of_others(client, other_client, city):
    stranger = make.resident()
    session = UserSession.objects.create(
        user=stranger, ip="127.0.0.1", session_key="x" * 32, user_agent="x"
    )
    make.enter(client, make.post())

    client.post(f"/me/sessions/{session.pk}/end/")

    assert UserSession.objects.filter(pk=session.pk).exists()


def test_a_new_password_ends_all_other_sessions(client, worker):
    password(client, worker)
    client.post("/me/security/authenticate/", {"code": code()})

    commands.reset_sign_in(account=worker.account, reason="lost", by=SYSTEM, at=make.NOON)

    assert client.get("/desk/").status_code == 302


def test_signing_out_needs_a_post_and_works(client, city):
    make.enter(client, make.post())
    assert "Sign out on this device" in client.get("/sign-out/").content.decode()
    client.post("/sign-out/")
    assert client.get("/desk/").status_code == 302


# --- limits and demonstration


def test_a_form_sent_too_often_gets_a_page_of_its_own(client, db):
    assert [client.get("/often/").status_code for _n in range(3)] == [200, 200, 429]
    assert "too often" in client.get("/often/").content.decode()
    other = client.get("/often/", REMOTE_ADDR="198.51.100.7")
    assert other.status_code == 200


def test_a_lock_begins_anew_with_the_last_wrong_try(db, rf):
    for _n in range(5):
        assert limits.count_try("someone")
    assert not limits.count_try("someone")
    limits.forget_tries("someone")
    assert limits.count_try("someone")


def test_one_click_opens_a_demonstration_role(client, city):
    account = make.staff("demo-community_worker", "演示工作者")
    make.post(account=account)
    commands.open_account(phone="13800000001", username="demo-resident", by=SYSTEM, at=make.NOON)

    page = client.get("/demo/").content.decode()
    assert "演示工作者" in page
    assert client.post("/demo/sign-in/community_worker/").url == "/desk/"
    assert client.get("/desk/").content.decode() == f"community_worker in {TIANAN}"
    client.post("/sign-out/")
    assert client.post("/demo/sign-in/resident/").url == "/"
    assert client.get("/letter/").status_code == 200
    assert client.get("/desk/").status_code == 403
    assert client.post("/demo/sign-in/emperor/").status_code == 404


def test_outside_the_demonstration_there_is_no_such_door(client, settings, city):
    make.post(account=make.staff("demo-community_worker"))
    make_it = client.post("/demo/sign-in/community_worker/")
    assert make_it.url == "/desk/"
    settings.SHANZHI_DEMO = False
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/sign-in/community_worker/").status_code == 404
    assert client.get("/desk/").status_code == 302  # a demonstration session opens nothing now


@pytest.mark.parametrize("key", ["", "?key=", "?key=wrong"])
def test_a_link_without_the_key_of_this_run_signs_nobody_in(client, settings, city, key):
    make.post(account=make.staff("demo-community_worker"))
    for settings.SHANZHI_DEMO_KEY in ("", "right"):
        assert client.get(f"/demo/sign-in/community_worker/{key}").url == "/demo/"
        assert client.get("/desk/").status_code == 302


def test_the_printed_link_signs_in_with_one_click(client, settings, city):
    make.post(account=make.staff("demo-community_worker"))
    settings.SHANZHI_DEMO_KEY = "right"
    assert client.get("/demo/sign-in/community_worker/?key=right").url == "/desk/"
    settings.SHANZHI_DEMO = False
    assert client.get("/demo/sign-in/community_worker/?key=right").status_code == 404
