"""The load generator against a server that answers what it is told to."""

import socket
import threading
from itertools import cycle

import pytest

from bench import server
from bench.load import Answers, Expect, Failed, run

GET = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.fixture
def answering():
    """Starts a server on keep-alive connections that gives always this answer; its port."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve(connection, answer):
        with connection:
            while connection.recv(65_536):
                half = len(answer) // 2
                connection.sendall(answer[:half])
                connection.sendall(answer[half:])

    def accept(answer):
        while True:
            try:
                connection, _address = listening.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=[connection, answer], daemon=True).start()

    def start(answer: bytes) -> int:
        threading.Thread(target=accept, args=[answer], daemon=True).start()
        return listening.getsockname()[1]

    yield start
    listening.close()


def ok(body: bytes, status: bytes = b"200 OK", more: bytes = b"") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), more, body)


def test_every_answer_is_counted_and_timed(answering):
    port = answering(ok(b"x" * 40_000))
    answers = run(port, cycle([GET]), Expect(), clients=3, seconds=0.3)
    assert len(answers.took) > 10
    assert answers.rate == pytest.approx(len(answers.took) / 0.3, rel=0.05)
    assert 0 < answers.percentile(0.5) <= answers.percentile(0.99)


def test_it_ends_when_there_are_no_more_requests(answering):
    port = answering(ok(b""))
    assert len(run(port, iter([GET] * 20), Expect(), clients=4, seconds=5).took) == 20


def test_another_status_than_expected_is_no_figure(answering):
    port = answering(ok(b"Server Error", b"500 Oops"))
    with pytest.raises(Failed, match="answered 500"):
        run(port, cycle([GET]), Expect(), clients=1, seconds=1)


def test_a_redirect_elsewhere_is_no_figure(answering):
    port = answering(ok(b"", b"302 Found", b"Location: /sign-in/\r\n"))
    with pytest.raises(Failed, match="/sign-in/"):
        run(port, cycle([GET]), Expect(b"302", b"/receipt/"), clients=1, seconds=1)


def test_percentiles_are_in_milliseconds():
    answers = Answers(1.0, [n / 1000 for n in range(1, 101)])
    assert [round(answers.percentile(share)) for share in (0.5, 0.95, 0.99)] == [51, 96, 100]


def test_a_run_beside_another_has_a_port_of_its_own():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert server._free() != other.getsockname()[1]
