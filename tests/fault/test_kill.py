# SPDX-License-Identifier: MIT
"""kill -9 while eight clients write: nothing that was answered is lost, and the next start is quick."""
import contextlib
import json
import random
import sqlite3
import threading
import time

import faults
import process
import pytest
import wire
import writing
from writing import bundle

CLIENTS = 8
ROUNDS = 100 if faults.LONG else 8
READY = 1.0


class Writing(threading.Thread):
    """Creates and replaces reviews of its own until the server is gone; knows what it was answered."""

    def __init__(self, port, token, name):
        super().__init__()
        self.author = writing.Author(port, token)
        self.name_of_client = name
        self.answered, self.asked = {}, {}

    def write(self, id_, revision):
        self.asked[id_] = revision
        condition = {"if_none_match": "*"} if revision == 1 else {"if_match": "*"}
        reply = self.author.bare("PUT", f"/v1/reviews/{id_}", bundle(id_, f"Revision {revision}. " * 50), **condition)
        assert reply.status in (200, 201), reply.body
        assert json.loads(reply.text)["revision"] == revision
        self.answered[id_] = revision

    def run(self):
        # The server is killed: connections are refused, reset, or end within an answer.
        with contextlib.suppress(OSError, wire.http.client.HTTPException):
            for number in range(100000):
                for revision in (1, 2, 3):
                    self.write(f"{self.name_of_client}-{number}", revision)


def revisions(store):
    with sqlite3.connect(store) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return dict(connection.execute("SELECT slug, revision FROM review"))


def count_answered(clients):
    return sum(len(client.answered) for client in clients)


def lost(clients, there):
    """The writes that were answered and are not there. At most the one that had no answer is there besides."""
    return [(id_, revision, there.get(id_)) for client in clients for id_, revision in client.answered.items()
            if not revision <= there.get(id_, 0) <= client.asked[id_]]


@pytest.mark.alone
def test_a_kill_loses_nothing_that_was_answered(store, tmp_path):
    token, chance = writing.add_token(store), random.Random(11)
    for number in range(ROUNDS):
        start = time.monotonic()
        server = process.Server(tmp_path, "--db", store)
        ready = time.monotonic() - start
        assert ready < READY, f"ready after {ready:.2f} s"
        clients = [Writing(server.port, token, f"round-{number}-client-{client}") for client in range(CLIENTS)]
        for client in clients:
            client.start()
        process.wait_for(lambda: count_answered(clients) > 20)
        time.sleep(chance.uniform(0, 0.3))
        server.kill()
        for client in clients:
            client.join()
        assert lost(clients, revisions(store)) == []
    process.run("check", "--db", store).expect(0)


def test_a_lost_write_is_seen(store, tmp_path):
    """The control: after a kill, the store of a moment before it."""
    token = writing.add_token(store)
    server = process.Server(tmp_path, "--db", store)
    clients = [Writing(server.port, token, f"client-{client}") for client in range(CLIENTS)]
    for client in clients:
        client.start()
    process.wait_for(lambda: count_answered(clients) > 20)
    with contextlib.closing(sqlite3.connect(store)) as connection, contextlib.closing(sqlite3.connect(tmp_path / "old.db")) as copy:
        connection.backup(copy)
        before = count_answered(clients)
    process.wait_for(lambda: count_answered(clients) > before + 20)
    server.kill()
    for client in clients:
        client.join()
    assert lost(clients, revisions(store)) == []
    assert len(lost(clients, revisions(tmp_path / "old.db"))) > 10
