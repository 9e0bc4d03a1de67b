# SPDX-License-Identifier: MIT
"""Who may write: tokens on the command line, and what a client without one is told."""
import hashlib
import re
import sqlite3
import time

import process
import pytest
import routes
import wire
import writing
from writing import bundle

TOKEN = re.compile(r"rvd_[A-Za-z0-9_-]{43}")
MIB = 1 << 20


@pytest.fixture
def store(tmp_path):
    return tmp_path / "reviews.db"


def token_command(store, *words, status=0):
    return process.run("token", *words, "--db", store).expect(status)


def test_a_token_is_told_once_and_kept_as_a_hash(store):
    token = token_command(store, "add", "Me & co").text
    assert TOKEN.fullmatch(token.rstrip("\n"))
    assert token_command(store, "add", "other").text != token
    listed = token_command(store, "list").text
    assert re.fullmatch(r"Me & co\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\nother\t[^\t\n]+\n", listed)
    data = store.read_bytes()
    assert token.strip().encode() not in data
    assert hashlib.sha256(token.strip().encode()).hexdigest().encode() in data


def test_a_store_that_begins_with_a_token_has_the_first_review(store):
    token_command(store, "add", "me")
    assert b"from-russia-with-love-nl" in process.run("export", "--db", store).expect(0).stdout


def test_a_name_has_one_token(store):
    token_command(store, "add", "me")
    process.assert_one_line(token_command(store, "add", "me", status=65))
    token_command(store, "revoke", "me")
    token_command(store, "add", "me")


@pytest.mark.parametrize("name", ["", "a\nb", "x" * 101, "a\tb"])
def test_a_name_is_one_line(store, name):
    process.assert_one_line(token_command(store, "add", name, status=64))


def test_only_what_is_there_is_revoked(store):
    process.assert_one_line(token_command(store, "revoke", "nobody", status=66))
    assert not store.exists()
    token_command(store, "add", "me")
    process.assert_one_line(token_command(store, "revoke", "nobody", status=66))
    assert token_command(store, "list").text.startswith("me\t")


@pytest.mark.parametrize("words", [(), ("add",), ("revoke",), ("list", "x"), ("add", "a", "b"), ("show",), ("ad", "x")])
def test_a_token_command_that_makes_no_sense_is_refused(store, words):
    process.assert_one_line(token_command(store, *words, status=64))
    assert not store.exists()


def test_without_a_token_writing_is_off(seed):
    author = writing.Author(seed.port, "rvd_" + "x" * 43)
    problem = author.refusal("POST", "/v1/reviews", bundle("x"), 403, "writing-off")
    assert "reviewd token add" in problem["detail"]
    author.refusal("POST", "/v1/reviews", bundle("x"), 403, "writing-off", token=None)


def test_a_server_that_only_reads_says_so(store):
    token = writing.add_token(store)
    with process.Server(store.parent, "--db", store, "--read-only") as server:
        author = writing.Author(server.port, token)
        author.refusal("PUT", "/v1/reviews/x", bundle("x"), 403, "writing-off", if_none_match="*")
        author.alive()


def test_a_token_counts_from_its_making_to_its_revoking(store):
    with process.Server(store.parent, "--db", store) as server:
        author = writing.Author(server.port, None)
        author.refusal("POST", "/v1/reviews", bundle("a"), 403, "writing-off")
        first, second = writing.add_token(store, "first"), writing.add_token(store, "second")
        author.refusal("POST", "/v1/reviews", bundle("a"), 401, "unauthorized")
        author.post("/v1/reviews", bundle("a"), 201, token=first)
        author.post("/v1/reviews", bundle("b"), 201, token=second)
        token_command(store, "revoke", "first")
        author.refusal("POST", "/v1/reviews", bundle("c"), 401, "unauthorized", token=first)
        author.post("/v1/reviews", bundle("c"), 201, token=second)
        token_command(store, "revoke", "second")
        author.refusal("POST", "/v1/reviews", bundle("d"), 403, "writing-off", token=second)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A server with a token that no test has spent its failures on yet."""
    store = tmp_path_factory.mktemp("guarded") / "reviews.db"
    token = writing.add_token(store)
    with process.Server(store.parent, "--db", store) as server:
        yield writing.Author(server.port, token)


def wrong_headers(token):
    yield None, 'Bearer realm="reviewd"'
    yield "Basic dXNlcjpwYXNz", 'Bearer realm="reviewd", error="invalid_request"'
    yield "Bearer", 'Bearer realm="reviewd", error="invalid_request"'
    yield token, 'Bearer realm="reviewd", error="invalid_request"'
    for wrong in (token[:-1], token + "x", "x" + token[1:], token.upper(), token + " ", "x"):
        if wrong.strip() != token:
            yield "Bearer " + wrong, 'Bearer realm="reviewd", error="invalid_token"'


@pytest.mark.parametrize("write", routes.WRITES, ids=[write.label for write in routes.WRITES])
def test_every_write_wants_a_token(guarded, write):
    before = guarded.json("/v1")
    reply = guarded.write(write.method, write.path, bundle("x"), 401, token=None, if_match="*")
    assert reply.get("WWW-Authenticate") == 'Bearer realm="reviewd"'
    assert "unauthorized" in reply.text
    assert guarded.json("/v1") == before


def test_wrong_tokens_are_refused_and_after_ten_told_to_wait(tmp_path, store):
    token = writing.add_token(store)
    with process.Server(tmp_path, "--db", store) as server:
        author = writing.Author(server.port, token)
        failures = 0
        for header, challenge in wrong_headers(token):
            reply = author.post("/v1/reviews", bundle("x"), 401, token=None, authorization=header)
            assert reply.get("WWW-Authenticate") == challenge
            assert token not in reply.text
            failures += "error" in challenge
        while failures < 10:
            author.post("/v1/reviews", bundle("x"), 401, token="wrong")
            failures += 1
        for write in routes.WRITES:
            reply = author.write(write.method, write.path, bundle("x"), 429, token="wrong")
            assert 0 < int(reply.get("Retry-After")) <= 60
            assert "too-many-failures" in reply.text
        # A right one is never locked out, and one that is missing is no attempt.
        author.post("/v1/reviews", bundle("x"), 201)
        author.post("/v1/reviews", bundle("y"), 401, token=None)
        author.get("/v1/reviews/x")
        assert token not in server.stderr() and "wrong" not in server.stderr()


def test_the_scheme_is_read_as_http_says(author, own_id):
    for number, scheme in enumerate(("bearer ", "BEARER ", "Bearer   ", "Bearer\t")):
        author.post("/v1/reviews", bundle(f"{own_id}-{number}"), 201, token=None, authorization=scheme + author.token)


def test_a_token_in_the_address_is_none(author, own_id):
    author.refusal("POST", f"/v1/reviews?access_token={author.token}", bundle(own_id), 400, "unknown-parameter", token=None)


@pytest.mark.parametrize("size", [10, 7 * MIB])
def test_a_client_that_asks_first_is_refused_before_it_sends(author, size):
    headers = {"Content-Length": str(size), "Expect": "100-continue", "If-None-Match": "*"}
    with wire.Connection(author.port) as connection:
        connection.send(wire.request_bytes("PUT", "/v1/reviews/x", headers))
        received = connection.read_to_end()
    assert wire.read_reply(wire.Received(received), "PUT").status == 401
    assert b"100 Continue" not in received


def test_a_client_that_asks_first_is_told_to_go_on(author, own_id):
    body = writing.encode(bundle(own_id))
    headers = {"Content-Length": str(len(body)), "Expect": "100-continue", "Authorization": f"Bearer {author.token}",
               "Connection": "close"}
    with wire.Connection(author.port) as connection:
        connection.send(wire.request_bytes("POST", "/v1/reviews", headers))
        assert connection.socket.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.send(body)
        assert wire.read_reply(wire.Received(connection.read_to_end()), "POST").status == 201


def test_a_small_body_without_a_token_leaves_the_connection_open(author):
    body = writing.encode(bundle("x"))
    with wire.Connection(author.port) as connection:
        connection.send(wire.request_bytes("POST", "/v1/reviews", {"Content-Length": str(len(body))}, body))
        assert connection.reply("POST").status == 401
        connection.send(wire.request_bytes("GET", "/livez"))
        assert connection.reply().status == 200


def test_comparing_tells_nothing_of_the_token(guarded):
    """A wrong token takes as long whether it begins like the right one or not, as far as a client could measure."""
    wrong = {"none": "x" * 47, "half": guarded.token[:24] + "x" * 23, "all": guarded.token[:46] + "!"}
    times = {name: [] for name in wrong}
    for _ in range(60):
        for name, token in wrong.items():
            start = time.perf_counter()
            assert guarded.post("/v1/reviews", {}, token=token).status in (401, 429)
            times[name].append(time.perf_counter() - start)
    medians = {name: sorted(values)[len(values) // 2] for name, values in times.items()}
    assert max(medians.values()) < 3 * min(medians.values()), medians


def test_hashes_alone_leave_the_store(store):
    token = writing.add_token(store)
    with sqlite3.connect(store) as connection:
        rows = connection.execute("SELECT name, sha256 FROM token").fetchall()
    assert rows == [("tester", hashlib.sha256(token.encode()).hexdigest())]
