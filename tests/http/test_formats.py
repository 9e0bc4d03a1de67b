# SPDX-License-Identifier: MIT
"""Suffix, Accept and pretty."""
import json

import pytest
from routes import MEDIA_TYPES, ROUTES, ids, variants

WITH_BOTH = tuple(route for route in ROUTES if len(route.formats) > 1 and route.path != "/")
NEGOTIATED = tuple(route for route in ROUTES if route.has_suffixes)
VARIANTS = tuple(variants())
FOREIGN = ("xml", "html", "yaml", "jsonld", "atom", "rss")


def media_type(reply):
    return reply.get("Content-Type")


@pytest.mark.parametrize("variant", VARIANTS, ids=ids(VARIANTS))
def test_a_suffix_chooses_the_format(seed, variant):
    _, path, form = variant
    assert media_type(seed.get(path)) == MEDIA_TYPES[form]


@pytest.mark.parametrize("variant", VARIANTS, ids=ids(VARIANTS))
def test_a_suffix_wins_over_accept(seed, variant):
    _, path, form = variant
    plain = seed.get(path)
    for accept in ("application/json", "text/plain", "text/html", "image/png", "*/*;q=0", "nonsense"):
        reply = seed.get(path, accept=accept)
        assert media_type(reply) == MEDIA_TYPES[form]
        assert (reply.body, reply.get("ETag")) == (plain.body, plain.get("ETag"))


@pytest.mark.parametrize("route", NEGOTIATED, ids=ids(NEGOTIATED))
def test_a_suffix_of_another_format_is_not_acceptable(seed, route):
    for suffix in set(FOREIGN) - set(route.formats):
        seed.problem(f"{route.path}.{suffix}", 406, "not-acceptable")


def test_a_route_with_one_format_has_no_other(seed):
    assert seed.get("/v1/reviews/from-russia-with-love-nl/bundle.txt", 406)
    assert seed.get("/v1/reviews/from-russia-with-love-nl/text.json", 406)
    assert seed.get("/v1/reviews/from-russia-with-love-nl/bundle", 406, accept="text/plain")
    assert seed.get("/v1/reviews/from-russia-with-love-nl/text", 406, accept="application/json")


@pytest.mark.parametrize(("accept", "form"), [
    ("application/json", "json"), ("text/plain", "txt"), ("*/*", "json"), ("text/*", "txt"), ("application/*", "json"),
    ("text/plain;q=0.5, application/json;q=0.9", "json"), ("text/plain;q=0.9, application/json;q=0.5", "txt"),
    ("text/html, text/plain;q=0.1", "txt"), ("*/*, application/json;q=0", "txt"), ("TEXT/PLAIN", "txt"),
    ("text/plain, application/json", "json"), ("text/plain; charset=utf-8", "txt"), ("image/png, */*;q=0.1", "json"),
    ("text/plain;q=nan, application/json;q=0.5", "txt"), ("text/plain;q=0.0009, application/json;q=0.001", "json"),
    ("text/plain;q=1.0, application/json;q=1.1", "json"), ("text/plain;q=, application/json;q=0.9", "txt"),
    ("text/plain;Q=0.1, application/json;q=0.2;x=y", "json"), ("text/plain ; q=0.2 , application/json ; q=0.1", "txt"),
    ("text/plain;q=0,application/json;q=0.001", "json"), ("text/plain;q=-1, application/json;q=0.5", "txt"),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "json"), ("", "json")])
def test_accept_chooses_the_format(seed, accept, form):
    assert_chosen(seed, "/v1/quotes", accept, form)


@pytest.mark.parametrize("route", WITH_BOTH, ids=ids(WITH_BOTH))
def test_accept_chooses_the_format_of_every_route(seed, route):
    for accept, form in (("application/json", "json"), ("text/plain", "txt"), ("text/html, text/plain;q=0.1", "txt")):
        assert_chosen(seed, route.path, accept, form)


def assert_chosen(seed, path, accept, form):
    """The answer is that of the suffix."""
    reply = seed.get(path, accept=accept)
    assert media_type(reply) == MEDIA_TYPES[form]
    same = seed.get(f"{path}.{form}").text
    if form == "json":
        assert without_next(json.loads(reply.text)) == without_next(json.loads(same))
    else:
        assert reply.text == same


@pytest.mark.parametrize("route", ROUTES, ids=ids(ROUTES))
def test_accept_of_nothing_there_is_not_acceptable(seed, route):
    if route.path == "/openapi.json":
        return
    html = "text/html" if "html" not in route.formats else "image/gif"
    for accept in ("image/png", html, "application/xml", "*/*;q=0", "application/json;q=0, text/plain;q=0"):
        assert "not-acceptable" in seed.get(route.path, 406, accept=accept).text


def test_both_formats_of_one_address_have_different_tags(seed):
    for route in WITH_BOTH:
        if route.is_cached:
            tags = {seed.get(route.path, accept=accept).get("ETag") for accept in ("application/json", "text/plain")}
            assert len(tags) == 2, route.path


@pytest.mark.parametrize("name", ["a.b", "from-russia-with-love-nl.1", "x.jsonx", "x.TXT", "x.", "1.0", "x.json5", "v.2.c"])
def test_a_dot_that_begins_no_suffix_belongs_to_the_id(seed, name):
    for noun in ("reviews", "works", "quotes", "characters"):
        problem = seed.problem(f"/v1/{noun}/{name}", 404, "not-found")
        assert name in problem["detail"]


def test_only_the_last_suffix_counts(seed):
    reply = seed.get("/v1/reviews/nothing.json.txt", 404)
    assert media_type(reply) == "text/plain; charset=utf-8" and "nothing.json" in reply.text
    seed.problem("/v1/characters/james-bond.txt/quotes", 404, "not-found")


@pytest.mark.parametrize("route", ROUTES, ids=ids(ROUTES))
def test_pretty_is_the_same_with_line_breaks(seed, route):
    if "json" not in route.formats or route.path == "/":
        return
    compact = seed.json(route.path)
    for query in ("pretty", "pretty=1", "pretty=true"):
        reply = seed.get(f"{route.path}?{query}")
        value = json.loads(reply.text)
        assert without_next(value) == without_next(compact)
        assert '\n  "' in reply.text and ": " in reply.text
    for query in ("pretty=0", "pretty=false"):
        assert seed.get(f"{route.path}?{query}").text.count("\n") == 1


def without_next(value):
    """The address of the next page names the suffix and pretty as well."""
    page = value.get("page")
    return {**value, "page": {**page, "next": None}} if page else value


def test_pretty_applies_to_choices(books):
    assert "\n  " in books.get("/v1/characters/agent%20one?pretty=1", 300).text


def test_pretty_leaves_text_as_it_is(seed):
    for path in ("/v1/quotes.txt", "/v1/reviews/from-russia-with-love-nl.txt"):
        assert seed.get(path + "?pretty=1").body == seed.get(path).body


def test_text_is_real_utf_8(books):
    assert "The 🦊 runs" in books.get("/v1/quotes/review-omega~1").text
    assert "Агент Пять" in books.get("/v1/reviews/review-omega/characters").text
    assert "🦊" in books.txt("/v1/quotes/review-omega~1.txt")


def test_odd_characters_survive(books):
    assert books.json("/v1/quotes/review-omega~13")["spans"][1]["exact"] == (
        "\x01 \x7f \u2028 \ufffd \U0010fffd \"quoted\\\" </script>")
