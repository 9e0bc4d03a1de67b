# SPDX-License-Identifier: MIT
"""Accept-Encoding: the same bytes, smaller, under a tag of their own."""
import gzip

import pytest
from routes import CACHED, ids, variants

WORTH = 1024
LONG = "/v1/quotes"
# An export has one coding alone.
VARIANTS = tuple(variant for variant in variants() if variant[0].name != "export")


def size(client, path):
    return len(client.get(path).body)


@pytest.mark.parametrize("variant", VARIANTS, ids=ids(VARIANTS))
def test_what_is_large_enough_is_coded(seed, variant):
    plain, coded = seed.get(variant[1]), seed.get(variant[1], accept_encoding="gzip")
    if len(plain.body) < WORTH:
        assert coded.get("Content-Encoding") is None and coded.body == plain.body
        return
    assert coded.get("Content-Encoding") == "gzip" and len(coded.body) < len(plain.body)
    assert gzip.decompress(coded.body) == plain.body
    assert coded.get("Content-Type") == plain.get("Content-Type")


@pytest.mark.parametrize(("accept", "is_coded"), [
    ("gzip", True), ("GZIP", True), ("x-gzip", True), ("gzip, deflate, br", True), ("deflate, gzip;q=1.0, *;q=0.5", True),
    ("*", True), ("br;q=1.0, gzip;q=0.1", True), ("gzip;q=0.5, identity;q=0.5", True), ("identity;q=0, gzip", True),
    ("gzip;q=0.001", True), ("gzip ; q=0.3 , br", True), ("*;q=0, gzip", True), ("", False), ("identity", False), ("br", False),
    ("gzip;q=0", False), ("gzip;q=0.000", False), ("identity, gzip;q=0.5", False), ("*;q=0.5, gzip;q=0", False), ("gzipped", False),
    ("identity;q=1, *;q=0", False), ("deflate", False)])
def test_the_weights_choose(seed, accept, is_coded):
    reply = seed.get(LONG, accept_encoding=accept)
    assert (reply.get("Content-Encoding") == "gzip") == is_coded
    assert (gzip.decompress(reply.body) if is_coded else reply.body) == seed.get(LONG).body


def test_what_is_not_worth_it_is_coded_when_nothing_else_is_taken(seed):
    reply = seed.get("/livez", accept_encoding="gzip, identity;q=0")
    assert gzip.decompress(reply.body) == seed.get("/livez").body


@pytest.mark.parametrize("accept", ["identity;q=0", "*;q=0", "br, identity;q=0", "gzip;q=0, identity;q=0", "br, *;q=0"])
def test_a_client_that_takes_no_coding_at_all_is_told(seed, accept):
    assert "identity, gzip" in seed.get(LONG, 406, accept_encoding=accept).text


def test_an_answer_that_is_no_200_is_not_coded(books):
    for path, status in (("/v1/characters/agent%20one", 300), ("/v1/nope", 404), ("/v1/quotes?limit=x", 400), ("/", 302)):
        assert books.get(path, status, accept_encoding="gzip").get("Content-Encoding") is None


@pytest.mark.parametrize("route", CACHED, ids=ids(CACHED))
def test_each_coding_has_its_tag_and_either_says_unchanged(seed, route):
    plain, coded = seed.get(route.path), seed.get(route.path, accept_encoding="gzip")
    tags = [plain.get("ETag"), plain.get("ETag")[:-1] + '-gzip"']
    assert coded.get("ETag") == tags[coded.get("Content-Encoding") == "gzip"]
    for tag in tags:
        for accept in ("gzip", "identity"):
            for condition in (tag, f'"other", W/{tag}'):
                reply = seed.get(route.path, 304, if_none_match=condition, accept_encoding=accept)
                assert reply.get("ETag") == tag and reply.get("Content-Encoding") is None
    for other in (f'{tags[0][:-1]}-gzi"', f'{tags[0][:-1]}-gzipx"', f'{tags[1][:-1]}-gzip"', tags[0][:-1] + "-gzip"):
        seed.get(route.path, 200, if_none_match=other, accept_encoding="gzip")


def test_any_tag_is_unchanged_with_the_tag_of_what_would_come(seed):
    for accept in ("gzip", "identity"):
        tag = seed.get(LONG, accept_encoding=accept).get("ETag")
        assert seed.get(LONG, 304, if_none_match="*", accept_encoding=accept).get("ETag") == tag


@pytest.mark.parametrize("variant", VARIANTS, ids=ids(VARIANTS))
def test_head_has_the_headers_of_the_coded_answer(seed, variant):
    get = seed.get(variant[1], accept_encoding="gzip")
    head = seed.send("HEAD", variant[1], {"Accept-Encoding": "gzip"})
    for name in ("Content-Encoding", "Content-Length", "ETag", "Vary", "Content-Type"):
        assert head.get(name) == get.get(name)


def test_a_part_of_a_text_is_never_coded(books):
    path = "/v1/reviews/review-bulk/text"
    whole, coded = books.get(path), books.get(path, accept_encoding="gzip")
    assert coded.get("Content-Encoding") == "gzip" and gzip.decompress(coded.body) == whole.body
    part = books.get(path, 206, range="bytes=10-2999", accept_encoding="gzip")
    assert part.body == whole.body[10:3000]
    assert (part.get("Content-Encoding"), part.get("ETag")) == (None, whole.get("ETag"))


def test_a_part_is_not_of_the_coded_bytes(books):
    """Whoever holds the beginning of the coded text gets all of it; a client that takes no plain bytes gets no part."""
    path = "/v1/reviews/review-bulk/text"
    coded = books.get(path, accept_encoding="gzip")
    reply = books.get(path, 200, range="bytes=10-", if_range=coded.get("ETag"), accept_encoding="gzip")
    assert reply.body == coded.body
    assert books.get(path, 200, range="bytes=10-", accept_encoding="gzip, identity;q=0").body == coded.body


def test_the_same_answer_is_coded_to_the_same_bytes(books):
    """A strong tag promises that, on every thread and behind every other answer."""
    first = {path: books.get(path, accept_encoding="gzip").body for path in ("/v1/quotes?limit=200", "/v1/works", "/v1/reviews.csv")}
    for _ in range(10):
        for path, body in first.items():
            assert books.get(path, accept_encoding="gzip").body == body
