# SPDX-License-Identifier: MIT
"""Each allocation fails in turn, once and from there on: no crash, a true answer, and the next one is right."""
import json
import time

import faults
import process
import pytest
import routes
import wire
import writing
from writing import bundle

BIG = bundle("big", "He said: I never lie. " * 20, language="nl", published="1957", agents=[
    {"id": "liar", "name": "A Liar", "aliases": ["Liar", "The Liar"]}], work={"title": "A Work", "contributors": [
        {"role": "author", "name": "An Author"}]}, quotes=[
            {"id": str(number), "speakers": ["liar"], "spans": [[number * 22 + 9, number * 22 + 21]]} for number in range(20)])

# Every route of the contract that reads; and what has no route, or is wrong.
READS = {route.label: route.path + route.query for route in routes.ROUTES + routes.ASKED} | {
    "nothing": "/v1/nope", "unknown parameter": "/v1/quotes?x=1", "unknown id": "/v1/reviews/from-russia-with-love-n",
    "a name": "/v1/characters/Kerim%20Bey", "filters": "/v1/quotes?speaker=darko-kerim-bey&language=nl&form=direct",
    "text": "/v1/works.txt", "table": "/v1/quotes.csv"}
# They tell how things are at the moment.
PASSING = ("livez", "metrics_get", "readyz")

# What may stay for good, such as a page of SQLite's: far less than the points at which memory runs out.
KEPT = 20

# So long nothing goes on.
PAUSE = 0.02


class Requests:
    """Reads, and writes whose ids are new each time."""

    def __init__(self, author):
        self.author = author
        self.number = 0

    def write(self, kind):
        self.number += 1
        id_ = f"memory-{self.number}"
        return {
            "put": ("PUT", f"/v1/reviews/{id_}", {**BIG, "id": id_}, {"if_none_match": "*"}),
            "post": ("POST", "/v1/reviews", {**BIG, "id": id_}, {"idempotency_key": f'"{id_}"'}),
            "put wrong": ("PUT", f"/v1/reviews/{id_}", {"id": 5, "quotes": [{}] * 5}, {"if_none_match": "*"}),
            "put stale": ("PUT", "/v1/reviews/from-russia-with-love-nl", bundle("from-russia-with-love-nl"), {"if_match": '"x"'}),
            "delete": ("DELETE", f"/v1/reviews/{id_}", None, {"if_match": "*"}),
            "import": ("POST", "/v1/import", b"".join(
                writing.encode(bundle(f"{id_}-{line}", agents=["A Liar"])) + b"\n" for line in range(5)), {}),
            "agent": ("PUT", f"/v1/people/{id_}", {"name": "Someone", "aliases": ["X", "Y"]}, {"if_none_match": "*"}),
            "work": ("PUT", f"/v1/works/{id_}", {"title": "T", "contributors": [{"role": "author", "id": "liar"}]},
                     {"if_none_match": "*"}),
        }[kind]

    def send(self, request):
        method, target, body, headers = request
        return self.author.bare(method, target, body, **headers)


WRITES = ("put", "post", "put wrong", "put stale", "delete", "import", "agent", "work")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    if faults.is_sanitized():
        pytest.skip("the program has sanitizers")
    folder = tmp_path_factory.mktemp("memory")
    token = writing.add_token(folder / "reviews.db")
    with faults.Server(folder, "--db", folder / "reviews.db", "--threads", 1, "--cache", 0) as server:
        author = writing.Author(server.port, token)
        # What SQLite keeps from one statement to the next is there from now on.
        author.bare("PUT", "/v1/reviews/big", BIG, if_none_match="*")
        yield server, Requests(author)


def starve(server, send, at, lasting):
    """One request with allocations failing. Returns (answer or None, allocations)."""
    server.faults.arm(faults.ALLOCATE, at, lasting=lasting)
    try:
        reply = send()
    except (wire.http.client.HTTPException, OSError):
        reply = None
    count = server.faults.disarm()
    assert server.process.poll() is None, f"the server has ended, status {server.process.returncode}: {server.stderr()}"
    return reply, count


def points(count, long_form):
    few = count <= 25
    return range(1, count + 1) if long_form or few else range(1 + count % 7, count + 1, count // 25)


def at_rest(server):
    """How many pieces of memory there are when the writer has given the store back, and nothing goes on."""
    process.wait_for(lambda: not process.is_written(server.faults.path.parent / "reviews.db"))
    before = None
    while (now := server.faults.live()) != before:
        before = now
        time.sleep(PAUSE)
    return now


def torture(server, make, long_form, judge):
    """`make` gives a request, `judge` tells whether an answer to it is true."""
    live = at_rest(server)
    make()()
    sender = make()
    _, count = starve(server, sender, faults.NEVER, False)
    assert count > 5, "no allocation was seen"
    starved = 0
    for lasting in (False, True):
        for at in points(count, long_form):
            sender = make()
            reply, _ = starve(server, sender, at, lasting)
            starved += reply is None or reply.status == 503
            judge(sender, reply)
    assert starved, "no failure was seen by the client"
    # What is not given back stays, however long one waits.
    process.wait_for(lambda: at_rest(server) - live < KEPT)


@pytest.mark.parametrize("name", READS)
def test_a_read_without_memory_harms_nothing(server, name, long_form):
    starved, requests = server
    target, passing = READS[name], name in PASSING
    right = requests.author.bare("GET", target)

    def judge(_, reply):
        if reply is not None and reply.status != 503:
            assert reply.status == right.status and (reply.body == right.body or passing or b"request_id" in reply.body)
        again = requests.author.bare("GET", target)
        assert again.status == right.status and (again.status != 200 or again.body == right.body or passing)

    torture(starved, lambda: lambda: requests.author.bare("GET", target), long_form, judge)


@pytest.mark.parametrize("kind", WRITES)
def test_a_write_without_memory_harms_nothing(server, kind, long_form):
    starved, requests = server

    class Send:
        def __init__(self):
            self.request = requests.write(kind)
            if kind == "delete":
                requests.author.bare("PUT", self.request[1], bundle(self.request[1].rsplit("/", 1)[1]), if_none_match="*")

        def __call__(self):
            return requests.send(self.request)

    def judge(sender, reply):
        again = sender()
        if kind in ("put wrong", "put stale"):
            assert again.status == {"put wrong": 422, "put stale": 412}[kind]
            return
        assert reply is None or reply.status in (200, 201, 204, 503), reply.body
        done = {"put": 412, "post": 201, "delete": 410, "agent": 412, "work": 412, "import": 200}[kind]
        first = {"put": 201, "post": 201, "delete": 204, "agent": 201, "work": 201, "import": 200}[kind]
        if reply is None or reply.status == 503:
            # Memory may have run out when all was stored, and the answer made.
            assert again.status in (first, done), again.body
        elif kind == "import":
            assert json.loads(again.text.splitlines()[-1])["unchanged"] == 5
        else:
            assert (reply.status, again.status) == (first, done), again.body

    torture(starved, Send, long_form, judge)


def test_a_write_that_wakes_the_writer_without_memory_harms_nothing(server, long_form):
    """It has to open the store first, and prepare each statement."""
    starved, requests = server
    at_rest(starved)
    request = requests.write("put")
    reply, count = starve(starved, lambda: requests.send(request), faults.NEVER, False)
    assert reply.status == 201 and count > 2000, "the writer was awake"
    refused = 0
    for number in range(1, count + 1, count // (300 if long_form else 6)):
        for lasting in (False, True):
            at_rest(starved)
            request = requests.write("put")
            reply, _ = starve(starved, lambda request=request: requests.send(request), number, lasting)
            refused += reply is None or reply.status == 503
            assert reply is None or reply.status in (201, 503), reply.body
            again = requests.send(request).status
            assert again == 412 or (again == 201 and (reply is None or reply.status == 503))
    assert refused


def test_the_store_is_sound_after_all_that(server):
    starved, requests = server
    assert requests.author.bare("GET", "/v1").status == 200
    process.run("check", "--db", starved.faults.path.parent / "reviews.db").expect(0)
