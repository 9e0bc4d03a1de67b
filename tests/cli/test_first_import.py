# SPDX-License-Identifier: MIT
"""The first import into a file that was missing: until its first commit, which comes after a second, it has no log."""
import contextlib
import json
import re
import shutil
import sqlite3
import subprocess
import urllib.request

import bundles
import process
import pytest


class Importing:
    """An import that waits for more, and has not ended."""

    def __init__(self, db, *words):
        self.db = db
        self.process = subprocess.Popen([process.binary(), "import", "--db", db, *words, "-"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=process.environment())

    def give(self, *documents):
        self.process.stdin.write(bundles.ndjson(*documents))
        self.process.stdin.flush()

    def wait_for_store(self):
        """It has its tables, which are made first."""
        process.wait_for(lambda: self.db.exists() and process.run("export", "--db", self.db).status == 0)

    def end(self):
        told, complaint = self.process.communicate(timeout=process.DEADLINE)
        assert (self.process.returncode, complaint) == (0, b"")
        return told.decode("utf-8")


@pytest.fixture
def begin():
    with contextlib.ExitStack() as stack:
        def started(*arguments):
            importing = Importing(*arguments)
            stack.callback(importing.process.wait)
            stack.callback(importing.process.kill)
            return importing
        yield started


def beside(db, ending):
    return db.with_name(f"{db.name}-{ending}")


def has_log(db):
    """What the header says of reading and writing (sqlite.org/fileformat2.html, section 1.3.3)."""
    return db.read_bytes()[18:20] == b"\x02\x02"


def reviews(db):
    return [document["id"] for document in bundles.parse(process.run("export", "--db", db).expect(0).stdout)]


def test_it_is_one_sound_file_with_a_log_in_the_end(tmp_path):
    db = tmp_path / "new.db"
    process.put(db, *bundles.library())
    assert has_log(db)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.db", "new.db-lock"]
    process.run("check", "--db", db).expect(0)


def test_what_was_committed_is_seen_while_more_comes(begin, tmp_path):
    importing = begin(tmp_path / "new.db")
    importing.give(bundles.bundle("one"))
    importing.wait_for_store()
    process.wait_for(lambda: reviews(importing.db) == ["one"])
    assert has_log(importing.db) and not beside(importing.db, "journal").exists()
    importing.give(bundles.bundle("two"))
    process.wait_for(lambda: reviews(importing.db) == ["one", "two"])
    assert importing.end().startswith("2 added")
    process.run("check", "--db", importing.db).expect(0)


@pytest.mark.parametrize("words", [["--atomic"], ["--atomic", "--no-index"]])
def test_nobody_waits_for_all_or_nothing(begin, tmp_path, words):
    importing = begin(tmp_path / "new.db", *words)
    importing.give(bundles.bundle("one"))
    process.wait_for(lambda: beside(importing.db, "wal").exists())
    assert reviews(importing.db) == [] and has_log(importing.db)
    assert importing.end().startswith("1 added")
    assert reviews(importing.db) == ["one"]


def test_a_server_that_was_there_first_serves_it_as_any_other(begin, tmp_path):
    """It found no log to watch; with one, an answer given before is given again, and never an old one."""
    importing = begin(tmp_path / "new.db")
    importing.give(bundles.bundle("one"))
    importing.wait_for_store()
    with process.Server(tmp_path, "--db", importing.db) as server:
        def get(path):
            with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=process.DEADLINE) as answer:
                return answer.read().decode("utf-8")

        def total():
            return json.loads(get("/v1/reviews"))["page"]["total"]

        def hits():
            return int(re.search(r'^reviewd_cache_requests_total{result="hit"} (\d+)', get("/metrics"), re.M)[1])

        process.wait_for(lambda: total() == 1)
        importing.give(bundles.bundle("two"))
        process.wait_for(lambda: total() == 2)
        before = hits()
        process.wait_for(lambda: total() == 2 and hits() > before)
        assert importing.end().startswith("2 added")
    process.run("check", "--db", importing.db).expect(0)


def test_one_that_is_killed_leaves_a_store_without_its_bundles_or_with_them(begin, tmp_path):
    importing = begin(tmp_path / "new.db")
    importing.give(bundles.bundle("one"))
    importing.wait_for_store()
    importing.process.kill()
    importing.process.wait()
    process.put(importing.db, bundles.bundle("two"))
    assert reviews(importing.db) in (["two"], ["one", "two"]) and has_log(importing.db)
    process.run("check", "--db", importing.db).expect(0)


def cut_short(store, folder):
    """A copy of the store in the middle of a write that has no log and has begun to change the file."""
    db = folder / "cut.db"
    with contextlib.closing(sqlite3.connect(store, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN EXCLUSIVE")
        connection.execute("UPDATE review_text SET text = text || 'x'")
        shutil.copy(store, db)
        shutil.copy(beside(store, "journal"), beside(db, "journal"))
        connection.execute("ROLLBACK")
    return db


def test_one_that_was_cut_short_is_put_right_by_the_next_writer(store, tmp_path):
    before = process.run("export", "--db", store).expect(0).stdout
    db = cut_short(store, tmp_path)
    for command in ("check", "export"):
        refused = process.run(command, "--db", db).expect(77)
        process.assert_one_line(refused)
        assert "its first import was cut short" in refused.stderr
    process.put(db)
    assert process.run("export", "--db", db).expect(0).stdout == before
    assert has_log(db) and not beside(db, "journal").exists()
    process.run("check", "--db", db).expect(0)


def test_one_that_was_cut_short_is_served(store, tmp_path):
    with process.Server(tmp_path, "--db", cut_short(store, tmp_path)) as server:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/readyz", timeout=process.DEADLINE) as answer:
            assert answer.status == 200
