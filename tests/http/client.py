# SPDX-License-Identifier: MIT
"""A client whose every answer is held against the contract before a test sees it."""
import json
import re
import urllib.parse

import contract
import schemas
import wire
from process import DEADLINE

# On a machine that is busy otherwise the time of a question may pass while it waits for its turn; so often it is asked again.
ATTEMPTS = 5
OUT_OF_TIME = re.compile(rb"query.timeout", re.I)


def segment(text):
    """A name as one segment of a path."""
    return urllib.parse.quote(text, safe="")


def at(path, **parameters):
    """A path with parameters; a list gives a parameter several times."""
    return path + "?" + urllib.parse.urlencode(parameters, doseq=True) if parameters else path


class Texts:
    """The texts of the reviews, byte for byte as the server gives them, each fetched once."""

    def __init__(self, port):
        self.port = port
        self.known = {}
        self.unit = "codepoint"  # what the offsets of the answer that is being checked count

    def bytes_of(self, review, revision=None):
        key = (review, revision)
        if key not in self.known:
            target = f"/v1/reviews/{segment(review)}/text"
            data = wire.exchange(self.port, wire.request_bytes("GET", target, {"Connection": "close"}))
            reply = wire.read_reply(wire.Received(data))
            assert reply.status == 200, f"{target}: {reply.status}"
            self.known[key] = reply.body
        return self.known[key]

    def of(self, review, revision=None):
        return self.bytes_of(review, revision).decode("utf-8")


class Client:
    def __init__(self, port):
        self.port = port
        self.texts = Texts(port)

    def send(self, method, target, headers=None, body=b""):
        """One request on a connection of its own, which the server has to close."""
        asked = {"Connection": "close", **(headers or {})}
        assert target.isascii() and " " not in target, f"not a target: {target}"
        for _ in range(ATTEMPTS):
            data = wire.exchange(self.port, wire.request_bytes(method, target, asked, body), DEADLINE)
            reply = self.judge(method, target, asked, data)
            if reply.status != 503 or not OUT_OF_TIME.search(reply.body):
                break
        return reply

    def judge(self, method, target, asked, data):
        """The answer in the bytes, and nothing behind it."""
        received = wire.Received(data)
        reply = wire.read_reply(received, method, target, {name.lower(): value for name, value in asked.items()})
        assert received.rest() == b"", f"{method} {target}: {received.rest()[:200]!r} behind the answer"
        contract.check(reply, self.texts)
        return reply

    def get(self, target, status=200, **headers):
        """Headers by keyword: if_none_match=… is If-None-Match."""
        reply = self.send("GET", target, {name.replace("_", "-").title(): value for name, value in headers.items()})
        assert reply.status == status, f"{target}: {reply.status} {reply.headers} {reply.body[:500]!r}"
        return reply

    def json(self, target, status=200, **headers):
        return schemas.parse(self.get(target, status, **headers).text)

    def txt(self, target, status=200, **headers):
        reply = self.get(target, status, **headers)
        assert reply.get("Content-Type") == "text/plain; charset=utf-8"
        return reply.text

    def data(self, target):
        """The items of one page."""
        return self.json(target)["data"]

    def problem(self, target, status, code, method="GET"):
        reply = self.send(method, target)
        assert reply.status == status, f"{target}: {reply.status} {reply.body[:500]!r}"
        problem = json.loads(reply.text)
        assert problem["code"] == code, problem
        return problem

    def pages(self, target):
        """Walks a list; a walk longer than the list is a failure."""
        while target:
            page = self.json(target)
            yield page
            assert page["data"] or not page["page"]["next"], "an empty page with another one behind it"
            target = page["page"]["next"]

    def walk(self, target):
        """All items of a list, whose length must be its total on every page."""
        rows, totals = [], set()
        for page in self.pages(target):
            rows += page["data"]
            totals.add(page["page"]["total"])
            assert len(rows) <= page["page"]["total"], "more items than the total"
        assert totals == {len(rows)}
        return rows

    def alive(self):
        """The server still answers."""
        assert self.json("/livez") == {"status": "ok"}
