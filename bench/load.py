"""A light load generator: one process, a few keep-alive connections, each request after its answer.

It shares the machine with the server, so it does as little as it can: requests are bytes made
before, answers are looked at only for their status, their length and where they lead.
"""

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

END = b"\r\n\r\n"


class Failed(Exception):  # noqa: N818
    """An answer that is not the one expected: the whole measurement is worth nothing."""


@dataclass(frozen=True)
class Expect:
    status: bytes = b"200"
    leads_to: bytes = b""  # start of the Location of a redirect


@dataclass
class Answers:
    """How long each took, in seconds, and for how long they were taken."""

    seconds: float
    took: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.took)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Client:
    def __init__(self, port: int, requests: Iterator[bytes], expect: Expect):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.requests, self.expect = requests, expect
        self.began, self.got, self.missing = 0.0, b"", -1

    def ask(self) -> bool:
        """Send the next request; false where there is none left."""
        request = next(self.requests, None)
        if request is None:
            return False
        self.got, self.missing = b"", -1
        self.began = time.perf_counter()
        self.socket.sendall(request)
        return True

    def take(self) -> bool:
        """Read what came; true once the answer is complete."""
        piece = self.socket.recv(262_144)
        if not piece:
            raise Failed("the server closed the connection")
        if self.missing >= 0:
            self.missing -= len(piece)
            return self.missing <= 0
        self.got += piece
        end = self.got.find(END)
        if end < 0:
            return False
        self._check(self.got[:end])
        self.missing = _length(self.got[:end]) - (len(self.got) - end - len(END))
        return self.missing <= 0

    def _check(self, head: bytes) -> None:
        status = head[9:12]
        location = _header(head, b"location") if self.expect.leads_to else b""
        if status != self.expect.status or not location.startswith(self.expect.leads_to):
            raise Failed(f"answered {status.decode()} {location.decode()}: {self.got[-300:]!r}")


def _header(head: bytes, name: bytes) -> bytes:
    _before, found, rest = head.lower().partition(b"\r\n" + name + b": ")
    return rest.partition(b"\r\n")[0] if found else b""


def _length(head: bytes) -> int:
    return int(_header(head, b"content-length") or 0)


def run(
    port: int, requests: Iterator[bytes], expect: Expect, *, clients: int, seconds: float
) -> Answers:
    """Keep `clients` requests under way for so long, or until there are no more."""
    with selectors.EpollSelector() as selector:
        open_clients = [Client(port, requests, expect) for _n in range(clients)]
        for client in open_clients:
            selector.register(client.socket, selectors.EVENT_READ, client)
        try:
            return _run(selector, open_clients, seconds)
        finally:
            for client in open_clients:
                client.socket.close()


def _run(selector, clients, seconds) -> Answers:
    began = time.perf_counter()
    answers, until, under_way = Answers(seconds), began + seconds, 0
    for client in clients:
        under_way += client.ask()
    while under_way:
        for key, _events in selector.select():
            if not key.data.take():
                continue
            now = time.perf_counter()
            under_way -= 1
            if now <= until:
                answers.took.append(now - key.data.began)
                under_way += key.data.ask()
    answers.seconds = min(seconds, time.perf_counter() - began)
    return answers
