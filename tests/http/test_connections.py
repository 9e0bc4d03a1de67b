# SPDX-License-Identifier: MIT
"""Connections that stay open, many at once, and other versions of HTTP."""
import concurrent.futures
import dataclasses
import http.client

import contract
import pytest
import wire
from process import DEADLINE

KERIM = "/v1/characters/darko-kerim-bey/quotes"


def test_a_connection_serves_many_requests(seed):
    expected = seed.get(KERIM).body
    connection = http.client.HTTPConnection("127.0.0.1", seed.port, timeout=DEADLINE)
    connection.connect()
    first = connection.sock
    for _ in range(100):
        connection.request("GET", KERIM)
        assert connection.getresponse().read() == expected
        assert connection.sock is first, "the server closed the connection"
    connection.close()


def test_a_connection_stays_open_after_errors_and_empty_answers(seed):
    requests = (("GET", "/v1/nope", 404), ("GET", "/v1?x=1", 400), ("HEAD", "/v1", 200), ("POST", "/v1", 405),
                ("BREW", "/v1", 501), ("OPTIONS", "/v1", 204), ("GET", "/", 302), ("GET", "/v1.csv", 406), ("GET", "/v1", 200))
    with wire.Connection(seed.port) as connection:
        for method, target, status in requests:
            connection.send(wire.request_bytes(method, target))
            reply = connection.reply(method, target)
            assert reply.status == status
            contract.check(reply, seed.texts)


def test_many_connections_get_the_same_bytes(seed):
    targets = [KERIM, "/v1/quotes", "/v1/reviews.txt", "/v1/works/from-russia-with-love/quotes?pretty=1", "/v1/characters"]
    expected = {target: seed.get(target).body for target in targets}

    def ask(number):
        target = targets[number % len(targets)]
        return seed.get(target).body == expected[target]

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        assert all(pool.map(ask, range(400)))


def replies(seed, data, *methods):
    """The answers to requests sent in one go, each held against the contract, with nothing behind the last."""
    received = wire.Received(wire.exchange(seed.port, data))
    found = [wire.read_reply(received, method, "/v1") for method in methods]
    assert received.rest() == b""
    return found


def test_requests_sent_in_one_go_are_answered_in_order(seed):
    targets = ["/v1/characters/james-bond", "/v1/nope", KERIM, "/v1/quotes.txt", "/livez"]
    data = b"".join(wire.request_bytes("GET", target) for target in targets)
    data += wire.request_bytes("GET", "/v1", {"Connection": "close"})
    found = replies(seed, data, *["GET"] * 6)
    assert [reply.status for reply in found] == [200, 404, 200, 200, 200, 200]
    for reply, target in zip(found, [*targets, "/v1"], strict=True):
        same = seed.send("GET", target)
        if reply.status == 200:
            assert reply.body == same.body


def test_a_hundred_requests_sent_in_one_go_are_answered(seed):
    data = wire.request_bytes("GET", KERIM) * 99 + wire.request_bytes("GET", KERIM, {"Connection": "close"})
    found = replies(seed, data, *["GET"] * 100)
    assert {reply.body for reply in found} == {seed.get(KERIM).body}


def test_head_sent_in_one_go_with_get_has_no_body(seed):
    data = wire.request_bytes("HEAD", KERIM) + wire.request_bytes("GET", KERIM, {"Connection": "close"})
    head, get = replies(seed, data, "HEAD", "GET")
    assert head.get("Content-Length") == get.get("Content-Length") == str(len(get.body))


@pytest.mark.parametrize("host", [(), (("Host", "127.0.0.1"),)])
def test_http_1_0_is_answered_and_the_connection_closed(seed, host):
    lines = b"GET /v1 HTTP/1.0\r\n" + b"".join(f"{name}: {value}\r\n".encode() for name, value in host) + b"\r\n"
    reply, = replies(seed, lines, "GET")
    assert (reply.status, reply.body) == (200, seed.get("/v1").body)


def test_http_1_0_may_keep_the_connection(seed):
    request = b"GET /v1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    with wire.Connection(seed.port) as connection:
        connection.send(request)
        first = connection.reply()
        assert first.status == 200
        if (first.get("Connection") or "").lower() == "keep-alive":
            connection.send(request)
            assert connection.reply().body == first.body
        else:
            assert connection.read_to_end() == b""


def test_http_1_1_is_answered_with_http_1_1(seed):
    assert seed.get("/v1").version == "HTTP/1.1"


def test_a_client_that_has_said_all_is_answered(seed):
    with wire.Connection(seed.port) as connection:
        connection.send(wire.request_bytes("GET", KERIM, {"Connection": "close"}))
        connection.end_sending()
        reply = wire.read_reply(wire.Received(connection.read_to_end()))
    assert (reply.status, reply.body) == (200, seed.get(KERIM).body)


@pytest.mark.parametrize("target", ["http://127.0.0.1/v1", "http://example.org/v1", "HTTP://x:1/v1"])
def test_an_absolute_target_is_that_path(seed, target):
    reply, = replies(seed, wire.request_bytes("GET", target, {"Connection": "close"}), "GET")
    assert (reply.status, reply.body) == (200, seed.get("/v1").body)


def test_options_of_the_whole_server(seed):
    reply, = replies(seed, wire.request_bytes("OPTIONS", "*", {"Connection": "close"}), "OPTIONS")
    assert reply.status == 204
    contract.check(dataclasses.replace(reply, target="*"), seed.texts)


def test_an_empty_line_before_a_request_is_passed_over(seed):
    reply, = replies(seed, b"\r\n" + wire.request_bytes("GET", "/v1", {"Connection": "close"}), "GET")
    assert reply.status == 200


def test_a_request_in_small_pieces_is_a_request(seed):
    with wire.Connection(seed.port) as connection:
        for byte in wire.request_bytes("GET", KERIM, {"Connection": "close"}):
            connection.send(bytes([byte]))
        assert wire.read_reply(wire.Received(connection.read_to_end())).status == 200
