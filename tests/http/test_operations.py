# SPDX-License-Identifier: MIT
"""What every operation of the OpenAPI document declares, brought about on every one of them."""
import json

import openapi
import process
import pytest
from client import Client, segment

OPERATIONS = openapi.operations()
BY_ID = [operation for operation in OPERATIONS if "404" in operation.responses and "{" in operation.path]
BY_NAME = [operation for operation in OPERATIONS if "300" in operation.responses]
CACHED = [operation for operation in OPERATIONS if "304" in operation.responses]
IN_PARTS = [operation for operation in OPERATIONS if "206" in operation.responses]
LISTS = [operation for operation in OPERATIONS if any(parameter["name"] == "cursor" for parameter in operation.parameters)]
BODY_MAX = 1 << 20
KINDS = {"characters": "character", "people": "person", "organisations": "organisation"}

each = pytest.mark.parametrize("operation", OPERATIONS, ids=openapi.named(OPERATIONS))
each_by_name = pytest.mark.parametrize("operation", BY_NAME, ids=openapi.named(BY_NAME))


def given(operation, query):
    return operation.example + ("&" if "?" in operation.example else "?") + query


def with_id(operation, value):
    """Its address with something else for {id}."""
    known = next(parameter["example"] for parameter in operation.parameters if parameter["in"] == "path")
    return operation.example.replace(known, segment(value), 1)


def twin_bundle(number):
    agents = [{"id": f"{kind}-{one}", "kind": kind, "name": f"Some {kind}", "aliases": [f"Alias {one} of a {kind}"]}
              for kind in KINDS.values() for one in (1, 2)]
    said = [(agent["id"], f"{agent['aliases'][0]} says word {word}.") for agent in agents for word in (1, 2)]
    quotes = [{"id": str(index), "speakers": [id_], "exact": words, "work": "work-1"} for index, (id_, words) in enumerate(said)]
    return {"id": f"review-{number}", "work": {"id": "work-1"}, "works": [{"id": "work-2"}], "agents": agents,
            "text": " ".join(words for _, words in said), "quotes": quotes}


@pytest.fixture(scope="module", name="twins")
def fixture_twins(tmp_path_factory):
    """A store in which there are two of everything, and every name is that of two of its kind."""
    folder = tmp_path_factory.mktemp("twins")
    lines = "".join(json.dumps(twin_bundle(number)) + "\n" for number in (1, 2))
    process.run("import", "--db", folder / "twins.db", "-", stdin=lines.encode("utf-8")).expect(0)
    with process.Server(folder, "--db", folder / "twins.db") as server:
        yield Client(server.port)


@each
def test_a_slash_too_many_leads_to_the_address(seed, operation):
    if operation.path == "/":
        return
    path, _, query = operation.example.partition("?")
    reply = seed.get(path + "/" + ("?" + query if query else ""), 308)
    assert reply.get("Location") == operation.example


@each
def test_an_unknown_parameter_is_a_bad_request(seed, operation):
    assert "zzz" in seed.get(given(operation, "zzz=1"), 400).text


@each
def test_what_the_client_does_not_take_is_not_acceptable(seed, operation):
    seed.get(operation.example, 406, accept_encoding="identity;q=0")


@each
def test_a_body_is_too_large_on_every_path(seed, operation):
    """Told before it is sent."""
    reply = seed.send("GET", operation.example, {"Content-Length": str(BODY_MAX + 1)})
    assert reply.status == 413 and "payload-too-large" in reply.text


@pytest.mark.parametrize("operation", CACHED, ids=openapi.named(CACHED))
def test_what_has_not_changed_is_not_sent(seed, operation):
    tag = seed.get(operation.example).get("ETag")
    seed.get(operation.example, 304, if_none_match=tag)


@pytest.mark.parametrize("operation", BY_ID, ids=openapi.named(BY_ID))
def test_what_is_not_there_is_not_found(seed, operation):
    seed.get(with_id(operation, "nothing-of-the-kind"), 404)


@each_by_name
def test_a_name_leads_to_the_one(twins, operation):
    collection = operation.path.split("/")[2]
    kind = KINDS[collection]
    reply = twins.get(with_id(operation, f"alias 2 of a {kind}"), 302)
    assert reply.get("Location").startswith(f"/v1/{collection}/{kind}-2")


@each_by_name
def test_a_name_of_two_lists_them(twins, operation):
    kind = KINDS[operation.path.split("/")[2]]
    found = json.loads(twins.get(with_id(operation, f"SOME {kind}"), 300).text)
    assert [agent["id"] for agent in found["data"]] == [f"{kind}-1", f"{kind}-2"]


@pytest.mark.parametrize("operation", LISTS, ids=openapi.named(LISTS))
def test_a_cursor_leads_to_the_next_page(twins, operation):
    collection = operation.path.split("/")[2]
    path = operation.path.replace("{id}", KINDS.get(collection, collection[:-1]) + "-1")
    rows = twins.walk(path + "?limit=1")
    assert len(rows) > 1 and rows == twins.data(path + "?limit=200")


@pytest.mark.parametrize("operation", IN_PARTS, ids=openapi.named(IN_PARTS))
def test_a_part_is_there_or_is_not(seed, operation):
    whole = seed.get(operation.example)
    seed.get(operation.example, 206, range="bytes=0-9")
    seed.get(operation.example, 206, range="bytes=0-9", if_range=whole.get("ETag"))
    seed.get(operation.example, 416, range="bytes=99999999-")
