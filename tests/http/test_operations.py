# SPDX-License-Identifier: MIT
"""What every operation of the OpenAPI document declares and test_routes.py does not bring about."""

import openapi
import process
import pytest
from client import Client, at

OPERATIONS = [operation for operation in openapi.operations() if operation.method == "get"]
LISTS = [operation for operation in OPERATIONS if any(parameter["name"] == "cursor" for parameter in operation.parameters)]
CACHED = [operation for operation in OPERATIONS if "304" in operation.responses]
BODY_MAX = 1 << 20
KINDS = {"characters": "character", "people": "person", "organisations": "organisation"}

each = pytest.mark.parametrize("operation", OPERATIONS, ids=openapi.named(OPERATIONS))


def twin_bundle(number):
    agents = [{"id": f"{kind}-{one}", "kind": kind, "name": f"Some {kind}", "aliases": [f"Alias {one} of a {kind}"]}
              for kind in KINDS.values() for one in (1, 2)]
    said = [(agent["id"], f"{agent['aliases'][0]} says word {word}.") for agent in agents for word in (1, 2)]
    quotes = [{"id": str(index), "speakers": [id_], "addressees": ["organisation-1"], "about": ["person-1"], "exact": words,
               "work": "work-1"} for index, (id_, words) in enumerate(said)]
    work = {"id": "work-1", "language": "en", "published": "1957", "contributors": [{"role": "author", "id": "person-1"}]}
    return {"id": f"review-{number}", "language": "en", "reviewer": "Some reviewer", "published": "1957", "work": work,
            "works": [{"id": "work-2"}], "agents": agents, "text": " ".join(words for _, words in said), "quotes": quotes}


@pytest.fixture(scope="module", name="twins")
def fixture_twins(tmp_path_factory):
    """A store in which there are two of everything."""
    folder = tmp_path_factory.mktemp("twins")
    process.put(folder / "twins.db", *(twin_bundle(number) for number in (1, 2)))
    with process.Server(folder, "--db", folder / "twins.db") as server:
        yield Client(server.port)


# Something that is there, among the twins, on every path.
FILTERS = {"about": "person-1", "addressee": "organisation-1", "attribution": "stated", "character": "character-1", "form": "direct",
           "language": "en", "max_length": 1000, "min_length": 1, "person": "person-1", "published_from": "1957", "published_to": "1957",
           "q": "says", "review": "review-1", "reviewer": "some REVIEWER", "speaker": "character-1", "spoiler": "0",
           "updated_since": "2000-01-01", "work": "work-1"}


@each
def test_what_fits_a_filter_is_found_on_every_path(twins, operation):
    collection = operation.path.split("/")[2] if operation.path.count("/") > 1 else ""
    path = operation.path.replace("{id}", KINDS.get(collection, collection[:-1]) + "-1")
    if collection in ("search", "suggest", "verify"):
        return
    for name in {parameter["name"] for parameter in operation.parameters} & FILTERS.keys():
        value = twins.json(at(path, **{name: FILTERS[name]}))
        # Texts do not name the works.
        assert value.get("page", {"total": 1})["total"] > 0 or (operation.id, name) == ("mention_list_by_review", "work"), name


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
    # What is random is the same again only with a seed.
    target = operation.example + ("?seed=1" if operation.id == "quote_random" else "")
    seed.get(target, 304, if_none_match=seed.get(target).get("ETag"))


@pytest.mark.parametrize("operation", LISTS, ids=openapi.named(LISTS))
def test_a_cursor_leads_to_the_next_page(twins, operation):
    collection = operation.path.split("/")[2]
    path = operation.path.replace("{id}", KINDS.get(collection, collection[:-1]) + "-1")
    query = {"search": "q=says&", "suggest": "q=some&"}.get(collection, "")
    rows = twins.walk(f"{path}?{query}limit=1")
    assert len(rows) > 1 and rows == twins.data(f"{path}?{query}limit=200")
