# SPDX-License-Identifier: MIT
"""A client for thousands of questions: one connection, and no look at anything but the rows."""
import http.client
import json

from client import at
from process import DEADLINE

LIMITS = (1, 2, 7, 20, 200)
ATTEMPTS = 5


class Quick:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE)

    def ask(self, target):
        self.connection.request("GET", target)
        reply = self.connection.getresponse()
        return reply.status, reply.read()

    def json(self, target):
        for _ in range(ATTEMPTS):
            try:
                status, body = self.ask(target)
            except http.client.RemoteDisconnected:
                # The server closed the connection while nothing was asked.
                continue
            # On a machine that is busy otherwise the time of a question may pass while it waits for its turn.
            if status != 503:
                break
        assert status == 200, f"{target}: {status} {body[:500]!r}"
        return json.loads(body)

    def walk(self, path, fields="id", **parameters):
        """All rows of a list, trimmed; its total is right on every page, and no page is short but the last."""
        target, rows, totals = at(path, fields=fields, **parameters), [], set()
        while target:
            answer = self.json(target)
            page = answer["page"]
            rows += answer["data"]
            totals.add(page["total"])
            assert len(answer["data"]) == (page["limit"] if page["next"] else page["total"] - (len(rows) - len(answer["data"])))
            target = page["next"]
        assert totals == {len(rows)}, f"{path} {parameters}: {totals} and {len(rows)} rows"
        return rows

    def ids(self, path, **parameters):
        return [row["id"] for row in self.walk(path, **parameters)]
