# SPDX-License-Identifier: MIT
"""The OpenAPI document: that it is sound, whole, and its examples real. openapi.py holds every answer against it."""
import json
import re
import shutil
import subprocess
import urllib.parse

import jsonschema
import openapi
import process
import pytest
import routes
import schemas

LINTER = "@redocly/cli@2.77.0"
OPERATIONS = openapi.operations()
# They give one out of all that fit, and have no example but what they are asked for by.
ONE_OF_MANY = ("quote_daily", "quote_random")
READS = [operation for operation in OPERATIONS if operation.method == "get"]


def examples():
    """Where the seed gives what is the example of a schema: the first operation of that shape, and two that are of none."""
    found = {"Problem": "/v1/quotes?charcter=bond", "Redirect": "/v1/characters/kerim%20bey"}
    reads = [operation for operation in READS if operation.id not in ONE_OF_MANY]
    for operation in reads:
        for media, content in openapi.resolve(operation.body["responses"].get("200", {})).get("content", {}).items():
            whole = content["schema"].get("anyOf", [content["schema"]])[0]
            if media.endswith("json") and "$ref" in whole:
                found.setdefault(whole["$ref"].rpartition("/")[2], operation.example)
    return found


EXAMPLES = examples()


def test_openapi_get_gives_what_the_command_writes(seed):
    document = seed.json("/openapi.json")
    assert document == openapi.document()
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == seed.json("/v1")["version"]
    assert document["servers"] == [{"url": "/"}]
    assert list(document) == list(json.loads(seed.get("/openapi.json?pretty=1").text))


def test_openapi_get_is_the_same_for_every_store(seed, books):
    assert seed.get("/openapi.json").body == books.get("/openapi.json").body
    assert seed.get("/openapi.json").get("ETag") == books.get("/openapi.json").get("ETag")


def test_openapi_get_has_only_json(seed):
    assert seed.get("/openapi", 404)
    assert seed.get("/openapi.txt", 404)
    assert seed.get("/openapi.json", accept="text/html").get("Content-Type") == "application/json"


def test_the_command_takes_nothing_and_writes_lines_for_people():
    assert process.run("openapi").expect(0).text.startswith('{\n  "openapi": "3.1.0",\n')
    process.assert_one_line(process.run("openapi", "x").expect(64))
    process.assert_one_line(process.run("openapi", "--db", "x").expect(64))
    assert "OpenAPI" in process.run("openapi", "--help").expect(0).text


def test_the_command_tells_when_it_cannot_write():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([process.binary(), "openapi"], stdout=full, stderr=subprocess.PIPE, check=False, env=process.environment())
    assert done.returncode == 74 and done.stderr.startswith(b"reviewd: cannot write: ")


def test_every_route_is_an_operation():
    """The test's own list of routes and the document say the same."""
    known = {(openapi.find(route.path), "get") for route in (*routes.ROUTES, *routes.ASKED, routes.BY_CHANCE)}
    known |= {(path, method.lower()) for _, path, method, _ in routes.WRITE_ROWS}
    assert known == {(operation.path, operation.method) for operation in OPERATIONS}


def test_every_operation_has_a_name_of_its_own():
    names = [operation.id for operation in OPERATIONS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in names)


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_reference_leads_somewhere_and_everything_is_referred_to():
    found = set(references(openapi.document()))
    for operation in OPERATIONS:
        for way in operation.body.get("security", ()):
            found |= {f"#/components/securitySchemes/{name}" for name in way}
    for reference in found:
        assert openapi.resolve({"$ref": reference}) is not None
    for kind, parts in openapi.document()["components"].items():
        for name in parts:
            assert f"#/components/{kind}/{name}" in found, f"nothing refers to the {kind} {name}"


def test_every_schema_is_a_valid_schema():
    for schema in openapi.document()["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert "$id" not in schema and "$schema" not in schema


def test_the_schemas_are_those_of_the_source():
    """Each as it stands there; and what `fields` leaves of some, made of those."""
    named = set(openapi.document()["components"]["schemas"])
    trimmed = {name for name in named if name.startswith("Trimmed")}
    assert len(named - trimmed) == len(schemas.names())
    assert {name.removeprefix("Trimmed") for name in trimmed} < named - trimmed


@pytest.mark.parametrize("operation", OPERATIONS, ids=openapi.named(OPERATIONS))
def test_an_operation_says_what_it_is(operation):
    assert operation.body["summary"][0].isupper() and not operation.body["summary"].endswith(".")
    assert operation.body["tags"][0] in {tag["name"] for tag in openapi.document()["tags"]}
    for parameter in operation.parameters:
        assert parameter["description"] and "schema" in parameter
        # Of the reviewer of the seed nobody knows the name.
        assert "example" in parameter or parameter["name"] in ("cursor", "reviewer")
    for response in operation.responses.values():
        assert response["description"]
    assert ("requestBody" in operation.body) == (operation.method in ("post", "put"))
    assert operation.body.get("security", []) == ([] if operation.method == "get" or operation.id == "verify_post" else [{"token": []}])


@pytest.mark.parametrize("operation", READS, ids=openapi.named(READS))
def test_the_example_of_an_operation_is_real(seed, operation):
    expected = 302 if operation.path == "/" else 200
    seed.get(operation.example, expected)
    for media in operation.media_types():
        assert seed.get(operation.example, accept=media).get("Content-Type").split(";")[0] == media


@pytest.mark.parametrize("operation", READS, ids=openapi.named(READS))
def test_the_example_of_a_parameter_is_real(seed, operation):
    for parameter in operation.parameters:
        # One that is needed is part of the example already.
        if parameter["in"] != "query" or "example" not in parameter or parameter.get("required"):
            continue
        value = parameter["example"]
        openapi.check_schema(parameter["schema"], value, parameter["name"])
        text = json.dumps(value) if isinstance(value, (bool, int)) else value
        query = urllib.parse.urlencode({parameter["name"]: text}, doseq=True)
        if parameter["name"] == "seed" and any(other["name"] == "sort" for other in operation.parameters):
            query += "&sort=random"
        separator = "&" if "?" in operation.example else "?"
        # Nothing fits some of them, which is an empty list, but no quote.
        assert seed.send("GET", operation.example + separator + query).status in ((200, 404) if operation.id in ONE_OF_MANY else (200, 302))


def test_what_fields_leaves_is_said_of_every_operation_that_takes_it():
    """A generated client then knows that members may be missing, and only where they may."""
    for operation in openapi.operations():
        takes = any(parameter["name"] == "fields" for parameter in operation.parameters)
        for status in ("200", "300"):
            for media in operation.media_types(status):
                schema = operation.responses[status]["content"][media]["schema"]
                names = [way["$ref"].rpartition("/")[2] for way in schema.get("anyOf", []) if "$ref" in way]
                trims = takes and media == "application/json"
                assert [name.removeprefix("Trimmed") for name in names] == [names[0]] * 2 if trims else "Trimmed" not in str(names)


@pytest.mark.parametrize("operation", OPERATIONS, ids=openapi.named(OPERATIONS))
def test_what_may_be_sent_has_bounds(operation):
    for parameter in operation.parameters:
        schema = parameter["schema"].get("items", parameter["schema"])
        bounded = {"string": {"enum", "maxLength", "format"}, "integer": {"maximum"}, "boolean": {"type"}}[schema["type"]]
        assert bounded & set(schema), parameter["name"]
        assert parameter["description"]


@pytest.mark.parametrize("name", sorted(openapi.document()["components"]["schemas"]))
def test_the_example_of_a_schema_is_what_the_seed_answers(seed, name):
    schema = openapi.document()["components"]["schemas"][name]
    # What is sent is tried in test_write_operations.py.
    assert ("examples" in schema) == (name in EXAMPLES or name in openapi.sent())
    if name not in EXAMPLES:
        return
    reply = seed.send("GET", EXAMPLES[name])
    assert reply.status in (200, 302, 400)
    answered = json.loads(reply.text)
    for example in schema["examples"]:
        openapi.check_schema(schema, example, name)
        assert lasting(example) == lasting(answered)


def lasting(value):
    """Without what is another one each time."""
    if isinstance(value, dict):
        return {key: lasting(inner) for key, inner in value.items() if key not in ("at", "updated_at", "request_id")}
    return [lasting(inner) for inner in value] if isinstance(value, list) else value


def test_a_default_is_what_holds_without_it(seed):
    for parameter in openapi.document()["components"]["parameters"].values():
        if "default" not in parameter["schema"] or parameter["name"] == "pretty":
            continue
        for operation in READS:
            if parameter in operation.parameters and operation.id != "quote_random":
                separator = "&" if "?" in operation.example else "?"
                given = seed.json(f"{operation.example}{separator}{parameter['name']}={parameter['schema']['default']}")
                without = seed.json(operation.example)
                assert given.get("data", given) == without.get("data", without)


def test_bounds_are_those_of_the_server(seed):
    limit = openapi.document()["components"]["parameters"]["limit"]["schema"]
    seed.get(f"/v1/quotes?limit={limit['maximum']}")
    seed.get(f"/v1/quotes?limit={limit['minimum']}")
    seed.problem(f"/v1/quotes?limit={limit['maximum'] + 1}", 400, "invalid-parameter")
    for operation in READS:
        for parameter in operation.parameters:
            for value in parameter["schema"].get("items", parameter["schema"]).get("enum", ()) if parameter["in"] == "query" else ():
                separator = "&" if "?" in operation.example else "?"
                assert seed.send("GET", f"{operation.example}{separator}{parameter['name']}={value}").status != 400


def test_every_kind_of_problem_is_told():
    """The codes that the answers of the document name are those of the schema of a problem."""
    told = set()
    for status, answer in openapi.document()["components"]["responses"].items():
        told |= set(re.findall(r"^- `([a-z-]+)`: ", answer["description"], re.M))
    codes = set(schemas.documents()["problem.json"]["properties"]["code"]["enum"])
    assert codes - told <= {"method-not-allowed", "not-implemented"} and told <= codes


def test_a_linter_finds_nothing(tmp_path):
    """Redocly's strict rules, but two: / has no 200, for it only leads on; and its reader of examples takes what stands
    behind `if` and `then` for the whole of a schema. The examples are held against the schemas above."""
    npx = shutil.which("npx")
    if not npx:
        pytest.skip("there is no npx to run the linter with")
    file = tmp_path / "openapi.json"
    file.write_text(process.run("openapi").expect(0).text, encoding="utf-8")
    command = [npx, "--yes", LINTER]
    environment = {**process.environment(), "REDOCLY_TELEMETRY": "off", "NO_COLOR": "1"}
    there = subprocess.run([*command, "--version"], capture_output=True, timeout=300, check=False, env=environment, text=True)
    if there.returncode != 0:
        pytest.skip(f"npx could not get {LINTER}: {there.stderr.strip().splitlines()[-1:]}")
    passed_over = ("--skip-rule", "operation-2xx-response", "--skip-rule", "no-invalid-schema-examples")
    done = subprocess.run([*command, "lint", "--extends", "recommended-strict", *passed_over, str(file)],
                          capture_output=True, timeout=120, check=False, env=environment, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
