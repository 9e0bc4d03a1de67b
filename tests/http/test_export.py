# SPDX-License-Identifier: MIT
"""The whole store over HTTP: the same lines as the command line writes, of one moment, for slow clients as well."""
import contextlib
import json
import socket

import process
import pytest
import wire
import writing
from client import Client

EXPORT = "/v1/export"
REVIEWS, TEXT = 48, "Een zin die lang genoeg is om de buffers te vullen. " * 4000
AT_ONCE = 4


@pytest.fixture(name="big", scope="module")
def fixture_big(tmp_path_factory):
    """A store that no buffer of a socket holds, in 10 MB, and a client that may write."""
    folder = tmp_path_factory.mktemp("big")
    db, bundles = folder / "big.db", [writing.bundle(f"review-{number:03}", TEXT) for number in range(REVIEWS)]
    process.put(db, *bundles)
    token = writing.add_token(db)
    with process.Server(folder, "--db", db, "--threads", "1", "--access-log", "json") as server:
        author = writing.Author(server.port, token)
        author.db, author.server = db, server
        yield author


def exported(db):
    return process.run("export", "--db", db).expect(0).stdout


@contextlib.contextmanager
def slow(port):
    """An export whose client has taken nothing but the headers so far."""
    with wire.Connection(port) as connection:
        connection.socket.close()
        connection.socket = socket.socket()
        connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.socket.settimeout(process.DEADLINE)
        connection.socket.connect(("127.0.0.1", port))
        connection.send(wire.request_bytes("GET", EXPORT, {"Connection": "close"}))
        connection.wait_for_answer()
        yield connection


def take(connection):
    """All of it, whole."""
    return wire.read_reply(wire.Received(connection.read_to_end()), "GET", EXPORT)


def test_an_export_has_the_bytes_of_the_command_line(books, library_file):
    assert books.get(EXPORT).body == exported(library_file)
    assert books.get(EXPORT + ".ndjson").body == exported(library_file)


def test_head_tells_the_same_without_a_body(seed):
    whole, head = seed.get(EXPORT), seed.send("HEAD", EXPORT)
    assert head.status == 200 and head.body == b""
    told = [{(name, value) for name, value in reply.headers if name not in ("Connection", "Date", "Transfer-Encoding")}
            for reply in (whole, head)]
    assert told[0] == told[1]


def test_no_condition_holds_an_export_back(seed):
    whole = seed.get(EXPORT)
    for headers in ({"if_none_match": "*"}, {"if_none_match": '"x"'}, {"range": "bytes=0-9"}, {"accept_encoding": "gzip"}):
        assert seed.get(EXPORT, 200, **headers).body == whole.body


def test_an_export_without_any_coding_only(seed):
    seed.get(EXPORT, 406, accept_encoding="gzip, identity;q=0")
    seed.get(EXPORT, 406, accept="application/json")
    seed.get(EXPORT + ".json", 406)


def test_an_old_client_gets_it_until_the_connection_ends(seed):
    data = wire.exchange(seed.port, wire.request_bytes("GET", EXPORT, version="HTTP/1.0"))
    reply = wire.read_reply(wire.Received(data), "GET", EXPORT)
    assert reply.get("Transfer-Encoding") is None and reply.body == seed.get(EXPORT).body


def test_an_export_is_of_one_moment(big):
    before = exported(big.db)
    with slow(big.port) as connection:
        big.create(writing.bundle("review-047-new", "Words that came later."))
        big.delete("/v1/reviews/review-046", if_match="*")
        assert take(connection).body == before
    after = big.get(EXPORT).body
    assert after == exported(big.db) != before
    assert b'"review-047-new"' in after and b'"review-046"' not in after


def test_a_slow_export_holds_nobody_up(big):
    """There is one loop only, and nobody waits for the client that takes nothing."""
    with slow(big.port) as connection:
        for _ in range(20):
            big.alive()
            assert big.get("/v1/reviews/review-001/text").text == TEXT
        assert take(connection).body == exported(big.db)


def test_too_many_exports_are_told_to_come_back(big):
    with contextlib.ExitStack() as stack:
        for _ in range(AT_ONCE):
            stack.enter_context(slow(big.port))
        reply = big.get(EXPORT, 503)
        assert reply.get("Retry-After") and json.loads(reply.text)["code"] == "unavailable"
        assert big.send("HEAD", EXPORT).status == 200
    # Clients that are gone keep no place.
    process.wait_for(lambda: big.send("GET", EXPORT).status == 200)


def test_nothing_follows_the_headers_to_head(seed):
    """The connection ends, or is as good as before."""
    asked = wire.request_bytes("HEAD", EXPORT) + wire.request_bytes("GET", "/livez", {"Connection": "close"})
    head, _, rest = wire.exchange(seed.port, asked).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ") and rest == b"" and b"Connection: close" in head


def test_an_export_takes_little_memory(big, tmp_path, monkeypatch):
    """Its size is not that of the store."""
    process.give_memory_back(monkeypatch)
    with process.Server(tmp_path, "--db", big.db, "--threads", "1") as server:
        client, before = Client(server.port), server.memory("VmHWM")
        size = len(client.get(EXPORT).body)
        assert size > 9_000_000 and server.memory("VmHWM") - before < size * 3 / 4


def test_an_export_is_logged_when_it_has_left(big):
    body = big.get(EXPORT + "?utm_source=logged").body

    def lines():
        return [json.loads(line) for line in big.server.stderr().splitlines() if "utm_source=logged" in line]

    process.wait_for(lines)
    assert [(line["status"], line["bytes"] >= len(body)) for line in lines()] == [(200, True)]
