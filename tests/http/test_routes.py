# SPDX-License-Identifier: MIT
"""The table of the routes here against the one of the product, and every status each route can give."""
import re

import pytest
import schemas
from client import segment
from routes import ASKED, BY_CHANCE, CSV, HTML, JSON, LINKSET, METRICS, NDJSON, ROUTES, TXT, WRITE_ROWS, ids

TABLE = (schemas.ROOT / "server" / "routes.c").read_text(encoding="utf-8")
PROBLEMS = (schemas.ROOT / "server" / "problem.c").read_text(encoding="utf-8")
FORMATS = {"FORMATS_BOTH": (JSON, TXT), "FORMATS_LIST": (JSON, TXT, CSV, NDJSON),
           "FORMAT_BIT_JSON": (JSON,), "FORMAT_BIT_TXT": (TXT,), "FORMAT_BIT_NDJSON": (NDJSON,),
           "FORMAT_BIT_HTML": (HTML,), "FORMAT_BIT_LINKSET": (LINKSET,), "FORMAT_BIT_METRICS": (METRICS,)}
NOT_ROOT = tuple(route for route in ROUTES if route.path != "/")
WITH_AGENTS = tuple(route for route in ROUTES if route.is_agent)

# Codes that no request brings about, and why.
NEVER_SEEN = {"internal": "needs a store that breaks while it is served",
              "query-timeout": "no question to these stores takes 250 ms", "unavailable": "needs a lack of memory"}
# Codes that only writes bring about, or what they leave: test_write*.py.
OF_WRITES = {"conflict", "gone", "invalid-body", "invalid-header", "key-reused", "malformed-json", "not-stored", "precondition-failed",
             "precondition-required", "too-many-failures", "unauthorized", "unsupported-media-type", "writing-off"}


def rows_of_the_product():
    rows = re.findall(r'\{ \.name = "(\w+)", \.path = "([^"]+)",(?: \.method = METHOD_(\w+),)?\n'
                      r'.*?\.formats = ([\w |]+?)(?=,| \}).*?\},\n', TABLE, re.S)
    return [(name, path, method or "GET", sum((FORMATS[part] for part in formats.split(" | ")), ()))
            for name, path, method, formats in rows]


def test_every_route_of_the_product_is_known_here():
    rows = rows_of_the_product()
    assert len(rows) == TABLE.count(".handler = ")
    known = [(route.name, route.template, "GET", route.formats) for route in (*ROUTES, *ASKED, BY_CHANCE)]
    assert sorted(rows) == sorted(known + list(WRITE_ROWS))


def cases(route):
    """What every route has to answer: (status, code of the problem or None, request)."""
    path, form = route.path, route.formats[0]
    flag = "pretty" if "pretty" in route.takes else "utm_x"
    yield 204, None, ("OPTIONS", path)
    yield 400, "unknown-parameter", ("GET", path + "?nonsense=1")
    yield 400, "malformed-query", ("GET", path + f"?{flag}=%zz" if flag == "pretty" else path + "?%zz")
    yield 405, "method-not-allowed", ("PATCH", path)
    if route.path != "/openapi.json":
        yield 406, "not-acceptable", ("GET", path, {"Accept": "image/png"})
    yield 413, "payload-too-large", ("GET", path, {"Content-Length": str(1 << 21)})
    yield 414, "uri-too-long", ("GET", path + "?utm_x=" + "x" * 8192)
    yield 501, "not-implemented", ("BREW", path)
    if flag == "pretty":
        yield 400, "invalid-parameter", ("GET", path + "?pretty=yes")
        yield 400, "repeated-parameter", ("GET", path + "?pretty=1&pretty=1")
    if route.path == "/":
        yield 302, None, ("GET", path)
        return
    yield 200, None, ("GET", path)
    yield 308, None, ("GET", path + "/")
    yield 400, "invalid-request", ("GET", f"{path}/%00.{form}")
    yield 404, "not-found", ("GET", path + "/x/y/z")
    yield 406, "not-acceptable", ("GET", path + ".xml")
    if route.is_cached:
        yield 304, None, ("GET", path, {"If-None-Match": "*"})
    if route.has_id:
        yield 404, "not-found", ("GET", route.wrong_path)
    if route.is_list:
        yield 400, "invalid-parameter", ("GET", path + "?limit=201")
        yield 400, "invalid-cursor", ("GET", path + "?cursor=x")
    if "work" in route.takes:
        yield 404, "not-found", ("GET", path + "?work=nothing")
    if "form" in route.takes:
        yield 400, "invalid-parameter", ("GET", path + "?form=x")
        yield 400, "too-many-values", ("GET", path + "?" + "&".join(["form=pull"] * 101))
        yield 404, "not-found", ("GET", path + "?about=nobody")
    if route.name == "review_text_get":
        yield 206, None, ("GET", path, {"Range": "bytes=0-0"})
        yield 416, "range-not-satisfiable", ("GET", path, {"Range": "bytes=99999999-"})


@pytest.mark.parametrize("route", (*ROUTES, BY_CHANCE), ids=ids((*ROUTES, BY_CHANCE)))
def test_every_status_of_every_route(seed, route):
    for status, code, request in cases(route):
        reply = seed.send(*request)
        assert reply.status == status, f"{request}: {reply.status} {reply.text}"
        if code and reply.get("Content-Type") == "application/problem+json":
            assert schemas.parse(reply.text)["code"] == code, request


@pytest.mark.parametrize("route", ASKED, ids=ids(ASKED))
def test_every_status_of_what_has_to_be_asked(seed, route):
    """The others have tests of their own."""
    seed.get(route.path + route.query, 200)
    seed.get(route.path + route.query, 304, if_none_match="*")
    assert seed.get(route.path + "/" + route.query, 308).get("Location") == route.path + route.query
    seed.problem(route.path, 400, "invalid-parameter")
    seed.problem(route.path + route.query + "&utm_x=" + "x" * 8192, 414, "uri-too-long")


@pytest.mark.parametrize("route", WITH_AGENTS, ids=ids(WITH_AGENTS))
def test_every_status_of_a_name_in_the_place_of_an_id(seed, books, route):
    """One of that name, and several."""
    kind = route.template.split("/")[2]
    name = {"characters": "Kerim Bey", "organisations": "Smersh", "people": "Fleming"}[kind]
    named = route.path.replace(route.id, segment(name))
    assert seed.get(named, 302).get("Location") == route.path
    assert len(books.json(route.path.replace(route.id, "Twin"), 300)["data"]) == 2


def test_every_problem_is_seen_or_known_to_be_out_of_reach(seed):
    declared = set(re.findall(r'^\t\{ "([a-z-]+)", \d+,', PROBLEMS, re.M))
    seen = {code for route in ROUTES for _, code, _ in cases(route) if code}
    assert len(declared) > 15 and seen | set(NEVER_SEEN) | OF_WRITES == declared
    assert not seen & (set(NEVER_SEEN) | OF_WRITES)
    for code in declared:
        assert seed.json(f"/problems/{code}")["code"] == code
