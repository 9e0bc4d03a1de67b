# SPDX-License-Identifier: MIT
import json

import process
import pytest
from client import Client
from routes import REVIEW_LISTS, ids


def test_review_list_gives_all_reviews_in_the_order_of_their_ids(store):
    rows = store.client.walk("/v1/reviews?limit=200")
    assert [row["id"] for row in rows] == store.model.review_list()


def without_time(review):
    return {key: value for key, value in review.items() if key != "updated_at"}


def test_review_get_gives_each_review_with_its_text(store):
    for review in store.model.review_list():
        assert without_time(store.client.json(f"/v1/reviews/{review}")) == store.model.review(review)


def test_review_get_is_null_where_nothing_is_known(books):
    review = books.json("/v1/reviews/review-plain")
    unknown = ("title", "language", "reviewer", "published", "rating", "source", "licence", "work")
    assert [review[key] for key in unknown] == [None] * len(unknown)


def test_review_get_tells_when_it_changed_the_same_way_everywhere(seed):
    single = seed.json("/v1/reviews/from-russia-with-love-nl")
    listed = seed.data("/v1/reviews?include=text")[0]
    assert listed == single


def test_review_get_of_a_wrong_id_offers_the_nearest_ids(seed):
    for below in ("", "/text", "/quotes", "/mentions", "/characters", "/bundle"):
        reply = seed.get("/v1/reviews/from-russia-with-love-nk" + below, 404)
        assert "from-russia-with-love-nl" in reply.text


@pytest.mark.parametrize("route", REVIEW_LISTS, ids=ids(REVIEW_LISTS))
def test_review_list_has_the_text_only_when_it_is_asked_for(seed, route):
    without, with_text = seed.data(route.path), seed.data(route.path + "?include=text")
    assert without and all("text" not in row for row in without)
    assert [{key: value for key, value in row.items() if key != "text"} for row in with_text] == without
    assert all(row["text"] for row in with_text)


def test_review_list_by_work_gives_the_reviews_of_that_work(store):
    for work in store.model.works:
        rows = store.client.walk(f"/v1/works/{work}/reviews?limit=200")
        assert [row["id"] for row in rows] == store.model.review_list_by_work(work)


@pytest.mark.parametrize("path", ["/v1/characters", "/v1/works", "/v1/reviews/from-russia-with-love-nl",
                                  "/v1/reviews/from-russia-with-love-nl/mentions", "/v1"])
def test_include_belongs_to_reviews_and_quotes(seed, path):
    assert seed.problem(path + "?include=text", 400, "unknown-parameter")["parameter"] == "include"


def test_review_list_includes_nothing_else(seed):
    problem = seed.problem("/v1/reviews?include=texts", 400, "invalid-parameter")
    assert (problem["parameter"], problem["nearest"]) == ("include", ["text"])


def test_review_list_ends_a_page_before_its_texts_are_too_many(tmp_path):
    """8 MiB, or one text: whoever asks for 200 of the longest must not fill the memory of the server."""
    lengths = [3600000, 3600000, 3600000, 1, 4000000, 4000000, 4000000, 2]
    lines = [json.dumps({"id": f"long-{i}", "text": "x" * length}) for i, length in enumerate(lengths)]
    (tmp_path / "long.ndjson").write_text("\n".join(lines), encoding="utf-8")
    process.run("import", "--db", tmp_path / "long.db", tmp_path / "long.ndjson").expect(0)
    with process.Server(tmp_path, "--db", tmp_path / "long.db") as server:
        client = Client(server.port)
        pages = [[review["text_bytes"] for review in page["data"]] for page in client.pages("/v1/reviews?include=text")]
        assert pages == [lengths[:2], lengths[2:5], lengths[5:]]
        assert len(client.data("/v1/reviews")) == len(lengths)


def normalised(bundle):
    """A bundle as export writes it: every field there."""
    agents = [{"kind": "character", "aliases": [], **agent} for agent in bundle["agents"]]
    return {**bundle, "agents": agents}


def test_bundle_get_gives_the_bundle_that_came(library_store):
    came = library_store.model.bundle("review-omega")
    answer = library_store.client.json("/v1/reviews/review-omega/bundle")
    assert answer["agents"] == normalised(came)["agents"]
    assert answer["mentions"] == came["mentions"]
    assert answer["text"] == came["text"]
    for written, given in zip(answer["quotes"], came["quotes"], strict=True):
        exact = written.pop("exact")
        assert written == given
        assert exact == [came["text"][start:end] for start, end in given["spans"]]


def test_bundle_get_fills_in_what_other_bundles_said(library_store):
    answer = library_store.client.json("/v1/reviews/review-alpha/bundle")
    assert [agent["name"] for agent in answer["agents"]] == ["Ägent Twó", "Agent One"]
    assert [by["role"] for by in answer["work"]["contributors"]] == ["actor", "director"]
    for key in ("title", "reviewer", "published", "rating", "source", "licence"):
        assert answer[key] is None
