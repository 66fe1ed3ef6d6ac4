"""The hash chain: a removed, edited or smuggled-in entry shows.

An entry's hash is SHA-256 of its columns as a JSON array. The digest of a link is that of the link
before, folded with one hash after the other: digest = SHA-256(digest + hash). Whoever can change
the table could also write the chain anew, so the digest of the day belongs outside the database:
`head()` gives it, and every backup notes it.
"""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from datetime import date
from difflib import SequenceMatcher
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from . import queries
from .kinds import EntryRow

log = logging.getLogger(__name__)

FULL = 1000  # entries after which a link is not extended any more
BATCH = 2000  # entries sealed by one statement
LEAF = 8  # bytes of each entry's hash that a link keeps
NAMED = 20  # entries that one sentence names
GENESIS = bytes(32)

HASHES = f"""
    select xid, id, sha256(convert_to(jsonb_build_array(
        xid, id, (extract(epoch from at) * 1000000)::bigint,
        verb, about, "by", post, behalf, place, data)::text, 'UTF8')), at
    from journal_entry where {queries.AFTER} and {queries.UP_TO}
    {queries.IN_ORDER}
"""
LINK = "select id, day, xid, last, entries, digest from journal_seal"
LAST = f"{LINK} order by id desc limit 1"
OF_DAYS = f"""
    {LINK} where id >= (select min(id) - 1 from journal_seal where day >= coalesce(%s, day))
             and id <= (select max(id) from journal_seal where day <= coalesce(%s, day))
    order by id
"""
EXTEND = """
    update journal_seal set xid = %s, last = %s, entries = entries + %s, digest = %s,
                            leaves = leaves || %s
    where id = %s
"""
ADD = """
    insert into journal_seal (xid, last, entries, digest, leaves, day, first)
    values (%s, %s, %s, %s, %s, %s, %s)
"""
LEAVES = "select leaves from journal_seal where id = %s"


class Link(NamedTuple):
    id: int
    day: date | None
    xid: int
    last: int
    entries: int
    digest: bytes

    @property
    def order(self):
        return self.xid, self.last


BEGINNING = Link(0, None, 0, 0, 0, GENESIS)


class Hashed(NamedTuple):
    order: tuple[int, int]
    hash: bytes


def fold(digest: bytes, hashes: Iterable[bytes]) -> bytes:
    for each in hashes:
        digest = hashlib.sha256(digest + each).digest()
    return digest


def seal(rows: list[EntryRow]) -> None:
    """The follower: seal up to the end of a batch. That is all of it, unless the cursor was set
    back (nothing then) or forward (piece by piece, all that nobody sealed)."""
    while (last := _last()).order < rows[-1].order:
        _seal_on(last, rows[-1].order)


def _seal_on(last: Link, until: tuple[int, int]) -> None:
    """Into the last link if that is of the same day and not full."""
    with connection.cursor() as cursor:
        with queries.by_index(cursor):
            cursor.execute(f"{HASHES} limit {BATCH}", [*last.order, *until])
            found = cursor.fetchall()
        hashed = [bytes(row[2]) for row in found]
        digest, leaves = fold(last.digest, hashed), b"".join(each[:LEAF] for each in hashed)
        xid, entry, _digest, at = found[-1]
        values = [xid, entry, len(hashed), digest, leaves]
        if last.day == localdate(at) and last.entries < FULL:
            cursor.execute(EXTEND, [*values, last.id])
        else:
            cursor.execute(ADD, [*values, localdate(at), found[0][1]])


def _last() -> Link:
    links = _links(LAST)
    return links[0] if links else BEGINNING


def _links(sql, params=()) -> list[Link]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [Link(*values[:5], bytes(values[5])) for values in cursor.fetchall()]


def head() -> tuple[date | None, int, str]:
    """The day, number and digest of the last link: what a backup notes and an auditor keeps."""
    last = _last()
    return last.day, last.id, last.digest.hex()


def verify(since: date | None = None, until: date | None = None) -> list[str]:
    """Sentences on what does not fit the seals of these days; none if all is as it was."""
    links = _links(OF_DAYS, [since, until])
    if not links:
        return []
    opening = since is not None and links[0].day < since
    previous = links.pop(0) if opening else BEGINNING
    breaks = []
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        with connection.cursor() as setting, queries.by_index(setting):
            cursor.execute(HASHES, [*previous.order, *links[-1].order])
        for link, entries in _by_link(links, _stream(cursor)):
            digest = fold(previous.digest, (each.hash for each in entries))
            if (len(entries), digest) != (link.entries, link.digest):
                breaks += _tell(link, previous, entries)
            previous = link
    return breaks


def _stream(cursor) -> Iterator[Hashed]:
    while values := cursor.fetchmany(5000):
        for xid, entry, digest, _at in values:
            yield Hashed((xid, entry), bytes(digest))


def _by_link(links, entries) -> Iterator[tuple[Link, list[Hashed]]]:
    entry = next(entries, None)
    for link in links:
        own = []
        while entry and entry.order <= link.order:
            own.append(entry)
            entry = next(entries, None)
        yield link, own


def _tell(link, previous, entries) -> list[str]:
    """What differs between the leaves that were sealed and the entries that are there."""
    edited, inserted, removed = _compare(_leaves(link), entries, before=previous.last)
    told = [
        (_("%(day)s, link %(link)d: edited after sealing: %(entries)s."), edited),
        (_("%(day)s, link %(link)d: inserted after sealing: %(entries)s."), inserted),
        (_("%(day)s, link %(link)d: removed were %(count)d that followed: %(entries)s."), removed),
    ]
    if not (edited or inserted or removed):
        text = _("%(day)s, link %(link)d: this seal or the one before it was changed.")
        told = [(text, [link.id])]
    about = {"day": link.day, "link": link.id}
    return [
        text % {**about, "count": len(ids), "entries": _names(ids)} for text, ids in told if ids
    ]


def _leaves(link) -> list[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(LEAVES, [link.id])
        kept = bytes(cursor.fetchone()[0])[: link.entries * LEAF]
    return [kept[start : start + LEAF] for start in range(0, len(kept), LEAF)]


def _compare(sealed, entries, *, before):
    """Numbers of entries edited, inserted, and (of those removed) standing before the gap."""
    edited, inserted, removed = [], [], []
    ids = [entry.order[1] for entry in entries]
    present = [entry.hash[:LEAF] for entry in entries]
    matcher = SequenceMatcher(None, sealed, present, autojunk=False)
    for _same, i1, i2, j1, j2 in (code for code in matcher.get_opcodes() if code[0] != "equal"):
        both = min(i2 - i1, j2 - j1)
        edited += ids[j1 : j1 + both]
        inserted += ids[j1 + both : j2]
        removed += [ids[j1 + both - 1] if j1 + both else before] * (i2 - i1 - both)
    return edited, inserted, removed


def _names(ids):
    ids = list(dict.fromkeys(ids))
    more = ["…"] if len(ids) > NAMED else []
    return ", ".join([str(each) for each in ids[:NAMED]] + more)
