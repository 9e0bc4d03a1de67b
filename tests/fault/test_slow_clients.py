# SPDX-License-Identifier: MIT
"""Clients that take their time are cut in time, and nobody else notices them."""
import contextlib
import resource
import select
import socket
import time

import faults
import process
import pytest
import wire
import writing
from writing import bundle

HEADERS, BODY, UNREAD = 10, 20, 30
GRACE = 2
EVERY = 1.5
FORMS = 6
CROWD = 5000 if faults.LONG else 200


class Drip:
    """A client that sends a byte now and then, and no end."""

    def __init__(self, port, start, byte):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.byte = byte
        self.open = True
        with contextlib.suppress(OSError):
            self.socket.send(start)

    def drip(self):
        try:
            self.socket.send(self.byte)
        except BlockingIOError:
            pass
        except OSError:
            self.open = False

    def look(self):
        """True once the server has closed the connection, or answered and closed it."""
        try:
            while self.open and self.socket.recv(1 << 16):
                pass
            self.open = False
        except BlockingIOError:
            pass
        except OSError:
            self.open = False
        return not self.open


def quantile(values, part):
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def ask(port):
    """A normal question: how long its answer takes, in seconds. A little later comes the next."""
    start = time.monotonic()
    with wire.Connection(port) as connection:
        connection.send(wire.request_bytes("GET", "/v1/quotes", {"Connection": "close"}))
        assert wire.read_reply(wire.Received(connection.read_to_end())).status == 200
    taken = time.monotonic() - start
    select.select([], [], [], 0.02)
    return taken


def alone_p99(port):
    return quantile([ask(port) for _ in range(100 if faults.LONG else 20)], 0.99)


def watch(drips, port, seconds):
    """Drips for so long, each once in EVERY seconds, and asks normal questions between: the times of those, in seconds."""
    times, start, done = [], time.monotonic(), 0
    while time.monotonic() < start + seconds and any(drip.open for drip in drips):
        due = int((time.monotonic() - start) / EVERY * len(drips)) + 1
        for number in range(done, min(due, done + len(drips))):
            drip = drips[number % len(drips)]
            if drip.open and not drip.look():
                drip.drip()
        done = due
        times.append(ask(port))
    return times


def forms(token):
    yield "nothing", HEADERS, b"", b""
    yield "headers", HEADERS, b"GET /v1/quotes HTTP/1.1\r\nHost: x\r\nX-Slow: ", b"x"
    yield "request line", HEADERS, b"GET /v1/quotes?x=", b"x"
    head = {"Authorization": f"Bearer {token}", "If-None-Match": "*", "Content-Length": "100000"}
    yield "body", BODY, wire.request_bytes("PUT", "/v1/reviews/slow", head), b"x"
    yield "body that nobody wants", BODY, wire.request_bytes("GET", "/v1/quotes", {"Content-Length": "100000"}), b"x"
    yield "pieces", BODY, wire.request_bytes("POST", "/v1/import", {
        "Authorization": f"Bearer {token}", "Transfer-Encoding": "chunked"}), b"1\r\n\n\r\n"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 16384), hard))
    folder = tmp_path_factory.mktemp("slow")
    token = writing.add_token(folder / "reviews.db")
    with process.Server(folder, "--db", folder / "reviews.db") as server:
        yield server, token
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def half_open(port, token):
    """Clients that will say nothing more in the middle of a request, which every other one tells."""
    for number, (_, within, head, _) in enumerate([*forms(token)] * 4):
        drip = Drip(port, head, b"")
        if number % 2:
            drip.socket.shutdown(socket.SHUT_WR)
        yield within, drip


@pytest.mark.alone
def test_slow_clients_are_cut_in_time(served):
    """All forms at once, each cut at its own time and not before; the others are served as ever."""
    server, token = served
    alone = alone_p99(server.port)
    start = time.monotonic()
    slow = [(within, Drip(server.port, head, byte)) for _, within, head, byte in forms(token) for _ in range(CROWD // FORMS)]
    drips = slow + [*half_open(server.port, token)]
    everyone, all_there = [drip for _, drip in drips], time.monotonic()
    times = watch(everyone, server.port, HEADERS - 3 - (time.monotonic() - start))
    assert all(drip.open for _, drip in slow), "a client was cut too early"
    assert len(times) > 20
    for deadline in (HEADERS, BODY):
        times += watch(everyone, server.port, deadline + GRACE - (time.monotonic() - all_there))
        assert all(drip.look() for within, drip in drips if within == deadline), "a slow client is still there"
    alone = max(alone, alone_p99(server.port))
    print(f"{len(slow)} slow clients, {len(times)} others: p50 {quantile(times, 0.5) * 1000:.1f} ms, "
          f"p99 {quantile(times, 0.99) * 1000:.1f} ms, alone {alone * 1000:.1f} ms; {server.memory('VmRSS') >> 20} MB")
    # A machine that is busy with something else has them wait when they are alone, too.
    assert quantile(times, 0.99) < max(0.01 if faults.LONG else 0.1, 3 * alone)
    assert server.memory("VmRSS") < (150 << 20)


def test_a_server_that_cuts_nobody_is_seen():
    """The control: clients of a server that only takes them in."""
    with socket.create_server(("127.0.0.1", 0)) as careless:
        drips = [Drip(careless.getsockname()[1], b"GET / HTTP/1.1\r\n", b"x") for _ in range(3)]
        for drip in drips:
            drip.drip()
        assert not any(drip.look() for drip in drips)


def test_a_client_that_pauses_within_reason_is_served(served):
    server, token = served
    body = writing.encode(bundle("paused", "x" * 3000))
    head = wire.request_bytes("PUT", "/v1/reviews/paused", {
        "Authorization": f"Bearer {token}", "If-None-Match": "*", "Content-Length": str(len(body)), "Connection": "close"})
    with wire.Connection(server.port) as connection:
        for piece in (head[:50], head[50:], body[:1000], body[1000:]):
            connection.send(piece)
            time.sleep(1)
        assert wire.read_reply(wire.Received(connection.read_to_end()), "PUT").status == 201


def test_a_slow_second_request_is_cut_as_well(served):
    server, _ = served
    with wire.Connection(server.port, HEADERS + GRACE) as connection:
        connection.send(wire.request_bytes("GET", "/livez"))
        assert connection.reply().status == 200
        start = time.monotonic()
        connection.send(b"GET /v1 HTTP/1.1\r\nX-Slow: ")
        connection.socket.setblocking(False)
        slow = Drip.__new__(Drip)
        slow.socket, slow.byte, slow.open = connection.socket, b"x", True
        watch([slow], server.port, HEADERS + GRACE)
        assert slow.look()
        assert time.monotonic() - start > HEADERS - 1


@pytest.mark.skipif(not faults.LONG, reason="waits for a minute")
def test_a_client_that_does_not_read_is_cut(served):
    server, token = served
    writing.Author(server.port, token).create(bundle("large", "x" * 4000000))
    with socket.socket() as unread:
        unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        unread.connect(("127.0.0.1", server.port))
        unread.send(wire.request_bytes("GET", "/v1/reviews/large/text") * 3)
        time.sleep(UNREAD + 5)
        unread.settimeout(10)
        received = 0
        with contextlib.suppress(OSError):
            while piece := unread.recv(1 << 16):
                received += len(piece)
        assert received < 4000000
