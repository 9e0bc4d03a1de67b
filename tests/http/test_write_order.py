# SPDX-License-Identifier: MIT
"""Every kind of write is told by /v1/changes, in the order of the answers, and wakes who waits for it."""
import json

import process
import pytest
import wire
import writing
from process import Server
from writing import bundle

LONG = 20


@pytest.fixture(name="author", scope="module")
def fixture_author(tmp_path_factory):
    db = tmp_path_factory.mktemp("order") / "reviews.db"
    process.run("import", "--db", db, "-", stdin=json.dumps(bundle("first")).encode("utf-8")).expect(0)
    token = writing.add_token(db)
    with Server(db.parent, "--db", db, "--threads", "2") as server:
        yield writing.Author(server.port, token)


def put(author, collection, id_, body):
    author.put(f"/v1/{collection}/{id_}", body, 201, if_none_match="*")


# What is written, and the rows that tell it.
WRITES = (
    (lambda author: author.create(bundle("by-put")), [("put", "review", "by-put")]),
    (lambda author: author.replace(bundle("by-put", "Other words."), "*"), [("put", "review", "by-put")]),
    (lambda author: author.post("/v1/reviews", bundle("by-post"), 201), [("put", "review", "by-post")]),
    (lambda author: author.post("/v1/import", b"\n".join(writing.encode(bundle(f"line-{number}")) for number in range(3)), 200),
     [("put", "review", f"line-{number}") for number in range(3)]),
    (lambda author: put(author, "characters", "a-character", {"name": "A Character"}), [("put", "agent", "a-character")]),
    (lambda author: put(author, "people", "a-person", {"name": "A Person"}), [("put", "agent", "a-person")]),
    (lambda author: put(author, "organisations", "a-body", {"name": "A Body"}), [("put", "agent", "a-body")]),
    (lambda author: put(author, "works", "a-work", {"kind": "novel", "title": "A Work"}), [("put", "work", "a-work")]),
    (lambda author: author.delete("/v1/reviews/by-put", if_match="*"), [("delete", "review", "by-put")]),
)


def rows(answer):
    return [(row["op"], row["kind"], row["id"]) for row in answer["data"]]


def test_every_kind_of_write_wakes_who_waits_and_is_told_in_order(author):
    known = began = author.json("/v1")["revision"]
    told = []
    for write, expected in WRITES:
        with wire.Connection(author.port) as waiting:
            waiting.send(wire.request_bytes("GET", f"/v1/changes?since={known}&wait={LONG}", {"Connection": "close"}))
            write(author)
            woken = json.loads(waiting.reply().text)
        # An import may be several writes, of which the first one wakes.
        assert rows(woken) and rows(woken) == expected[:len(woken["data"])]
        since = author.json(f"/v1/changes?since={known}")
        assert rows(since) == expected
        known = since["revision"]
        told += expected
    # Of each thing the last change only.
    last = [row for number, row in enumerate(told) if row[2] not in {later[2] for later in told[number + 1:]}]
    changes = author.json(f"/v1/changes?since={began}&limit=200")["data"]
    assert rows({"data": changes}) == last
    revisions = [row["revision"] for row in changes]
    assert revisions == sorted(revisions)
