# SPDX-License-Identifier: MIT
"""Hostile requests: refused or passed over, and the server goes on."""
import contract
import pytest
import wire

LINE = b"GET /v1 HTTP/1.1\r\n"
HOST = b"Host: 127.0.0.1\r\n"
BIG = b"9" * 40


@pytest.fixture(autouse=True)
def fixture_alive(seed):
    """After each of these the server still answers."""
    yield
    seed.alive()


def first_reply(seed, data):
    """The one answer to a request after which the server has to close the connection."""
    return wire.read_reply(wire.Received(wire.exchange(seed.port, data)))


def assert_refused(seed, data, ours=True):
    """A 4xx and the end of the connection; our own says why. libmicrohttpd's own is plain HTML."""
    everything = wire.exchange(seed.port, data, 10)
    assert b" 200 OK" not in everything, everything[:300]
    reply = wire.read_reply(wire.Received(everything), target=data.split(b" ")[1].decode("latin-1"))
    assert 400 <= reply.status < 500
    if ours or reply.get("X-Request-Id"):
        contract.check(reply, seed.texts)
        assert (reply.get("Connection") or "").lower() == "close"
        assert b'"code":"invalid-request"' in reply.body or reply.body.startswith(b"400 Invalid request: ")
        assert reply.status == 400
        assert everything.endswith(reply.body), "another answer behind it"


def request(*lines, first=LINE, body=b""):
    return first + b"".join(line + b"\r\n" for line in lines) + b"\r\n" + body


@pytest.mark.parametrize("target", [
    b"/v1/quotes/%zz", b"/v1/%", b"/v1/quotes/%4", b"/v1/quotes/%4g", b"/%", b"/v1/reviews/%%20", b"/v1/characters/%00",
    b"/v1/reviews/a%00b", b"/v1/reviews/x%00.txt", b"/v1/characters/%ff", b"/v1/characters/%c0%af", b"/v1/characters/%c3",
    b"/v1/characters/%ed%a0%80", b"/v1/characters/%f4%90%80%80", b"/v1/characters/\xff", b"/v1/characters/\xc3"])
def test_a_malformed_path_is_refused(seed, target):
    assert_refused(seed, request(HOST[:-2], first=b"GET " + target + b" HTTP/1.1\r\n"))


@pytest.mark.parametrize("query", [b"limit=%zz", b"limit=%", b"speaker=%00", b"speaker=%ff", b"speaker=\xff", b"%zz"])
def test_a_malformed_query_is_refused(seed, query):
    data = request(HOST[:-2], b"Connection: close", first=b"GET /v1/quotes?" + query + b" HTTP/1.1\r\n")
    reply = first_reply(seed, data)
    contract.check(reply, seed.texts)
    assert reply.status == 400
    assert b'"code":"malformed-query"' in reply.body or b'"code":"invalid-request"' in reply.body


@pytest.mark.parametrize("headers", [(), (b"Host: a", b"Host: b"), (b"Host: a", b"Host: a"), (b"host: a", b"HOST: b")])
def test_no_host_and_two_hosts_are_refused(seed, headers):
    assert_refused(seed, request(*headers), ours=len(headers) == 2)


@pytest.mark.parametrize("lengths", [
    (b"Content-Length: 3", b"Content-Length: 3"), (b"Content-Length: 3", b"Content-Length: 4"),
    (b"Content-Length: 0", b"Content-Length: 3"), (b"Content-Length: 3", b"content-length: 3"),
    (b"Content-Length: 3", b"Transfer-Encoding: chunked"), (b"Transfer-Encoding: chunked", b"Content-Length: 3"),
    (b"Transfer-Encoding: gzip",), (b"Transfer-Encoding: gzip, chunked",), (b"Transfer-Encoding: identity",),
    (b"Transfer-Encoding: xchunked",), (b"Transfer-Encoding: chunked, chunked",),
    (b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"), (b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip"),
    (b"Transfer-Encoding:",)])
def test_an_unclear_length_is_refused_and_hides_no_request(seed, lengths):
    smuggled = b"0\r\n\r\n" + request(HOST[:-2], b"Connection: close")
    assert_refused(seed, request(HOST[:-2], *lengths, body=smuggled), ours=False)


def test_pieces_are_not_for_http_1_0(seed):
    data = request(HOST[:-2], b"Transfer-Encoding: chunked", first=b"GET /v1 HTTP/1.0\r\n", body=b"0\r\n\r\n")
    assert_refused(seed, data, ours=False)


@pytest.mark.parametrize("length", [b"abc", b"-1", b"+5", b"1, 1", BIG, b"0x10", b"", b"1 1", b"1.0", b"18446744073709551616",
                                    b"\xd9\xa3", b"5;a", b"''"])
def test_a_bad_content_length_is_refused(seed, length):
    assert_refused(seed, request(HOST[:-2], b"Content-Length: " + length, body=b"12345"), ours=False)


@pytest.mark.parametrize("header", [
    b"Bad Name: x", b"Bad(Name: x", b"B\xc3\xa4d: x", b"Host : x", b"X\t: x", b"X@Y: x", b"\"X\": x", b"X{}: x", b"X/Y: x",
    b"X\x01Y: x", b"X\x7fY: x"])
def test_a_header_name_of_odd_characters_is_refused(seed, header):
    assert_refused(seed, request(HOST[:-2], header), ours=False)


@pytest.mark.parametrize("value", [b"a\x01b", b"a\x7fb", b"\x1b[31m", b"a\x0bb", b"a\x0cb", b"\x08"])
def test_a_control_character_in_a_header_is_refused(seed, value):
    assert_refused(seed, request(HOST[:-2], b"X-Test: " + value), ours=False)


@pytest.mark.parametrize("value", [b"a\tb", b"\xc3\xa4", b"\xff", b"", b"   ", b"a" * 1000, b"(),;:{}[]\"\\"])
def test_other_header_values_are_passed_over(seed, value):
    assert first_reply(seed, request(HOST[:-2], b"Connection: close", b"X-Test: " + value)).status == 200


# What comes back, and for what: the status of the only answer, or nothing.
NOTHING = None
HARDLY_HTTP = [
    (400, b"GET /v1\r\n\r\n"), (400, b"GET  /v1  HTTP/1.1\r\nHost: a\r\n\r\n"), (505, b"GET /v1 HTTP/2.0\r\nHost: a\r\n\r\n"),
    (505, b"GET /v1 HTTP/9.9\r\nHost: a\r\n\r\n"), (400, b"GET /v1 FTP/1.1\r\nHost: a\r\n\r\n"),
    (400, b"GET /v1 HTTP/1.1 x\r\nHost: a\r\n\r\n"), (400, b"GET /v1 HTTP/1.\r\nHost: a\r\n\r\n"),
    (400, b"GET v1 HTTP/1.1\r\nHost: a\r\n\r\n"), (400, b"GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, b"GET /v1#x HTTP/1.1\r\nHost: a\r\n\r\n"), (400, b"GET ftp://a/v1 HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, b"GET http:///v1 HTTP/1.1\r\nHost: a\r\n\r\n"), (400, b"GET http://?x HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, b"/v1 GET HTTP/1.1\r\nHost: a\r\n\r\n"), (505, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    (400, b"GET /v1 HTTP/1.1\r\nHost\r\n\r\n"), (400, b"GET /v1\x01 HTTP/1.1\r\nHost: a\r\n\r\n"),
    (400, b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n"), (400, b"\x00GET /v1 HTTP/1.1\r\nHost: a\r\n\r\n"),
    (NOTHING, b"GET\r\n\r\n"), (NOTHING, b"\r\n\r\n\r\n\r\n"), (NOTHING, b"\n\n"), (NOTHING, b"\x00" * 100), (NOTHING, b"\xff" * 100),
    (NOTHING, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500), (NOTHING, b"GET /v1 HTTP/1.1\rHost: a\r\r")]


@pytest.mark.parametrize(("status", "data"), HARDLY_HTTP, ids=range(len(HARDLY_HTTP)))
def test_what_is_hardly_http_is_refused(seed, status, data):
    with wire.Connection(seed.port) as connection:
        connection.send(data)
        everything = connection.read_to_end() if status else connection.read_until_silent()
    assert everything.count(b"HTTP/1.1 ") == (1 if status else 0)
    assert not status or everything.startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize(("lines", "status"), [
    # A folded line lengthens the value before it.
    ((b"X-Test: a", b"  b"), 200),
    # Or the name: this is If-None-Match.
    ((b"If-None-Ma: *", b" tch"), 304),
    # A NUL cuts a value off.
    ((b"X-Test: a\x00b",), 200), ((b"If-None-Match: *\x00b",), 304)])
def test_what_the_library_hides_from_the_guard_is_known(seed, lines, status):
    """The limits that server/guard.h tells; whoever cannot live with them puts a proxy in front."""
    assert first_reply(seed, request(HOST[:-2], b"Connection: close", *lines)).status == status


def test_a_line_that_begins_with_a_colon_ends_the_headers(seed):
    """Another limit of the library: what comes behind it is read as the next request."""
    everything = wire.exchange(seed.port, request(HOST[:-2], b": x", b"Connection: close"))
    assert everything.startswith(b"HTTP/1.1 200 ") and everything.count(b"HTTP/1.1 400 ") == 1


@pytest.mark.parametrize("first", [b"GET /v1\x00x HTTP/1.1\r\n", b"GET /v1\x00 HTTP/1.1\r\n"])
def test_a_nul_cuts_the_address_off(seed, first):
    assert first_reply(seed, request(HOST[:-2], b"Connection: close", first=first)).body == seed.get("/v1").body


def test_bare_line_feeds_end_lines(seed):
    assert first_reply(seed, b"GET /v1 HTTP/1.1\nHost: a\nConnection: close\n\n").status == 200


@pytest.mark.parametrize("host", [b"", b"a", b"127.0.0.1:8080", b"[::1]:8080", b"xn--bcher-kva.example", b"a_b", b"%41"])
def test_a_host_is_a_host_whatever_its_name(seed, host):
    assert first_reply(seed, request(b"Host: " + host, b"Connection: close")).status == 200


@pytest.mark.parametrize("host", [b"a b", b"a/b", b"http://a", b"a@b", b"a?b", b"a#b", b"a\\b", b"\"a\"", b"<a>", b"\xc3\xa4", b"a\tb"])
def test_a_host_that_is_none_is_refused(seed, host):
    assert_refused(seed, request(b"Host: " + host))


@pytest.mark.parametrize("target", [b"v1", b"ftp://a/v1", b"v1/quotes?limit=1", b"quotes"])
def test_a_target_that_is_no_path_is_refused(seed, target):
    assert 400 <= first_reply(seed, request(HOST[:-2], b"Connection: close", first=b"GET " + target + b" HTTP/1.1\r\n")).status < 500


def test_a_header_cannot_be_injected(seed):
    for target in ("/v1/characters/Kerim%20Bey/quotes?utm_a=%0d%0aX-Injected:%201", "/v1/characters/x%0d%0aX-Injected:%201",
                   "/v1/quotes?about=%0d%0aX-Injected:%201", "/v1/%0d%0aX-Injected:%201/"):
        assert seed.send("GET", target).get("X-Injected") is None


@pytest.mark.parametrize("chunks", [b"zz\r\nabc\r\n0\r\n\r\n", b"-1\r\nabc\r\n0\r\n\r\n", b"3\r\nabcdef\r\n0\r\n\r\n",
                                    b"fffffffffffffffff\r\nabc", b"\r\n\r\n", b"3 \r\nabc\r\n0\r\n\r\n", b"0x3\r\nabc\r\n0\r\n\r\n"])
def test_bad_pieces_of_a_body_hide_no_request(seed, chunks):
    smuggled = request(HOST[:-2], first=b"GET /v1/works HTTP/1.1\r\n")
    data = request(HOST[:-2], b"Transfer-Encoding: chunked", body=chunks + smuggled)
    with wire.Connection(seed.port) as connection:
        connection.send(data)
        everything = connection.read_to_end()
    assert everything.count(b"HTTP/1.1 ") == 1
    assert everything.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 413 "))
