# SPDX-License-Identifier: MIT
import json

import jsonschema
import library
import model
import pytest
import schemas


@pytest.mark.parametrize("name", schemas.names())
def test_every_schema_is_a_valid_schema(name):
    schema = schemas.documents()[name + ".json"]
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == name + ".json"
    assert schema["title"] and schema["description"]


def objects(value):
    if isinstance(value, dict):
        if "properties" in value and "then" not in value and value.get("type") is not None:
            yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


@pytest.mark.parametrize("name", schemas.names())
def test_every_object_is_closed_and_requires_keys_it_knows(name):
    for schema in objects(schemas.documents()[name + ".json"]):
        assert schema["additionalProperties"] is False
        # Of what is sent, and of what counts are there for those that are asked for, all may be left out.
        required = schema.get("required", [])
        assert (required or name.startswith("given_") or schema.get("minProperties")) and set(required) <= set(schema["properties"])


def references(value):
    if isinstance(value, dict):
        if "$ref" in value:
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


@pytest.mark.parametrize("name", schemas.names())
def test_every_reference_leads_to_a_schema(name):
    schema = schemas.documents()[name + ".json"]
    for reference in references(schema):
        file, _, pointer = reference.partition("#/$defs/")
        assert pointer in schema["$defs"] if pointer else file in schemas.documents()


def test_the_seed_is_a_bundle():
    schemas.assert_valid("bundle", json.loads(schemas.SEED_FILE.read_text(encoding="utf-8")))


def test_a_good_quote_is_a_quote_and_a_bad_one_is_none():
    made = model.of_library()
    quote = made.quote(made.bundles[0], made.bundles[0]["quotes"][1])
    schemas.assert_valid("quote", quote)
    for wrong in ({"extra": 1}, {"form": "pul"}, {"speakers": None}, {"spans": []}, {"text_sha256": "A" * 64},
                  {"work": {"id": "a"}}, {"speakers": [{"id": "a", "kind": "work", "name": "A"}]}):
        assert not schemas.validator("quote").is_valid({**quote, **wrong})
    for key in quote:
        assert not schemas.validator("quote").is_valid({name: value for name, value in quote.items() if name != key})


def test_a_problem_has_a_code_of_its_status():
    problem = {"type": "/problems/not-found", "title": "t", "status": 404, "detail": "d", "code": "not-found",
               "request_id": "r"}
    schemas.assert_valid("problem", problem)
    assert not schemas.validator("problem").is_valid({**problem, "status": 400})


@pytest.mark.parametrize("kind", ["agent", "work", "review", "quote", "mention"])
def test_a_list_takes_only_its_own_items(kind):
    made, page = model.of_library(), {"limit": 20, "total": 1, "next": None}
    one = library.ONE["id"]
    items = {"agent": made.agent(one), "work": made.work("work-alpha"), "quote": made.quotes()[0],
             "review": {**made.review("review-plain"), "updated_at": "2001-02-03T04:05:06Z"}, "mention": made.mentions()[0]}
    for other, item in items.items():
        value = {"data": [item], "page": page, "revision": 1}
        assert schemas.validator(kind + "_list").is_valid(value) == (kind == other)
