# SPDX-License-Identifier: MIT
import process
import pytest
from client import Client, segment


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


MIB = 1 << 20
# Speakers, so that a quote takes several rows.
WHO = {"speakers": ["a", "b"], "about": ["b"]}


@pytest.fixture(name="long_quotes", scope="module")
def fixture_long_quotes(tmp_path_factory):
    """Twenty quotes of a mebibyte each, and one of a word behind each."""
    store = tmp_path_factory.mktemp("quotes") / "long.db"
    spans = [[[number, MIB]] if number % 2 == 0 else [[0, 5]] for number in range(40)]
    process.put(store, {"id": "long", "text": "words " * (MIB // 6 + 1), "agents": [{"id": id_, "name": id_} for id_ in "ab"],
                        "quotes": [{"id": str(number), "spans": span, **WHO} for number, span in enumerate(spans)]})
    with process.Server(store.parent, "--db", store) as server:
        yield Client(server.port)


@pytest.mark.parametrize("order", ["", "&sort=-length", "&sort=random&seed=7", "&speaker=a&speaker=b", "&offsets=utf16"])
def test_quote_list_ends_a_page_before_its_words_are_too_many(long_quotes, order):
    """Nine MiB, or one quote: whoever asks for 200 of the longest must not fill the memory of the server."""
    pages = list(long_quotes.pages("/v1/quotes?limit=200" + order))
    assert all(sum(len(quote["text"]) for quote in page["data"]) < 9.1 * MIB for page in pages)
    assert len(pages) == 3 and {page["page"]["total"] for page in pages} == {40}
    quotes = [quote for page in pages for quote in page["data"]]
    assert sorted(int(quote["id"].split("~")[1]) for quote in quotes) == list(range(40))
    assert all([agent["id"] for agent in quote["speakers"] + quote["about"]] == ["a", "b", "b"] for quote in quotes)


def test_quote_list_without_words_is_not_cut(long_quotes):
    assert len(long_quotes.data("/v1/quotes?limit=200&fields=id,speakers")) == 40


def test_quote_list_in_lines_goes_on_behind_a_page_that_was_cut(long_quotes):
    reply = long_quotes.get("/v1/quotes.txt?limit=200")
    assert len(reply.body) < 9.1 * MIB and 'rel="next"' in reply.get("Link")
