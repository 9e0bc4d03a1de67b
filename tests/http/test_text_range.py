# SPDX-License-Identifier: MIT
"""Parts of a text by bytes: RFC 9110, section 14."""
import pytest

PATH = "/v1/reviews/review-omega/text"


@pytest.fixture(name="whole", scope="module")
def fixture_whole(library_store):
    return library_store.model.bundle("review-omega")["text"].encode("utf-8")


def test_review_text_get_gives_each_text_byte_for_byte(store):
    for review in store.model.review_list():
        reply = store.client.get(f"/v1/reviews/{review}/text")
        assert reply.body == store.model.bundle(review)["text"].encode("utf-8")
        assert store.client.get(f"/v1/reviews/{review}/text.txt").body == reply.body


def test_review_text_get_offers_ranges(books):
    assert books.get(PATH).get("Accept-Ranges") == "bytes"


@pytest.mark.parametrize(("wanted", "start", "end"), [
    ("0-0", 0, 1), ("0-9", 0, 10), ("1-1", 1, 2), ("5-", 5, None), ("0-", 0, None), ("-1", -1, None), ("-10", -10, None),
    ("3-99999999", 3, None), ("-99999999", 0, None), ("10-20", 10, 21)])
def test_review_text_get_gives_a_part(books, whole, wanted, start, end):
    reply = books.get(PATH, 206, range=f"bytes={wanted}")
    assert reply.body == whole[start:end]
    first = start % len(whole)
    assert reply.get("Content-Range") == f"bytes {first}-{first + len(reply.body) - 1}/{len(whole)}"
    assert reply.get("ETag") == books.get(PATH).get("ETag")
    assert reply.get("Content-Type") == "text/plain; charset=utf-8"


def test_the_parts_make_up_the_whole(books, whole):
    parts = [books.get(PATH, 206, range=f"bytes={at}-{at + 99}").body for at in range(0, len(whole), 100)]
    assert b"".join(parts) == whole


@pytest.mark.parametrize("wanted", ["{size}-", "{size}-{size}", "99999999-", "-0", "99999999999999999999999-"])
def test_review_text_get_has_no_part_beyond_the_end(books, whole, wanted):
    reply = books.get(PATH + ".txt", 416, range="bytes=" + wanted.format(size=len(whole)))
    assert reply.get("Content-Range") == f"bytes */{len(whole)}"


def test_a_part_beyond_the_end_is_a_problem(books):
    text = books.get(PATH, 416, range="bytes=99999999-").text
    assert "range-not-satisfiable" in text or "not satisfiable" in text.lower()


@pytest.mark.parametrize("wanted", ["bytes=", "bytes=x-y", "bytes=5-2", "bytes", "lines=1-2", "bytes=--1", "bytes=1", "bytes 0-1",
                                    "", "bytes=-", "bytes=0x1-2", "bytes=1-2x"])
def test_a_range_that_is_none_is_passed_over(books, whole, wanted):
    assert books.get(PATH, 200, range=wanted).body == whole


def test_several_ranges_give_the_whole_or_a_multipart(books, whole):
    reply = books.send("GET", PATH, {"Range": "bytes=200-300"})
    assert reply.status == 206
    assert books.get(PATH, 200, range="bytes=0-1,5-6").body == whole


def test_a_range_holds_only_for_the_tag_it_was_made_for(books, whole):
    tag = books.get(PATH).get("ETag")
    assert books.get(PATH, 206, range="bytes=0-4", if_range=tag).body == whole[:5]
    for other in ('"other"', "W/" + tag, "Sat, 01 Jan 2000 00:00:00 GMT"):
        assert books.get(PATH, 200, range="bytes=0-4", if_range=other).body == whole


def test_an_unchanged_text_is_not_sent_in_parts_either(books):
    tag = books.get(PATH).get("ETag")
    assert books.get(PATH, 304, range="bytes=0-4", if_none_match=tag).body == b""


def test_ranges_are_for_get_alone(books, whole):
    """RFC 9110, section 14.2."""
    for wanted in ("bytes=0-4", "bytes=99999999-"):
        reply = books.send("HEAD", PATH, {"Range": wanted})
        assert (reply.status, reply.get("Content-Length")) == (200, str(len(whole)))
        assert reply.get("Content-Range") is None


@pytest.mark.parametrize("wanted", ["bytes=0-4", "bytes=99999999-"])
def test_a_condition_comes_before_a_range(books, wanted):
    """RFC 9110, section 13.2.2."""
    for condition in ("*", books.get(PATH).get("ETag")):
        assert books.get(PATH, 304, range=wanted, if_none_match=condition).body == b""


def test_other_routes_have_no_ranges(books):
    for path in ("/v1/reviews/review-omega", "/v1/quotes", "/v1/quotes.txt"):
        assert books.get(path, 200, range="bytes=0-4").body == books.get(path).body
