"""Counting attempts in the database, so that all processes count together. Not journaled."""

import hashlib
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from shanzhi.kernel.acting import Actor

from ..models import Attempt, PhoneCode, SentCode

COUNT = """
insert into people_attempt as a (key, since, count, until) values (%(key)s, %(at)s, 1, %(until)s)
on conflict (key) do update set
  count = case when a.until <= %(at)s then 1 else a.count + 1 end,
  since = case when a.until <= %(at)s then excluded.since else a.since end,
  until = case when a.until <= %(at)s or a.count + 1 = %(lock)s then excluded.until
               else a.until end
returning count
"""


def attempt_key(name: str, subject: str) -> str:
    return hashlib.sha256(f"{name}:{subject}".encode()).hexdigest()


@transaction.atomic
def count_attempt(
    *, name: str, subject: str, seconds: int, lock: int = 0, by: Actor, at: datetime
) -> int:
    """Counts one more within a window of `seconds` from the first; tells how many by now.

    The attempt with the number `lock` begins the window anew.
    """
    values = {
        "key": attempt_key(name, subject),
        "at": at,
        "until": at + timedelta(seconds=seconds),
        "lock": lock,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT, values)
        return cursor.fetchone()[0]


@transaction.atomic
def forget_attempts(*, name: str, subject: str, by: Actor, at: datetime) -> None:
    Attempt.objects.filter(pk=attempt_key(name, subject)).delete()


@transaction.atomic
def sweep(*, by: Actor, at: datetime) -> int:
    """Removes what is over: attempts, codes and the demonstration's messages of yesterday, and
    sessions. Run daily.
    """
    yesterday = at - timedelta(days=1)
    gone = Attempt.objects.filter(until__lt=at).delete()[0]
    gone += PhoneCode.objects.filter(sent_at__lt=yesterday).delete()[0]
    gone += SentCode.objects.filter(at__lt=yesterday).delete()[0]
    gone += Session.objects.filter(expire_date__lt=at).delete()[0]
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    return gone + UserSession.objects.filter(~Exists(alive)).delete()[0]
