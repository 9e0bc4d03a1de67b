# SPDX-License-Identifier: MIT
"""Random questions over every path that is read, made from the OpenAPI document: whatever is asked, the server answers."""
import gzip
import http.client
import json
import os
import random
import urllib.parse

import openapi
import process
from client import ATTEMPTS, OUT_OF_TIME

# TEST_LONG=1 asks that many.
QUESTIONS = 100_000 if os.environ.get("TEST_LONG") == "1" else 4_000
READS = [operation for operation in openapi.operations() if operation.method == "get" or operation.id == "verify_post"]
# What answers later on purpose.
PATIENT = ("wait",)
ODD = ["", " ", "*", "-", "\"", "\"a b", "a*", "agen*", "-agent", "--", "agent -one", "\"said the first\"", "NOT", "a AND b", "text_nl:a", "{a}:b", "^a",
       "NEAR(a b)", "a OR", "(", "')--", "%", "_", "\\", "🦊", "𝒷ulk", "ﬁ", "İ", "ß", "Ĳ", "\u200b", "\u0301", "e\u0301", "\ufeff", "ａｇｅｎｔ", "漢字", "ไทย", "ʼ", "'", "’",
       "\r\n", "\t", "a" * 100, "a " * 100, "é" * 500, "1e9", "-1", "0", "9" * 30, "1956-21", "nl", "nl-BE", "xx", "utterance", "sentence number", "agent one",
       "Agent One", "agent-one", "person-three", "organisation-four", "work-alpha", "review-omega", "review-omega~1", "~", "a~b~c", "../..", "true", "text"]
BYTES = "".join(chr(code) for code in range(32, 127)) + "éøßĳ漢ก🦊\u0301\u200d"


class Asker:
    """Questions on one connection that is kept, and made anew when the server ends it."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=process.DEADLINE)

    def ask(self, method, target, body, headers):
        self.connection.request(method, target, body, headers)
        reply = self.connection.getresponse()
        data = reply.read()
        if data and reply.getheader("Content-Encoding"):
            data = gzip.decompress(data)
        return reply.status, reply.getheader("Content-Type") or "", data


def word(chance):
    kind = chance.random()
    if kind < 0.6:
        return chance.choice(ODD)
    if kind < 0.8:
        return "".join(chance.choice(BYTES) for _ in range(chance.randrange(1, 30)))
    return chance.choice(ODD) + chance.choice((" ", "*", "\" ", "-")) + chance.choice(ODD)


def value(chance, schema):
    """Most times one that the document allows."""
    schema = schema.get("items", schema)
    if chance.random() < 0.1:
        return word(chance)
    if "enum" in schema:
        return chance.choice(schema["enum"])
    if schema.get("type") == "boolean":
        return chance.choice(("0", "1", "true", "false", ""))
    if schema.get("type") == "integer":
        return str(chance.choice((schema.get("minimum", 0), schema.get("maximum", 1000), chance.randrange(1000))))
    return word(chance)


def parameters(chance, operation):
    found = []
    for parameter in operation.parameters:
        likely = 0.95 if parameter.get("required") else 0.2
        if parameter["in"] != "query" or parameter["name"] in PATIENT or chance.random() > likely:
            continue
        for _ in range(1 if parameter["schema"].get("type") != "array" else chance.choice((1, 1, 1, 2, 3))):
            found.append((parameter["name"], value(chance, parameter["schema"])))
    if chance.random() < 0.02:
        found.append((word(chance) or "x", word(chance)))
    chance.shuffle(found)
    return found


def path(chance, operation):
    found = operation.path
    for parameter in operation.parameters:
        if parameter["in"] == "path":
            id_ = parameter["example"] if chance.random() < 0.3 else word(chance) or "x"
            found = found.replace("{%s}" % parameter["name"], urllib.parse.quote(id_, safe="~"))
    return found + chance.choice(("", "", "", "", ".json", ".txt", ".csv", ".ndjson", ".xml"))


def headers(chance):
    found = {}
    for name, values in (("Accept", ("*/*", "text/plain", "text/csv", "application/json;q=0.1, text/plain", "x", "image/png, */*;q=0.001")),
                         ("Accept-Encoding", ("gzip", "identity", "gzip;q=0", "*", "br")), ("If-None-Match", ("*", '"x"', "x", 'W/"1"')),
                         ("Range", ("bytes=0-9", "bytes=-5", "bytes=9-", "bytes=5-1", "lines=1-2", "bytes=0-1,3-4"))):
        if chance.random() < 0.1:
            found[name] = chance.choice(values)
    return found


def question(chance):
    """(method, target, body, headers)"""
    operation = chance.choice(READS)
    query = urllib.parse.urlencode(parameters(chance, operation))
    target = path(chance, operation) + ("?" + query if query else "")
    asked = headers(chance)
    if operation.method != "post":
        return "HEAD" if chance.random() < 0.05 else "GET", target, None, asked
    body = {"text": word(chance), "speaker": chance.choice((None, word(chance), [word(chance), word(chance)]))}
    plain = chance.random() < 0.3
    data = word(chance).encode() if plain else json.dumps(body).encode()
    return "POST", target, data, {**asked, "Content-Type": "text/plain" if plain else "application/json"}


def test_no_question_is_a_fault_of_the_server(store):
    chance = random.Random(77)
    askers = [Asker(store.client.port) for _ in range(4)]
    seen, stalled = {}, 0
    for number in range(QUESTIONS):
        asked = question(chance)
        asker = chance.choice(askers)
        status, kind, body = asker.ask(*asked)
        for _ in range(ATTEMPTS):
            if status != 503 or not OUT_OF_TIME.search(body):
                break
            # A machine that is busy with other things for a quarter of a second; a slow question is as slow again.
            stalled += 1
            status, kind, body = asker.ask(*asked)
        assert status < 500, f"{number}: {asked}: {status} {body[:300]!r}"
        if kind.startswith("application/") and "json" in kind and kind != "application/x-ndjson" and body:
            value_ = json.loads(body)
            assert status < 400 or value_["status"] == status
        seen[status] = seen.get(status, 0) + 1
    for asker in askers:
        asker.connection.close()
    assert stalled <= QUESTIONS / 100
    # Questions that mean something as well, not only mistakes: fewer where no example is in the store.
    assert seen.get(200, 0) > QUESTIONS / 8 and seen.get(404, 0) and seen.get(400, 0), seen
    assert {200, 304, 400, 404, 406} <= set(seen), seen
