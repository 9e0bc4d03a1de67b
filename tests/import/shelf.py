# SPDX-License-Identifier: MIT
"""What goes into a store, what comes out of it, and what is said on the way."""
import contextlib
import http.client
import json
import re
import resource
import subprocess
import urllib.parse

import process
import schemas
from client import ATTEMPTS, OUT_OF_TIME

COUNTS = re.compile(r"(\d+) (added|changed|unchanged|refused)\b")
SUMS = re.compile(r"(\d+) quotes in (\d+) spans, (\d+) mentions, ")
# The pointer may have spaces; the reason begins behind the first ": " of the rest.
REFUSAL = re.compile(r"(.+?):(\d+): (/.*?): (.+)")


def seed():
    return json.loads(schemas.SEED_FILE.read_text(encoding="utf-8"))


def bundle(id_="one", text="Bond met Bond.", **more):
    return {"id": id_, "text": text, **more}


def lines(*documents, ascii_only=False):
    return b"".join(json.dumps(document, ensure_ascii=ascii_only).encode("utf-8") + b"\n" for document in documents)


def counts(finished):
    """What import says it did, without what it did not."""
    said = {name: int(count) for count, name in COUNTS.findall(finished.text)}
    assert set(said) == {"added", "changed", "unchanged", "refused"}, finished.text
    return {name: count for name, count in said.items() if count}


def sums(finished):
    """(quotes, spans, mentions) of what was not refused."""
    match = SUMS.search(finished.text)
    return tuple(int(number) for number in match.groups()) if match else (0, 0, 0)


def refusals(finished):
    """(file, line, pointer, reason) of each place that was refused."""
    matches = [REFUSAL.fullmatch(line) for line in finished.stderr.splitlines() if not line.startswith("reviewd: ")]
    assert all(matches), finished.stderr
    return [(match[1], int(match[2]), match[3], match[4]) for match in matches]


def put(db, *documents, status=0, options=()):
    return process.run("import", "--db", db, *options, "-", stdin=lines(*documents)).expect(status)


def put_file(db, path, status=0, options=()):
    return process.run("import", "--db", db, *options, path).expect(status)


def export(db, *options):
    """The bytes of an export."""
    return process.run("export", "--db", db, *options).expect(0).stdout


def held(db, *options):
    """The bundles of an export."""
    return [schemas.parse(line) for line in export(db, *options).decode("utf-8").split("\n")[:-1]]


def held_one(db, id_):
    return held(db, "--review", id_)[0]


def check(db):
    process.run("check", "--db", db).expect(0)


def is_sanitized():
    """Sanitizers take memory and time of their own."""
    with open(process.binary(), "rb") as program:
        return b"__asan_" in program.read()


def run_within(mebibytes, *arguments):
    """The exit status of a command that may have so much memory for its data, and no more."""
    def limit():
        resource.setrlimit(resource.RLIMIT_DATA, (mebibytes << 20, mebibytes << 20))

    words = [process.binary(), *(str(argument) for argument in arguments)]
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, preexec_fn=limit, check=False,
                          env=process.environment(), timeout=4 * process.DEADLINE).returncode


class Served:
    """A store behind HTTP, on one connection and without a judge: for texts that are long."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=process.DEADLINE)

    def get(self, path, **parameters):
        target = urllib.parse.quote(path) + ("?" + urllib.parse.urlencode(parameters) if parameters else "")
        return self.fetch(target)

    def fetch(self, target):
        for _ in range(ATTEMPTS):
            self.connection.request("GET", target)
            reply = self.connection.getresponse()
            body = reply.read()
            if reply.status != 503 or not OUT_OF_TIME.search(body):
                break
        assert reply.status == 200, f"{target}: {reply.status} {body[:300]!r}"
        return body

    def json(self, path, **parameters):
        return json.loads(self.get(path, **parameters))

    def walk(self, path, **parameters):
        """All items of a list."""
        page = self.json(path, limit=200, **parameters)
        rows = page["data"]
        while page["page"]["next"]:
            page = json.loads(self.fetch(page["page"]["next"]))
            rows += page["data"]
        assert len(rows) == page["page"]["total"]
        return rows


def served_only(db):
    """The same, without writing to it."""
    return served(db, "--read-only")


@contextlib.contextmanager
def served(db, *options):
    with process.Server(db.parent, "--db", db, "--threads", "1", *options) as server:
        store = Served(server.port)
        store.pid = server.process.pid
        yield store
        # Kept alive, the connection would only hold up the end.
        store.connection.close()
