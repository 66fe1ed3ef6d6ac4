"""How a source is asked: plain functions that give the bytes of a table; others add theirs.

A source may only be reached where the operator said so: hosts in SHANZHI_SOURCE_HOSTS, folders in
SHANZHI_SOURCE_FOLDER. Redirects are not followed, and an address of this very machine is refused
even under an allowed name.
"""

import csv
import io
import ipaddress
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import orjson
import psycopg
import psycopg.sql
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.conninfo import conninfo_to_dict

from shanzhi.kernel import Refused

PATIENCE = 30  # seconds
LARGEST = 300_000_000
DONE, TAKEN = ".done", ".taken"


class Unreachable(Refused):
    """The source does not answer; it is asked again later."""


@dataclass(frozen=True)
class Fetched:
    """`taken` is called once the content is kept."""

    name: str
    content: Iterator[bytes]
    taken: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Adapter:
    """`needs` are the names of its settings; None is fetched where there is nothing new."""

    code: str
    title: str | Promise
    needs: tuple[str, ...]
    fetch: Callable[[dict[str, str]], Fetched | None]


ADAPTERS: dict[str, Adapter] = {}


def register(adapter: Adapter) -> None:
    ADAPTERS[adapter.code] = adapter


# --- what may be reached --------------------------------------------------------------------------


def check_host(host: str) -> None:
    if host not in settings.SHANZHI_SOURCE_HOSTS:
        raise Refused(
            _("The host %(host)s is not among those this installation may ask.") % {"host": host}
        )
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError:
        raise Unreachable(_("The host %(host)s is not known.") % {"host": host}) from None
    if settings.SHANZHI_SOURCE_LOOPBACK:
        return
    for address in found:
        number = ipaddress.ip_address(address)
        number = getattr(number, "ipv4_mapped", None) or number
        if number.is_loopback or number.is_link_local or number.is_unspecified:
            raise Refused(_("This address leads to the server itself."))


# --- a folder -------------------------------------------------------------------------------------


def from_folder(given: dict[str, str]) -> Fetched | None:
    """The oldest file with its mark: ledger.csv is taken once ledger.csv.done lies beside it."""
    root = Path(settings.SHANZHI_SOURCE_FOLDER or "/nonexistent").resolve()
    folder = (root / given["folder"]).resolve()
    if not folder.is_relative_to(root) or not folder.is_dir():
        raise Unreachable(_("The folder of this source is not there."))
    marks = sorted(folder.glob(f"*{DONE}"), key=lambda path: (path.stat().st_mtime, path.name))
    for mark in marks:
        path = mark.with_name(mark.name.removesuffix(DONE))
        if path.is_file() and not path.is_symlink():
            return Fetched(path.name, _blocks(path), partial(_take, path, mark))
    return None


def _take(path, mark):
    path.rename(path.with_name(path.name + TAKEN))
    mark.unlink(missing_ok=True)


def _blocks(path):
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            yield block


# --- HTTP -----------------------------------------------------------------------------------------


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


def from_http(given: dict[str, str]) -> Fetched:
    """A CSV, or a JSON list of objects (also under "data", "rows" or "items")."""
    url = urlsplit(given["address"])
    if url.scheme not in ("http", "https") or not url.hostname:
        raise Refused(_("The address of this source must begin with https://."))
    check_host(url.hostname)
    headers = {"Accept": "text/csv, application/json"}
    if key := given.get("key"):
        headers["Authorization"] = f"Bearer {key}"
    try:
        answer = build_opener(_NoRedirect).open(
            Request(given["address"], headers=headers), timeout=PATIENCE
        )
        content = _limited(answer)
    except HTTPError as error:
        raise Unreachable(_("The source answered with %(code)s.") % {"code": error.code}) from None
    except (URLError, OSError, ValueError):
        raise Unreachable(_("The source does not answer.")) from None
    if content.lstrip()[:1] in (b"[", b"{"):
        content = _from_json(content)
    return Fetched(Path(url.path).name or "source.csv", iter([content]))


def _limited(answer):
    content = answer.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise Refused(_("The source answered with more than can be taken."))
    return content


def _from_json(content):
    try:
        found = orjson.loads(content)
    except ValueError:
        raise Unreachable(_("The source answered with something that is no table.")) from None
    if isinstance(found, dict):
        found = next((found[name] for name in ("data", "rows", "items") if name in found), None)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Unreachable(_("The source answered with something that is no table."))
    return as_csv(list(dict.fromkeys(name for row in found for name in row)), found)


def as_csv(titles: list[str], rows: list[dict[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(titles)
    writer.writerows(
        ["" if row.get(name) is None else row[name] for name in titles] for row in rows
    )
    return out.getvalue().encode()


# --- a view of another database -------------------------------------------------------------------


def from_database(given: dict[str, str]) -> Fetched:
    """All rows of a view, read in one transaction that may not write."""
    try:
        wanted = conninfo_to_dict(given["dsn"])
    except psycopg.ProgrammingError:
        raise Refused(_("The database of this source is not written as it must be.")) from None
    if "hostaddr" in wanted or "service" in wanted:  # they lead elsewhere than the host says
        raise Refused(_("The database of this source is not written as it must be."))
    host = str(wanted.get("host", ""))
    if not host.startswith("/"):
        check_host(host)
    elif not settings.SHANZHI_SOURCE_LOOPBACK:
        raise Refused(_("This address leads to the server itself."))
    return Fetched(f"{given['view']}.csv", _copied(given["dsn"], given["view"]))


def _copied(dsn, view):
    name = psycopg.sql.SQL(".").join(map(psycopg.sql.Identifier, view.split(".")))
    query = psycopg.sql.SQL("COPY (SELECT * FROM {}) TO STDOUT (FORMAT csv, HEADER)").format(name)
    options = f"-c default_transaction_read_only=on -c statement_timeout={PATIENCE * 10_000}"
    try:
        with (
            psycopg.connect(dsn, connect_timeout=10, options=options) as source,
            source.cursor().copy(query) as rows,
        ):
            for block in rows:
                yield bytes(block)
    except psycopg.errors.UndefinedTable:
        raise Unreachable(_("The source has no view of this name.")) from None
    except psycopg.Error:
        raise Unreachable(_("The source does not answer.")) from None


register(Adapter("folder", gettext_lazy("Files in a folder"), ("folder",), from_folder))
register(Adapter("http", gettext_lazy("HTTP: CSV or JSON"), ("address", "key"), from_http))
register(Adapter("database", gettext_lazy("View of a database"), ("dsn", "view"), from_database))
