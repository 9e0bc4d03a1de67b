# SPDX-License-Identifier: MIT
"""Idempotency-Key: a POST that comes again is answered like the first time, and does nothing more."""
import concurrent.futures
import json
import sqlite3

import process
import pytest
import writing
from writing import bundle

PATH = "/v1/reviews"


def lasting(reply):
    return (reply.status, reply.body, *(reply.get(name) for name in ("Location", "ETag", "Content-Type")))


def test_a_post_that_comes_again_is_answered_like_the_first_time(author, own_id):
    first = author.post(PATH, bundle(own_id), 201, idempotency_key=f'"{own_id}"')
    revision = author.json("/v1")["revision"]
    assert lasting(author.post(PATH, bundle(own_id), 201, idempotency_key=f'"{own_id}"')) == lasting(first)
    assert author.json("/v1")["revision"] == revision


def test_a_post_that_comes_again_is_answered_so_whatever_happened_since(author, own_id):
    first = author.post(PATH, bundle(own_id), 201, idempotency_key=f'"{own_id}"')
    author.replace(bundle(own_id, "New words."), "*")
    author.delete(f"/v1/reviews/{own_id}", if_match="*")
    assert lasting(author.post(PATH, bundle(own_id), 201, idempotency_key=f'"{own_id}"')) == lasting(first)
    author.get(f"/v1/reviews/{own_id}", 410)


def test_a_key_without_quotation_marks_is_the_same(author, own_id):
    first = author.post(PATH, bundle(own_id), 201, idempotency_key=own_id)
    assert lasting(author.post(PATH, bundle(own_id), 201, idempotency_key=f'"{own_id}"')) == lasting(first)


def test_a_key_is_for_one_request(author, own_id):
    author.post(PATH, bundle(own_id), 201, idempotency_key=f'"{own_id}"')
    for body in (bundle(own_id, "Other words."), bundle(own_id + "-2")):
        author.refusal("POST", PATH, body, 422, "key-reused", idempotency_key=f'"{own_id}"')
    author.get(f"/v1/reviews/{own_id}-2", 404)


def test_a_key_that_came_with_a_refusal_is_free(author, own_id):
    author.refusal("POST", PATH, bundle(own_id, colour=1), 422, "invalid-body", idempotency_key=f'"{own_id}"')
    author.post(PATH, bundle(own_id), 201, idempotency_key=f'"{own_id}"')
    author.refusal("POST", PATH, bundle(own_id), 409, "conflict", idempotency_key=f'"{own_id}-2"')


def test_a_key_belongs_to_a_token(author, own_id, written_file):
    author.post(PATH, bundle(own_id), 201, idempotency_key=f'"{own_id}"')
    other = writing.Author(author.port, writing.add_token(written_file, own_id))
    other.refusal("POST", PATH, bundle(own_id), 409, "conflict", idempotency_key=f'"{own_id}"')
    other.post(PATH, bundle(own_id + "-2"), 201, idempotency_key=f'"{own_id}"')


@pytest.mark.parametrize("key", ["", '""', '"', '"a', 'a b', '"a b"', "ä", '"a","b"', "x" * 256, f'"{"x" * 256}"', 'a"b'])
def test_a_key_that_is_none_is_refused(author, own_id, key):
    problem = author.refusal("POST", PATH, bundle(own_id), 400, "invalid-header", idempotency_key=key)
    assert "Idempotency-Key" in problem["detail"]
    author.get(f"/v1/reviews/{own_id}", 404)


def test_racing_posts_with_one_key_make_one_review(author, own_id):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: author.post(PATH, bundle(own_id), 201, idempotency_key=f'"{own_id}"'), range(16)))
    assert len({lasting(reply) for reply in replies}) == 1


def test_a_key_is_forgotten_after_a_day(tmp_path):
    db = tmp_path / "reviews.db"
    token = writing.add_token(db)
    with process.Server(tmp_path, "--db", db) as server:
        author = writing.Author(server.port, token)
        author.post(PATH, bundle("x"), 201, idempotency_key='"key"')
        author.post(PATH, bundle("x"), 201, idempotency_key='"key"')
    with sqlite3.connect(db) as connection:
        connection.execute("UPDATE repeatable SET at = at - 86500")
    with process.Server(tmp_path, "--db", db) as server:
        author = writing.Author(server.port, token)
        author.refusal("POST", PATH, bundle("x"), 409, "conflict", idempotency_key='"key"')
        author.post(PATH, bundle("y"), 201, idempotency_key='"key"')
        assert json.loads(author.get("/v1/reviews/y").text)["revision"] == 1
