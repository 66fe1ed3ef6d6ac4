"""Finds the account of a session, its posts and whether it has a second factor: one query."""

import orjson
from allauth.account.auth_backends import AuthenticationBackend
from django.utils.timezone import localdate

from .models import Account
from .queries import PostRow

SQL = """
select id, password, last_login, username, name, home, estate_id, language, large, is_active,
       password_given, opened_at, seen_on, is_staff,
       (select json_agg(json_build_array(id, role, place, coalesce(department_id, '')) order by id)
          from people_post
         where account_id = people_account.id
           and valid_from <= %(on)s and (valid_to is null or valid_to > %(on)s)) as held,
       exists (select from mfa_authenticator
                where user_id = people_account.id and type in ('totp', 'webauthn')) as second_factor
  from people_account
 where id = %(id)s and is_active
"""


class Backend(AuthenticationBackend):
    """allauth's, but `get_user` fetches what every page of a signed-in person needs."""

    def get_user(self, user_id):
        for account in Account.objects.raw(SQL, {"id": user_id, "on": localdate()}):
            held = account.held or []
            held = orjson.loads(held) if isinstance(held, str) else held
            account.held = [PostRow(*each) for each in held]
            return account
        return None
