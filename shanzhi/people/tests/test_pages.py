"""Pages of the own account and of the desk: every one shows, and says what is wrong."""

from datetime import date

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from shanzhi.kernel.acting import SYSTEM

from .. import commands, kinds, notices, queries
from ..models import Account, Card, Key, Notice, Post
from . import factories as make
from .factories import CITY, DISTRICT, FUDU, GRID, NOON, PANLONG, PASSWORD, STREET, TIANAN


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def resident(client, city):
    account = make.resident()
    make.enter(client, account)
    return account


@pytest.fixture
def secretary(client, city):
    post = make.post("community_secretary")
    make.enter(client, post)
    return post


# --- me


def test_me_shows_the_phone_masked(client, resident):
    page = text(client.get("/me/"))
    assert "138****0001" in page
    assert "13800000001" not in page
    assert "Password and second factor" not in page  # a resident has none


@pytest.mark.parametrize(
    "name",
    [
        "people:me",
        "people:name",
        "people:home",
        "people:phone",
        "people:notices",
        "usersessions_list",
        "mfa_index",
        "account_logout",
    ],
)
def test_a_residents_pages_show(client, resident, name):
    text(client.get(reverse(name)))


def test_a_resident_has_no_password_to_change(client, resident):
    assert client.get("/me/security/password/").url == "/me/"


def test_name_and_preferences_are_kept(client, resident, settings):
    assert client.post("/me/name/", {"name": "王小明"}).url == "/me/"
    assert "1 to 30" in text(client.post("/me/name/", {"name": "<b>"}))

    answer = client.post("/me/preferences/", {"language": "en", "large": "on"})

    assert answer.url == "/me/"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"] == 0
    resident.refresh_from_db()
    assert (resident.name, resident.language, resident.large) == ("王小明", "en", True)


def test_the_home_is_found_by_name_and_chosen(client, resident):
    estate = make.estate()

    page = text(client.get("/me/home/", {"q": "天安"}))
    assert f"?place={TIANAN}" in page
    assert f'value="{estate.pk}"' in page
    assert "天安别墅" in text(client.get("/me/home/", {"place": TIANAN}))
    assert "Nothing found" in text(client.get("/me/home/", {"q": "没有这里"}))

    assert client.post("/me/home/", {"estate": estate.pk}).url == "/"
    resident.refresh_from_db()
    assert (resident.home, resident.estate) == (GRID, estate)
    assert client.post("/me/home/", {"place": TIANAN}).url == "/"
    resident.refresh_from_db()
    assert (resident.home, resident.estate) == (TIANAN, None)
    assert client.post("/me/home/", {"place": STREET}).url == "/me/home/"
    assert "天安社区" in text(client.get("/me/"))


def test_staff_pages_of_the_own_account_show(client, secretary):
    secretary.account.set_password(PASSWORD)
    for name in (
        "people:me",
        "mfa_index",
        "account_change_password",
        "usersessions_list",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_list_webauthn",
    ):
        text(client.get(reverse(name)))


@pytest.mark.parametrize(
    "name", ["account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"]
)
def test_who_signs_in_by_phone_is_told_that_there_is_nothing_to_confirm_with(
    client, resident, name
):
    answer = client.get(reverse(name), follow=True)

    page = text(answer)
    assert "there is nothing to type here" in page and 'href="/me/"' in page


def in_chinese(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"


def test_a_password_is_refused_in_our_words(client, secretary):
    in_chinese(client)

    page = client.post(
        "/me/security/password/", {"oldpassword": "x", "password1": "kurz", "password2": "kurz"}
    ).content.decode()

    assert "当前密码不正确。" in page and "密码至少 10 位。" in page
    assert "This password" not in page


def test_another_way_to_confirm_is_named_in_our_words(client, secretary):
    in_chinese(client)
    secretary.account.set_password(PASSWORD)
    secretary.account.save()
    make.enter(client, secretary)

    assert "改用验证器验证码确认" in text(client.get(reverse("account_reauthenticate")))
    assert "改用密码确认" in text(client.get(reverse("mfa_reauthenticate")))


def test_signing_out_everywhere_else_is_told_in_our_words(client, secretary):
    in_chinese(client)

    assert "已在其他设备上退出登录。" in text(client.post("/me/sessions/", follow=True))


def test_passkey_pages_show_right_after_the_password(client, city):
    account = make.post().account
    values = {"login": account.username, "password": PASSWORD}
    client.post("/staff/sign-in/", values)

    page = text(client.get("/me/security/webauthn/add/"))
    assert "allauth.webauthn.forms.addForm" in page
    assert "challenge" in page


def test_pages_of_the_second_factor_show(client, city):
    post = make.post()
    client.post("/staff/sign-in/", {"login": post.account.username, "password": PASSWORD})
    Authenticator.objects.create(user=post.account, type="totp", data={"secret": "x"})
    key = Authenticator.objects.create(
        user=post.account, type="webauthn", data={"name": "blue key", "credential": {}}
    )
    for name, args in (
        ("mfa_deactivate_totp", ()),
        ("mfa_generate_recovery_codes", ()),
        ("mfa_list_webauthn", ()),
        ("mfa_edit_webauthn", (key.pk,)),
        ("mfa_remove_webauthn", (key.pk,)),
        ("mfa_index", ()),
    ):
        text(client.get(reverse(name, args=args)))
    assert client.get("/me/second-factor/").url == "/me/security/"


def test_too_many_sign_ins_from_one_address_get_a_page(client, settings, db):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    cache.clear()
    values = {"login": "nobody", "password": "nonsense"}
    client.post("/staff/sign-in/", values)
    answer = client.post("/staff/sign-in/", values)
    assert (answer.status_code, "too often" in answer.content.decode()) == (429, True)


# --- notices


def test_notices_are_read_one_by_one_or_all(client, resident, monkeypatch):
    monkeypatch.setattr(kinds, "_notices", {})
    kinds.register_notice(kinds.NoticeText("told", _("News"), _("%(number)s is done")))
    notices.send(
        notices.NewNotice(resident.pk, "told", n, NOON, {"number": f"N{n}"}, "/letter/")
        for n in (1, 2, 3)
    )
    page = text(client.get("/notices/"))
    assert "N1 is done" in page

    first = Notice.objects.order_by("pk").first()
    assert client.get(f"/notices/{first.pk}/").url == "/letter/"
    assert queries.unread(resident.pk) == 2
    assert client.post("/notices/read/").url == "/notices/"
    assert queries.unread(resident.pk) == 0


def test_notices_of_others_are_not_found(client, resident):
    other = make.resident("13800000002")
    notices.send([notices.NewNotice(other.pk, "told", 1, NOON)])
    notice = Notice.objects.get()

    assert client.get(f"/notices/{notice.pk}/").status_code == 404
    notice.refresh_from_db()
    assert notice.read_at is None


# --- staff


def test_a_secretary_opens_an_account_and_appoints(client, secretary):
    page = text(client.post("/desk/people/open/", {"username": "zhang.wei", "name": "张伟"}))
    account = Account.objects.get(username="zhang.wei")
    assert account.password_given
    assert "shown only now" in page

    values = {
        "username": "zhang.wei",
        "role": "grid_leader",
        "place": GRID,
        "valid_from": "2026-03-02",
        "last_day": "2026-05-31",
        "reason": "appointed",
    }
    assert client.post("/desk/people/grant/grid_leader/", values).url == "/desk/people/"
    post = Post.objects.get(account=account)
    assert (post.place, post.valid_to) == (GRID, date(2026, 6, 1))


def test_the_grant_form_offers_only_what_may_be_granted(client, secretary):
    page = text(client.get("/desk/people/grant/"))
    assert "Community worker" in page
    assert "City leader" not in page
    page = text(client.get("/desk/people/grant/grid_leader/"))
    assert "第一网格" in page
    assert PANLONG not in page
    assert client.get("/desk/people/grant/city_leader/").status_code == 404
    values = {"username": "nobody", "place": GRID, "valid_from": "2026-03-02", "reason": "x"}
    page = text(client.post("/desk/people/grant/grid_leader/", values | {"role": "grid_leader"}))
    assert "no account with this user name" in page
    assert Post.objects.count() == 1


def test_a_department_is_asked_where_the_post_has_one(client, city):
    make.civil_affairs()
    make.enter(client, make.post("district_clerk", DISTRICT))
    assert "民政" in text(client.get("/desk/people/grant/department_clerk/"))
    assert "Department" not in text(client.get("/desk/people/grant/subdistrict_clerk/"))


def test_posts_are_listed_ended_and_reset(client, secretary):
    worker = make.post()
    foreign = make.post(place=FUDU)
    page = text(client.get("/desk/people/"))
    assert worker.account.username in page
    assert foreign.account.username not in page
    assert "Nobody found" in text(client.get("/desk/people/", {"q": "zzz"}))

    text(client.get(f"/desk/people/{worker.pk}/end/"))
    assert "shown only now" in text(
        client.post(f"/desk/people/{worker.pk}/reset/", {"reason": "lost"})
    )
    answer = client.post(f"/desk/people/{worker.pk}/end/", {"reason": "moved"})
    assert answer.url == "/desk/people/"
    assert "ended already" in text(
        client.post(f"/desk/people/{worker.pk}/end/", {"reason": "moved"})
    )
    for page in ("end", "reset"):
        answer = client.post(f"/desk/people/{foreign.pk}/{page}/", {"reason": "x"})
        assert answer.status_code == 404
    foreign.refresh_from_db()
    assert foreign.valid_to is None


def test_a_worker_does_not_reach_the_staff_pages(client, city):
    make.enter(client, make.post())
    for name in ("people:posts", "people:open_account", "people:choose_role"):
        assert client.get(reverse(name)).status_code == 403


# --- cards and keys


def test_cards_are_edited_and_removed(client, secretary):
    values = {"place": TIANAN, "kind": "police", "name": "李警官", "phone": "0519-88000110"}
    assert "No cards yet" in text(client.get("/desk/cards/"))
    text(client.get("/desk/cards/new/"))
    assert client.post("/desk/cards/new/", values).url == "/desk/cards/"
    card = Card.objects.get()
    assert "李警官" in text(client.get(f"/desk/cards/{card.pk}/"))
    assert "landline" in text(client.post(f"/desk/cards/{card.pk}/", values | {"phone": "x"}))
    assert client.post(f"/desk/cards/{card.pk}/remove/").url == "/desk/cards/"
    assert not Card.objects.exists()


def test_a_date_field_shows_its_day(client, secretary):
    page = text(client.get("/desk/people/grant/grid_leader/"))
    assert f'value="{localdate()}"' in page


def test_cards_of_other_communities_are_not_found(client, secretary):
    card = commands.set_card(
        place=FUDU, kind="police", name="李警官", phone="051988000110", by=SYSTEM, at=NOON
    )
    assert client.get(f"/desk/cards/{card.pk}/").status_code == 404
    assert client.post(f"/desk/cards/{card.pk}/remove/").status_code == 404
    values = {"place": FUDU, "kind": "police", "name": "x", "phone": "051988000111"}
    client.post("/desk/cards/new/", values)
    card.refresh_from_db()
    assert card.name == "李警官"


def test_a_key_is_shown_once_and_revoked(client, city):
    make.enter(client, make.post("subdistrict_clerk", STREET))
    assert "No keys yet" in text(client.get("/desk/keys/"))
    tomorrow = date.fromordinal(date.today().toordinal() + 1)
    values = {"name": "大厅", "place": STREET, "items": "a b", "valid_to": str(tomorrow)}
    page = text(client.post("/desk/keys/new/", values))
    key = Key.objects.get()
    assert key.items == ["a", "b"]
    assert f"<code>{key.hint}" in page

    page = text(client.get("/desk/keys/"))
    assert key.hint in page
    assert client.post(f"/desk/keys/{key.pk}/revoke/").url == "/desk/keys/"
    assert "revoked" in text(client.get("/desk/keys/"))
    assert "Name the program" not in text(client.get("/desk/keys/new/"))
    page = text(client.post("/desk/keys/new/", values | {"place": CITY}))
    assert "inside the post" in page


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_one_and_many(client, secretary, count, django_assert_num_queries):
    for n in range(count):
        make.post(account=make.staff(f"worker{n}"))
    client.get("/desk/people/")
    with django_assert_num_queries(4):  # session, account with posts and notices, whom, their posts
        client.get("/desk/people/")
