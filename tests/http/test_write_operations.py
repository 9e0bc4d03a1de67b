# SPDX-License-Identifier: MIT
"""Every status that the OpenAPI document declares for what writes, and that its examples of bodies are taken."""
import json

import openapi
import process
import pytest
import writing
from writing import JSON_TYPE, LINES_TYPE

WRITES = [operation for operation in openapi.operations() if "security" in operation.body]
CONDITIONAL = [operation for operation in WRITES if "428" in operation.responses]
WITH_BODY = [operation for operation in WRITES if "415" in operation.responses]
DOCUMENTS = [operation for operation in WITH_BODY if "422" in operation.responses]
# What a review of its own is deleted with; people and works are there for ever.
WITH_REVIEW = [operation for operation in openapi.operations() if "410" in operation.responses
               and operation.path.startswith(("/v1/reviews", "/v1/quotes"))]
MIB = 1 << 20

each = pytest.mark.parametrize("operation", WRITES, ids=openapi.named(WRITES))


def rows(found):
    return pytest.mark.parametrize("operation", found, ids=openapi.named(found))


def path_of(operation, id_):
    return operation.path.replace("{id}", id_)


def body_of(operation, id_):
    """The example of what is sent, with an id of the test's own; None where nothing is."""
    content = operation.body.get("requestBody", {}).get("content")
    if not content:
        return None
    example = openapi.resolve(next(iter(content.values()))["schema"])["examples"][0]
    body = json.dumps({**example, "id": id_}).encode("utf-8")
    return body + b"\n" if LINES_TYPE in content else body


def kind_of(operation):
    return next(iter(operation.body.get("requestBody", {}).get("content", {JSON_TYPE: 0})))


def condition(operation, name="if_none_match", value="*"):
    return {name: value} if operation in CONDITIONAL else {}


def send(author, operation, id_, status, **headers):
    headers.setdefault("content_type", kind_of(operation))
    body = headers.pop("body", body_of(operation, id_))
    return author.write(operation.method.upper(), path_of(operation, id_) + headers.pop("query", ""), body, status, **headers)


@rows(WITH_BODY)
def test_the_example_of_a_body_is_taken(author, own_id, operation):
    content = operation.body["requestBody"]["content"]
    for number, kind in enumerate(content):
        schema = content[kind]["schema"]
        for example in openapi.resolve(schema)["examples"]:
            openapi.check_schema(schema, example, operation.id)
        reply = send(author, operation, f"{own_id}-{number}", None, content_type=kind, **condition(operation))
        assert reply.status in (200, 201)
        assert b'"outcome":"refused"' not in reply.body


@rows(CONDITIONAL)
def test_what_is_there_is_replaced_or_not(author, own_id, operation):
    send(author, operation, own_id, 428)
    send(author, operation, own_id, 404 if operation.method == "delete" else 412, if_match="*")
    if operation.method == "delete":
        send(author, operation, own_id, 404, if_none_match="*")
        author.create(writing.bundle(own_id))
    else:
        send(author, operation, own_id, 201, if_none_match="*")
        send(author, operation, own_id, 200, if_match="*", query="?pretty=1")
    send(author, operation, own_id, 412, if_match='"1-0123456789abcdef"')
    send(author, operation, own_id, 412, if_none_match="*")
    send(author, operation, own_id, 400, if_none_match='"1"')


def test_what_is_posted_is_there_only_once(author, own_id):
    operation = next(operation for operation in WRITES if "409" in operation.responses)
    first = send(author, operation, own_id, 201, idempotency_key=f'"{own_id}"', query="?pretty=1")
    assert send(author, operation, own_id, 201, idempotency_key=f'"{own_id}"', query="?pretty=1").body == first.body
    assert send(author, operation, own_id, 409).get("Location") == f"/v1/reviews/{own_id}"


@rows(WITH_REVIEW)
def test_what_was_deleted_is_gone(author, own_id, operation):
    bundle = writing.bundle(own_id, quotes=[{"exact": "words"}])
    author.create(bundle)
    author.delete(author.path(bundle), if_match="*")
    if operation.method == "get":
        author.get(path_of(operation, own_id + "~1" if "quotes/{id}" in operation.path else own_id), 410)
    elif operation.path == "/v1/reviews":
        send(author, operation, own_id, 410)
    else:
        send(author, operation, own_id, 410, if_match="*")


@each
def test_what_a_write_is_not_given_or_given_wrong(author, own_id, operation):
    send(author, operation, own_id, 401, token=None, **condition(operation))
    send(author, operation, own_id, 400, query="?nonsense=1", **condition(operation))
    send(author, operation, own_id, 406, accept="image/png", **condition(operation))
    send(author, operation, own_id, 406, accept_encoding="identity;q=0", **condition(operation))
    send(author, operation, own_id, 414, query="?utm_x=" + "x" * 8192, **condition(operation))


@rows(WITH_BODY)
def test_a_body_is_of_the_right_type(author, own_id, operation):
    assert send(author, operation, own_id, 415, content_type="text/html", **condition(operation)).get("Accept")


@rows(DOCUMENTS)
def test_a_body_is_the_right_document(author, own_id, operation):
    send(author, operation, own_id, 400, body=b"{", **condition(operation))
    send(author, operation, own_id, 422, body=b'{"nonsense":1}', **condition(operation))


@each
def test_a_body_has_a_length(author, own_id, operation):
    """Of what takes documents, of lines that try, and of what takes none."""
    if LINES_TYPE in kind_of(operation):
        body = b"\n".join([body_of(operation, own_id)] * (9 * MIB // 500))
        reply = send(author, operation, own_id, 413, body=body + b" " * (9 * MIB - len(body)), query="?dry_run=1")
    else:
        reply = author.send(operation.method.upper(), path_of(operation, own_id), {
            "Authorization": f"Bearer {author.token}", "If-None-Match": "*", "Content-Length": str(9 * MIB)})
    assert reply.status == 413


@each
def test_without_a_token_nobody_writes(seed, own_id, operation):
    send(writing.Author(seed.port, "x"), operation, own_id, 403, **condition(operation))


@pytest.fixture(scope="module", name="guessed")
def fixture_guessed(tmp_path_factory):
    """A server to which this address has sent too many wrong tokens."""
    store = tmp_path_factory.mktemp("guessed") / "reviews.db"
    writing.add_token(store)
    with process.Server(store.parent, "--db", store) as server:
        guesser = writing.Author(server.port, "wrong")
        while guesser.post("/v1/reviews", writing.bundle("x")).status != 429:
            pass
        yield guesser


@each
def test_who_guesses_has_to_wait(guessed, own_id, operation):
    send(guessed, operation, own_id, 429, **condition(operation))
