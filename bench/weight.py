"""What a page weighs over the wire, as a browser fetches it."""

import http.client
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

ASSETS = {"link": "href", "script": "src", "img": "src"}
LINKS = {"stylesheet", "icon", "manifest", "preload", "modulepreload", "apple-touch-icon"}


class Assets(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        wanted = tag != "link" or LINKS & set((attributes.get("rel") or "").split())
        address = attributes.get(ASSETS.get(tag, ""))
        if address and wanted and not address.startswith("data:") and address not in self.found:
            self.found.append(address)


def fetch(port: int, path: str, cookies: str) -> tuple[int, bytes, str]:
    """Bytes over the wire, head included; the body as it came; and its Cache-Control."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Accept-Encoding": "gzip, br", "Cookie": cookies.removeprefix("Cookie: ").strip()}
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}")
    head = sum(len(f"{name}: {value}\r\n") for name, value in answer.getheaders())
    connection.close()
    return len(body) + head, body, answer.getheader("Cache-Control", "")


def page(port: int, path: str, cookies: str) -> tuple[int, int]:
    """Bytes of the first visit, and of the next: what may be kept for ever is not fetched again."""
    first, body, _cache = fetch(port, path, cookies)
    second, parser = first, Assets()
    parser.feed(_plain(body))
    for address in parser.found:
        size, _body, cache = fetch(port, urlsplit(urljoin(path, address)).path, cookies)
        first += size
        second += 0 if "immutable" in cache else size
    return first, second


def _plain(body: bytes) -> str:
    if body[:2] == b"\x1f\x8b":
        import gzip

        return gzip.decompress(body).decode()
    if not body.lstrip().startswith(b"<"):
        import brotli

        return brotli.decompress(body).decode()
    return body.decode()
