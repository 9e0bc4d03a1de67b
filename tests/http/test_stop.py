# SPDX-License-Identifier: MIT
"""The end: what is under way is answered, nobody new is let in, and nobody can hold it up."""
import contextlib
import json
import os
import signal
import threading
import time

import pytest
import wire
from client import Client
from process import DEADLINE, Server, run

KERIM = "/v1/characters/darko-kerim-bey/quotes"
# Seconds to the end when nothing is under way; and with a client that never ends, four of patience.
AT_ONCE, PATIENCE, SLOW = 3, 3.5, 7


@pytest.fixture(name="server")
def fixture_server(tmp_path):
    with Server(tmp_path, "--db", tmp_path / "reviews.db") as server:
        yield server


def get(target, *headers, body=b""):
    return wire.request_bytes("GET", target, list(headers), body)


def open_connection(stack, server):
    return stack.enter_context(wire.Connection(server.port))


def kept_alive(stack, server):
    """A connection that has served a request."""
    connection = open_connection(stack, server)
    connection.send(get("/v1"))
    assert connection.reply().status == 200
    return connection


def wait_until_refused(server):
    """Until the signal has come through."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        try:
            wire.Connection(server.port).close()
        except ConnectionRefusedError:
            return
        except ConnectionResetError:
            # It came in with the signal.
            continue
        time.sleep(0.005)
    raise AssertionError("still takes new connections")


def stop_within(server, seconds, number=signal.SIGTERM):
    """Seconds to the clean end."""
    began = time.monotonic()
    server.tell_to_stop(number)
    server.wait(seconds)
    return time.monotonic() - began


BODY = b"0123456789"
WHOLE = get(KERIM, ("Content-Length", str(len(BODY))), body=BODY)
CUTS = {"in the first line": 8, "in the headers": WHOLE.index(b"Content-Length") + 3, "behind the headers": WHOLE.index(BODY),
        "in the body": len(WHOLE) - 4}


@pytest.mark.parametrize("cut", [name for name in CUTS if name != "in the first line"])
def test_a_request_under_way_is_answered(server, cut):
    expected = Client(server.port).get(KERIM).body
    with wire.Connection(server.port) as connection:
        connection.send(WHOLE[:CUTS[cut]])
        Client(server.port).alive()
        server.tell_to_stop()
        wait_until_refused(server)
        connection.send(WHOLE[CUTS[cut]:])
        reply = wire.read_reply(wire.Received(connection.read_to_end()))
        assert (reply.status, reply.body) == (200, expected)
        assert reply.get("Connection").lower() == "close"
        server.wait(AT_ONCE)


def pause(server):
    """Until the server goes on, what clients send stays in the kernel."""
    server.tell_to_stop(signal.SIGSTOP)
    os.waitid(os.P_PID, server.process.pid, os.WSTOPPED | os.WNOWAIT)


def test_what_came_before_the_signal_is_answered(server):
    """Also what no thread of the server had looked at yet, down to connections that it had not accepted."""
    expected = Client(server.port).get(KERIM).body
    with contextlib.ExitStack() as stack:
        connections = [kept_alive(stack, server) for _ in range(30)]
        pause(server)
        connections += [open_connection(stack, server) for _ in range(60)]
        for number, connection in enumerate(connections):
            connection.send(WHOLE[:-4] if number % 2 else WHOLE)
        server.tell_to_stop()
        server.tell_to_stop(signal.SIGCONT)
        wait_until_refused(server)
        for connection in connections[1::2]:
            connection.send(WHOLE[-4:])
        for connection in connections:
            reply = wire.read_reply(wire.Received(connection.read_to_end()))
            assert (reply.status, reply.body) == (200, expected)
        server.wait(AT_ONCE)


@pytest.fixture(name="long_file", scope="module")
def fixture_long_file(tmp_path_factory):
    """A store with an answer that is longer than what the kernel takes from a server whose client does not read."""
    folder = tmp_path_factory.mktemp("long")
    lines = [json.dumps({"id": f"long-{i}", "text": "Not a short text. " * 200000}) for i in range(3)]
    (folder / "long.ndjson").write_text("\n".join(lines), encoding="utf-8")
    run("import", "--db", folder / "long.db", folder / "long.ndjson").expect(0)
    return folder / "long.db"


LONG = "/v1/reviews?include=text"


def test_an_answer_under_way_is_sent_to_its_end(tmp_path, long_file):
    with Server(tmp_path, "--db", long_file) as server, wire.Connection(server.port) as connection:
        connection.send(get(LONG))
        connection.wait_for_answer()
        server.tell_to_stop()
        wait_until_refused(server)
        reply = wire.read_reply(wire.Received(connection.read_to_end()))
        assert [len(review["text"]) for review in json.loads(reply.body)["data"]] == [3600000] * 2
        server.wait(AT_ONCE)


def test_idle_connections_do_not_hold_up_the_end(server):
    with contextlib.ExitStack() as stack:
        connections = [kept_alive(stack, server) for _ in range(20)] + [open_connection(stack, server) for _ in range(20)]
        Client(server.port).alive()
        stop_within(server, AT_ONCE)
        for connection in connections:
            assert connection.read_to_end() == b""


def test_a_connection_that_was_idle_is_served_once_more_while_others_end(server):
    with contextlib.ExitStack() as stack:
        idle, slow = kept_alive(stack, server), open_connection(stack, server)
        slow.send(WHOLE[:-1])
        Client(server.port).alive()
        server.tell_to_stop()
        wait_until_refused(server)
        idle.send(get("/livez"))
        reply = wire.read_reply(wire.Received(idle.read_to_end()))
        assert (reply.status, reply.get("Connection").lower()) == (200, "close")
        slow.send(WHOLE[-1:])
        assert wire.read_reply(wire.Received(slow.read_to_end())).status == 200
        server.wait(AT_ONCE)


def test_slow_clients_hold_up_the_end_for_some_seconds_only(tmp_path, long_file):
    """Those that do not send, and one that does not read."""
    with Server(tmp_path, "--db", long_file) as server, contextlib.ExitStack() as stack:
        deaf, slow = open_connection(stack, server), [open_connection(stack, server) for _ in CUTS]
        for connection, cut in zip(slow, CUTS.values(), strict=True):
            connection.send(WHOLE[:cut])
        deaf.send(get(LONG))
        deaf.wait_for_answer()
        assert PATIENCE < stop_within(server, SLOW) < SLOW
        for connection in slow:
            assert connection.read_to_end() == b""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_at_once_when_nothing_is_under_way(server, number):
    Client(server.port).alive()
    stop_within(server, AT_ONCE, number)


def test_a_second_signal_changes_nothing(server):
    with wire.Connection(server.port) as connection:
        connection.send(WHOLE[:-1])
        Client(server.port).alive()
        server.tell_to_stop()
        wait_until_refused(server)
        server.tell_to_stop()
        connection.send(WHOLE[-1:])
        assert wire.read_reply(wire.Received(connection.read_to_end())).status == 200
        server.wait(AT_ONCE)


def ask_until_the_end(port, expected, faults, answered):
    """Request after request on one connection after the other; what is answered must be whole."""
    try:
        while True:
            with wire.Connection(port) as connection:
                again = True
                while again:
                    connection.send(get(KERIM))
                    reply = connection.reply()
                    answered.append(reply.body == expected)
                    again = (reply.get("Connection") or "").lower() != "close"
    except (ConnectionError, BrokenPipeError):
        # Refused; or reset, which a connection that came in with the signal may be.
        pass
    except Exception as fault:  # pylint: disable=broad-except
        faults.append(fault)


def test_under_load_no_answer_is_cut_off(server):
    expected = Client(server.port).get(KERIM).body
    faults, answered = [], []
    clients = [threading.Thread(target=ask_until_the_end, args=(server.port, expected, faults, answered)) for _ in range(8)]
    for client in clients:
        client.start()
    while len(answered) < 100:
        time.sleep(0.005)
    stop_within(server, AT_ONCE)
    for client in clients:
        client.join(DEADLINE)
        assert not client.is_alive()
    assert not faults and all(answered)


def test_the_address_is_free_at_once(tmp_path):
    with contextlib.ExitStack() as stack:
        with Server(tmp_path, "--db", tmp_path / "reviews.db") as first:
            kept_alive(stack, first)
            first.stop()
        with Server(tmp_path, "--db", tmp_path / "reviews.db", listen=("--listen", f"127.0.0.1:{first.port}")) as second:
            assert second.port == first.port
            Client(second.port).alive()
