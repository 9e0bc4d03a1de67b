# SPDX-License-Identifier: MIT
"""Answers given before are given again: the same ones, for as long as the store is the same, and to whom they are due."""
import concurrent.futures
import contextlib
import gzip
import json
import re
import threading
import time

import process
import pytest
import wire
import writing
from writing import bundle

QUOTES = "/v1/characters/darko-kerim-bey/quotes"
SAMPLE = re.compile(r'^reviewd_cache_(requests_total\{result="(hit|miss)"\}|bytes) (\d+)$', re.M)


@contextlib.contextmanager
def serving(folder, *options):
    db = folder / "reviews.db"
    token = writing.add_token(db)
    with process.Server(folder, "--db", db, *options) as server:
        author = writing.Author(server.port, token)
        author.db, author.server = db, server
        yield author


@pytest.fixture(scope="module", name="author")
def fixture_author(tmp_path_factory):
    """One loop, so that what was asked before was asked of it."""
    with serving(tmp_path_factory.mktemp("cache"), "--threads", 1, "--access-log", "json") as author:
        yield author


def counts(author):
    """(hits, misses, bytes); the question itself is one of the misses."""
    found = {result or "bytes": int(number) for _, result, number in SAMPLE.findall(author.get("/metrics").text)}
    return found["hit"], found["miss"], found["bytes"]


def hits(author, work):
    before = counts(author)[0]
    work()
    return counts(author)[0] - before


def fields(reply):
    return [pair for pair in reply.headers if pair[0] != "Date"]


@pytest.mark.parametrize(("target", "headers"), [
    (QUOTES, {}), (f"{QUOTES}.txt", {}), (QUOTES, {"accept": "text/plain"}), (f"{QUOTES}?pretty=1", {}),
    ("/v1", {"accept_encoding": "gzip"}), ("/v1/reviews/from-russia-with-love-nl", {"accept_encoding": "gzip"}),
    ("/v1/reviews/from-russia-with-love-nl/text", {}), ("/v1/reviews/from-russia-with-love-nl/bundle", {}),
    ("/v1/quotes.csv", {}), ("/v1/quotes.ndjson", {"accept_encoding": "gzip, br"}), ("/docs", {}), ("/openapi.json", {})])
def test_the_second_answer_is_the_first_one(author, target, headers):
    first = author.get(target, **headers)
    replies = []
    assert hits(author, lambda: replies.extend(author.get(target, **headers) for _ in range(3))) == 3
    for reply in replies:
        assert (fields(reply), reply.body) == (fields(first), first.body)


def test_each_form_has_an_answer_of_its_own(author):
    plain, packed, words = (author.get("/v1/quotes", **headers) for headers in (
        {}, {"accept_encoding": "gzip"}, {"accept": "text/plain"}))
    for _ in range(2):
        assert author.get("/v1/quotes").body == plain.body
        assert gzip.decompress(author.get("/v1/quotes", accept_encoding="gzip").body) == plain.body
        assert author.get("/v1/quotes", accept="text/plain").body == words.body
        author.get("/v1/quotes", 406, accept="image/png")
    assert plain.get("ETag") + packed.get("ETag") + words.get("ETag") == plain.get("ETag") + plain.get("ETag")[:-1] + '-gzip"' + words.get("ETag")
    assert words.get("ETag") != plain.get("ETag")


def test_head_is_given_from_the_same_answer(author):
    whole = author.get(f"{QUOTES}?limit=3")
    replies = []
    assert hits(author, lambda: replies.append(author.send("HEAD", f"{QUOTES}?limit=3"))) == 1
    assert (replies[0].status, replies[0].body, fields(replies[0])) == (200, b"", fields(whole))


def test_get_is_given_what_head_left(author):
    author.send("HEAD", f"{QUOTES}?limit=4")
    replies = []
    assert hits(author, lambda: replies.append(author.get(f"{QUOTES}?limit=4"))) == 1
    assert len(json.loads(replies[0].body)["data"]) == 1


def test_what_has_not_changed_is_told_from_the_same_answer(author):
    target = f"{QUOTES}?limit=5"
    whole = author.get(target)
    tag = whole.get("ETag")
    for match in (tag, "W/" + tag, f'"other", {tag}', "*"):
        replies = []
        assert hits(author, lambda: replies.append(author.get(target, 304, if_none_match=match))) == 1
        assert (replies[0].body, replies[0].get("ETag"), replies[0].get("Vary")) == (b"", tag, whole.get("Vary"))
        assert replies[0].get("Cache-Control") == whole.get("Cache-Control")
    assert author.get(target, if_none_match='"other"').body == whole.body
    assert author.send("HEAD", target, {"If-None-Match": tag}).status == 304


def test_who_has_it_in_another_coding_has_it(author):
    target = "/v1/reviews/from-russia-with-love-nl/quotes"
    packed = author.get(target, accept_encoding="gzip").get("ETag")
    plain = packed.replace("-gzip", "")
    assert plain != packed
    for _ in range(2):
        assert author.get(target, 304, if_none_match=packed).get("ETag") == packed
        assert author.get(target, 304, if_none_match=plain, accept_encoding="gzip").get("ETag") == plain
        assert author.get(target).get("ETag") == plain
        assert author.get(target, accept_encoding="gzip").get("ETag") == packed


def test_a_client_that_only_asks_for_changes_is_answered_from_memory(author):
    target = f"{QUOTES}?limit=6"
    tag = author.get(target).get("ETag")
    author.create(bundle("to-be-forgotten"))
    author.delete("/v1/reviews/to-be-forgotten", if_match="*")
    assert author.get(target, if_none_match=tag).status == 200
    with serving_again(author) as fresh:
        now = author.get(target).get("ETag")
        fresh.get(target, 304, if_none_match=now)
        assert hits(fresh, lambda: fresh.get(target, 304, if_none_match=now)) == 1
        assert len(fresh.json(target)["data"]) == 1
        assert hits(fresh, lambda: fresh.json(target)) == 1


@contextlib.contextmanager
def serving_again(author):
    with process.Server(author.db.parent, "--db", author.db, "--threads", 1) as server:
        yield writing.Author(server.port, author.token)


def test_a_range_is_cut_out_of_nothing_kept(author):
    target = "/v1/reviews/from-russia-with-love-nl/text"
    whole = author.get(target).body
    for _ in range(2):
        assert author.get(target, 206, range="bytes=5-9").body == whole[5:10]
        assert author.get(target).body == whole
        author.get(target, 416, range="bytes=999999-")
        assert author.get(target, if_range='"other"', range="bytes=5-9").body == whole


def test_what_depends_on_the_host_is_kept_for_each(author):
    for _ in range(2):
        assert b"one.example" in author.get("/docs", host="one.example").body
        assert b"one.example" not in author.get("/docs", host="two.example").body


@pytest.mark.parametrize("target", ["/v1/quotes/nothing~1", "/v1/quotes?limit=x", "/livez", "/readyz", "/v1/characters/Kerim%20Bey"])
def test_what_has_no_tag_is_made_each_time(author, target):
    first = author.send("GET", target)
    assert hits(author, lambda: [author.send("GET", target) for _ in range(3)]) == 0
    assert author.send("GET", target).status == first.status
    assert first.get("X-Request-Id") is None or author.send("GET", target).get("X-Request-Id") != first.get("X-Request-Id")


@pytest.mark.parametrize("lines", [
    ["Content-Length: 0", "Content-Length: 0"], ["Host: other"], ["Transfer-Encoding: gzip"], ["Bad Name: x"], ["X: \x01"],
    ["Content-Length: 0", "Transfer-Encoding: chunked"]])
def test_what_is_no_request_gets_no_answer_from_memory(author, lines):
    author.get(QUOTES)
    data = "\r\n".join([f"GET {QUOTES} HTTP/1.1", "Host: a", *lines, "", ""]).encode("latin-1")
    assert hits(author, lambda: wire.exchange(author.port, data)) == 0
    assert wire.exchange(author.port, data).startswith(b"HTTP/1.1 400 ")


def test_a_body_in_front_of_an_answer_from_memory_is_read(author):
    author.get(QUOTES)
    request = wire.request_bytes("GET", QUOTES, {"Content-Length": "21"}, b"GET /v1/other HTTP/1.") + wire.request_bytes(
        "GET", "/livez", {"Connection": "close"})
    received = wire.Received(wire.exchange(author.port, request))
    assert (wire.read_reply(received).status, wire.read_reply(received).body, received.rest()) == (200, b'{"status":"ok"}\n', b"")


def test_many_requests_at_once_are_answered_in_their_order(author):
    targets = [f"{QUOTES}?limit={limit}" for limit in range(7, 20)] * 3
    data = b"".join(wire.request_bytes("GET", target) for target in targets)
    expected = [author.get(target).get("ETag") for target in targets]
    received = wire.Received(wire.exchange(author.port, data + wire.request_bytes("GET", "/livez", {"Connection": "close"})))
    assert [wire.read_reply(received).get("ETag") for _ in targets] == expected


def test_an_answer_from_memory_is_logged_and_counted_like_any_other(author):
    def total():
        return sum(float(line.rpartition(" ")[2]) for line in author.get("/metrics").text.split("\n")
                   if line.startswith('reviewd_http_requests_total{route="/v1/characters/{id}/quotes",method="GET",code="200"}'))
    before = total()
    for _ in range(2):
        wire.exchange(author.port, wire.request_bytes("GET", f"{QUOTES}?limit=20", {"User-Agent": "twice", "Connection": "close"}))
    assert total() - before == 2
    process.wait_for(lambda: author.server.stderr().count('"twice"') == 2)
    first, second = (json.loads(line) for line in author.server.stderr().splitlines() if '"twice"' in line)
    assert first["request_id"] != second["request_id"]
    assert {key: first[key] for key in ("route", "status", "bytes", "target")} == {
        key: second[key] for key in ("route", "status", "bytes", "target")}


@pytest.fixture(scope="module", name="shared")
def fixture_shared(tmp_path_factory):
    """Several loops, each with what it has kept itself."""
    with serving(tmp_path_factory.mktemp("shared"), "--threads", 4) as author:
        author.create(bundle("counted", "0"))
        yield author


def ask(connection, target):
    connection.send(wire.request_bytes("GET", target))
    return connection.reply("GET", target)


def test_the_next_request_of_anybody_sees_what_was_written(shared):
    target = "/v1/reviews/counted/text"
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(wire.Connection(shared.port)) for _ in range(12)]
        for number in range(1, 60):
            for connection in connections:
                ask(connection, target)
            reply = shared.bare("PUT", "/v1/reviews/counted", bundle("counted", str(number)), if_match="*")
            assert reply.status == 200
            assert {ask(connection, target).body for connection in connections} == {str(number).encode()}


def test_nobody_is_given_what_was_before_an_acknowledged_write(shared):
    """Readers hold each answer against what was acknowledged before they asked; the answers never go back either."""
    target, until = "/v1/reviews/raced/text", time.monotonic() + 4
    shared.bare("PUT", "/v1/reviews/raced", bundle("raced", "0"), if_none_match="*")
    acknowledged, over = [0], threading.Event()

    def read():
        latest, asked = 0, 0
        with wire.Connection(shared.port) as connection:
            while not over.is_set():
                due = max(acknowledged[0], latest)
                latest = int(ask(connection, target).body)
                assert latest >= due, f"{latest} after {due} was acknowledged"
                asked += 1
        return asked

    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        readers = [pool.submit(read) for _ in range(6)]
        try:
            while time.monotonic() < until and not any(reader.done() for reader in readers):
                number = acknowledged[0] + 1
                assert shared.bare("PUT", "/v1/reviews/raced", bundle("raced", str(number)), if_match="*").status == 200
                acknowledged[0] = number
        finally:
            over.set()
        assert min(reader.result() for reader in readers) > 10
    assert acknowledged[0] > 10
    assert counts(shared)[0] > 0


def test_what_another_process_writes_is_seen_at_once(shared, tmp_path):
    target, file = "/v1/reviews/imported/text", tmp_path / "one.json"
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(wire.Connection(shared.port)) for _ in range(12)]
        for number in range(8):
            for connection in connections:
                ask(connection, target)
            file.write_text(json.dumps(bundle("imported", f"by another one, {number}")))
            # The server may hold the store for a moment after the writes of another test.
            process.wait_for(lambda: process.run("import", "--db", shared.db, file).status == 0)
            assert {ask(connection, target).body for connection in connections} == {f"by another one, {number}".encode()}


def test_memory_for_answers_has_a_limit(tmp_path):
    with serving(tmp_path, "--threads", 1, "--cache", "64K") as author:
        bodies = {target: author.get(target).body for target in (f"{QUOTES}?limit={limit}" for limit in range(1, 101))}
        kept = counts(author)[2]
        assert 32 * 1024 < kept <= 64 * 1024
        # The last ones are there, the first ones gave way; all are right.
        for target in reversed(list(bodies)):
            assert author.get(target).body == bodies[target]
        assert counts(author)[2] <= 64 * 1024
        # What is asked for again and again stays.
        for limit in range(101, 160):
            author.get(QUOTES)
            author.get(f"{QUOTES}?limit={limit}")
        assert hits(author, lambda: author.get(QUOTES)) == 1


def test_nothing_is_kept_where_nothing_may_be(tmp_path):
    with serving(tmp_path, "--cache", "0") as author:
        for _ in range(3):
            author.get(QUOTES)
            author.get(QUOTES, 304, if_none_match=author.get(QUOTES).get("ETag"))
        assert counts(author) == (0, 0, 0)


@pytest.mark.parametrize("value", ["x", "-1", "2000M", "1T", ""])
def test_what_is_no_size_is_refused(tmp_path, value):
    told = process.run("serve", "--db", tmp_path / "reviews.db", f"--cache={value}").expect(64)
    process.assert_one_line(told)
    assert "--cache" in told.stderr
