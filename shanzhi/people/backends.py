"""Finds the account of a session and what every page of it shows: one query."""

import orjson
from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection
from django.utils.timezone import localdate

from .models import Account
from .queries import UNREAD, PostRow

# Without the phone, which hardly a page needs: Django fetches it where one does.
FIELDS = [
    field.attname
    for field in Account._meta.concrete_fields
    if field.attname not in ("phone", "phone_hash", "phone_proved_at", "email")
]
FIND = f"""
select {", ".join(FIELDS)},
       (select json_agg(json_build_array(id, role, place, coalesce(department_id, '')) order by id)
          from people_post
         where account_id = people_account.id
           and valid_from <= %(on)s and (valid_to is null or valid_to > %(on)s)),
       exists (select from mfa_authenticator
                where user_id = people_account.id and type in ('totp', 'webauthn')),
       {UNREAD.format(account="people_account.id")},
       (select name from places_estate where id = people_account.estate_id)
  from people_account
 where id = %(id)s and is_active
"""


class Backend(AuthenticationBackend):
    """allauth's, but `get_user` fetches what every page of a signed-in person needs."""

    def get_user(self, user_id):
        with connection.cursor() as cursor:
            cursor.execute(FIND, {"id": user_id, "on": localdate()})
            row = cursor.fetchone()
        if row is None:
            return None
        known = len(FIELDS)
        account = Account.from_db(connection.alias, FIELDS, row[:known])
        held, account.second_factor, account.unread, account.estate_name = row[known:]
        held = orjson.loads(held) if isinstance(held, str) else held or []
        account.held = [PostRow(*each) for each in held]
        return account
