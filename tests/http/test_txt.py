# SPDX-License-Identifier: MIT
"""The plain text of every route, against the JSON of the same."""
import re

import library
import pytest
from client import segment


def on_one_line(words):
    """As plain text tells a name: nothing in it ends a line or moves a terminal."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", words)


def attribution(quote):
    """The line below a quote. What a reviewer or a real person says was not said in the work."""
    work = quote["work"] and (quote["work"]["title"] or quote["work"]["id"])
    names = " and ".join(agent["name"] for agent in quote["speakers"])
    kinds = {agent["kind"] for agent in quote["speakers"]}
    if not work:
        source = f"review {quote['review']['id']}"
    else:
        source = f"review of {work}" if quote["form"] == "pull" or "person" in kinds else work
    names, source = on_one_line(names), on_one_line(source)
    return "— " + source if not names else f"— {names}, {'in the ' if source.startswith('review ') else ''}{source}"


def assert_quote(block, quote):
    """One quote as text, without the newline at its end."""
    assert block == quote["text"] + "\n" + attribution(quote)


def test_quote_get_as_text(store):
    for quote in store.model.quotes()[:40]:
        text = store.client.txt(quote["url"] + ".txt")
        assert text.endswith("\n")
        assert_quote(text[:-1], quote)


def test_quote_get_as_text_says_only_what_is_known(books):
    assert books.txt("/v1/quotes/review-omega~7.txt") == "Sentence number 3.\n— Work Alpha\n"
    assert books.txt("/v1/quotes/review-omega~8.txt") == (
        "Sentence number 3.\n— Organisation Four, in the review review-omega\n")
    assert books.txt("/v1/quotes/review-omega~4.txt").endswith("\n— Person Three, in the review of work-beta\n")
    assert books.txt("/v1/quotes/review-omega~5.txt") == "Sentence number 1.\n— review of Work Alpha\n"
    lines = books.txt("/v1/quotes/review-omega~%C3%A9%C3%A9n.txt").split("\n")
    assert lines[:2] == ["a line,", "and another one"] and lines[2].startswith("— Ägent Twó")


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/reviews/from-russia-with-love-nl/quotes",
                                  "/v1/works/from-russia-with-love/quotes", "/v1/characters/darko-kerim-bey/quotes"])
def test_quote_list_as_text_has_a_blank_line_between_quotes(seed, path):
    quotes = seed.data(path + "?limit=200")
    text = seed.txt(path + ".txt?limit=200")
    assert text.endswith("\n") and not text.endswith("\n\n")
    blocks = text[:-1].split("\n\n")
    assert len(blocks) == len(quotes)
    for block, quote in zip(blocks, quotes, strict=True):
        assert_quote(block, quote)


@pytest.mark.parametrize(("path", "key"), [
    ("/v1/characters", "name"), ("/v1/people", "name"), ("/v1/organisations", "name"), ("/v1/works", "title"),
    ("/v1/reviews", "title"), ("/v1/reviews/{review}/characters", "name"), ("/v1/works/{work}/characters", "name"),
    ("/v1/works/{work}/reviews", "title"), ("/v1/characters/{agent}/reviews", "title")])
def test_a_list_as_text_has_an_id_and_a_name_on_each_line(store, path, key):
    first = store.model.bundles[0]
    path = path.format(review=first["id"], work=first["work"]["id"], agent=first["agents"][2]["id"])
    rows = store.client.data(path + "?limit=200")
    lines = store.client.txt(path + ".txt?limit=200").split("\n")
    assert lines.pop() == "" and len(lines) == len(rows) > 0
    for line, row in zip(lines, rows, strict=True):
        assert line.startswith(row["id"] + "\t") and line.count("\t") == 1
        if row[key]:
            assert line == f"{row['id']}\t{on_one_line(row[key])}"


@pytest.mark.parametrize("path", ["/v1/quotes.txt?form=indirect", "/v1/characters/rosa-klebb/quotes.txt", "/v1/quotes.txt?limit=0",
                                  "/v1/reviews.txt?limit=0", "/v1/characters/rosa-klebb/mentions.txt?limit=0"])
def test_an_empty_list_as_text_is_empty(seed, path):
    assert seed.txt(path) == ""


@pytest.mark.parametrize("path", ["/v1/reviews/{review}/mentions", "/v1/characters/{agent}/mentions"])
def test_mention_list_as_text_has_place_words_and_ids(store, path):
    first = store.model.bundles[0]
    path = path.format(review=first["id"], agent=first["agents"][2]["id"] if first["id"] != "review-omega" else "agent-one")
    rows = store.client.data(path + "?limit=200")
    expected = "".join(f"{row['span']['start']}-{row['span']['end']}\t{row['span']['exact']}\t"
                       f"{','.join(named['id'] for named in row['of'])}\n" for row in rows)
    assert rows and store.client.txt(path + ".txt?limit=200") == expected


def fields(text):
    """The `key: value` lines."""
    lines = text.split("\n")
    assert lines.pop() == ""
    for line in lines:
        assert re.fullmatch(r"[a-z][a-z0-9_.]*:( .*)?", line), line
    return [tuple(line.split(": ", 1)) for line in lines]


@pytest.mark.parametrize(("path", "known"), [
    ("/v1/characters/darko-kerim-bey", [("id", "darko-kerim-bey"), ("name", "Darko Kerim Bey"), ("kind", "character")]),
    ("/v1/people/ian-fleming", [("id", "ian-fleming"), ("name", "Ian Fleming")]),
    ("/v1/organisations/smersh", [("id", "smersh"), ("kind", "organisation")]),
    ("/v1/works/from-russia-with-love", [("id", "from-russia-with-love"), ("title", "From Russia with Love")]),
    ("/v1", [("name", "reviewd")])])
def test_a_single_thing_as_text_has_a_key_and_a_value_on_each_line(seed, path, known):
    lines = fields(seed.txt(path + ".txt"))
    assert set(known) <= set(lines)


def test_names_forge_no_lines(books):
    unruly = on_one_line(library.UNRULY)
    assert fields(books.txt("/v1/characters/unruly.txt")) == [
        ("id", "unruly"), ("kind", "character"), ("name", unruly), ("description", unruly), ("aliases", "Un ruly")]
    assert fields(books.txt("/v1/works/crowd-unruly.txt")) == [
        ("id", "crowd-unruly"), ("title", unruly), ("description", unruly), ("actor", f"{unruly} as {unruly}")]
    review = books.txt("/v1/reviews/review-crowd.txt").split("\n")
    assert f"title: {unruly}" in review and f"reviewer: {unruly}" in review and "id: forged" not in review
    assert books.txt("/v1/quotes/review-crowd~1.txt") == f"A crowd\n— {unruly}, {unruly}\n"


def test_store_get_as_text_has_the_counts(seed):
    text = seed.txt("/v1.txt")
    for noun, count in seed.json("/v1")["counts"].items():
        assert re.search(rf"^(counts\.)?{noun}: {count}$", text, re.M), noun


def test_review_get_as_text_has_fields_a_blank_line_and_the_text(store):
    for review in store.model.review_list()[:6] + ["review-omega", "review-bulk"][:2 * (len(store.model.bundles) > 1)]:
        body = store.client.txt(f"/v1/reviews/{review}.txt")
        text = store.model.bundle(review)["text"]
        head, _, rest = body.partition("\n\n")
        assert ("id", review) in fields(head + "\n")
        assert rest in (text, text + "\n")


def test_work_get_as_text_of_a_work_without_a_title(books):
    assert "null" not in books.txt("/v1/works/work-beta.txt")


def test_a_redirect_as_text_tells_where_to(books):
    assert "/v1/characters/agent-one.txt" in books.get("/v1/characters/the%20first.txt", 302).text


def test_an_error_as_text_is_one_plain_line(seed):
    for path in ("/v1/nope.txt", "/v1/reviews/nope.txt", "/v1/quotes.txt?limit=x", "/v1/quotes.txt?about=nobody",
                 f"/v1/characters/{segment('two' + chr(10) + 'lines')}.txt"):
        text = seed.send("GET", path).text
        assert text.count("\n") == 1 and "{" not in text
