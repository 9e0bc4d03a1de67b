# SPDX-License-Identifier: MIT
"""The OpenAPI document as the judge of every answer, and what of it has been seen."""
import dataclasses
import functools
import json
import re
import urllib.parse

import jsonschema
import process

# What comes with any HTTP answer, and needs no declaration.
OF_HTTP = {"connection", "content-length", "content-type", "date", "keep-alive", "transfer-encoding"}
# Statuses of requests that no operation is about: not sound, an unknown method, a method that the path has not, too large.
OF_NO_OPERATION = {400, 405, 413, 501}
SUFFIX = re.compile(r"(.+)\.(?:json|txt|csv|ndjson|html|xml|yaml|jsonld|atom|rss)", re.S)

# What answers have shown of the document: (path, method, what, name).
SEEN = set()


@functools.cache
def document():
    return json.loads(process.run("openapi").expect(0).text)


def resolve(value):
    """A value, or what its reference leads to."""
    while "$ref" in value:
        found = document()
        for step in value["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        value = found
    return value


@dataclasses.dataclass(frozen=True)
class Operation:
    path: str
    method: str

    @property
    def body(self):
        return document()["paths"][self.path][self.method]

    @property
    def id(self):
        return self.body["operationId"]

    @property
    def responses(self):
        return {status: resolve(response) for status, response in self.body["responses"].items()}

    @property
    def parameters(self):
        return [resolve(parameter) for parameter in self.body.get("parameters", ())]

    def media_types(self, status="200"):
        return list(self.responses[status].get("content", {})) if status in self.responses else []

    @property
    def example(self):
        """An address of it that the seed store answers."""
        path = self.path
        for parameter in self.parameters:
            if parameter["in"] == "path":
                path = path.replace("{%s}" % parameter["name"], urllib.parse.quote(parameter["example"], safe="~"))
            elif parameter.get("required"):
                path += ("&" if "?" in path else "?") + urllib.parse.urlencode({parameter["name"]: parameter["example"]})
        return path


def operations():
    return [Operation(path, method) for path, item in document()["paths"].items() for method in item]


def sent():
    """The names of the schemas of what is sent."""
    return {content["schema"]["$ref"].rpartition("/")[2] for operation in operations()
            for content in operation.body.get("requestBody", {}).get("content", {}).values() if "$ref" in content["schema"]}


def named(found):
    """Ids for pytest."""
    return [operation.id for operation in found]


@functools.cache
def patterns():
    """Literal paths first: a literal goes before {id}."""
    paths = sorted(document()["paths"], key=lambda path: path.count("{"))
    return [(path, re.compile(re.sub(r"\\\{.*?\\\}", "[^/]+", re.escape(path)), re.S)) for path in paths]


def find(target):
    """The path of the document for the target of a request, or None."""
    path = re.sub(r"^https?://[^/?]*", "", target.split("?")[0], flags=re.I) or "/"
    path = "/".join(urllib.parse.unquote(step).replace("/", "_") for step in path.split("/"))
    path = path[:-1] if len(path) > 1 and path.endswith("/") else path
    match = SUFFIX.fullmatch(path)
    for form in ([match[1]] if match and not match[1].endswith("/") else []) + [path]:
        for template, pattern in patterns():
            if pattern.fullmatch(form):
                return template
    return None


def check(reply):
    """An answer must be one that the document declares for its operation."""
    if not reply.target or (reply.method == "OPTIONS" and reply.status == 204):
        return
    path = find(reply.target)
    method = {"GET": "get", "HEAD": "get", "POST": "post", "PUT": "put", "DELETE": "delete"}.get(reply.method)
    if path is None or method not in document()["paths"][path]:
        assert reply.status in OF_NO_OPERATION | ({404} if path is None else set()), f"{reply.method} {reply.target}: {reply.status}"
        return
    operation = Operation(path, method)
    response = operation.responses.get(str(reply.status))
    assert response, f"{operation.id} does not declare {reply.status}"
    check_headers(reply, operation, response)
    check_content(reply, operation, response)
    note(reply, operation)


def check_headers(reply, operation, response):
    declared = {name.lower(): resolve(header) for name, header in response.get("headers", {}).items()}
    for name, header in declared.items():
        assert reply.get(name) is not None or not header.get("required"), f"{operation.id} {reply.status}: no {name}"
    for name, _ in reply.headers:
        assert name.lower() in declared or name.lower() in OF_HTTP, f"{operation.id} {reply.status}: {name} is not declared"


def check_content(reply, operation, response):
    content = response.get("content")
    if not content:
        assert not reply.body
        return
    media = reply.get("Content-Type").split(";")[0]
    assert media in content, f"{operation.id} {reply.status}: {media} is not declared"
    if reply.method != "HEAD" and media.endswith("json") and media != "application/x-ndjson":
        trimmed = reply.status in (200, 300) and "fields" in urllib.parse.parse_qs(urllib.parse.urlsplit(reply.target).query)
        whole, *others = content[media]["schema"].get("anyOf", [content[media]["schema"]])
        check_schema(others[0] if trimmed else whole, json.loads(reply.text), operation.id)


@functools.cache
def validator(text):
    resolver = jsonschema.RefResolver.from_schema(document())
    return jsonschema.Draft202012Validator(json.loads(text), resolver=resolver)


@functools.cache
def errors(schema, text):
    """What is wrong with JSON, looked for once: the tests see the same items again and again."""
    return [f"  /{'/'.join(str(step) for step in error.absolute_path)}: {error.message[:200]}"
            for error in validator(schema).iter_errors(json.loads(text))]


def check_schema(schema, value, what):
    """A list is as valid as its frame and each item alone."""
    data = resolve(schema).get("properties", {}).get("data")
    found = []
    if data and isinstance(value, dict) and isinstance(value.get("data"), list):
        assert data.keys() <= {"type", "items", "description"}, f"{what}: more is said of the list as a whole"
        for item in value["data"]:
            found += errors(json.dumps(data["items"]), json.dumps(item))
        value = {**value, "data": []}
    found += errors(json.dumps(schema), json.dumps(value))
    assert not found, f"{what}:\n" + "\n".join(found[:5])


def note(reply, operation):
    SEEN.add((operation.path, operation.method, "status", str(reply.status)))
    if reply.status >= 400:
        return
    SEEN.add((operation.path, operation.method, "type", (reply.get("Content-Type") or "").split(";")[0]))
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(reply.target).query, keep_blank_values=True)
    for parameter in operation.parameters:
        name = parameter["name"]
        if parameter["in"] == "path" or name in asked or (parameter["in"] == "header" and name.lower() in reply.asked):
            SEEN.add((operation.path, operation.method, "parameter", name))


def declared():
    """Everything that somebody who reads the document may count on."""
    for operation in operations():
        for status in operation.responses:
            yield operation.path, operation.method, "status", status
        for media in operation.media_types():
            yield operation.path, operation.method, "type", media
        for parameter in operation.parameters:
            yield operation.path, operation.method, "parameter", parameter["name"]
