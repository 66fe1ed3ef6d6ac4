"""Requests of API keys, counted in the database by shares: not one row written for each request."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from shanzhi.kernel.acting import Actor

from .counting import attempt_key

TAKE = """
insert into people_attempt as a (key, since, count, until)
values (%(key)s, %(at)s, %(share)s, %(until)s)
on conflict (key) do update set
  count = case when a.until <= %(at)s then excluded.count else a.count + excluded.count end,
  since = case when a.until <= %(at)s then excluded.since else a.since end,
  until = case when a.until <= %(at)s then excluded.until else a.until end
returning count, until
"""


@dataclass(frozen=True)
class Taken:
    count: int  # by all processes, this share included
    until: datetime  # when the counting begins anew


@transaction.atomic
def take_requests(*, key_id: int, share: int, seconds: int, by: Actor, at: datetime) -> Taken:
    """Take a share of the requests a key has in this window. Not journaled."""
    values = {
        "key": attempt_key("api", f"key {key_id}"),
        "at": at,
        "share": share,
        "until": at + timedelta(seconds=seconds),
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        return Taken(*cursor.fetchone())
