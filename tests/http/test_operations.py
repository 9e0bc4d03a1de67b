# SPDX-License-Identifier: MIT
"""What every operation of the OpenAPI document that reads declares and test_routes.py does not bring about."""
import json

import openapi
import process
import pytest
from client import Client

OPERATIONS = openapi.reading()
LISTS = [operation for operation in OPERATIONS if any(parameter["name"] == "cursor" for parameter in operation.parameters)]
CACHED = [operation for operation in OPERATIONS if "304" in operation.responses]
BODY_MAX = 1 << 20
KINDS = {"characters": "character", "people": "person", "organisations": "organisation"}

each = pytest.mark.parametrize("operation", OPERATIONS, ids=openapi.named(OPERATIONS))


def twin_bundle(number):
    agents = [{"id": f"{kind}-{one}", "kind": kind, "name": f"Some {kind}", "aliases": [f"Alias {one} of a {kind}"]}
              for kind in KINDS.values() for one in (1, 2)]
    said = [(agent["id"], f"{agent['aliases'][0]} says word {word}.") for agent in agents for word in (1, 2)]
    quotes = [{"id": str(index), "speakers": [id_], "exact": words, "work": "work-1"} for index, (id_, words) in enumerate(said)]
    return {"id": f"review-{number}", "work": {"id": "work-1"}, "works": [{"id": "work-2"}], "agents": agents,
            "text": " ".join(words for _, words in said), "quotes": quotes}


@pytest.fixture(scope="module", name="twins")
def fixture_twins(tmp_path_factory):
    """A store in which there are two of everything."""
    folder = tmp_path_factory.mktemp("twins")
    lines = "".join(json.dumps(twin_bundle(number)) + "\n" for number in (1, 2))
    process.run("import", "--db", folder / "twins.db", "-", stdin=lines.encode("utf-8")).expect(0)
    with process.Server(folder, "--db", folder / "twins.db") as server:
        yield Client(server.port)


@each
def test_what_the_client_does_not_take_is_not_acceptable(seed, operation):
    seed.get(operation.example, 406, accept_encoding="identity;q=0")


@each
def test_a_body_is_too_large_on_every_path(seed, operation):
    """Told before it is sent."""
    reply = seed.send("GET", operation.example, {"Content-Length": str(BODY_MAX + 1)})
    assert reply.status == 413 and "payload-too-large" in reply.text


@pytest.mark.parametrize("operation", CACHED, ids=openapi.named(CACHED))
def test_what_the_client_has_is_not_sent(seed, operation):
    seed.get(operation.example, 304, if_none_match=seed.get(operation.example).get("ETag"))


@pytest.mark.parametrize("operation", LISTS, ids=openapi.named(LISTS))
def test_a_cursor_leads_to_the_next_page(twins, operation):
    collection = operation.path.split("/")[2]
    path = operation.path.replace("{id}", KINDS.get(collection, collection[:-1]) + "-1")
    rows = twins.walk(path + "?limit=1")
    assert len(rows) > 1 and rows == twins.data(path + "?limit=200")
