# SPDX-License-Identifier: MIT
"""Whether it lives, and whether it can answer: also with a store that breaks while it is served."""
import contextlib
import sqlite3

import openapi
import process
import pytest
from client import Client

# What does not look at the store.
STATIC = ("/.well-known/api-catalog", "/docs", "/livez", "/openapi.json", "/problems/not-found")
STORED = [operation for operation in openapi.operations() if "500" in operation.responses and operation.method == "get"]
WRITES = [operation for operation in openapi.operations() if "security" in operation.body]


@pytest.fixture(scope="module", name="broken")
def fixture_broken(tmp_path_factory):
    """A served store that somebody overwrites. A commit just before makes the server look at the file again."""
    folder = tmp_path_factory.mktemp("broken")
    db = folder / "reviews.db"
    with process.Server(folder, "--db", db) as server:
        client = Client(server.port)
        assert client.json("/readyz")["status"] == "ok"
        with contextlib.closing(sqlite3.connect(db)) as connection:
            with connection:
                connection.execute("UPDATE agent SET description = 'other' WHERE slug = 'smersh'")
            with open(db, "r+b") as file:
                file.write(b"\xa5" * db.stat().st_size)
        yield client


def test_livez_answers(seed):
    assert seed.json("/livez") == {"status": "ok"}
    assert seed.txt("/livez.txt") == "ok\n"


def test_readyz_answers_with_the_revision(seed):
    assert seed.json("/readyz") == {"status": "ok", "revision": seed.json("/v1")["revision"]}
    assert seed.txt("/readyz.txt") == "ok\n"
    assert seed.get("/readyz").get("Cache-Control") == "no-store"
    assert seed.get("/readyz", 200, if_none_match="*").get("ETag") is None


def test_readyz_says_no_while_the_store_cannot_be_read(broken):
    problem = broken.problem("/readyz", 503, "unavailable")
    assert problem["detail"] == "the store cannot be read"
    assert broken.get("/readyz.txt", 503).get("Retry-After") == "1"


@pytest.mark.parametrize("operation", STORED, ids=openapi.named(STORED))
def test_a_store_that_cannot_be_read_is_an_internal_error(broken, operation):
    assert "the server could not read its store" in broken.get(operation.example, 500).text


@pytest.mark.parametrize("operation", WRITES, ids=openapi.named(WRITES))
def test_a_write_to_a_store_that_cannot_be_read_is_refused(broken, operation):
    """Who may write stands in the store."""
    reply = broken.send(operation.method.upper(), operation.path.replace("{id}", "x"))
    assert reply.status == 503 and reply.get("Retry-After") == "1"


def test_verify_post_of_a_store_that_cannot_be_read_is_an_internal_error(broken):
    body = b'{"text":"x"}'
    reply = broken.send("POST", "/v1/verify", {"Content-Type": "application/json", "Content-Length": str(len(body))}, body)
    assert reply.status == 500 and "the server could not read its store" in reply.text


def test_metrics_get_tells_that_the_store_cannot_be_read(broken):
    text = broken.get("/metrics").text
    assert "\nreviewd_store_up 0\n" in text
    assert "reviewd_store_revision" not in text and "process_start_time_seconds" in text


def test_what_needs_no_store_is_answered_without_one(broken):
    for path in STATIC:
        assert broken.get(path).body
