# SPDX-License-Identifier: MIT
import pytest
from client import at
from routes import LASTING, LISTS, ROUTES, ids

NO_ROOT = tuple(route for route in LASTING if route.path != "/")


@pytest.mark.parametrize("route", ROUTES, ids=ids(ROUTES))
def test_an_unknown_parameter_is_an_error_on_every_route(seed, route):
    """And the answer names those there are."""
    known = ", ".join(sorted(route.takes))
    detail = f"there is no parameter 'zzzzzz' here; there are: {known}" if known else (
        "there is no parameter 'zzzzzz' here, nor any other")
    if "txt" in route.formats and route.path != "/":
        assert seed.get(f"{route.path}.txt?zzzzzz=1", 400).text == f"400 Unknown parameter: {detail}\n"
    if "json" in route.formats:
        problem = seed.problem(route.path + "?zzzzzz=1", 400, "unknown-parameter")
        assert (problem["parameter"], problem["detail"]) == ("zzzzzz", detail)


@pytest.mark.parametrize("route", NO_ROOT, ids=ids(NO_ROOT))
def test_what_others_add_to_links_is_passed_over(seed, route):
    plain = seed.get(route.path)
    for added in ("utm_source=a&utm_campaign=b", "fbclid=x", "gclid=", "utm_", "utm_medium"):
        assert seed.get(f"{route.path}?{added}").body == plain.body


@pytest.mark.parametrize("added", ["utm", "xutm_source", "fbclid2", "UTM_source"])
def test_what_only_looks_like_it_is_not(seed, added):
    assert seed.problem(f"/v1/quotes?{added}=1", 400, "unknown-parameter")["parameter"] == added


@pytest.mark.parametrize(("wrong", "right"), [("lmit", "limit"), ("Limit", "limit"), ("charater", "character"),
                                              ("cursr", "cursor"), ("prety", "pretty"), ("lang", "language")])
def test_an_unknown_parameter_comes_with_the_nearest_one(seed, wrong, right):
    problem = seed.problem(f"/v1/quotes?{wrong}=1", 400, "unknown-parameter")
    assert (problem["parameter"], problem["nearest"][0]) == (wrong, right)


BAD_LIMITS = ("", "-1", "x", "201", "1.5", "1e1", "0x1", "+5", "%205", "5%20", "99999999999999999999999", "%D9%A3",
              "18446744073709551617", "--1", "1,2")


@pytest.mark.parametrize("route", LISTS, ids=ids(LISTS))
def test_a_limit_is_a_whole_number_up_to_200(seed, route):
    for query in ("limit", *("limit=" + value for value in BAD_LIMITS)):
        assert seed.problem(f"{route.path}?{query}", 400, "invalid-parameter")["parameter"] == "limit"


@pytest.mark.parametrize("value", [0, 1, 199, 200])
def test_a_limit_up_to_200_is_taken(books, value):
    answer = books.json(f"/v1/quotes?limit={value}")
    assert len(answer["data"]) == value


@pytest.mark.parametrize("query", ["limit=1&limit=2", "limit=1&limit=1", "cursor=x&cursor=x", "pretty=1&pretty=1", "pretty&pretty=0"])
def test_what_may_be_given_once_is_an_error_twice(seed, query):
    problem = seed.problem("/v1/quotes?" + query, 400, "repeated-parameter")
    assert problem["parameter"] == query.split("=")[0].split("&")[0]


@pytest.mark.parametrize("parameter", ["about", "addressee", "attribution", "character", "cursor", "form", "language", "person",
                                       "review", "speaker", "work"])
def test_an_empty_value_is_an_error(seed, parameter):
    for query in (f"{parameter}=", parameter, f"limit=1&{parameter}=&form=pull"):
        problem = seed.problem("/v1/quotes?" + query, 400, "invalid-parameter")
        assert problem["parameter"] == parameter


@pytest.mark.parametrize("query", ["=1", "=", "%20=1"])
def test_a_parameter_without_a_name_is_an_error(seed, query):
    assert seed.get("/v1/quotes?" + query, 400)


@pytest.mark.parametrize("query", ["", "&", "&&limit=5&", "limit=5&&"])
def test_an_empty_query_is_no_query(seed, query):
    assert seed.get("/v1/quotes?" + query)


@pytest.mark.parametrize("value", ["2", "yes", "-1", "TRUE", "%20", "11", "null"])
def test_pretty_is_0_or_1(seed, value):
    assert seed.problem("/v1?pretty=" + value, 400, "invalid-parameter")["parameter"] == "pretty"


def test_too_many_values_are_an_error(seed):
    assert seed.json(at("/v1/quotes", form=["pull"] * 100))["page"]["total"] > 0
    problem = seed.problem(at("/v1/quotes", form=["pull"] * 101), 400, "too-many-values")
    assert problem["parameter"] == "form"


@pytest.mark.parametrize("query", ["limit=%", "limit=%4", "limit=%zz", "%zz=1", "speaker=a%00b", "speaker=%ff", "speaker=%c0%af",
                                   "speaker=%ed%a0%80", "%00", "utm_source=%zz", "form=pull%"])
def test_a_malformed_query_is_an_error(seed, query):
    reply = seed.send("GET", "/v1/quotes?" + query)
    if query.startswith("utm_"):
        assert reply.status in (200, 400)
    else:
        assert reply.status == 400
        assert any(code in reply.text for code in ('"code":"malformed-query"', '"code":"invalid-request"'))


def test_a_problem_as_text_names_the_parameter(seed):
    for query in ("limit=x", "lmit=1", "form=pul", "cursor=x", "about=nobody", "limit=1&limit=2"):
        reply = seed.send("GET", "/v1/quotes.txt?" + query)
        assert reply.status in (400, 404)
        name, value = query.split("&")[0].split("=")
        assert name in reply.text or f"'{value}'" in reply.text


def test_parameters_are_told_apart_from_paths(seed):
    for path in ("/v1/quotes&limit=1", "/v1/quotes;limit=1", "/v1/quotes%3Flimit=1"):
        seed.problem(path, 404, "not-found")
    assert seed.problem("/v1/quotes?limit=1?pretty=1", 400, "invalid-parameter")["parameter"] == "limit"
    assert seed.problem("/v1/quotes?limit=1;pretty=1", 400, "invalid-parameter")["parameter"] == "limit"
