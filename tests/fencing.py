"""Requests of the test client run as the web's database role, as on a server; tests themselves do
not. Past Django, so that counted queries stay what they are.
"""

from django.db import connection

from shanzhi.registry.fence import ROLE


def as_web(get_response):
    def middleware(request):
        connection.ensure_connection()
        before = _say("show role")[0]
        _say(f"set role {ROLE}")
        try:
            return get_response(request)
        finally:
            _back(before)

    return middleware


def _back(role):
    if connection.connection is not None and not connection.connection.broken:
        _say(f"set role {role}")


def _say(text):
    with connection.connection.cursor() as cursor:
        cursor.execute(text)
        return cursor.fetchone() if cursor.description else None
