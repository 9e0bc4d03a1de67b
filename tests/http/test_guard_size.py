# SPDX-License-Identifier: MIT
"""Too much of everything, and clients that take their time."""
import contextlib

import contract
import pytest
import wire

MIB = 1 << 20
KERIM = "/v1/characters/darko-kerim-bey/quotes"


@pytest.fixture(autouse=True)
def fixture_alive(seed):
    """After each of these the server still answers."""
    yield
    seed.alive()


def ask(seed, data):
    return wire.read_reply(wire.Received(wire.exchange(seed.port, data)))


def get(target, *headers, body=b""):
    return wire.request_bytes("GET", target, [("Connection", "close"), *headers], body)


LONGEST = 8192


@pytest.mark.parametrize("prefix", ["/v1/reviews/", "/v1/quotes?utm_x=", "/v1/quotes?about="])
@pytest.mark.parametrize("suffix", ["", ".txt"])
def test_an_address_has_up_to_8_kib(seed, prefix, suffix):
    if "?" in prefix:
        prefix, suffix = prefix.replace("?", suffix + "?"), ""
    longest = prefix + "x" * (LONGEST - len(prefix) - len(suffix)) + suffix
    assert seed.send("GET", longest).status in (200, 400, 404)
    too_long = longest[:-len(suffix) or None] + "x" + suffix
    assert "too long" in seed.get(too_long, 414).text


def test_the_address_of_the_next_page_has_up_to_8_kib(books):
    """Each of these characters becomes three in it; a space stays one."""
    spaces = "/v1/quotes?limit=1" + ("&speaker=Agent" + "+" * 1000 + "One") * 7
    assert books.json(books.json(spaces)["page"]["next"])["data"] == books.data("/v1/quotes?limit=2&speaker=Agent%20One")[1:]
    commas = spaces.replace("+", ",")
    assert "next page" in books.get(commas, 414).text
    assert books.json(commas.replace("limit=1", "limit=0"))["page"]["next"] is None


def test_where_nothing_but_a_header_leads_on_it_must_fit_beside_those_of_the_request(books):
    """Else the walk would end there, and nobody would notice."""
    path = "/v1/quotes.ndjson?limit=1"
    speaker = "&speaker=Agent" + "+" * 900 + "One"
    assert "next page" in books.get(path + speaker * 8, 414).text
    assert len(books.get(path + speaker * 3).get("Link")) > 2700


def test_where_a_name_leads_must_fit_beside_the_headers_of_the_request(seed):
    name, work = "/v1/characters/kerim%20bey/quotes?limit=1", "&work=" + "x" * 194
    assert len(seed.get(name + work * 15, 302).get("Location")) > 3000
    assert "leads to" in seed.get(name + work * 30, 414).text


# In bytes, of what a request has besides its first line: one header, many, and cookies, which are kept twice.
def one(size):
    return [("X-Large", "x" * size)]


def many(size):
    return [(f"X-{i:02}", "x" * 32) for i in range(size // 100)]


def cookies(size):
    return [("Cookie", "; ".join(f"c{i:02}={'x' * 60}" for i in range(size // 200)))]


@pytest.mark.parametrize("make", [one, many, cookies])
def test_headers_are_answered_up_to_10_kib_and_refused_beyond(seed, make):
    """Those of the answer must fit as well, or the library would end the connection without a word."""
    for size in range(1000, 10001, 500):
        assert ask(seed, get(KERIM, *make(size))).status == 200
    for size in (11400, 13000, 14000):
        assert ask(seed, get(KERIM, *make(size))).status == 431


def test_headers_beside_a_long_address_are_answered_or_refused(seed):
    path = "/v1/quotes?utm_x=" + "x" * (LONGEST - 17)
    for size, status in ((100, 200), (2000, 200), (3000, 431), (4500, 431)):
        assert ask(seed, wire.request_bytes("GET", path, [("Connection", "close"), *one(size)])).status == status


@pytest.mark.parametrize("length", [1 << 15, 1 << 16, 1 << 18, MIB])
def test_an_address_without_end_is_too_long(seed, length):
    """Beyond what a connection has memory for, the library says so."""
    assert ask(seed, get("/v1/reviews/" + "x" * length)).status == 414
    assert ask(seed, get("/v1/quotes?speaker=" + "x" * length)).status == 414


def test_headers_without_end_are_too_large(seed):
    for size in (1 << 16, 1 << 18, MIB):
        assert ask(seed, get("/v1", ("X-Large", "x" * size))).status == 431
    assert ask(seed, get("/v1", *[(f"X-Header-{i}", "x" * 500) for i in range(1000)])).status == 431


def test_a_hundred_headers_are_taken(seed):
    assert ask(seed, get("/v1", *[(f"X-Header-{i}", "x") for i in range(100)])).status == 200


def test_a_very_long_method_harms_nobody(seed):
    for size in (1000, 1 << 16):
        assert 400 <= ask(seed, wire.request_bytes("A" * size, "/v1", {"Connection": "close"})).status <= 501


@pytest.mark.parametrize(("parameter", "status"), [
    ("utm_{}=1", 200), ("utm_{}", 200), ("x{}=1", 400), ("{}", 400), ("", 200), ("limit=1&utm_{}", 400), ("form=pull", 400)])
@pytest.mark.parametrize("count", [601, 1100])
def test_hundreds_of_parameters_are_answered(seed, parameter, status, count):
    """The memory of a connection must not be filled with them, or it would be left without an answer."""
    query = "&".join(parameter.format(i) for i in range(count))
    if len(query) < 8000:
        assert seed.send("GET", "/v1/quotes?" + query).status == status
    else:
        assert ask(seed, get("/v1/quotes?" + query)).status == 414


@pytest.mark.parametrize("size", [1, 10, 100000, MIB])
def test_a_body_of_a_get_is_read_and_passed_over(seed, size):
    with wire.Connection(seed.port) as connection:
        connection.send(wire.request_bytes("GET", KERIM, {"Content-Length": str(size)}, b"G" * size))
        assert connection.reply().status == 200
        connection.send(wire.request_bytes("GET", "/livez"))
        assert connection.reply().body == b'{"status":"ok"}\n'


def chunked(size, piece=65536):
    body = b""
    for start in range(0, size, piece):
        part = b"x" * min(piece, size - start)
        body += f"{len(part):x}\r\n".encode() + part + b"\r\n"
    return body + b"0\r\n\r\n"


@pytest.mark.parametrize("size", [1, 10000, MIB])
def test_a_body_in_pieces_is_read_and_passed_over(seed, size):
    with wire.Connection(seed.port) as connection:
        connection.send(wire.request_bytes("GET", KERIM, {"Transfer-Encoding": "chunked"}, chunked(size)))
        assert connection.reply().status == 200
        connection.send(wire.request_bytes("GET", "/livez"))
        assert connection.reply().status == 200


def assert_too_large(seed, data):
    reply = ask(seed, data)
    assert reply.status == 413
    contract.check(reply, seed.texts)
    assert reply.get("Connection").lower() == "close"
    assert b'"code":"payload-too-large"' in reply.body


@pytest.mark.parametrize("size", [MIB + 1, 2 * MIB, 20 * MIB])
def test_a_body_beyond_a_mebibyte_is_too_large(seed, size):
    assert_too_large(seed, wire.request_bytes("GET", KERIM, {"Content-Length": str(size)}, b"x" * size))


@pytest.mark.parametrize("size", [MIB + 1, 2 * MIB])
def test_a_body_in_pieces_beyond_a_mebibyte_is_too_large(seed, size):
    assert_too_large(seed, wire.request_bytes("GET", KERIM, {"Transfer-Encoding": "chunked"}, chunked(size)))


def test_a_client_that_asks_first_is_told_to_go_on(seed):
    headers = {"Content-Length": "10", "Expect": "100-continue", "Connection": "close"}
    with wire.Connection(seed.port) as connection:
        connection.send(wire.request_bytes("GET", KERIM, headers))
        assert connection.socket.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.send(b"0123456789")
        assert wire.read_reply(wire.Received(connection.read_to_end())).status == 200


@pytest.mark.parametrize("length", [(), (("Content-Length", "0"),)])
def test_a_client_that_asks_for_nothing_is_answered(seed, length):
    """Without a body there is nothing to go on with. What comes behind may be lost, but not the answer."""
    data = wire.request_bytes("GET", KERIM, [("Expect", "100-continue"), *length])
    for behind in (b"", b"abc", get("/livez")):
        received = wire.Received(wire.exchange(seed.port, data + behind))
        assert wire.read_reply(received).body == seed.get(KERIM).body


def test_a_client_that_asks_first_need_not_send_what_is_too_large(seed):
    assert_too_large(seed, wire.request_bytes("GET", KERIM, {"Content-Length": str(2 * MIB), "Expect": "100-continue"}))


def test_a_body_that_is_no_request_is_none(seed):
    """The bytes of a body must not be read as the next request."""
    inner = wire.request_bytes("GET", "/v1/works")
    data = wire.request_bytes("POST", "/v1/reviews", {"Content-Length": str(len(inner))}, inner)
    received = wire.Received(wire.exchange(seed.port, data + get("/livez")))
    assert wire.read_reply(received, "POST").status == 403
    assert wire.read_reply(received).body == b'{"status":"ok"}\n'
    assert received.rest() == b""


def test_a_request_cut_off_anywhere_harms_nobody(seed):
    whole = wire.request_bytes("GET", KERIM, {"Content-Length": "10"}, b"0123456789")
    connections = []
    with contextlib.ExitStack() as stack:
        for end in range(len(whole)):
            connection = stack.enter_context(wire.Connection(seed.port))
            connection.send(whole[:end])
            connections.append(connection)
        seed.alive()
        for connection in connections[::2]:
            connection.end_sending()
            assert connection.read_until_silent(0.02) == b"", "an answer to half a request"


def test_a_client_that_leaves_without_reading_harms_nobody(seed):
    for _ in range(50):
        with wire.Connection(seed.port) as connection:
            connection.send(wire.request_bytes("GET", "/v1/quotes?limit=200") * 5)
    seed.alive()


def test_a_slow_client_holds_up_nobody(seed):
    request, expected = get(KERIM), seed.get(KERIM).body
    slow = [wire.Connection(seed.port) for _ in range(30)]
    for number, connection in enumerate(slow):
        connection.send(request[:number + 5])
    # Without a judge: all of it is over before the slow ones are cut.
    for _ in range(50):
        assert ask(seed, request).body == expected
    for number, connection in enumerate(slow):
        connection.send(request[number + 5:])
        assert wire.read_reply(wire.Received(connection.read_to_end())).status == 200
        connection.close()


def test_a_client_that_does_not_read_holds_up_nobody(books):
    request = wire.request_bytes("GET", "/v1/quotes?limit=200")
    with wire.Connection(books.port, 5) as connection:
        connection.socket.settimeout(0.2)
        with contextlib.suppress(TimeoutError):
            for _ in range(300):
                connection.send(request)
        for _ in range(20):
            books.alive()


def test_idle_connections_hold_up_nobody(seed):
    with contextlib.ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(wire.Connection(seed.port))
        for _ in range(20):
            assert seed.json(KERIM)["page"]["total"] == 1
