"""Whose turn it is to change the divisions, and how others notice that they changed."""

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from shanzhi.kernel import Refused

from . import memory

TAKE = """
INSERT INTO places_edition (id, number) VALUES (1, pg_current_xact_id()::text::bigint)
ON CONFLICT (id) DO UPDATE SET number = excluded.number
"""
LIST = "SELECT pg_try_advisory_xact_lock(hashtext('shanzhi.places'), hashtext(current_schema()))"


def take() -> None:
    """Until the end of this transaction nobody else changes divisions; afterwards names are new."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '3s'")
        try:
            cursor.execute(TAKE)
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise Refused(
                    _("Somebody else is changing the divisions right now; try again in a minute.")
                ) from None
            raise
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    memory.forget()
    transaction.on_commit(memory.forget)


def take_list() -> None:
    """Only one list is loaded at a time. Does not make the transaction a writing one yet."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute(LIST)
        if not cursor.fetchone()[0]:
            raise Refused(_("Another list is being loaded; load this one when that has finished."))
