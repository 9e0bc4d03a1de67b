# SPDX-License-Identifier: MIT
"""Offsets in code points, in units of UTF-16 and in bytes; that they cut the right words is part of the contract."""
import contract
import pytest
from client import at
from routes import LISTS, ROUTES, ids

UNITS = ("codepoint", "utf16", "byte")
WITH_SPANS = tuple(route for route in ROUTES if route.shape in ("quote", "quote_list", "mention_list"))
SPAN_LISTS = tuple(route for route in WITH_SPANS if route.is_list)
OTHERS = tuple(route for route in LISTS if route not in SPAN_LISTS)


def spans(value):
    return [span for row in value.get("data", [value]) for span in row.get("spans") or [row["span"]]]


def without_offsets(spans):
    return [{key: span[key] for key in ("exact", "prefix", "suffix")} for span in spans]


@pytest.mark.parametrize("route", WITH_SPANS, ids=ids(WITH_SPANS))
@pytest.mark.parametrize("unit", UNITS)
def test_every_route_with_spans_takes_a_unit(seed, route, unit):
    """In ASCII, which the seed's text is, all count the same."""
    plain = spans(seed.json(route.path))
    assert spans(seed.json(at(route.path, offsets=unit))) == plain
    assert plain or route.label == "quote_list_by_agent-organisations"


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/reviews/review-omega/quotes?limit=1", "/v1/characters/agent-one/quotes",
                                  "/v1/reviews/review-omega/mentions", "/v1/characters/agent-one/mentions"])
@pytest.mark.parametrize("unit", UNITS)
def test_a_walk_over_texts_of_many_scripts(books, path, unit):
    """A page of one looks at each text anew, a page of many goes from text to text."""
    parameters = "&" if "?" in path else "?"
    rows, plain = books.walk(f"{path}{parameters}offsets={unit}"), books.walk(path)
    assert without_offsets(spans({"data": rows})) == without_offsets(spans({"data": plain}))
    if unit == "utf16":
        assert spans({"data": rows}) != spans({"data": plain})


def test_the_units_differ_where_a_text_has_more_than_ascii(books):
    path = "/v1/quotes/review-omega~12"
    text = books.texts.of("review-omega")
    for unit in UNITS:
        span = books.json(at(path, offsets=unit))["spans"][0]
        assert contract.cut(text, span["start"], span["end"], unit) == "Last words, at the very end 🏁"
    assert books.json(at(path, offsets="byte"))["spans"][0]["end"] == len(text.encode("utf-8"))
    assert books.json(at(path, offsets="utf16"))["spans"][0]["end"] == len(text.encode("utf-16-le")) // 2


def test_the_unit_is_no_part_of_the_list(books):
    """So a walk may change it on the way, and the next page keeps it."""
    page = books.json("/v1/quotes?limit=3&offsets=utf16")["page"]
    assert "offsets=utf16" in page["next"]
    other = books.data(page["next"].replace("offsets=utf16", "offsets=byte"))
    assert without_offsets(spans({"data": other})) == without_offsets(spans({"data": books.data(page["next"])}))


def test_plain_text_counts_in_the_same_unit(books):
    for unit in UNITS:
        rows = books.data(at("/v1/reviews/review-omega/mentions", offsets=unit))
        lines = books.txt(at("/v1/reviews/review-omega/mentions.txt", offsets=unit)).splitlines()
        assert [line.split("\t")[0] for line in lines] == [
            f"{row['span']['start']}-{row['span']['end']}" for row in rows]


def test_hits_of_a_search_count_in_the_unit(books):
    """That each highlight cuts the words is part of the contract; here, that it is another number."""
    found = {unit: books.data(at("/v1/search", q="runs", offsets=unit, limit=200)) for unit in UNITS}
    ends = {unit: [place["end"] for hit in hits for place in hit["highlights"]] for unit, hits in found.items()}
    assert len(ends["codepoint"]) == len(ends["utf16"]) == len(ends["byte"])
    assert any(hit["type"] == "quote" for hit in found["byte"]) and any(hit["type"] == "review" for hit in found["byte"])
    assert all(a <= b <= c for a, b, c in zip(*(ends[unit] for unit in UNITS)))
    assert len({tuple(numbers) for numbers in ends.values()}) == 3
    quote = next(hit["quote"] for hit in found["byte"] if hit["type"] == "quote")
    assert quote == books.json(at(quote["url"], offsets="byte"))


def test_the_highlights_of_a_title_count_in_the_unit(books):
    """In the title itself, not in the text."""
    hits = {unit: [hit for hit in books.data(at("/v1/search", q="agent", offsets=unit)) if hit["field"] in ("name", "title", "alias")]
            for unit in UNITS}
    assert hits["codepoint"] and len(hits["byte"]) == len(hits["codepoint"])


def test_places_of_a_passage_count_in_the_unit(books):
    found = {unit: books.json(at("/v1/verify", text="runs, said the first", offsets=unit))["matches"] for unit in UNITS}
    starts = {unit: [match["span"]["start"] for match in matches] for unit, matches in found.items()}
    assert len(starts["byte"]) > 1 and len({tuple(numbers) for numbers in starts.values()}) == 3
    for unit, matches in found.items():
        assert without_offsets(match["span"] for match in matches) == without_offsets(match["span"] for match in found["codepoint"])
        for quote in (match["quote"] for match in matches if match["quote"]):
            assert quote == books.json(at(quote["url"], offsets=unit))


@pytest.mark.parametrize("value", ["utf-16", "codepoints", "bytes", "UTF16", "", "utf32"])
def test_an_unknown_unit_is_an_error(seed, value):
    problem = seed.problem(at("/v1/quotes", offsets=value), 400, "invalid-parameter")
    assert problem["parameter"] == "offsets"


@pytest.mark.parametrize("route", OTHERS, ids=ids(OTHERS))
def test_what_has_no_spans_takes_no_unit(seed, route):
    assert seed.problem(at(route.path, offsets="byte"), 400, "unknown-parameter")["parameter"] == "offsets"
