# SPDX-License-Identifier: MIT
"""A client with a token, and small bundles to write with it."""
import json

import process
import wire
from client import Client, segment

JSON_TYPE = "application/json"
LINES_TYPE = "application/x-ndjson"
# A line of which the answer tells a hundred things, in more than thirty times its bytes.
REFUSED_LINE = b'{"agents":[' + b",".join([b"0"] * 100) + b"]}\n"


def add_token(db, name="tester"):
    """A new token for the store, as the command line writes it."""
    return process.run("token", "add", name, "--db", db).expect(0).text.strip()


def bundle(id_, text="Some words of a review.", **more):
    return {"id": id_, "text": text, **more}


def encode(value):
    return value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False).encode("utf-8")


class Author(Client):
    """Headers by keyword, as with get(); token=None: without one."""

    def __init__(self, port, token):
        super().__init__(port)
        self.token = token

    def write(self, method, target, body=None, status=None, token=..., **headers):
        asked = {name.replace("_", "-").title(): value for name, value in headers.items()}
        token = self.token if token is ... else token
        if token is not None:
            asked.setdefault("Authorization", f"Bearer {token}")
        data = b"" if body is None else encode(body)
        if body is not None:
            asked.setdefault("Content-Type", JSON_TYPE)
            asked.setdefault("Content-Length", str(len(data)))
        reply = self.send(method, target, {name: value for name, value in asked.items() if value is not None}, data)
        assert status in (None, reply.status), f"{method} {target}: {reply.status} {reply.body[:500]!r}"
        return reply

    def bare(self, method, target, body=None, **headers):
        """An answer that is not held against the contract, which would have to ask more while others write."""
        asked = {"Connection": "close", "Authorization": f"Bearer {self.token}"}
        asked |= {name.replace("_", "-").title(): value for name, value in headers.items()}
        data = b"" if body is None else encode(body)
        if body is not None:
            asked["Content-Length"] = str(len(data))
        return wire.read_reply(wire.Received(wire.exchange(self.port, wire.request_bytes(method, target, asked, data))), method)

    def put(self, target, body, status=None, **headers):
        return self.write("PUT", target, body, status, **headers)

    def create(self, body, status=201, **headers):
        return self.put(self.path(body), body, status, if_none_match="*", **headers)

    def replace(self, body, tag, status=200, **headers):
        return self.put(self.path(body), body, status, if_match=tag, **headers)

    def post(self, target, body, status=None, **headers):
        return self.write("POST", target, body, status, **headers)

    def delete(self, target, status=204, **headers):
        return self.write("DELETE", target, None, status, **headers)

    def tag(self, target, **headers):
        return self.get(target, **headers).get("ETag")

    @staticmethod
    def path(body):
        return "/v1/reviews/" + segment(body["id"])

    def refusal(self, method, target, body, status, code, **headers):
        """The problem that a write is answered with."""
        problem = json.loads(self.write(method, target, body, status, **headers).text)
        assert problem["code"] == code, problem
        return problem
