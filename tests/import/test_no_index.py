# SPDX-License-Identifier: MIT
"""An import that leaves the index of words for later: all else is stored at once, and nothing is forgotten."""
import json

import process
import pytest
import shelf
from shelf import bundle

ONE = bundle("one", "The lighthouse was dark.", language="en", title="Beacons", agents=["Keeper"])
TWO = bundle("two", "Nobody lit the lanterns.", language="en", work={"id": "w", "title": "Wicks"})


def found(db, words):
    with shelf.served_only(db) as store:
        return sorted(hit["review"]["id"] for hit in store.walk("/v1/search", q=words) if hit["type"] == "review")


def left(db):
    """Whether check tells that something is missing in the index, and nothing else."""
    finished = process.run("check", "--db", db)
    if finished.status == 65:
        assert [line for line in finished.stderr.splitlines() if not line.startswith("reviewd: ")] \
            == ["index of words: not everything is in it yet; the next import or start of a server puts it in"]
    else:
        finished.expect(0)
    return finished.status == 65


def test_it_is_stored_and_not_found_until_the_next_import(db):
    shelf.put(db, ONE)
    shelf.put(db, TWO, options=["--no-index"])
    assert [one["id"] for one in shelf.held(db)] == ["one", "two"]
    assert left(db)
    assert found(db, "lighthouse") == ["one"] and found(db, "lanterns") == []
    assert shelf.counts(shelf.put(db, ONE)) == {"unchanged": 1}
    assert not left(db)
    assert found(db, "lanterns") == ["two"] and found(db, "lighthouse") == ["one"]


def test_the_start_of_a_server_puts_it_in(db):
    shelf.put(db, ONE, TWO, options=["--no-index"])
    with shelf.served(db) as store:
        assert [hit["review"]["id"] for hit in store.walk("/v1/search", q="lanterns")] == ["two"]
        assert store.json("/v1/suggest", q="keep")["data"]
    assert not left(db)


def asked(store, target, tag=None):
    """Status, tag, and how many are found by which revision."""
    store.connection.request("GET", target, headers={"If-None-Match": tag} if tag else {})
    reply = store.connection.getresponse()
    body = reply.read()
    page = json.loads(body) if body else None
    return reply.status, reply.headers["ETag"], page and (page["page"]["total"], page["revision"])


@pytest.mark.parametrize("target", ["/v1/search?q=lighthouse", "/v1/reviews?q=lighthouse"])
def test_what_is_found_later_has_another_tag(db, target):
    """A client that asked in between would keep an answer that is none any more."""
    shelf.put(db, ONE)
    with shelf.served_only(db) as store:
        shelf.put(db, {**ONE, "id": "again"}, options=["--no-index"])
        _, tag, (total, revision) = asked(store, target)
        assert total == 1
        shelf.put(db)
        status, new_tag, found_then = asked(store, target, tag)
        assert (status, found_then) == (200, (2, revision + 1))
        # What is in it already changes nothing.
        shelf.put(db)
        assert asked(store, target, new_tag)[0] == 304


@pytest.mark.parametrize("later", [[], ["--no-index"]])
def test_what_was_indexed_and_changes_is_not_found_by_its_old_words(db, later):
    shelf.put(db, ONE)
    shelf.put(db, {**ONE, "text": "The harbour was bright."}, options=["--no-index"])
    assert found(db, "lighthouse") == [] and found(db, "harbour") == []
    # Changed again before it was ever indexed.
    shelf.put(db, {**ONE, "text": "The jetty was wet."}, options=later)
    shelf.put(db)
    assert not left(db)
    assert found(db, "lighthouse") == found(db, "harbour") == [] and found(db, "jetty") == ["one"]


def test_the_store_is_the_same_in_the_end(db, tmp_path):
    other = tmp_path / "other.db"
    shelf.put(db, ONE, TWO, shelf.seed())
    shelf.put(other, ONE, TWO, shelf.seed(), options=["--no-index"])
    assert shelf.export(db) == shelf.export(other)
    shelf.put(other)
    assert not left(other)
    for words in ("lighthouse", "lanterns", "grafsteen", "bond"):
        assert found(db, words) == found(other, words)


def test_what_was_left_is_put_in_piece_by_piece(db):
    """More than goes in at once; also when the next import stores nothing, or is refused."""
    many = [bundle(f"number-{i:03}", f"Lantern number {i}.", language="en", agents=[f"Keeper {i}"]) for i in range(150)]
    shelf.put(db, *many, options=["--no-index"])
    shelf.put(db, bundle("dry"), options=["--dry-run"])
    assert left(db) and found(db, "lantern") == []
    shelf.put(db, bundle("bad", 7), status=65, options=["--atomic"])
    assert not left(db)
    assert found(db, "lantern") == [one["id"] for one in many]
