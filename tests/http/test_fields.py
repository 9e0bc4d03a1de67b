# SPDX-License-Identifier: MIT
"""What of an object is given: `fields` trims it, `include` adds to it."""
import json

import pytest
from client import at, segment
from routes import BY_CHANCE, ROUTES, ids

QUOTE = "/v1/quotes/review-omega~two-spans"
TRIMMED = tuple(route for route in (BY_CHANCE, *ROUTES) if route.shape in (
    "agent", "agent_list", "change_list", "context", "mention_list", "quote", "quote_list", "review_list", "review_with_text",
    "work", "work_list"))


def rows_of(route, answer):
    return answer["data"] if route.is_list else [answer]


def picked(value, names):
    """The members with those names; a.b is the member b of each object that a is."""
    if isinstance(value, list):
        return [picked(inner, names) for inner in value]
    if not isinstance(value, dict):
        return value
    inner = {}
    for name in names:
        outer, _, rest = name.partition(".")
        inner.setdefault(outer, set()).add(rest)
    return {key: member if "" in inner[key] else picked(member, inner[key]) for key, member in value.items() if key in inner}


def stable(route):
    """Asked twice it answers the same twice."""
    return at(route.path, seed=1) if route.name == "quote_random" else route.path


@pytest.mark.parametrize("route", TRIMMED, ids=ids(TRIMMED))
def test_every_field_can_be_asked_for_alone(seed, route):
    whole = seed.json(stable(route))
    rows = rows_of(route, whole)
    assert rows or route.label == "quote_list_by_agent-organisations"
    for name in {name for row in rows for name in row}:
        target = stable(route) + ("&" if "?" in stable(route) else "?") + "fields=" + name
        trimmed = seed.json(target)
        assert rows_of(route, trimmed) == [{name: row[name]} for row in rows]
        if route.is_list:
            assert trimmed["page"].items() >= {"total": whole["page"]["total"], "limit": 20}.items()
            assert trimmed["revision"] == whole["revision"]


@pytest.mark.parametrize("route", TRIMMED, ids=ids(TRIMMED))
def test_every_field_inside_another_can_be_asked_for(seed, route):
    rows = rows_of(route, seed.json(stable(route)))
    names = set()
    for row in rows:
        for outer, value in row.items():
            objects = value if isinstance(value, list) else [value]
            names |= {f"{outer}.{inner}" for member in objects if isinstance(member, dict) for inner in member}
    for name in names:
        target = stable(route) + ("&" if "?" in stable(route) else "?") + "fields=" + name
        assert rows_of(route, seed.json(target)) == [picked(row, [name]) for row in rows]


@pytest.mark.parametrize("names", [
    ["id", "text"], ["text", "id"], ["speakers.name", "id"], ["speakers.name", "speakers.id"], ["speakers", "speakers.id"],
    ["speakers.id", "speakers"], ["review.id", "work.title", "spans.exact", "spans.start"], ["work", "work.id", "about.kind"],
    ["id", "id"], ["url", "spoiler", "form", "language"]])
def test_several_fields_come_in_the_order_of_the_object(books, names):
    whole = books.json("/v1/quotes?limit=200")
    for query in ({"fields": ",".join(names)}, {"fields": names}):
        trimmed = books.json(at("/v1/quotes", limit=200, **query))
        assert trimmed["data"] == [picked(row, names) for row in whole["data"]]
        for row, full in zip(trimmed["data"], whole["data"], strict=True):
            assert list(row) == [name for name in full if name in row]


def test_what_is_null_or_empty_stays_so(books):
    row = books.json("/v1/quotes/review-omega~6?fields=work.title,speakers.name,about")
    assert row == {"work": None, "speakers": [], "about": []}


def test_trimmed_json_can_be_pretty(books):
    reply = books.get(QUOTE + "?fields=id,spans.start,review.id&pretty=1")
    assert reply.text == ('{\n  "id": "review-omega~two-spans",\n  "review": {\n    "id": "review-omega"\n  },\n  "spans": [\n'
                          '    {\n      "start": 129\n    },\n    {\n      "start": 94\n    }\n  ]\n}\n').replace(
        "129", str(books.json(QUOTE)["spans"][0]["start"])).replace("94", str(books.json(QUOTE)["spans"][1]["start"]))


@pytest.mark.parametrize(("path", "wrong", "right"), [
    ("/v1/quotes", "txt", "text"), ("/v1/quotes", "speaker", "speakers"), ("/v1/quotes", "speakers.nam", "speakers.name"),
    ("/v1/reviews", "titel", "title"), ("/v1/works", "contributor", "contributors"), ("/v1/characters", "alias", "aliases"),
    (QUOTE, "span", "spans"), ("/v1/changes", "revison", "revision"), (QUOTE + "/context", "befor", "before"),
    ("/v1/reviews/review-omega/mentions", "span.stat", "span.start")])
def test_an_unknown_field_comes_with_the_nearest_one(books, path, wrong, right):
    for query in (wrong, f"{right},{wrong}"):
        problem = books.problem(f"{path}?fields={query}", 400, "invalid-parameter")
        assert problem["parameter"] == "fields" and right in problem["nearest"] and wrong in problem["detail"]


@pytest.mark.parametrize("value", ["", ",", "id,", ",id", "id,,text", "id%20", "%20id", "ID", "*", "review.", ".id", "review.id.x",
                                   "speakers.id.x", "id;text", "spans%5B0%5D", "data", "page"])
def test_what_is_no_field_is_an_error(books, value):
    assert books.problem("/v1/quotes?fields=" + value, 400, "invalid-parameter")["parameter"] == "fields"


@pytest.mark.parametrize("path", ["/v1", "/livez", "/problems/gone", "/v1/facets", "/v1/reviews/review-omega/bundle"])
def test_what_is_only_whole_takes_no_fields(books, path):
    assert books.problem(path + "?fields=id", 400, "unknown-parameter")["parameter"] == "fields"


def test_too_many_fields_are_an_error(books):
    assert books.json("/v1/quotes?fields=" + ",".join(["id"] * 100))["data"][0].keys() == {"id"}
    books.problem("/v1/quotes?fields=" + ",".join(["id"] * 101), 400, "too-many-values")


def test_the_choices_of_a_name_are_trimmed_as_well(books):
    answer = json.loads(books.get(f"/v1/characters/{segment('Agent One')}?fields=id,aliases", 300).text)
    assert answer["data"] == [{"id": "agent-one", "aliases": ["The First", "Primus"]},
                              {"id": "agent-one-too", "aliases": ["Agent Zwölf"]}]


def test_fields_stay_on_the_way_to_an_agent_and_to_the_next_page(books):
    assert books.get("/v1/characters/Number%20Two?fields=name", 302).get("Location") == "/v1/characters/agent-two?fields=name"
    following = books.json("/v1/quotes?fields=id,text&limit=2")["page"]["next"]
    assert set(books.json(following)["data"][0]) == {"id", "text"}
    plain = books.json("/v1/quotes?limit=2")["page"]["next"].partition("cursor=")[2]
    assert books.json(f"/v1/quotes?fields=url&limit=2&cursor={plain}")["data"]


def test_the_text_of_a_review_is_there_when_it_is_a_field(seed):
    row = seed.data("/v1/reviews?fields=id,text")[0]
    assert row == {"id": "from-russia-with-love-nl", "text": seed.get("/v1/reviews/from-russia-with-love-nl/text").text}
    assert seed.data("/v1/reviews?fields=id,title&include=text") == [{"id": row["id"], "title": None}]


@pytest.mark.parametrize("path", ["/v1/quotes?limit=60", "/v1/characters/agent-one/quotes?limit=20",
                                  "/v1/reviews/review-omega/quotes?limit=20", "/v1/works/work-alpha/quotes?limit=20"])
def test_a_quote_includes_its_review_and_its_work_whole(books, path):
    plain = books.data(path)
    for includes in (("review",), ("work",), ("review", "work"), ("work", "review")):
        rows = books.data(path + "".join("&include=" + name for name in includes))
        for row, short in zip(rows, plain, strict=True):
            expected = dict(short)
            if "review" in includes:
                review = books.json("/v1/reviews/" + short["review"]["id"])
                expected["review"] = {name: value for name, value in review.items() if name != "text"}
            if "work" in includes and short["work"]:
                expected["work"] = books.json("/v1/works/" + short["work"]["id"])
            assert row == expected


@pytest.mark.parametrize("path", ["/v1/quotes/review-omega~1", "/v1/quotes/random?seed=2", "/v1/quotes/daily?date=2026-01-01"])
def test_one_quote_includes_them_too(books, path):
    row = books.json(path + ("&" if "?" in path else "?") + "include=review&include=work")
    assert "reviewer" in row["review"]
    assert row["work"] is None or "contributors" in row["work"]


def test_what_is_included_can_be_trimmed(books):
    rows = books.data("/v1/quotes?include=review&include=work&fields=id,review.reviewer,work.kind&limit=3")
    assert rows[0] == {"id": "review-omega~1", "work": {"kind": "novel"}, "review": {"reviewer": "Person Reviewer"}}
    assert books.data("/v1/quotes?fields=review.reviewer&limit=1") == [{"review": {}}]


@pytest.mark.parametrize(("path", "value"), [("/v1/quotes", "text"), ("/v1/quotes", "speakers"), ("/v1/reviews", "work"),
                                             ("/v1/reviews", "review"), (QUOTE, "text"), ("/v1/quotes/random", "context"),
                                             ("/v1/quotes", ""), ("/v1/quotes", "review,work")])
def test_what_cannot_be_included_is_an_error(books, path, value):
    assert books.problem(f"{path}?include={value}", 400, "invalid-parameter")["parameter"] == "include"


@pytest.mark.parametrize("path", ["/v1/characters", "/v1/works", "/v1/reviews/review-omega", QUOTE + "/context"])
def test_where_there_is_nothing_to_include_it_is_unknown(books, path):
    assert books.problem(path + "?include=work", 400, "unknown-parameter")["parameter"] == "include"
