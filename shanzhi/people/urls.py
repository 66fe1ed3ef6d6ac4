"""Addresses of people: ours in the name space "people", allauth's under the names it expects.

Of allauth only what we use has an address: no signing up, no e-mail pages.
"""

from allauth.account import views as account
from django.urls import include, path

from .views import cards, keys, me, notices, signing, staff

ours = [
    path("sign-in/", signing.phone, name="sign_in"),
    path("sign-in/code/", signing.code, name="sign_in_code"),
    path("sign-in/holder/", signing.holder, name="sign_in_holder"),
    path("demo/", signing.demo, name="demo"),
    path("demo/sign-in/<slug:role>/", signing.demo_sign_in, name="demo_sign_in"),
    path("me/", me.index, name="me"),
    path("me/name/", me.name, name="name"),
    path("me/preferences/", me.preferences, name="preferences"),
    path("me/home/", me.home, name="home"),
    path("me/phone/", me.phone, name="phone"),
    path("me/phone/code/", me.phone_code, name="phone_code"),
    path("me/second-factor/", me.second_factor, name="second_factor"),
    path("me/sessions/<int:session_id>/end/", me.end_session, name="end_session"),
    path("notices/", notices.index, name="notices"),
    path("notices/read/", notices.read_all, name="read_notices"),
    path("notices/<int:notice_id>/", notices.follow, name="notice"),
    path("desk/post/", staff.choose_post, name="choose_post"),
    path("desk/people/", staff.index, name="posts"),
    path("desk/people/open/", staff.open_account, name="open_account"),
    path("desk/people/grant/", staff.choose_role, name="choose_role"),
    path("desk/people/grant/<slug:role>/", staff.grant, name="grant"),
    path("desk/people/<int:post_id>/end/", staff.end, name="end_post"),
    path("desk/people/<int:post_id>/reset/", staff.reset, name="reset_sign_in"),
    path("desk/cards/", cards.index, name="cards"),
    path("desk/cards/new/", cards.edit, name="new_card"),
    path("desk/cards/<int:card_id>/", cards.edit, name="card"),
    path("desk/cards/<int:card_id>/remove/", cards.remove, name="remove_card"),
    path("desk/keys/", keys.index, name="keys"),
    path("desk/keys/new/", keys.issue, name="new_key"),
    path("desk/keys/<int:key_id>/revoke/", keys.revoke, name="revoke_key"),
]

allauths = [
    path("staff/sign-in/", account.login, name="account_login"),
    path("staff/closed/", account.account_inactive, name="account_inactive"),
    path("sign-out/", account.logout, name="account_logout"),
    path("me/security/confirm/", me.confirm, name="account_reauthenticate"),
    path("me/security/password/", me.change_password, name="account_change_password"),
    path("me/security/", include("allauth.mfa.urls")),
    path("me/sessions/", include("allauth.usersessions.urls")),
]

urlpatterns = [path("", include((ours, "people"))), *allauths]
