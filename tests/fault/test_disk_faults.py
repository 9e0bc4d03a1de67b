# SPDX-License-Identifier: MIT
"""Each call to the disk fails in turn: what was answered is true, what is there is whole, and the server goes on."""
import json
import os
import sqlite3
import time

import faults
import process
import pytest
import wire
import writing
from writing import bundle

RECOVERY = 10
LINES = 30
# The writer waits for seconds before it tries again, and for a part of one before it gives the store back.
HASTE = 20
# Each of so many calls fails; of a write that has more, those at its ends and some between.
MANY, ENDS, BETWEEN = 100, 10, 40

HOW = {"input-output error": faults.IO, "full disk": faults.FULL, "disk that fills up": faults.SHORT}


class Failing:
    """A server whose disk the test lets fail, and what is in it."""

    def __init__(self, folder):
        self.store = folder / "reviews.db"
        self.token = writing.add_token(self.store)
        self.folder = folder
        self.number = 0
        self.start()

    def start(self):
        self.server = faults.Server(self.folder, "--db", self.store, "--max-body=32M")
        self.faults = self.server.faults
        self.faults.hurry(HASTE)
        self.author = writing.Author(self.server.port, self.token)

    def new_id(self):
        self.number += 1
        return f"review-{self.number}"

    def text(self, id_):
        """The review's text as a reader gets it, None if there is none; reading must always go."""
        reply = self.author.bare("GET", f"/v1/reviews/{id_}/text")
        assert reply.status in (200, 404, 410), reply.body
        return reply.text if reply.status == 200 else None

    def texts(self, ids):
        return [self.text(id_) for id_ in ids]

    def name(self, collection, id_):
        """That of an agent or a work, None if there is none."""
        reply = self.author.bare("GET", f"/v1/{collection}/{id_}")
        assert reply.status in (200, 404), reply.body
        value = json.loads(reply.text)
        return value.get("name", value.get("title")) if reply.status == 200 else None

    def write_old(self, id_):
        """A review to replace, whatever is there."""
        for condition in ({"if_none_match": "*"}, {"if_match": "*"}):
            if self.author.bare("PUT", f"/v1/reviews/{id_}", bundle(id_, "Old words."), **condition).status != 412:
                break

    def is_ready(self):
        return self.author.bare("GET", "/readyz").status == 200

    def works_again(self):
        """Writing goes well again before long, by itself."""
        deadline = time.monotonic() + RECOVERY
        while (reply := self.author.bare("POST", "/v1/reviews", bundle(self.new_id()))).status != 201:
            assert reply.status == 503 and time.monotonic() < deadline, (reply.status, reply.body)
            time.sleep(0.05)

    def is_idle(self):
        """The writer has given the store back, with all that was in the log."""
        return not process.is_written(self.store) and (self.store.parent / "reviews.db-wal").stat().st_size == 0

    def idle(self):
        """It leaves the log as it is if a reader is in its way just then, until the next write."""
        process.wait_for(lambda: self.is_idle() or (not process.is_written(self.store) and self.works_again()))

    def is_sound(self):
        with sqlite3.connect(f"file:{self.store}?mode=ro", uri=True) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
            rows = connection.execute("SELECT (SELECT count(*) FROM review), (SELECT count(*) FROM review_text), "
                                      "(SELECT reviews FROM store)").fetchone()
            assert len(set(rows)) == 1, rows
        process.run("check", "--db", self.store).expect(0)


class Operation:
    """One kind of write: prepare what it wants, do it, and tell what is to be there before and after."""

    def __init__(self, failing):
        self.failing = failing
        self.ids = [failing.new_id()]
        self.before, self.after = [None], ["New words."]

    def request(self):
        return "PUT", f"/v1/reviews/{self.ids[0]}", bundle(self.ids[0], "New words."), {"if_none_match": "*"}

    def there(self):
        return self.failing.texts(self.ids)

    def do(self):
        method, target, body, headers = self.request()
        return self.failing.author.bare(method, target, body, **headers)


class Create(Operation):
    pass


class Post(Operation):
    def request(self):
        return "POST", "/v1/reviews", bundle(self.ids[0], "New words."), {"idempotency_key": f'"{self.ids[0]}"'}


class Replace(Operation):
    def __init__(self, failing, id_=None):
        super().__init__(failing)
        self.ids = [id_ or self.ids[0]]
        failing.write_old(self.ids[0])
        self.before = ["Old words."]

    def request(self):
        return "PUT", f"/v1/reviews/{self.ids[0]}", bundle(self.ids[0], self.after[0]), {"if_match": "*"}


class ReplaceLarge(Replace):
    """More pages than SQLite keeps in memory make it write before the commit. There is one such text at a time."""

    # Few words: what is indexed takes the time.
    TEXT = "New words." + " " * (18 << 20)

    def __init__(self, failing):
        super().__init__(failing, "large")
        self.after = [self.TEXT]


class Delete(Operation):
    def __init__(self, failing):
        super().__init__(failing)
        failing.author.create(bundle(self.ids[0], "Old words."))
        self.before, self.after = ["Old words."], [None]

    def request(self):
        return "DELETE", f"/v1/reviews/{self.ids[0]}", None, {"if_match": "*"}


class Import(Operation):
    def __init__(self, failing):
        super().__init__(failing)
        self.ids = [failing.new_id() for _ in range(LINES)]
        self.before, self.after = [None] * LINES, [f"Words of {id_}." for id_ in self.ids]

    def request(self):
        lines = b"".join(writing.encode(bundle(id_, f"Words of {id_}.")) + b"\n" for id_ in self.ids)
        return "POST", "/v1/import", lines, {}


class Subject(Operation):
    """An agent is made, or a work renamed."""

    collection, condition = "people", {"if_none_match": "*"}

    def __init__(self, failing):
        super().__init__(failing)
        self.after = ["New name"]

    def request(self):
        key = "title" if self.collection == "works" else "name"
        return "PUT", f"/v1/{self.collection}/{self.ids[0]}", {key: "New name"}, self.condition

    def there(self):
        return [self.failing.name(self.collection, self.ids[0])]


class Work(Subject):
    collection, condition = "works", {"if_match": "*"}

    def __init__(self, failing):
        super().__init__(failing)
        failing.author.put(f"/v1/works/{self.ids[0]}", {"title": "Old name"}, 201, if_none_match="*")
        self.before = ["Old name"]


OPERATIONS = {"create": Create, "post": Post, "replace": Replace, "replace by a large one": ReplaceLarge, "delete": Delete, "import": Import,
              "agent": Subject, "work": Work}


# In the short form each operation has one kind of fault.
ONCE = [(name, how) for name in OPERATIONS for how in HOW] if faults.LONG else [
    (name, [*HOW][number % len(HOW)]) for number, name in enumerate(OPERATIONS)]
LASTING = [(name, how) for name in OPERATIONS for how in HOW] if faults.LONG else [
    ("create", "full disk"), ("replace", "input-output error"), ("import", "disk that fills up")]


@pytest.fixture(scope="module")
def failing(tmp_path_factory):
    if faults.is_sanitized():
        pytest.skip("the program has sanitizers")
    failing = Failing(tmp_path_factory.mktemp("failing"))
    with failing.server:
        yield failing


def count_calls(failing, operation, calls):
    """How many there are from the request until the writer is idle again."""
    failing.idle()
    made = operation(failing)
    failing.idle()
    failing.faults.arm(calls)
    assert made.do().status in (200, 201, 204)
    failing.idle()
    return failing.faults.disarm()


def points(count, long_form):
    """All of them, or a few at both ends and between; thousands of calls are one call for thousands of pages."""
    if count <= 3 or (long_form and count <= MANY):
        return range(1, count + 1)
    if not long_form:
        return [1, 1 + count // 2, count]
    ends = {*range(1, ENDS + 1), *range(count - ENDS + 1, count + 1)}
    return sorted(ends | {1 + count * part // BETWEEN for part in range(BETWEEN)})


def assert_true(failing, made, reply):
    """The answer, and what is there, are of before or of after: and after if that was the answer."""
    there = made.there()
    if reply.status < 300:
        assert there == made.after, (reply.status, reply.body)
    else:
        assert reply.status in (500, 503), reply.body
        assert reply.get("Content-Type") == "application/problem+json"
        assert reply.status != 503 or int(reply.get("Retry-After")) >= 1
        assert json.loads(reply.text)["status"] == reply.status
        assert there in (made.before, made.after)


@pytest.mark.parametrize(("name", "how"), ONCE)
def test_a_call_that_fails_once_harms_nothing(failing, name, how, long_form):
    refused = 0
    for calls in (faults.WRITE, faults.SYNC, faults.TRUNCATE):
        for at in points(count_calls(failing, OPERATIONS[name], calls), long_form):
            made = OPERATIONS[name](failing)
            failing.idle()
            failing.faults.arm(calls, at, HOW[how])
            reply = made.do()
            assert_true(failing, made, reply)
            refused += reply.status >= 500
            failing.works_again()
            failing.faults.disarm()
            failing.idle()
            assert_true(failing, made, reply)
    assert refused, "no call of the write itself has failed"
    failing.is_sound()


@pytest.mark.parametrize(("name", "how"), LASTING)
def test_a_disk_that_goes_on_failing_stops_writing_alone(failing, name, how, long_form):
    count = count_calls(failing, OPERATIONS[name], faults.DISK)
    for at in points(count, long_form)[:None if long_form else 1]:
        made = OPERATIONS[name](failing)
        failing.idle()
        failing.faults.arm(faults.DISK, at, HOW[how], lasting=True)
        reply = made.do()
        assert_true(failing, made, reply)
        if reply.status >= 500:
            for _ in range(5):
                again = failing.author.bare("POST", "/v1/reviews", bundle(failing.new_id()))
                assert again.status == 503, again.body
                assert int(again.get("Retry-After")) >= 1
                assert failing.author.bare("GET", "/v1/quotes").status == 200
                assert not failing.is_ready()
        failing.faults.disarm()
        # Nobody has to write for that.
        process.wait_for(failing.is_ready)
        failing.works_again()
        failing.idle()
        assert_true(failing, made, reply)
    failing.is_sound()


def test_a_store_that_is_damaged_stops_writing_alone(failing):
    """Garbage where the table of reviews is to grow: nothing is written, what is elsewhere is read, and it heals."""
    failing.idle()
    with sqlite3.connect(f"file:{failing.store}?mode=ro", uri=True) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'change'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with open(failing.store, "r+b", buffering=0) as file:
        sound = os.pread(file.fileno(), size, (page - 1) * size)
        os.pwrite(file.fileno(), b"\xa5" * size, (page - 1) * size)
        reply = failing.author.bare("POST", "/v1/reviews", bundle(failing.new_id()))
        assert reply.status in (500, 503), reply.body
        assert failing.author.bare("GET", "/v1/quotes").status == 200
        assert not failing.is_ready()
        os.pwrite(file.fileno(), sound, (page - 1) * size)
    process.wait_for(failing.is_ready)
    failing.works_again()
    failing.idle()
    failing.is_sound()


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_kill_at_any_call_leaves_before_or_after(tmp_path, name, long_form):
    if faults.is_sanitized():
        pytest.skip("the program has sanitizers")
    failing = Failing(tmp_path)
    count = count_calls(failing, OPERATIONS[name], faults.DISK)
    killed = 0
    for at in points(count, long_form):
        made = OPERATIONS[name](failing)
        failing.idle()
        failing.faults.arm(faults.DISK, at, faults.KILL)
        try:
            answered = made.do().status in (200, 201, 204)
        except wire.http.client.HTTPException:
            answered = False
        # As many calls as last time there are nearly always, not always.
        process.wait_for(lambda: failing.server.process.poll() is not None or failing.is_idle())
        failing.server.kill()
        failing.start()
        there = made.there()
        assert there == made.after or (there == made.before and not answered), (at, answered, there)
        killed += not answered
        failing.works_again()
        if there == made.before:
            assert made.do().status in (200, 201, 204)
            failing.idle()
            assert made.there() == made.after
        failing.idle()
    assert killed, "no kill came before an answer"
    failing.is_sound()
    failing.server.stop()


def test_without_the_fault_every_operation_does_its_work(failing):
    """The control: what is asserted above about before and after can differ."""
    for operation in OPERATIONS.values():
        made = operation(failing)
        assert made.there() == made.before != made.after
        assert made.do().status in (200, 201, 204)
        assert made.there() == made.after
