# SPDX-License-Identifier: MIT
"""Sixteen clients at the same reviews: no lost update, everybody reads their own writes, revisions come in order."""
import concurrent.futures
import dataclasses
import http.client
import json
import random
import time

import faults
import process
import writing
from writing import bundle

CLIENTS, REVIEWS = 16, 4
SECONDS = 20 if faults.LONG else 2


@dataclasses.dataclass(frozen=True)
class Seen:
    """What a client saw: of one review, at a store's revision."""

    begun: float
    ended: float
    review: int
    wrote: bool
    revision: int
    base: int  # the revision that a write replaced
    store: int


class Client:
    """Careful: writes only over what it has read."""

    def __init__(self, port, token, number, until, careful):
        self.careful = careful
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=process.DEADLINE)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.number, self.until, self.random = number, until, random.Random(number)
        self.seen, self.refused = [], 0

    def ask(self, method, target, body=None, **headers):
        self.connection.request(method, target, body, self.headers | headers)
        reply = self.connection.getresponse()
        return reply.status, reply.headers, reply.read()

    def read(self, review):
        begun = time.monotonic()
        status, headers, body = self.ask("GET", f"/v1/reviews/race-{review}")
        assert status == 200, body
        value, tag = json.loads(body), headers["ETag"]
        self.seen.append(Seen(begun, time.monotonic(), review, False, value["revision"], 0, store_of(tag)))
        return value, tag

    def write(self, review):
        value, tag = self.read(review)
        text = f"{value['text']} {self.number}.{len(self.seen)}"
        begun = time.monotonic()
        status, headers, body = self.ask(
            "PUT", f"/v1/reviews/race-{review}", json.dumps(bundle(f"race-{review}", text)),
            **{"If-Match": tag if self.careful else "*"})
        assert status in (200, 412), body
        self.refused += status == 412
        if status == 200:
            new = json.loads(body)["revision"]
            self.seen.append(Seen(begun, time.monotonic(), review, True, new, value["revision"], store_of(headers["ETag"])))
            assert self.read(review)[0]["revision"] >= new, "a client does not read what it wrote"

    def run(self):
        while time.monotonic() < self.until:
            self.write(self.random.randrange(REVIEWS))
        self.connection.close()
        return self.seen, self.refused


def store_of(tag):
    return int(tag.strip('"').split("-")[0])


def assert_in_order(seen):
    """What ended before something else began is not newer than it, for all clients together."""
    newest, pending = 0, sorted(seen, key=lambda one: one.ended)
    for one in sorted(seen, key=lambda one: one.begun):
        while pending and pending[0].ended < one.begun:
            newest = max(newest, pending.pop(0).revision)
        assert one.revision >= newest, one


def race(store, folder, careful):
    """([what each client saw, how often it was refused], the reviews at the end)."""
    token = writing.add_token(store)
    with process.Server(folder, "--db", store) as server:
        author = writing.Author(server.port, token)
        for review in range(REVIEWS):
            author.create(bundle(f"race-{review}", "start"))
        until = time.monotonic() + SECONDS
        clients = [Client(server.port, token, number, until, careful) for number in range(CLIENTS)]
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            results = list(pool.map(Client.run, clients))
        return results, [author.json(f"/v1/reviews/race-{review}") for review in range(REVIEWS)]


def lost_updates(writes, last):
    """How many words that were written are not there at the end."""
    return sum(sum(one.wrote and one.review == review for one in writes) + 1 - len(value["text"].split())
               for review, value in enumerate(last))


def test_racing_clients_lose_nothing_and_read_what_they_wrote(store, tmp_path):
    results, last = race(store, tmp_path, careful=True)
    seen = [one for history, _ in results for one in history]
    writes = [one for one in seen if one.wrote]
    assert len(writes) > 50 and sum(refused for _, refused in results) > 0, "there was no race"
    for review in range(REVIEWS):
        own = sorted((one for one in writes if one.review == review), key=lambda one: one.revision)
        assert [one.revision for one in own] == list(range(2, len(own) + 2)), "a revision is missing, or was given twice"
        assert all(one.base == one.revision - 1 for one in own), "an update was lost"
        assert last[review]["revision"] == len(own) + 1
        assert_in_order([one for one in seen if one.review == review])
    assert lost_updates(writes, last) == 0
    stores = [one.store for one in sorted(writes, key=lambda one: one.store)]
    assert len(set(stores)) == len(stores), "two writes have one revision of the store"
    for history, _ in results:
        assert [one.store for one in history] == sorted(one.store for one in history), "a client went back in time"


def test_clients_that_do_not_say_what_they_write_over_lose_updates(store, tmp_path):
    """The control: the same race without its condition."""
    results, last = race(store, tmp_path, careful=False)
    writes = [one for history, _ in results for one in history if one.wrote]
    assert lost_updates(writes, last) > 0
    assert any(one.base != one.revision - 1 for one in writes)
