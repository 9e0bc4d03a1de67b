# SPDX-License-Identifier: MIT
import re

import pytest
import schemas
from client import at

CODES = {"invalid-request": 400, "malformed-query": 400, "unknown-parameter": 400, "repeated-parameter": 400,
         "invalid-parameter": 400, "too-many-values": 400, "invalid-cursor": 400, "not-found": 404,
         "method-not-allowed": 405, "not-acceptable": 406, "gone": 410, "payload-too-large": 413, "uri-too-long": 414,
         "range-not-satisfiable": 416, "internal": 500, "not-implemented": 501, "unavailable": 503, "query-timeout": 503}


def test_root_get_leads_to_the_store(seed):
    reply = seed.get("/", 302)
    assert reply.get("Location") == "/v1"


def test_livez_says_ok(seed):
    assert seed.json("/livez") == {"status": "ok"}
    assert seed.txt("/livez.txt") == "ok\n"


def test_store_get_tells_name_version_and_counts(store):
    answer = store.client.json("/v1")
    build = (schemas.ROOT / "meson.build").read_text(encoding="utf-8")
    assert answer["version"] == re.search(r"version: '([^']+)'", build)[1]
    assert answer["counts"] == store.model.counts()


def test_store_get_has_links_that_can_be_followed(store):
    answer = store.client.json("/v1")
    lists = {noun: path for noun, path in answer["links"].items() if "{" not in path}
    assert lists
    assert store.client.get(lists.pop("export")).text.count("\n") == answer["counts"]["reviews"]
    for noun, path in lists.items():
        listed = store.client.json(path)
        assert listed["page"]["total"] == answer["counts"][noun]
        assert listed["revision"] == answer["revision"]


def test_store_get_has_templates_of_links_that_can_be_filled_in(seed):
    templates = {name: path for name, path in seed.json("/v1")["links"].items() if "{" in path}
    assert set(templates) == {"changes", "facets", "search", "suggest", "verify"}
    values = {"by": "form", "since": 0, "wait": 0, "q": "kerim", "text": "Maar ik leef te gulzig", "speaker": "darko-kerim-bey"}
    for name, template in templates.items():
        path, names = re.fullmatch(r"(.+)\{\?([a-z,]+)\*?\}", template).groups()
        answer = seed.json(at(path, **{key: values[key] for key in names.split(",")}))
        assert answer["verdict"] == "exact" if name == "verify" else answer["facets"] if name == "facets" else answer["data"]


@pytest.mark.parametrize("code", CODES)
def test_problem_get_explains_every_code(seed, code):
    answer = seed.json(f"/problems/{code}")
    assert (answer["code"], answer["status"]) == (code, CODES[code])
    text = seed.txt(f"/problems/{code}.txt")
    assert answer["title"] in text and str(answer["status"]) in text


def test_problem_get_has_the_title_that_the_problem_has(seed):
    for target in ("/v1/reviews/nope", "/v1?x=1", "/v1/quotes?form=x", "/v1/quotes?cursor=x", "/v1.csv"):
        problem = schemas.parse(seed.send("GET", target).text)
        explained = seed.json(problem["type"])
        assert {key: problem[key] for key in ("code", "title", "status")} == {
            key: explained[key] for key in ("code", "title", "status")}


def test_problem_get_of_an_unknown_code_is_not_found(seed):
    for code in ("not-fond", "not-found-", "404", "NOT-FOUND"):
        seed.problem(f"/problems/{code}", 404, "not-found")


@pytest.mark.parametrize("path", [
    "/v2", "/V1", "/v1/reviewz", "/v1/quotes/a~1/b", "/v1/characters/james-bond/works", "/v1/reviews/x/y/z",
    "/v1//reviews", "//v1", "/v1/../v1", "/v1/.", "/robots.txt", "/favicon.ico", "/problems", "/livez/x",
    "/v1/a/b/c/d/e/f/g/h/i/j", "/%76%32", "/v1%2Freviews", "/v1/agents", "/.json", "/v1/.txt", "/v1/reviews/.json"])
def test_an_unknown_path_is_not_found(seed, path):
    assert "not-found" in seed.get(path, 404).text or path.endswith(".txt")


def test_a_path_may_be_percent_encoded(seed):
    assert seed.json("/%761/%72eviews") == seed.json("/v1/reviews")


@pytest.mark.parametrize("path", ["/v1", "/v1/reviews", "/v1/quotes", "/v1/characters/james-bond",
                                  "/v1/characters/james-bond/quotes", "/v1/works/from-russia-with-love", "/livez"])
def test_a_slash_at_the_end_leads_to_the_path_without(seed, path):
    assert seed.get(path + "/", 308).get("Location") == path
    assert seed.get(path + "/?pretty=1", 308).get("Location") == path + "?pretty=1"
