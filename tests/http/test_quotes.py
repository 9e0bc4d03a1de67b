# SPDX-License-Identifier: MIT
from client import segment


def test_quote_list_gives_all_quotes_as_they_came(store):
    assert store.client.walk("/v1/quotes?limit=200") == store.model.quotes()


def test_quote_get_gives_each_quote(store):
    for quote in store.model.quotes()[:40]:
        assert store.client.json(quote["url"]) == quote


def test_quote_get_takes_an_id_with_and_without_percent_encoding(seed):
    plain = seed.json("/v1/quotes/from-russia-with-love-nl~13")
    assert seed.json("/v1/quotes/from%2Drussia-with-love-nl%7E13") == plain
    assert [span["start"] for span in plain["spans"]] == [1241, 1333]


def test_quote_get_keeps_the_order_in_which_spans_are_read(books):
    spans = books.json("/v1/quotes/review-omega~two-spans")["spans"]
    assert spans[0]["start"] > spans[1]["start"]


def test_quote_get_counts_code_points_outside_the_first_plane_as_one(books):
    quote = books.json("/v1/quotes/review-omega~1")
    assert quote["text"] == "The 🦊 runs, said the first."
    assert quote["spans"][0]["end"] - quote["spans"][0]["start"] == len(quote["text"])


def test_quote_get_has_no_context_beyond_the_ends_of_the_text(books):
    whole = books.json("/v1/quotes/review-omega~10")["spans"][0]
    assert (whole["start"], whole["prefix"], whole["suffix"]) == (0, "", "")
    assert books.json("/v1/quotes/review-omega~12")["spans"][0]["suffix"] == ""
    assert books.json("/v1/quotes/review-omega~13")["spans"][0]["exact"] == "\ufeff"


def test_quote_get_of_a_wrong_id_offers_the_nearest_ids(seed):
    problem = seed.problem("/v1/quotes/from-russia-with-love-nl~31", 404, "not-found")
    assert all(near.startswith("from-russia-with-love-nl~") for near in problem["nearest"])
    for nothing in ("1", "from-russia-with-love-nl", "from-russia-with-love-nl~", "~1", "~", "no-review~1",
                    "from-russia-with-love-nl~1~1", "from-russia-with-love-nl~01", "FROM-RUSSIA-WITH-LOVE-NL~1"):
        seed.problem("/v1/quotes/" + nothing, 404, "not-found")


def test_quote_get_of_a_wrong_id_offers_what_is_near_among_hundreds(books):
    problem = books.problem("/v1/quotes/review-bulk~b4399", 404, "not-found")
    assert "review-bulk~b439" in problem["nearest"]


def test_quote_list_by_review_gives_the_quotes_of_that_review(store):
    for review in store.model.review_list():
        expected = store.model.quotes(review=[review])
        assert store.client.walk(f"/v1/reviews/{review}/quotes?limit=200") == expected


def test_quote_list_by_work_gives_the_quotes_from_that_work(store):
    for work in store.model.works:
        expected = store.model.quotes(work=[work])
        assert store.client.walk(f"/v1/works/{segment(work)}/quotes?limit=200") == expected


def test_quote_list_is_the_same_from_every_side(seed):
    everything = seed.walk("/v1/quotes")
    assert seed.walk("/v1/reviews/from-russia-with-love-nl/quotes") == everything
    assert seed.walk("/v1/quotes?review=from-russia-with-love-nl") == everything
