"""Requests of the test client run as the web's database role, as on a server; tests themselves do
not. Past Django, so that counted queries stay what they are.
"""

from django.db import connection
from psycopg.pq import TransactionStatus

from shanzhi.registry.fence import ROLE


def as_web(get_response):
    def middleware(request):
        try:
            connection.ensure_connection()
        except RuntimeError:  # a test that asks no database, and whose page must not either
            return get_response(request)
        before, _now = _say(f"select current_setting('role'), set_config('role', '{ROLE}', false)")
        try:
            return get_response(request)
        finally:
            _back(before)

    return middleware


def _back(role):
    kept = connection.connection
    if kept is None or kept.broken or kept.info.transaction_status == TransactionStatus.INERROR:
        return  # a failed transaction takes no statement any more
    _say(f"set role {role}")


def _say(text):
    with connection.connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchone() if cursor.description else None
