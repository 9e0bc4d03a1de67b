# SPDX-License-Identifier: MIT
"""A client for thousands of questions: one connection, and no look at anything but the rows."""
import json
import re
import socket

from client import ATTEMPTS, at
from process import DEADLINE

LIMITS = (1, 2, 7, 20, 200)
HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) .*?\r\nContent-Length: (\d+)\r\n(?:.*?\r\n)?\r\n", re.S)


class Quick:
    def __init__(self, port):
        self.address = ("127.0.0.1", port)
        self.socket = socket.create_connection(self.address, DEADLINE)

    def ask(self, target):
        """Its status and body; http.client takes more time to read the head than the server to make it all."""
        self.socket.sendall(b"GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % target.encode("ascii"))
        received = self.receive()
        while not (head := HEAD.match(received)):
            received += self.receive()
        while len(received) < head.end() + int(head[2]):
            received += self.receive()
        assert len(received) == head.end() + int(head[2]), received
        return int(head[1]), received[head.end():]

    def receive(self):
        piece = self.socket.recv(1 << 20)
        if not piece:
            raise ConnectionResetError
        return piece

    def json(self, target):
        for _ in range(ATTEMPTS):
            try:
                status, body = self.ask(target)
            except (BrokenPipeError, ConnectionResetError):
                # The server closed the connection while nothing was asked.
                self.socket.close()
                self.socket = socket.create_connection(self.address, DEADLINE)
                continue
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
