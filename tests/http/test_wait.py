# SPDX-License-Identifier: MIT
"""Waiting for changes: who waits is told at once, is never forgotten, and holds nothing up."""
import contextlib
import json
import re
import resource
import selectors
import threading
import time

import process
import pytest
import wire
import writing
from client import Client
from process import DEADLINE, Server, wait_for

# Seconds in which whatever wakes a client has come through, on a slow machine, too; they wait twice as long by themselves.
AT_ONCE, LONG = DEADLINE, 60
# server/watch.h
WATCHERS_MAX = 1000


@pytest.fixture(name="store")
def fixture_store(tmp_path):
    """A served store, with a token to write to it."""
    db = tmp_path / "reviews.db"
    process.run("import", "--db", db, "-", stdin=json.dumps(writing.bundle("first")).encode("utf-8")).expect(0)
    token = writing.add_token(db)
    with Server(tmp_path, "--db", db, "--threads", "2") as server:
        author = writing.Author(server.port, token)
        author.server, author.db = server, db
        author.known = author.json("/v1")["revision"]
        yield author


def in_flight(port):
    """Requests under way besides the one that asks."""
    return int(re.search(r"^reviewd_http_requests_in_flight (\d+)$", Client(port).get("/metrics").text, re.M)[1]) - 1


def target(store, wait=LONG, **more):
    return f"/v1/changes?since={store.known}&wait={wait}" + "".join(f"&{name}={value}" for name, value in more.items())


class Waiting:
    """Clients that wait, each on a connection of its own."""

    def __init__(self, store, count=1, wait=LONG):
        self.stack = contextlib.ExitStack()
        self.connections = [self.stack.enter_context(wire.Connection(store.port)) for _ in range(count)]
        for connection in self.connections:
            connection.send(wire.request_bytes("GET", target(store, wait), []))
        wait_for(lambda: in_flight(store.port) == count)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stack.close()

    def rows(self):
        """What each of them is told, which must be at once."""
        began = time.monotonic()
        replies = [connection.reply() for connection in self.connections]
        assert time.monotonic() - began < AT_ONCE
        assert all(reply.status == 200 and reply.get("Cache-Control") == "no-store" for reply in replies)
        return [[(row["op"], row["id"]) for row in json.loads(reply.text)["data"]] for reply in replies]


def test_what_has_changed_already_is_told_at_once(store):
    began = time.monotonic()
    answer = store.json(f"/v1/changes?since=0&wait={LONG}")
    assert [row["id"] for row in answer["data"]] == ["first"] and time.monotonic() - began < AT_ONCE


def test_a_write_is_told_to_all_who_wait(store):
    with Waiting(store, 20) as waiting:
        store.create(writing.bundle("second"))
        assert waiting.rows() == [[("put", "second")]] * 20
    # Who has an answer may have it a moment before its end is noted.
    wait_for(lambda: in_flight(store.port) == 0)


def test_a_deletion_is_told(store):
    with Waiting(store) as waiting:
        store.write("DELETE", "/v1/reviews/first", None, 204, if_match="*")
        assert waiting.rows() == [[("delete", "first")]]


def test_the_write_of_another_process_is_told(tmp_path, store):
    with Waiting(store, 2) as waiting:
        process.run("import", "--db", store.db, "-", stdin=json.dumps(writing.bundle("third")).encode("utf-8")).expect(0)
        assert waiting.rows() == [[("put", "third")]] * 2


def test_a_store_that_is_only_read_is_watched_as_well(tmp_path):
    db = tmp_path / "reviews.db"
    process.run("import", "--db", db, "-", stdin=json.dumps(writing.bundle("first")).encode("utf-8")).expect(0)
    with Server(tmp_path, "--db", db, "--read-only") as server:
        reader = Client(server.port)
        reader.known = reader.json("/v1")["revision"]
        with Waiting(reader) as waiting:
            process.run("import", "--db", db, "-", stdin=json.dumps(writing.bundle("second")).encode("utf-8")).expect(0)
            assert waiting.rows() == [[("put", "second")]]


@pytest.mark.parametrize("form", ["", ".txt", ".csv", ".ndjson"])
def test_without_a_change_the_answer_is_an_empty_list(store, form):
    began = time.monotonic()
    reply = store.get(target(store, 1).replace("?", f"{form}?"))
    assert time.monotonic() - began >= 1
    assert reply.get("ETag") is None and reply.get("Cache-Control") == "no-store"
    if not form:
        assert json.loads(reply.text)["data"] == [] and json.loads(reply.text)["revision"] == store.known


def test_nobody_is_told_before_the_time_is_over(store):
    """Many, who begin one after the other: the time of some ends just behind a look at the store."""
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as selector:
        other, *connections = [stack.enter_context(wire.Connection(store.port)) for _ in range(400)]
        for connection in connections:
            other.send(wire.request_bytes("GET", "/livez"))
            assert other.reply().status == 200
            selector.register(connection.socket, selectors.EVENT_READ, (connection, time.monotonic()))
            connection.send(wire.request_bytes("GET", target(store, 1), []))
        while selector.get_map():
            ready = selector.select(DEADLINE)
            assert ready
            for key, _ in ready:
                connection, began = key.data
                assert time.monotonic() - began >= 1
                assert connection.reply().status == 200
                selector.unregister(key.fileobj)


def test_a_tag_does_not_end_the_wait(store):
    """What the client has may be what it would get; it asks for what is next."""
    tag = store.get(f"/v1/changes?since={store.known}").get("ETag")
    began = time.monotonic()
    assert store.get(target(store, 1), 200, if_none_match=tag).status == 200
    assert time.monotonic() - began >= 1


def test_head_waits_as_well(store):
    began = time.monotonic()
    assert store.send("HEAD", target(store, 1)).status == 200
    assert time.monotonic() - began >= 1


@pytest.mark.parametrize("wait", ["0", "", None])
def test_nobody_waits_who_does_not_ask_for_it(store, wait):
    path = f"/v1/changes?since={store.known}" + ("" if wait is None else f"&wait={wait}")
    if wait == "":
        assert store.problem(path, 400, "invalid-parameter")["parameter"] == "wait"
    else:
        assert store.data(path) == [] and store.get(path).get("ETag")


def test_the_longest_wait_is_bounded(store):
    assert store.problem(f"/v1/changes?wait={LONG + 1}", 400, "invalid-parameter")["parameter"] == "wait"


def test_who_is_ahead_does_not_wait(store):
    store.problem(f"/v1/changes?since={store.known + 1}&wait={LONG}", 410, "gone")


def test_the_connection_goes_on_behind_the_wait(store):
    """With what had come in the meantime first, and with what comes later."""
    with wire.Connection(store.port) as connection:
        connection.send(wire.request_bytes("GET", target(store), []))
        wait_for(lambda: in_flight(store.port) == 1)
        store.create(writing.bundle("second"))
        assert json.loads(connection.reply().text)["data"][0]["id"] == "second"
        store.known = store.json("/v1")["revision"]
        connection.send(wire.request_bytes("GET", target(store), []))
        connection.send(wire.request_bytes("GET", "/v1/reviews/first", {"Connection": "close"}))
        wait_for(lambda: in_flight(store.port) == 1)
        store.create(writing.bundle("third"))
        received = wire.Received(connection.read_to_end())
        assert json.loads(wire.read_reply(received).text)["data"][0]["id"] == "third"
        assert json.loads(wire.read_reply(received).text)["id"] == "first" and not received.rest()


def test_others_are_served_meanwhile(store):
    with Waiting(store, 50):
        began = time.monotonic()
        for _ in range(50):
            store.get("/v1/reviews/first")
        assert time.monotonic() - began < AT_ONCE


def test_a_client_that_leaves_leaves_nothing_behind(store):
    with Waiting(store, 30):
        pass
    wait_for(lambda: in_flight(store.port) == 0)
    # And those behind it are told.
    with Waiting(store) as waiting:
        store.create(writing.bundle("second"))
        assert waiting.rows() == [[("put", "second")]]


def test_the_end_is_told_to_all_who_wait(store):
    with Waiting(store, 20) as waiting:
        began = time.monotonic()
        store.server.tell_to_stop()
        assert waiting.rows() == [[]] * 20
        store.server.wait()
        assert time.monotonic() - began < AT_ONCE


def test_clients_come_and_go_while_others_write(store):
    """Whoever follows has all in the end, whenever each of them began to wait."""
    writes, errors = 25, []

    def follow():
        client, known, seen = Client(store.port), store.known, set()
        try:
            while len(seen) < writes:
                answer = client.json(f"/v1/changes?since={known}&wait={LONG}&limit=200")
                assert answer["data"], "woken for nothing"
                seen |= {row["id"] for row in answer["data"]}
                known = answer["revision"]
        except BaseException as error:
            errors.append(error)

    def leave():
        for _ in range(2 * writes):
            with wire.Connection(store.port) as connection:
                connection.send(wire.request_bytes("GET", target(store), []))

    threads = [threading.Thread(target=follow) for _ in range(4)] + [threading.Thread(target=leave)]
    for thread in threads:
        thread.start()
    for number in range(writes):
        store.bare("PUT", f"/v1/reviews/more-{number}", writing.bundle(f"more-{number}"), if_none_match="*")
    for thread in threads:
        thread.join(DEADLINE)
    assert not errors and not any(thread.is_alive() for thread in threads)


def test_only_so_many_may_wait(store):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 3 * WATCHERS_MAX:
        pytest.skip("there are too few descriptors")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 3 * WATCHERS_MAX), hard))
    try:
        with Waiting(store, WATCHERS_MAX) as waiting:
            problem = store.problem(target(store), 503, "unavailable")
            assert "wait" in problem["detail"]
            store.get("/v1/reviews/first")
            store.create(writing.bundle("second"))
            assert waiting.rows() == [[("put", "second")]] * WATCHERS_MAX
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
