# SPDX-License-Identifier: MIT
"""The log of changes: whoever follows it has what the store has."""
import contextlib
import sqlite3

import process
import pytest
from client import Client


def bundle(id_, **more):
    return {"id": id_, "text": "Something is said.", **more}


@pytest.fixture(name="growing")
def a_store_that_grows(tmp_path):
    db = tmp_path / "growing.db"
    process.put(db, bundle("one"), bundle("two", work={"id": "w", "title": "W"}, agents=["Somebody"]))
    with process.Server(tmp_path, "--db", db, "--read-only") as server:
        yield Client(server.port), db


def seen(rows):
    return [(row["revision"], row["op"], row["kind"], row["id"]) for row in rows]


def test_change_list_has_the_last_change_of_each_thing(growing):
    client, db = growing
    assert seen(client.walk("/v1/changes")) == [
        (1, "put", "review", "one"), (2, "put", "review", "two"), (2, "put", "agent", "somebody"), (2, "put", "work", "w")]
    process.put(db, bundle("one", title="New"), bundle("three"))
    assert seen(client.walk("/v1/changes")) == [
        (2, "put", "review", "two"), (2, "put", "agent", "somebody"), (2, "put", "work", "w"), (3, "put", "review", "one"),
        (4, "put", "review", "three")]


def test_change_list_since_a_revision_has_what_came_behind_it(growing):
    client, db = growing
    known = client.json("/v1/changes")["revision"]
    assert client.data(f"/v1/changes?since={known}") == []
    process.put(db, bundle("two", work={"id": "w", "title": "Other"}))
    answer = client.json(f"/v1/changes?since={known}")
    assert seen(answer["data"]) == [(3, "put", "review", "two"), (3, "put", "work", "w")]
    assert (answer["revision"], answer["page"]["total"]) == (3, 2)
    assert client.json(answer["data"][1]["url"])["title"] == "Other"


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_change_list_is_the_same_at_every_page_size(growing, limit):
    client, _ = growing
    for since in (0, 1, 2):
        everything = [row for row in client.data("/v1/changes?limit=200") if row["revision"] > since]
        assert client.walk(f"/v1/changes?since={since}&limit={limit}") == everything


def test_a_walk_gives_what_changes_meanwhile_once_more(growing):
    client, db = growing
    first = client.json("/v1/changes?limit=1")
    process.put(db, bundle("one", title="Newer"))
    rest = [row for page in client.pages(first["page"]["next"]) for row in page["data"]]
    assert seen(first["data"] + rest) == [
        (1, "put", "review", "one"), (2, "put", "review", "two"), (2, "put", "agent", "somebody"), (2, "put", "work", "w"),
        (3, "put", "review", "one")]


def test_what_is_deleted_is_told_without_an_address(growing):
    client, db = growing
    with contextlib.closing(sqlite3.connect(db)) as connection, connection:
        connection.execute("UPDATE change SET deleted = 1, revision = 2 WHERE slug = 'one'")
    assert client.data("/v1/changes?since=1")[0] == {
        "revision": 2, "op": "delete", "kind": "review", "id": "one", "at": client.data("/v1/changes")[0]["at"], "url": None}


def test_change_list_leads_to_each_thing(store):
    for row in store.client.walk("/v1/changes?limit=200")[:60]:
        assert store.client.json(row["url"])["id"] == row["id"]


def test_change_list_has_everything(store):
    rows = store.client.walk("/v1/changes?limit=200")
    ids = {kind: sorted(row["id"] for row in rows if row["kind"] == kind) for kind in ("review", "agent", "work")}
    assert ids == {"review": store.model.review_list(), "agent": sorted(store.model.agents), "work": sorted(store.model.works)}
    assert [row["revision"] for row in rows] == sorted(row["revision"] for row in rows)


def test_change_list_as_text(growing):
    client, _ = growing
    rows = client.data("/v1/changes")
    assert client.txt("/v1/changes.txt") == "".join(
        f"{row['revision']}\t{row['op']}\t{row['kind']}\t{row['id']}\t{row['at']}\n" for row in rows)


def test_a_client_that_is_ahead_of_the_store_has_to_start_again(growing):
    client, _ = growing
    problem = client.problem("/v1/changes?since=3", 410, "gone")
    assert problem["parameter"] == "since" and "since=0" in problem["detail"]
    client.problem("/v1/changes?since=9007199254740991", 410, "gone")


@pytest.mark.parametrize("value", ["", "-1", "x", "1.0", "9007199254740992", "2026-11-25"])
def test_since_is_a_revision(seed, value):
    assert seed.problem(f"/v1/changes?since={value}", 400, "invalid-parameter")["parameter"] == "since"


def test_a_cursor_of_the_changes_belongs_to_its_since(growing):
    client, _ = growing
    cursor = client.json("/v1/changes?since=1&limit=1")["page"]["next"].partition("cursor=")[2]
    client.problem(f"/v1/changes?since=0&limit=1&cursor={cursor}", 400, "invalid-cursor")
    for place in ("1", "1.t", "1.tx", "1.t9.x", "-5.t0.a", "1.n4", "1.u", "1.t0"):
        client.problem(f"/v1/changes?since=1&cursor={cursor.partition('.')[0]}.{place}", 400, "invalid-cursor")
