# SPDX-License-Identifier: MIT
"""Lists at random while another client writes and deletes: what stays is there once, in its place, at every page size."""
import random
import threading

import process
import pytest
import shelf
import writing
from client import at
from quick import LIMITS, Quick
from test_lists import AGENT, LISTS, WORK, ask_at_random, expected
from test_random import copy

ROUNDS = 40
# Somebody who stands in a review of that work already, so that a further one changes no list of works or characters.
PAIR = next((bundle["work"]["id"], agent["id"]) for bundle in shelf.bundles() if bundle["work"]
            for agent in bundle["agents"] if shelf.is_character(agent["id"]))
NOISE = "noise-"


def noise(number):
    """A review that fits many filters, and can be told from all that stay."""
    work, agent = PAIR
    text = "Lorem ipsum dolor sit amet. Sed do een und strasse."
    quotes = [{"id": str(index), "form": form, "speakers": [agent], "work": work, "spans": [[0, 26 + index]]}
              for index, form in enumerate(("direct", "pull", "reported"))]
    return {"id": f"{NOISE}{number}", "title": "Zebra", "language": "nl", "reviewer": "Anna Quist", "published": "1957-04-08",
            "work": {"id": work}, "agents": [{"id": agent}], "text": text, "quotes": quotes,
            "mentions": [{"span": [0, 5], "of": [agent]}]}


class Writer(threading.Thread):
    """Puts reviews in, changes them and takes them out until it is told to end."""

    def __init__(self, author):
        super().__init__()
        self.author, self.ended, self.written, self.wrong = author, threading.Event(), 0, []

    def run(self):
        chance = random.Random("writer")
        there, number = [], 0
        while not self.ended.is_set():
            if there and chance.random() < 0.5:
                reply = self.author.bare("DELETE", f"/v1/reviews/{there.pop(chance.randrange(len(there)))}", if_match="*")
            else:
                number += 1
                bundle = noise(number)
                there.append(bundle["id"])
                reply = self.author.bare("PUT", f"/v1/reviews/{bundle['id']}", bundle, if_none_match="*")
            self.written += 1
            if reply.status not in (201, 204):
                self.wrong.append(reply)


@pytest.fixture(name="busy", scope="module")
def fixture_busy(shelf_of_books, shelf_file, tmp_path_factory):
    """(quick client, reference) of a store that is written to all the time."""
    folder = tmp_path_factory.mktemp("busy")
    copy(shelf_file, folder / "busy.db")
    token = writing.add_token(folder / "busy.db")
    with process.Server(folder, "--db", folder / "busy.db") as server:
        writer = Writer(writing.Author(server.port, token))
        writer.start()
        try:
            yield Quick(server.port), shelf_of_books.model, writer
        finally:
            writer.ended.set()
            writer.join(process.DEADLINE)
        assert not writer.is_alive() and not writer.wrong
    process.run("check", "--db", folder / "busy.db").expect(0)


def name_of(path, row):
    """What tells a row from others; that of a mention is its place."""
    return (row["review"]["id"], row["span"]["start"], row["span"]["end"]) if path.endswith("/mentions") else row["id"]


def walk(quick, path, asked, sort, limit):
    """All rows but those that come and go."""
    fields = "span.start,span.end,review.id" if path.endswith("/mentions") else "id"
    target = at(path, fields=fields, limit=limit, **asked, **({"sort": sort} if sort else {}),
                **({"match": "exact"} if "q" in asked else {}))
    rows = []
    while target:
        answer = quick.json(target)
        rows += [name_of(path, row) for row in answer["data"]]
        target = answer["page"]["next"]
    return [row for row in rows if not str(row[0] if isinstance(row, tuple) else row).startswith(NOISE)]


@pytest.mark.parametrize("path", LISTS)
def test_what_stays_is_there_once_and_in_its_place(busy, path):
    quick, model, writer = busy
    chance = random.Random("busy" + path)
    before = writer.written
    for number in range(ROUNDS):
        asked, sort = ask_at_random(chance, model, path) if number else ({}, None)
        wanted = expected(model, path, asked, sort)
        limit = chance.choice([limit for limit in LIMITS if limit * 60 >= len(wanted)])
        assert walk(quick, path, asked, sort, limit) == wanted, (path, asked, sort, limit)
    process.wait_for(lambda: writer.written > before)


@pytest.mark.parametrize("asked", [{}, {"form": ["direct"]}, {"speaker": [AGENT]}, {"work": [WORK]}, {"q": ["lorem"]}])
def test_a_walk_in_random_order_gives_what_stays_once(busy, asked):
    quick, model, _ = busy
    rows = walk(quick, "/v1/quotes", {**asked, "seed": "any"}, "random", 20)
    assert sorted(rows) == sorted(model.quotes_of(asked))


def test_whoever_follows_the_changes_knows_what_is_there(busy):
    """From the start, and then by waiting, behind the writer's back."""
    quick, _, writer = busy
    there, known = set(), 0
    for _ in range(20):
        target = f"/v1/changes?since={known}&wait=10&limit=200"
        while target:
            answer = quick.json(target)
            for row in answer["data"]:
                if row["kind"] == "review":
                    (there.add if row["op"] == "put" else there.discard)(row["id"])
            target = answer["page"]["next"]
        # What came while the pages were read is asked for again.
        known = answer["data"][-1]["revision"] if answer["data"] else known
    writer.ended.set()
    writer.join(process.DEADLINE)
    rest = quick.json(f"/v1/changes?since={known}&limit=200")
    for row in rest["data"]:
        if row["kind"] == "review":
            (there.add if row["op"] == "put" else there.discard)(row["id"])
    assert there == set(quick.ids("/v1/reviews", limit=200))
