# SPDX-License-Identifier: MIT
"""SIGTERM in the middle of everything: nothing that was answered is lost, and the server ends with 0 before long."""
import contextlib
import random
import signal
import threading
import time

import faults
import process
import pytest
import test_kill
import wire
import writing
from writing import bundle

pytestmark = pytest.mark.alone

WITHIN = 5
ROUNDS = 50 if faults.LONG else 4


def stop_in_time(server, within=WITHIN):
    start = time.monotonic()
    server.tell_to_stop()
    server.wait(within + 2)
    assert time.monotonic() - start < within


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_stop_under_load_loses_nothing_that_was_answered(store, tmp_path, seed):
    token = writing.add_token(store)
    server = process.Server(tmp_path, "--db", store)
    clients = [test_kill.Writing(server.port, token, f"client-{client}") for client in range(16)]
    for client in clients:
        client.start()
    process.wait_for(lambda: test_kill.count_answered(clients) > 20)
    time.sleep(random.Random(seed).uniform(0, 0.3))
    stop_in_time(server)
    for client in clients:
        client.join()
    assert test_kill.lost(clients, test_kill.revisions(store)) == []


def test_an_end_that_is_none_is_seen(store, tmp_path):
    """The control: one that cannot end, and one that ends otherwise."""
    server = process.Server(tmp_path, "--db", store)
    server.process.send_signal(signal.SIGSTOP)
    with pytest.raises(AssertionError, match="still running"):
        stop_in_time(server, 0)
    server = process.Server(tmp_path, "--db", store)
    server.process.kill()
    with pytest.raises(AssertionError, match="exit status -9"):
        stop_in_time(server)


def half_requests(token):
    """Clients that have not said all, each in the middle of something else."""
    body = writing.encode(bundle("slow", "x" * 5000))
    head = wire.request_bytes("PUT", "/v1/reviews/slow", {
        "Authorization": f"Bearer {token}", "If-None-Match": "*", "Content-Length": str(len(body))})
    lines = wire.request_bytes("POST", "/v1/import", {"Authorization": f"Bearer {token}", "Transfer-Encoding": "chunked"})
    piece = b"".join(writing.encode(bundle(f"line-{number}", "x" * 5000)) + b"\n" for number in range(200))
    yield b""
    yield b"GET /v1/rev"
    yield wire.request_bytes("GET", "/v1/reviews")[:-2]
    yield wire.request_bytes("GET", "/v1/reviews")
    yield head
    yield head + body[:2000]
    yield lines + b"%x\r\n" % len(piece) + piece[:700000]
    yield lines + b"%x\r\n%s\r\n" % (len(piece), piece)


def test_slow_clients_do_not_hold_up_a_stop(store, tmp_path):
    token = writing.add_token(store)
    with contextlib.ExitStack() as stack:
        server = process.Server(tmp_path, "--db", store)
        for half in [*half_requests(token)] * 5:
            connection = stack.enter_context(wire.Connection(server.port))
            connection.send(half)
        writing.Author(server.port, token).create(bundle("quick"))
        stop_in_time(server)
    there = test_kill.revisions(store)
    assert "quick" in there and "slow" not in there


def test_a_client_that_does_not_read_does_not_hold_up_a_stop(store, tmp_path):
    token = writing.add_token(store)
    server = process.Server(tmp_path, "--db", store)
    writing.Author(server.port, token).create(bundle("large", "x" * 3000000))
    with contextlib.ExitStack() as stack:
        for _ in range(5):
            connection = stack.enter_context(wire.Connection(server.port))
            connection.send(wire.request_bytes("GET", "/v1/reviews/large/text") * 5)
        stop_in_time(server)


def test_a_stop_in_the_middle_of_an_import_keeps_whole_lines(store, tmp_path):
    token = writing.add_token(store)
    server = process.Server(tmp_path, "--db", store)
    lines = b"".join(writing.encode(bundle(f"line-{number}", "x" * 20000)) + b"\n" for number in range(1000))

    def send():
        with wire.Connection(server.port) as connection, contextlib.suppress(OSError):
            connection.send(wire.request_bytes("POST", "/v1/import", {
                "Authorization": f"Bearer {token}", "Content-Length": str(len(lines))}, lines))

    sender = threading.Thread(target=send)
    sender.start()
    process.wait_for(lambda: len(test_kill.revisions(store)) > 20)
    stop_in_time(server)
    sender.join()
    there = test_kill.revisions(store)
    stored = [number for number in range(1000) if f"line-{number}" in there]
    assert stored == list(range(len(stored)))
    process.run("check", "--db", store).expect(0)
