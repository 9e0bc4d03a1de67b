# SPDX-License-Identifier: MIT
"""serve --access-log: a line for each answer, in which a client cannot write what it wants."""
import concurrent.futures
import json
import re
import time

import process
import pytest
import wire
from client import Client

COMBINED = re.compile(r'(\S+) - - \[(\d\d/(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)/\d{4}:\d\d:\d\d:\d\d \+0000)\] '
                      r'"((?:[^"\\]|\\.)*)" (\d{3}) (\d+) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)" ([0-9a-f]{8}-\d+-[0-9a-f]+) (\d+\.\d{6})')
KEYS = ["time", "remote", "method", "target", "version", "route", "status", "bytes", "seconds", "referer", "user_agent", "request_id"]


@pytest.fixture(scope="module", params=["json", "combined"], name="logging")
def fixture_logging(request, tmp_path_factory):
    """(format, server, client) of a server that tells what it is asked."""
    folder = tmp_path_factory.mktemp(request.param)
    with process.Server(folder, "--db", folder / "reviews.db", f"--access-log={request.param}") as server:
        yield request.param, server, Client(server.port)


def read(form, line):
    """A line as a dictionary, whatever its format."""
    if form == "json":
        found = json.loads(line)
        assert list(found) == KEYS
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found["time"])
        return found
    match = COMBINED.fullmatch(line)
    assert match, line
    remote, _, first, status, size, referer, agent, request_id, seconds = match.groups()
    method, target, version = first.split(" ")
    return {"remote": remote, "method": method, "target": target, "version": version, "status": int(status), "bytes": int(size),
            "referer": None if referer == "-" else referer, "user_agent": None if agent == "-" else agent,
            "request_id": request_id, "seconds": float(seconds)}


def lines_of(logging, work):
    """What is logged while something is asked."""
    form, server, client = logging
    before = len(server.log.read_bytes())
    result = work(client)
    text = server.log.read_bytes()[before:].decode("utf-8")
    assert text == "" or text.endswith("\n")
    return result, [read(form, line) for line in text.split("\n")[:-1]]


@pytest.mark.parametrize(("method", "target", "status"), [
    ("GET", "/v1/works?limit=1", 200), ("HEAD", "/v1/quotes", 200), ("OPTIONS", "/v1", 204), ("GET", "/nope", 404),
    ("GET", "/v1/characters/kerim%20bey?pretty=1", 302), ("GET", "/v1?x=1", 400), ("POST", "/v1", 405), ("BREW", "/v1", 501),
    ("GET", "/docs", 200)])
def test_every_answer_is_one_line(logging, method, target, status):
    reply, (line,) = lines_of(logging, lambda client: client.send(method, target))
    assert (line["method"], line["target"], line["status"]) == (method, target, reply.status) == (method, target, status)
    assert line["bytes"] == len(reply.body)
    assert (line["remote"], line["version"]) == ("127.0.0.1", "HTTP/1.1")
    assert line["referer"] is line["user_agent"] is None
    assert 0 < line["seconds"] < process.DEADLINE


def test_an_answer_from_the_clients_cache_is_a_line(logging):
    _, (first, second) = lines_of(logging, lambda client: client.get("/v1", 304, if_none_match=client.get("/v1").get("ETag")))
    assert (first["status"], second["status"], second["bytes"]) == (200, 304, 0)


def test_the_id_of_a_request_is_that_of_its_problem(logging):
    reply, (line,) = lines_of(logging, lambda client: client.get("/v1/reviews/nope", 404))
    assert line["request_id"] == reply.get("X-Request-Id") == json.loads(reply.text)["request_id"]


def test_what_is_refused_is_logged_as_well(logging):
    def work(client):
        return [wire.read_reply(wire.Received(wire.exchange(client.port, data))).status for data in (
            b"GET /v1 HTTP/1.1\r\nConnection: close\r\n\r\n", wire.request_bytes("GET", "/v1", {"Content-Length": str(1 << 21)}))]

    statuses, lines = lines_of(logging, work)
    assert statuses == [line["status"] for line in lines] == [400, 413]


def test_the_route_is_named_as_json(logging):
    _, (line,) = lines_of(logging, lambda client: client.get("/v1/works/from-russia-with-love.txt"))
    assert line.get("route", "/v1/works/{id}") == "/v1/works/{id}"


@pytest.mark.parametrize(("agent", "as_json", "as_combined"), [
    (b"curl/7.88.1", "curl/7.88.1", "curl/7.88.1"),
    (b'x" 200 5 "-" "y', 'x" 200 5 "-" "y', r'x\" 200 5 \"-\" \"y'),
    (b"back\\slash\\", "back\\slash\\", r"back\\slash\\"),
    ("é 🦊".encode("utf-8"), "é 🦊", r"\xc3\xa9 \xf0\x9f\xa6\x8a"),
    (b"\xff\xfe broken \xc3", "\ufffd\ufffd broken \ufffd", r"\xff\xfe broken \xc3"),
    (b"a\tb", "a\tb", r"a\x09b"), (b"{\"status\":200}", '{"status":200}', r'{\"status\":200}'), (b"%s%n%d", "%s%n%d", "%s%n%d")])
def test_a_client_cannot_write_the_line(logging, agent, as_json, as_combined):
    for name, key in ((b"User-Agent", "user_agent"), (b"Referer", "referer")):
        data = b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + name + b": " + agent + b"\r\n\r\n"
        _, (line,) = lines_of(logging, lambda client, sent=data: wire.exchange(client.port, sent))
        assert line[key] == (as_json if logging[0] == "json" else as_combined)


@pytest.mark.parametrize("target", [b"/\xff\xfe", b"/v1/\x01", b"/%0a%0d", b"/a\"b", b"/" + b"x" * 3000, b"/v1?q=\\"])
def test_an_odd_address_is_one_line(logging, target):
    _, (line,) = lines_of(logging, lambda client: wire.exchange(
        client.port, b"GET " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
    assert line["target"].startswith("/") and line["status"] >= 400


def test_lines_of_many_threads_are_whole(logging):
    def work(client):
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            return list(pool.map(lambda number: client.get(f"/v1/works?limit={number % 50}").status, range(300)))

    statuses, lines = lines_of(logging, work)
    assert len(lines) == len(statuses) == 300 == len({line["request_id"] for line in lines})


def test_nothing_is_logged_unless_it_is_asked_for(tmp_path):
    with process.Server(tmp_path, "--db", tmp_path / "reviews.db") as server:
        Client(server.port).get("/v1")
        assert server.stderr() == ""


@pytest.mark.parametrize("value", ["", "JSON", "common", "1"])
def test_another_format_is_wrong_usage(tmp_path, value):
    finished = process.run("serve", "--db", tmp_path / "reviews.db", f"--access-log={value}").expect(64)
    process.assert_one_line(finished)
    assert "combined or json" in finished.stderr


def test_the_time_is_now(logging):
    form, server, client = logging
    client.get("/livez")
    last = server.log.read_text(encoding="utf-8").split("\n")[-2]
    if form == "json":
        told = time.mktime(time.strptime(json.loads(last)["time"][:19], "%Y-%m-%dT%H:%M:%S")) - time.timezone
    else:
        told = time.mktime(time.strptime(COMBINED.fullmatch(last)[2][:20], "%d/%b/%Y:%H:%M:%S")) - time.timezone
    assert abs(told - time.time()) < 60
