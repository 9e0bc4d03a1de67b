# SPDX-License-Identifier: MIT
"""Lists as CSV and as NDJSON: the same items as the JSON, one on each line."""
import csv
import io
import json

import pytest
import schemas
from routes import LISTS, MEDIA_TYPES, ids

QUOTE_COLUMNS = (
    "id,text,form,attribution,language,speakers.id,speakers.kind,speakers.name,addressees.id,addressees.kind,addressees.name,"
    "about.id,about.kind,about.name,work.id,work.title,review.id,review.revision,spans.start,spans.end,spans.exact,spans.prefix,"
    "spans.suffix,text_sha256,spoiler,url").split(",")
OTHER_COLUMNS = {
    "change_list": "revision,op,kind,id,at,url",
    "agent_list": "id,kind,name,description,aliases,same_as,url",
    "mention_list": "span.start,span.end,span.exact,span.prefix,span.suffix,of.id,of.kind,of.name,review.id",
    "review_list": "id,title,language,reviewer,published,rating.value,rating.best,rating.worst,source,licence,work.id,work.title,"
                   "text_sha256,text_codepoints,text_bytes,revision,updated_at,url,text",
    "work_list": "id,kind,title,language,published,description,contributors.role,contributors.id,contributors.kind,"
                 "contributors.name,contributors.character.id,contributors.character.kind,contributors.character.name,"
                 "relations.kind,relations.to,relations.title,same_as,url"}
WIDE = "?limit=200"


def rows(text):
    """The header and the records of RFC 4180, read by somebody else's reader; every record ends with CR LF."""
    assert text.endswith("\r\n")
    header, *records = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert all(len(record) == len(header) for record in records)
    return header, records


def cell(value, path):
    """What stands in the column `path` of an item."""
    if isinstance(value, list):
        return "|".join(cell(inner, path) for inner in value)
    if path:
        name, _, rest = path.partition(".")
        return cell(value.get(name), rest) if isinstance(value, dict) else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def as_rows(items, header):
    return [[cell(item, column) for column in header] for item in items]


def lines(text):
    """The documents of NDJSON: no empty line, no white space but inside strings."""
    assert text == "" or text.endswith("\n")
    found = [schemas.parse(line) for line in text.split("\n")[:-1]]
    assert text == "".join(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n" for value in found)
    return found


@pytest.mark.parametrize("route", LISTS, ids=ids(LISTS))
def test_a_list_as_csv_has_the_items_of_the_list(seed, route):
    items = seed.data(route.path + WIDE)
    header, records = rows(seed.get(route.path + ".csv" + WIDE).text)
    assert records == as_rows(items, header)
    assert header == (QUOTE_COLUMNS if route.shape == "quote_list" else OTHER_COLUMNS[route.shape].split(","))


@pytest.mark.parametrize("route", LISTS, ids=ids(LISTS))
def test_a_list_as_ndjson_has_the_items_of_the_list(seed, route):
    assert lines(seed.get(route.path + ".ndjson" + WIDE).text) == seed.data(route.path + WIDE)


@pytest.mark.parametrize("path", ["/v1/search{}?q=a*&limit=200", "/v1/search{}?q=agent&limit=200", "/v1/search{}?q=utterance&limit=3",
                                  "/v1/search{}?q=nothing-of-the-kind", "/v1/suggest{}?q=a&limit=200", "/v1/suggest{}?q=zzz"])
def test_what_was_found_comes_by_line_as_well(books, path):
    items = books.data(path.format(""))
    header, records = rows(books.get(path.format(".csv")).text)
    assert records == as_rows(items, header)
    assert lines(books.get(path.format(".ndjson")).text) == items
    wanted = {"type", "field", "snippet", "highlights.start", "quote.id", "review.id", "agent.id", "work.id"} if "search" in path \
        else {"type", "id", "name", "matched"}
    assert set(header) >= wanted


@pytest.mark.parametrize("path", [
    "/v1/quotes{}?limit=200", "/v1/quotes{}?review=review-omega", "/v1/reviews/review-omega/mentions{}", "/v1/works{}",
    "/v1/characters{}?limit=200", "/v1/people{}", "/v1/organisations{}", "/v1/reviews{}?limit=200&include=text",
    "/v1/reviews/review-omega/characters{}", "/v1/works/work-alpha/reviews{}?include=text"])
def test_odd_words_survive_in_every_format(books, path):
    """Line ends, quotation marks, commas, every script, null, no value and several values."""
    items = books.data(path.format(""))
    header, records = rows(books.get(path.format(".csv")).text)
    assert items and records == as_rows(items, header)
    assert lines(books.get(path.format(".ndjson")).text) == items


def test_several_values_in_a_cell_stand_in_the_order_of_their_neighbours(books):
    header, records = rows(books.get("/v1/quotes.csv?review=review-omega").text)
    record = dict(zip(header, next(record for record in records if record[0] == "review-omega~two-spans"), strict=True))
    assert (record["speakers.id"], record["speakers.name"]) == ("agent-one|agent-two", "Agent One|Ägent Twó")
    assert record["spans.start"].count("|") == record["spans.exact"].count("|") == 1
    assert (record["addressees.id"], record["spoiler"]) == ("", "false")


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_the_next_page_is_in_the_link_header_alone(books, form):
    """Followed to the end, the pages have every item once."""
    whole, seen, target = books.walk("/v1/quotes?limit=200&form=pull"), [], f"/v1/quotes.{form}?limit=7&form=pull"
    while target:
        reply = books.get(target)
        seen += ([record[0] for record in rows(reply.text)[1]] if form == "csv" else
                 [item["id"] for item in lines(reply.text)])
        link = reply.get("Link")
        target = link.removeprefix("<").removesuffix('>; rel="next"') if link else None
        assert target is None or target.startswith(f"/v1/quotes.{form}?")
    assert seen == [quote["id"] for quote in whole] and len(seen) > 7


@pytest.mark.parametrize("query", ["?limit=0", "?form=indirect"])
def test_an_empty_list_is_a_header_or_nothing(seed, query):
    assert seed.get("/v1/quotes.csv" + query).text == ",".join(QUOTE_COLUMNS) + "\r\n"
    assert seed.get("/v1/quotes.ndjson" + query).body == b""


def test_pretty_breaks_no_line_of_ndjson(seed):
    for form in ("csv", "ndjson"):
        assert seed.get(f"/v1/quotes.{form}?pretty=1").body == seed.get(f"/v1/quotes.{form}").body


@pytest.mark.parametrize(("accept", "form"), [
    ("text/csv", "csv"), ("application/x-ndjson", "ndjson"), ("application/ndjson", "ndjson"), ("application/jsonl", "ndjson"),
    ("text/csv;q=0.4, application/x-ndjson;q=0.5", "ndjson"), ("text/*;q=0.5, text/csv", "csv"), ("text/plain;q=0.9, text/csv", "csv"),
    ("text/html, text/csv;q=0.1", "csv"), ("*/*, application/json;q=0, text/plain;q=0", "csv"), ("text/csv;header=present", "csv"),
    ("application/*, application/json;q=0", "ndjson"), ("text/*, application/*;q=0.9", "txt")])
def test_accept_chooses_them_too(seed, accept, form):
    reply = seed.get("/v1/quotes", accept=accept)
    assert reply.get("Content-Type") == MEDIA_TYPES[form]
    assert reply.body == seed.get("/v1/quotes." + form).body


@pytest.mark.parametrize("route", LISTS, ids=ids(LISTS))
def test_what_is_not_acceptable_is_told_with_all_there_is(seed, route):
    listed = ".json (application/json), .txt (text/plain), .csv (text/csv), .ndjson (application/x-ndjson)"
    assert seed.problem(route.path + ".xml", 406, "not-acceptable")["detail"] == "this path has only: " + listed
    assert listed in seed.get(route.path, 406, accept="image/png").text


@pytest.mark.parametrize("path", ["/v1/quotes/from-russia-with-love-nl~1", "/v1", "/v1/works/from-russia-with-love",
                                  "/v1/reviews/from-russia-with-love-nl/bundle", "/livez"])
def test_one_thing_has_no_rows(seed, path):
    for form in ("csv", "ndjson"):
        seed.problem(f"{path}.{form}", 406, "not-acceptable")
        seed.get(path, 406, accept=MEDIA_TYPES[form])


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_what_is_wrong_is_a_problem_as_json(seed, form):
    assert seed.problem(f"/v1/quotes.{form}?limit=x", 400, "invalid-parameter")["parameter"] == "limit"
    seed.problem(f"/v1/characters/nobody/quotes.{form}", 404, "not-found")


@pytest.mark.parametrize("form", ["csv", "ndjson"])
def test_a_name_leads_on_in_the_same_format(books, form):
    reply = books.get(f"/v1/characters/the%20first/quotes.{form}", 302)
    assert reply.get("Location") == f"/v1/characters/agent-one/quotes.{form}"
    assert json.loads(reply.text)["location"] == reply.get("Location")


def test_the_choices_of_a_name_are_a_list_of_agents(books):
    header, records = rows(books.get("/v1/characters/agent%20one/quotes.csv", 300).text)
    assert header == OTHER_COLUMNS["agent_list"].split(",")
    assert [record[0] for record in records] == ["agent-one", "agent-one-too"]
    assert [item["id"] for item in lines(books.get("/v1/characters/agent%20one/quotes.ndjson", 300).text)] == [
        "agent-one", "agent-one-too"]
