# SPDX-License-Identifier: MIT
"""Lists with filters and orders at random, and each parameter alone, against a reference that knows no index."""
import collections
import json
import random

import pytest
import reference
import shelf
from client import segment
from quick import LIMITS

ROUNDS = 80
BUNDLES = shelf.bundles()
QUOTES = [quote for bundle in BUNDLES for quote in bundle["quotes"]]
# Those with the most to show.
RICH = max(BUNDLES, key=lambda bundle: (len(bundle["quotes"]), bool(bundle["language"]), len(bundle["agents"])))["id"]
AGENT = collections.Counter(id_ for quote in QUOTES for id_ in quote["speakers"] if shelf.is_character(id_)).most_common(1)[0][0]
WORK = collections.Counter(quote["work"] for quote in QUOTES if quote["work"]).most_common(1)[0][0]
BY_AGENT, BY_WORK, BY_REVIEW = "/v1/characters/" + AGENT, "/v1/works/" + WORK, "/v1/reviews/" + RICH


@pytest.fixture(name="books")
def those_of_the_shelf(shelf_of_books):
    return shelf_of_books


def words(model, name):
    """What may be asked of a parameter: ids, names as people type them, words of the contract."""
    agents = [agent for id_, one in model.agents.items() for agent in (id_, one["name"].upper(), *one["aliases"])]
    kinds = {"character": "character", "person": "person"}
    if name in ("speaker", "addressee", "about", *kinds):
        return [word for word in agents if model.who([word], (kinds[name],) if name in kinds else tuple(
            {agent["kind"] for agent in model.agents.values()}))]
    return {"work": list(model.works), "review": [bundle["id"] for bundle in model.bundles],
            "language": ["nl", "NL-be", "en", "en-GB", "de", "zh-Hant", "fr"], "form": sorted(set(shelf.FORMS)),
            "attribution": sorted(set(shelf.ATTRIBUTIONS)), "spoiler": ["0", "1"],
            "reviewer": ["anna quist", "BO ØRN", "celik", "дмитрий", "!?"],
            "min_length": ["0", "5", "12", "60"], "max_length": ["4", "11", "80", "900"],
            "published_from": ["1955", "1957-04-08", "1956-22", "1990", "-0100"],
            "published_to": ["1955", "1957-04-08", "1956-22", "1990", "-0100"],
            "q": ["lorem", "SIT", "ipsum  dolor", "lorem  -sit", "tem*  een", '"dolor sit"', '"sed do"  -"een und"', "-lorem  ünd  strasse",
                  "apfel", "zebra  made", "nowhere"],
            "updated_since": ["2026-11-01T00:00:00Z", "2026-11-10", "2026-11-18T05:00:00Z", "2027-01-01"]}[name]


ONCE = ("q", "spoiler", "min_length", "max_length", "published_from", "published_to", "updated_since")
OF_REVIEW = ("language", "published_from", "published_to", "reviewer", "updated_since")
QUOTE_PARAMETERS = (*OF_REVIEW, "about", "addressee", "attribution", "character", "form", "max_length", "min_length", "person",
                    "q", "review", "speaker", "spoiler", "work")
QUOTE_SORTS = ("added", "-added", "length", "-length", "published", "-published", "updated", "-updated")
REVIEW_SORTS = ("added", "-added", "id", "-id", "published", "-published", "reviewer", "-reviewer", "title", "-title",
                "updated", "-updated")
LISTS = {
    "/v1/quotes": (QUOTE_PARAMETERS, QUOTE_SORTS, {}),
    BY_AGENT + "/quotes": (QUOTE_PARAMETERS, QUOTE_SORTS, {"character": [AGENT]}),
    BY_WORK + "/quotes": (QUOTE_PARAMETERS, QUOTE_SORTS, {"work": [WORK]}),
    BY_REVIEW + "/quotes": (QUOTE_PARAMETERS, QUOTE_SORTS, {"review": [RICH]}),
    "/v1/reviews": ((*OF_REVIEW, "character", "max_length", "min_length", "person", "q", "work"), REVIEW_SORTS, {}),
    BY_AGENT + "/reviews": ((*OF_REVIEW, "character", "max_length", "min_length", "person", "q", "work"), REVIEW_SORTS, {}),
    BY_WORK + "/reviews": ((*OF_REVIEW, "character", "max_length", "min_length", "person", "q"), REVIEW_SORTS, {"work": [WORK]}),
    "/v1/works": (("character", "language", "person", "published_from", "published_to", "review"),
                  ("id", "-id", "published", "-published", "title", "-title"), {}),
    "/v1/characters": (("review", "work"), ("id", "-id", "name", "-name"), {}),
    BY_WORK + "/characters": (("review",), ("id", "-id", "name", "-name"), {"work": [WORK]}),
    BY_REVIEW + "/characters": (("work",), ("added", "-added", "id", "-id", "name", "-name"), {}),
    BY_AGENT + "/mentions": ((*OF_REVIEW, "review", "work"), (None,), {}),
    BY_REVIEW + "/mentions": (("character", "person", "work"), (None,), {}),
}


def allowed(path):
    """What the path says already is no parameter of it, but that the character of the path may be narrowed."""
    names, _, own = LISTS[path]
    return [name for name in names if name not in own and not (path == BY_AGENT + "/quotes" and name in ("person", "speaker"))]


def expected(model, path, asked, sort):
    asked = {**asked, **LISTS[path][2]}
    noun = path.rpartition("/")[2]
    default = "added" if path == BY_AGENT + "/reviews" else "id"
    if noun == "quotes":
        return model.quotes_of(asked, sort or "added")
    if noun == "reviews":
        return model.reviews_of(asked, sort or default, AGENT if path.startswith(BY_AGENT) else None)
    if noun == "works":
        return model.works_of(asked, sort or default)
    if noun == "characters":
        review = RICH if path.startswith(BY_REVIEW) else None
        return model.agents_of("character", asked, sort or ("added" if review else "id"), review)
    return model.mentions_of(asked, *((RICH, None) if path.startswith(BY_REVIEW) else (None, AGENT)))


def answered(quick, path, asked, sort, limit):
    # The reference knows no other forms of a word.
    parameters = {**asked, "limit": limit, **({"sort": sort} if sort else {}), **({"match": "exact"} if "q" in asked else {})}
    if path.endswith("/mentions"):
        rows = quick.walk(path, "span.start,span.end,review.id", **parameters)
        return [(row["review"]["id"], row["span"]["start"], row["span"]["end"]) for row in rows]
    return quick.ids(path, **parameters)


def ask_at_random(chance, model, path):
    names = allowed(path)
    asked = {}
    for name in chance.sample(names, min(len(names), chance.choice((0, 1, 1, 2, 2, 3, 5)))):
        asked[name] = chance.choices(words(model, name), k=1 if name in ONCE else chance.choice((1, 1, 1, 2, 3)))
    return asked, chance.choice((None, *LISTS[path][1]))


@pytest.mark.parametrize("path", LISTS)
def test_lists_at_random_are_those_of_the_reference(books, path):
    chance = random.Random("lists" + path)
    found = 0
    for _ in range(ROUNDS):
        asked, sort = ask_at_random(chance, books.model, path)
        limit = chance.choice(LIMITS)
        wanted = expected(books.model, path, asked, sort)
        if limit * 60 < len(wanted):
            limit = 20
        assert answered(books.quick, path, asked, sort, limit) == wanted, (path, asked, sort, limit)
        found += bool(wanted)
    assert found > ROUNDS // 8, "nearly all of them were empty"


@pytest.mark.parametrize("path", LISTS)
def test_every_order_is_the_same_at_every_page_size(books, path):
    for sort in LISTS[path][1]:
        wanted = expected(books.model, path, {}, sort)
        assert len(wanted) > 1
        for limit in LIMITS:
            if len(wanted) <= 100 * limit:
                assert answered(books.quick, path, {}, sort, limit) == wanted, (path, sort, limit)


def cases():
    return [(path, name) for path in LISTS for name in allowed(path)]


@pytest.mark.parametrize(("path", "name"), cases(), ids=lambda value: value)
def test_every_parameter_leaves_out_what_does_not_fit(books, path, name):
    """Words of it take some rows and leave out others, and each gives what the reference gives."""
    everything, sizes = len(expected(books.model, path, {}, None)), set()
    for word in words(books.model, name):
        wanted = expected(books.model, path, {name: [word]}, None)
        if (0 < len(wanted) < everything) not in sizes or len(wanted) not in sizes:
            assert answered(books.quick, path, {name: [word]}, None, 200) == wanted, (path, name, word)
        sizes |= {len(wanted), 0 < len(wanted) < everything}
    # All that stands in one review has the language of that review, and so on.
    of_one = path.startswith(BY_REVIEW) and name in OF_REVIEW or path == BY_REVIEW + "/characters"
    assert True in sizes or of_one and {0, everything} <= sizes


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/reviews", "/v1/works", "/v1/characters", BY_AGENT + "/quotes"])
def test_every_order_is_another_one(books, path):
    orders = [tuple(answered(books.quick, path, {}, sort, 200)) for sort in LISTS[path][1]]
    assert len(set(orders)) == len(orders)


def test_the_whole_objects_of_a_sorted_list_are_those_of_the_plain_one(books):
    for path in ("/v1/quotes", "/v1/reviews", "/v1/works", "/v1/characters"):
        sort = {"/v1/quotes": "-length", "/v1/reviews": "updated", "/v1/works": "title", "/v1/characters": "-name"}[path]
        rows = books.client.data(f"{path}?sort={sort}&limit=30")
        assert all(books.client.json(row["url"]).items() >= row.items() for row in rows)
        assert [row["id"] for row in rows] == expected(books.model, path, {}, sort)[:30]


@pytest.mark.parametrize(("path", "wrong", "right"), [
    ("/v1/quotes", "lenght", "length"), ("/v1/quotes", "-publishd", "published"), ("/v1/reviews", "titel", "title"),
    ("/v1/works", "ID", "id"), ("/v1/characters", "nam", "name")])
def test_an_unknown_order_comes_with_the_nearest_one(books, path, wrong, right):
    problem = books.client.problem(f"{path}?sort={wrong}", 400, "invalid-parameter")
    assert (problem["parameter"], problem["nearest"][0]) == ("sort", right)


@pytest.mark.parametrize("target", ["/v1/quotes?sort=title", "/v1/reviews?sort=length", "/v1/works?sort=added",
                                    "/v1/characters?sort=published", "/v1/quotes?sort=-random", "/v1/quotes?sort=--length",
                                    "/v1/quotes?sort=length,added", "/v1/quotes?sort=-", "/v1/quotes?sort="])
def test_an_order_that_the_list_has_not_is_an_error(books, target):
    assert books.client.problem(target, 400, "invalid-parameter")["parameter"] == "sort"


def test_a_cursor_belongs_to_its_order(books):
    following = books.client.json("/v1/quotes?sort=length&limit=5")["page"]["next"]
    cursor = following.partition("cursor=")[2]
    for other in ("sort=-length", "sort=published", "sort=added", "form=direct&sort=length", "limit=5"):
        books.client.problem(f"/v1/quotes?{other}&cursor={cursor}", 400, "invalid-cursor")
    assert books.client.json(f"/v1/quotes?limit=9&sort=length&cursor={cursor}")["data"]


@pytest.mark.parametrize("sort", ["length", "published", "updated", "random&seed=1"])
def test_a_forged_cursor_is_refused_or_stays_in_the_list(books, sort):
    following = books.client.json(f"/v1/quotes?sort={sort}&limit=5&form=pull")["page"]["next"]
    address, _, cursor = following.partition("cursor=")
    binding = cursor.partition(".")[0]
    for place in ("", "1", "1.", "1.u", "1.n5", "1.tx", "1.t", "1.s8.3", "1.s8.300", "1.s99.1", "1.s-1.1", "1.x", "-1.n-1", "1.n",
                  "99999999999999999999.n1", "1.n99999999999999999999", "1.s8", "1.n1.n1", "1.n1%00", "1.t%F0%9F%A6%8A"):
        reply = books.client.send("GET", f"{address}cursor={binding}.{place}")
        assert reply.status in (200, 400), place
        if reply.status == 200:
            assert {quote["form"] for quote in json.loads(reply.text)["data"]} <= {"pull"}


DATES = {"published_from": "a date", "published_to": "a date", "updated_since": "a time"}


@pytest.mark.parametrize("value", ["", "x", "1957-13", "1957-02-30", "57", "1957/1956", "2026-11-25T25:00:00Z", "yesterday",
                                   "2026-11-25T02:10", "2026-11-25T02:10:00", "2026-11-25T02:10:00+1:00", "20261125"])
@pytest.mark.parametrize("name", DATES)
def test_what_is_no_date_is_an_error(books, name, value):
    problem = books.client.problem(f"/v1/reviews?{name}={value}", 400, "invalid-parameter")
    assert problem["parameter"] == name and DATES[name] in problem["detail"]


def test_updated_since_takes_any_clock(books):
    for same in (("2026-11-10T00:00:00Z", "2026-11-10", "2026-11-10t00:00:00z", "2026-11-10%2000:00:00Z",
                  "2026-11-10T01:00:00%2B01:00", "2026-11-10T01:00:00+01:00", "2026-11-09T19:30:00-04:30",
                  "2026-11-09T23:59:59.5Z", "2026-11-09T23:59:60Z", "2026-11-10T00:00:00.000Z"),):
        answers = [books.quick.json(f"/v1/reviews?fields=id&limit=200&updated_since={time}")["data"] for time in same]
        assert answers[0] and all(answer == answers[0] for answer in answers)


def test_published_takes_what_may_be_of_the_time(books):
    found = {row["published"] for row in books.client.walk("/v1/reviews?published_from=1957-04-08&published_to=1957-04-08&limit=200")}
    assert found == {"1957-04-08", "1957-04", "195X", "19XX", "1957?", "1955/1958"}


@pytest.mark.parametrize(("wrong", "right"), [("Ana Quist", "Anna Quist"), ("celikk", "Ćelik"), ("bo-om", "Bo Orn")])
def test_an_unknown_reviewer_comes_with_the_nearest_one(books, wrong, right):
    for path in ("/v1/reviews", "/v1/quotes"):
        problem = books.client.problem(f"{path}?reviewer={segment(wrong)}", 404, "not-found")
        assert problem["parameter"] == "reviewer"
        assert reference.key(right) in [reference.key(name) for name in problem["nearest"]]


@pytest.mark.parametrize("name", ["work", "review", "character", "person"])
def test_what_does_not_exist_is_not_found_in_every_list(books, name):
    for path in LISTS:
        if name in allowed(path):
            assert books.client.problem(f"{path}?{name}=nobody", 404, "not-found")["parameter"] == name
