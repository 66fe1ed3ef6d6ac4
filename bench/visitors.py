"""Who comes with the load: signed-in residents and staff, API keys, forms ready to be sent."""

import random
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from urllib.parse import urlencode

import numpy
from django.contrib.sessions.models import Session
from django.db import connection
from django.middleware import csrf
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from shanzhi.cases.models import Case, Draft
from shanzhi.kernel import uuids
from shanzhi.people.models import Account
from shanzhi.people.sessions import SessionStore

from .generate import people as invented
from .generate import pools
from .urls import EMPTY

RESIDENTS, STAFF, FORMS = 3000, 96, 400
LANGUAGE = "django_language=zh-hans"
BACKEND = "shanzhi.people.backends.Backend"


@dataclass(frozen=True)
class Visitor:
    account: int
    place: str
    session: str
    secret: str  # of the CSRF cookie

    @property
    def cookies(self) -> str:
        return f"Cookie: sessionid={self.session}; csrftoken={self.secret}; {LANGUAGE}\r\n"

    def get(self, path: str) -> bytes:
        return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.cookies}\r\n".encode()

    def post(self, path: str) -> bytes:
        body = urlencode({"csrfmiddlewaretoken": csrf._mask_cipher_secret(self.secret)})
        return (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.cookies}"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


class Crowd:
    """Drawn anew for each run from the city that is there; the same for the same seed."""

    def __init__(self, seed: int, at: datetime):
        self.random, self.at = random.Random(seed), at
        self.residents = self._signed_in(self._some_residents(), staff=False)
        self.staff = self._signed_in(self._some_staff(), staff=True)
        self.forms = self._forms()

    # --- who

    def _some_residents(self):
        """As busy as they are: who sent more cases comes more often."""
        low, high = _ask("select min(id), max(id) from cases_case")[0]
        some = [self.random.randint(low, high) for _n in range(RESIDENTS * 2)]
        return _ask(
            "select distinct a.id, a.home from cases_case c join people_account a"
            f" on a.id = c.applicant_id where c.id = any(%s) order by 1 limit {RESIDENTS}", [some],
        )  # fmt: skip

    def _some_staff(self):
        """Of every eight, six from communities, one of a sub-district and one of a district."""
        wanted = [("community_worker", 6), ("subdistrict_clerk", 1), ("district_clerk", 1)]
        return [
            row
            for role, share in wanted
            for row in self._posts(role, STAFF * share // 8)
        ]  # fmt: skip

    def _posts(self, role, count):
        rows = _ask("select account_id, place from people_post where role = %s order by id", [role])
        return self.random.choices(rows, k=count)

    def _signed_in(self, accounts, *, staff: bool) -> list[Visitor]:
        hashed = Account(password="!").get_session_auth_hash()
        visitors, sessions = [], []
        for account, place in accounts:
            key = uuid.uuid4().hex  # of this run alone
            visitor = Visitor(account, place, key, csrf._get_new_csrf_string())
            data = {
                "_auth_user_id": str(account), "_auth_user_backend": BACKEND,
                "_auth_user_hash": hashed, "staff": staff, "seen": int(self.at.timestamp()) + 600,
                "day": f"{localdate(self.at)}",
            }  # fmt: skip
            sessions.append(self._session(visitor.session, data))
            visitors.append(visitor)
        Session.objects.bulk_create(sessions)
        return visitors

    def _session(self, key, data):
        until = self.at + timedelta(days=1)
        return Session(session_key=key, session_data=SessionStore().encode(data), expire_date=until)

    # --- what they ask for

    def empties(self):
        return cycle([each.get(f"/{EMPTY}") for each in self.residents])

    def homes(self):
        return cycle([each.get("/") for each in self.residents])

    def own_cases(self):
        numbers = dict(_ask(
            "select distinct on (applicant_id) applicant_id, number from cases_case"
            " where applicant_id = any(%s) order by applicant_id, id desc",
            [[each.account for each in self.residents]],
        ))  # fmt: skip
        return cycle(
            [
                each.get(reverse("cases:own", args=[numbers[each.account]]))
                for each in self.residents
            ]
        )

    def lists(self):
        return cycle([each.get(reverse("cases:index")) for each in self.staff])

    def inboxes(self):
        return cycle([each.get(reverse("work:inbox")) for each in self.staff])

    def inboxes_of_districts(self):
        """The largest inboxes there are, and the largest areas for the figures at their head."""
        clerks = [each for each in self.staff if len(each.place) == 6]
        return cycle([each.get(reverse("work:inbox")) for each in clerks])

    def narrowed_inboxes(self):
        """Each one's, by the item that waits there most often."""
        requests = []
        for each in self.staff:
            [(item,)] = _ask(
                "select coalesce((select item from work_duty where unit = %s and department = ''"
                " and closed_at is null and item <> '' group by item"
                " order by count(*) desc, item limit 1), 'open-report')", [each.place],
            )  # fmt: skip
            requests.append(each.get(reverse("work:inbox") + f"?item={item}"))
        return cycle(requests)

    def desk_cases(self):
        """Cases of each one's own place, from the latest hundred."""
        requests = []
        for each in self.staff:
            rows = _ask(
                f"select number from cases_case where left(place, {len(each.place)}) = %s"
                " order by id desc limit 100", [each.place],
            )  # fmt: skip
            chosen = self.random.sample(rows, min(10, len(rows)))
            requests += [each.get(reverse("cases:case", args=row)) for row in chosen]
        self.random.shuffle(requests)
        return cycle(requests)

    def api_lists(self):
        head = "GET /api/v1/cases?size=20 HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
        keys = [invented.secret(n) for n in range(1, invented.KEYS + 1)]
        return cycle([f"{head}{key}\r\n\r\n".encode() for key in keys])

    # --- forms ready to be sent

    def _forms(self):
        """What was typed, by item, and sealed as a draft keeps it."""
        pool = pools.make(
            numpy.random.default_rng(self.random.getrandbits(64)), self.at.date(), FORMS
        )
        field = Draft._meta.get_field("sealed")
        places = _ask(
            "select place from cases_case where id = any(%s)",
            [self.random.sample(range(1, Case.objects.order_by("-id").first().pk), FORMS)],
        )  # fmt: skip
        forms = []
        for n, (item, answers) in enumerate(pool.raw):
            content = {
                "name": pools.NAMES[n], "phone": f"1380000{n:04d}", "category": "",
                "estate": pools.ESTATES[n % len(pools.ESTATES)], "answers": answers,
                "place": places[n % len(places)][0], "problems": {},
            }  # fmt: skip
            forms.append((item, content, field.get_prep_value(content)))
        return forms

    def drafts(self, count: int):
        """So many filled-in forms, each waiting for its last press; they can be sent once."""
        requests, columns = [], "id, account_id, item_code, sealed, begun_at, saved_at"
        with (
            connection.cursor() as cursor,
            cursor.copy(f"copy cases_draft ({columns}) from stdin") as copy,
        ):
            for n in range(count):
                visitor = self.residents[n % len(self.residents)]
                item, _content, sealed = self.forms[n % len(self.forms)]
                pk = uuids.rising(timezone.now())
                copy.write_row((pk, visitor.account, item.code, sealed, self.at, self.at))
                path = reverse("cases:check", args=[item.code, pk])
                requests.append(visitor.post(path))
        return iter(requests)


def _ask(sql, params=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
