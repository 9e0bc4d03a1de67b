# SPDX-License-Identifier: MIT
"""A power cut at any moment: what was answered with 2xx is there, and nothing is half there."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import time

import power
import process
import pytest
import tracing
import writing
from writing import bundle

CUTS, CUTS_LONG = 150, 1000
# Seconds until an import that goes on so long commits for the first time, and then until the next time: server/importing.c.
FIRST_COMMIT, COMMIT = 2, 5


class Traced(process.Server):
    """A server whose calls are written down from its start to its end."""

    def __init__(self, folder, log, binary, *arguments):
        self.front, self.binary = tracing.command(log), binary
        super().__init__(folder, *arguments)

    def words(self, words):
        return [*self.front, str(self.binary), *words[1:]]


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Story:
    """Writes, one after the other, and what the store holds after each: {id: hash of the text, or None if deleted}."""

    def __init__(self, author):
        self.author = author
        self.states = [{}]
        self.answered_at = []  # for each 2xx, the number of states that must be there by then

    def _then(self, id_, text):
        self.states.append({**self.states[-1], id_: None if text is None else sha256(text)})

    def _answered(self):
        self.answered_at.append(len(self.states) - 1)

    def create(self, id_, text):
        self._then(id_, text)
        self.author.create(bundle(id_, text, agents=[f"Agent {id_}"]))
        self._answered()

    def replace(self, id_, text):
        self._then(id_, text)
        self.author.replace(bundle(id_, text), "*")
        self._answered()

    def delete(self, id_):
        self._then(id_, None)
        self.author.delete(f"/v1/reviews/{id_}", if_match="*")
        self._answered()

    def take_in(self, texts):
        for id_, text in texts.items():
            self._then(id_, text)
        lines = b"".join(writing.encode(bundle(id_, text)) + b"\n" for id_, text in texts.items())
        reply = self.author.post("/v1/import", lines, 200, content_type=writing.LINES_TYPE)
        assert json.loads(reply.text.splitlines()[-1])["added"] == len(texts)
        self._answered()


def tell(author, length):
    """Creates, replaces, deletes and imports, small and large."""
    story, chance = Story(author), random.Random(7)
    for number in range(length):
        story.create(f"made-{number}", f"Text {number}. " * chance.choice((1, 10, 1000)))
        if number % 2:
            story.replace(f"made-{number - 1}", f"Other text {number}. " * chance.choice((1, 2000)))
        if number % 5 == 4:
            story.delete(f"made-{number - 2}")
        if number % 6 == 5:
            story.take_in({f"lines-{number}-{line}": "Line. " * chance.choice((1, 100)) for line in range(20)})
    return story


def record(folder, binary, length):
    """(files before, events, story) of a server that was written to and stopped."""
    store, log = folder / "store" / "reviews.db", folder / "trace"
    store.parent.mkdir(parents=True)
    token = writing.add_token(store)
    base = {file.name: file.read_bytes() for file in store.parent.iterdir() if not file.name.endswith("-shm")}
    with Traced(folder, log, binary, "--db", store) as server:
        author = Quiet(server.port, token)
        story = tell(author, length)
    process.wait_for(lambda: tracing.is_whole(log))
    events = tracing.read_events(log, store.parent)
    answers = sum(event.kind == "answer" for event in events)
    assert answers == len(story.answered_at), "every 2xx is in the trace"
    return base, events, story


class Quiet(writing.Author):
    """Its only requests are its writes, so that each 2xx is that of one of them."""

    def send(self, method, target, headers=None, body=b""):
        asked = {name: value for name, value in headers.items() if name not in ("Authorization", "Content-Length")}
        return self.bare(method, target, body, **{name.replace("-", "_").lower(): value for name, value in asked.items()})


def found(folder, files):
    """What a program finds in the files: None if they are damaged."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    connection = sqlite3.connect(folder / "reviews.db")
    try:
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            return None
        if connection.execute("PRAGMA foreign_key_check").fetchall():
            return None
        state = {slug: None for slug, in connection.execute("SELECT slug FROM change WHERE noun = 0 AND deleted = 1")}
        rows = connection.execute("SELECT slug, text_sha256, text FROM review JOIN review_text USING (review_id)").fetchall()
        counts = connection.execute("SELECT reviews, (SELECT count(*) FROM quote) - quotes, "
                                    "(SELECT count(*) FROM mention) - mentions FROM store").fetchone()
    except sqlite3.DatabaseError:
        return None
    finally:
        connection.close()
    if counts != (len(rows), 0, 0) or any(sha256(text) != digest for _, digest, text in rows):
        return None
    return state | {slug: digest for slug, digest, _ in rows if slug != "from-russia-with-love-nl"}


def is_consistent(folder):
    """What SQLite's own check does not look at: each span, each hash, and the index of words."""
    return subprocess.run([process.binary(), "check", "--db", folder / "reviews.db"], capture_output=True, check=False,
                          env=os.environ).returncode == 0


def cut_often(folder, base, events, story, count, seed):
    """(cuts that lost an answered write, cuts that left something half or damaged)."""
    chance, lost, broken = random.Random(seed), 0, 0
    for number in range(count):
        files, answers = power.after_cut(base, events, chance.randrange(len(events) + 1), seed * 1000000 + number)
        state = found(folder, files)
        owed = story.answered_at[answers - 1] if answers else 0
        if state is None or state not in story.states or not is_consistent(folder):
            broken += 1
        elif state not in story.states[owed:]:
            lost += 1
    return lost, broken


@pytest.fixture(scope="module")
def recorded(tmp_path_factory, long_form):
    return record(tmp_path_factory.mktemp("power"), process.binary(), 40 if long_form else 12)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_power_cut_loses_nothing_that_was_answered(recorded, tmp_path, long_form, seed):
    count = CUTS_LONG if long_form else CUTS // 3
    assert cut_often(tmp_path / "cut", *recorded, count, seed) == (0, 0)


def test_without_waiting_for_the_disk_something_is_lost(tmp_path, long_form):
    """The same with a copy of the program that does not sync each commit: a harness that is not blind sees it."""
    data = pathlib.Path(process.binary()).read_bytes()
    assert data.count(b"synchronous = FULL") == 1
    careless = tmp_path / "careless"
    careless.write_bytes(data.replace(b"synchronous = FULL", b"synchronous = 1   "))
    careless.chmod(0o755)
    lost, broken = cut_often(tmp_path / "cut", *record(tmp_path, careless, 40 if long_form else 12), CUTS, 4)
    assert lost > CUTS // 10 and broken == 0, (lost, broken)


def test_the_end_of_the_story_is_what_the_server_left(recorded, tmp_path):
    base, events, story = recorded
    files, answers = power.after_cut(base, [*events, *(tracing.Event("sync", name) for name in base)], len(events) + 9, 0)
    assert answers == len(story.answered_at)
    assert found(tmp_path / "end", files) == story.states[-1]


def test_half_of_a_commit_is_seen(recorded, tmp_path):
    """The control for what is half there: the files of the end, but for one table's part of the index of words."""
    base, events, _ = recorded
    files, _ = power.after_cut(base, [*events, *(tracing.Event("sync", name) for name in base)], len(events) + 9, 0)
    found(tmp_path / "end", files)
    assert is_consistent(tmp_path / "end")
    with sqlite3.connect(tmp_path / "end" / "reviews.db") as connection:
        assert connection.execute("DELETE FROM search_docsize WHERE id = (SELECT max(id) FROM search_docsize)").rowcount == 1
    assert not is_consistent(tmp_path / "end")


def record_first_import(folder, texts):
    """(events, what the store is to hold, commits before the end at most) of an import into a file that was missing."""
    store, log = folder / "store" / "reviews.db", folder / "trace"
    store.parent.mkdir(parents=True)
    lines = b"".join(writing.encode(bundle(id_, text)) + b"\n" for id_, text in texts.items())
    began = time.monotonic()
    done = subprocess.run([*tracing.command(log), process.binary(), "import", "--db", store, "-"], input=lines,
                          capture_output=True, timeout=10 * process.DEADLINE, env=process.environment(), check=False)
    took = time.monotonic() - began
    assert (done.returncode, done.stderr) == (0, b""), done.stderr
    process.wait_for(lambda: tracing.is_whole(log))
    commits = 0 if took < FIRST_COMMIT else 1 + int((took - FIRST_COMMIT) / COMMIT)
    return tracing.read_events(log, store.parent), {id_: sha256(text) for id_, text in texts.items()}, commits


def is_nothing(folder):
    """Not even the tables of a store: what its own first commit was to bring."""
    with sqlite3.connect(folder / "reviews.db") as connection:
        return connection.execute("SELECT count(*) FROM sqlite_schema").fetchall() == [(0,)]


def test_a_power_cut_in_the_first_import_leaves_all_of_it_or_nothing(tmp_path, long_form):
    """
    A long one has more than SQLite keeps in memory, and writes to the file before its commit. On a slow machine there are
    commits before the end: what they brought, in the order of its coming, is all that may be there besides.
    """
    events, whole, commits = record_first_import(tmp_path, {f"text-{number}": f"Words of {number}. " * (100000 if long_form else 100)
                                                   for number in range(12)})
    beginnings = [dict(list(whole.items())[:count]) for count in range(len(whole) + 1)]
    seen = []
    # The last one is when it had told that it was done.
    for cut in [*range(0, len(events), max(1, len(events) // CUTS)), len(events)]:
        files, _ = power.after_cut({}, events, cut, cut)
        state = found(tmp_path / "cut", files)
        if state is None:
            assert is_nothing(tmp_path / "cut"), f"damaged by a cut after {cut} of {len(events)} calls"
        else:
            assert state in beginnings and is_consistent(tmp_path / "cut"), f"{len(state)} after {cut} of {len(events)} calls"
        seen.append(state)
    assert seen[0] is None and {} in seen and seen[-1] == whole
    assert sum(beginning in seen for beginning in beginnings[1:-1]) <= commits
