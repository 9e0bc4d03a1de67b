# SPDX-License-Identifier: MIT
"""Bytes out, bytes in: connections that send whatever a test wants, and the answers read from what came back."""
import contextlib
import dataclasses
import http.client
import io
import socket
import time

from process import DEADLINE


@dataclasses.dataclass(frozen=True)
class Reply:
    """One answer, with the request it belongs to."""

    method: str
    target: str
    asked: dict  # the request's headers, names in lower case
    version: str
    status: int
    headers: tuple  # pairs as they came
    body: bytes

    def all(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def get(self, name):
        """The value of a header that is there once, or None."""
        values = self.all(name)
        assert len(values) <= 1, f"{name} is there {len(values)} times: {values}"
        return values[0] if values else None

    @property
    def text(self):
        return self.body.decode("utf-8")


class Received(io.BytesIO):
    """What came back, in the place of the socket that http.client reads answers from, one behind the other."""

    def makefile(self, *_):
        return self

    def close(self):
        """An answer that is read does not end the others."""

    def rest(self):
        return self.getvalue()[self.tell():]


def read_reply(source, method="GET", target="", asked=None):
    """Reads one answer from received bytes or a socket. http.client raises when it is cut off or no HTTP."""
    response = http.client.HTTPResponse(source, method=method)
    response.begin()
    body = response.read()
    version = {10: "HTTP/1.0", 11: "HTTP/1.1"}[response.version]
    return Reply(method, target, asked or {}, version, response.status, tuple(response.getheaders()), body)


def request_bytes(method, target, headers=(), body=b"", version="HTTP/1.1"):
    """A request; a Host of its own unless the headers name one."""
    lines = [f"{method} {target} {version}".encode("utf-8")]
    pairs = list(headers.items()) if isinstance(headers, dict) else list(headers)
    if not any(name.lower() == "host" for name, _ in pairs):
        lines.append(b"Host: 127.0.0.1")
    lines += [f"{name}: {value}".encode("utf-8") for name, value in pairs]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


class Connection:
    """A connection with a deadline for everything."""

    def __init__(self, port, seconds=DEADLINE):
        self.seconds = seconds
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=seconds)

    def wait_for_answer(self):
        """Until the first bytes of an answer are there; none is taken."""
        self.socket.settimeout(self.seconds)
        assert self.socket.recv(1, socket.MSG_PEEK)

    def send(self, data):
        """Sends as much as the server takes; it may have answered and gone already."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def end_sending(self):
        self.socket.shutdown(socket.SHUT_WR)

    def read_to_end(self):
        """Everything until the server closes the connection, which it must."""
        pieces, deadline = [], time.monotonic() + self.seconds
        while True:
            self.socket.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                piece = self.socket.recv(1 << 16)
            except ConnectionResetError:
                piece = b""
            except TimeoutError:
                raise AssertionError(f"not closed after {self.seconds} s; so far {b''.join(pieces)[:500]!r}") from None
            if not piece:
                return b"".join(pieces)
            pieces.append(piece)

    def read_until_silent(self, seconds=0.1):
        """What comes back until the server closes the connection or has said nothing for that long."""
        pieces = []
        self.socket.settimeout(seconds)
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            while piece := self.socket.recv(1 << 16):
                pieces.append(piece)
        return b"".join(pieces)

    def reply(self, method="GET", target="", asked=None):
        """One answer on a connection that stays open."""
        self.socket.settimeout(self.seconds)
        return read_reply(self.socket, method, target, asked)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def exchange(port, data, seconds=DEADLINE):
    """Sends bytes and returns everything that comes back until the server closes."""
    with Connection(port, seconds) as connection:
        connection.send(data)
        return connection.read_to_end()
