# SPDX-License-Identifier: MIT
"""What a terminal is told while it lasts, what the summary says, and that memory does not grow with the file."""
import gzip
import os
import pty
import re
import subprocess
import time

import process
import pytest
import shelf
from shelf import bundle

LINE = re.compile(r"(?:\s*(\d+) %, )?(\d+) bundles, (\d+) refused, ([\d.]+) MB of text, ([\d.]+) MB/s(?:, (\d+):(\d\d) left)?")


def on_terminal(*words, stdin=None):
    """(exit status, stdout, what the terminal got) of a command whose standard error is a terminal."""
    leader, follower = pty.openpty()
    command = [process.binary(), *(str(word) for word in words)]
    with subprocess.Popen(command, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=follower,
                          env=process.environment()) as program:
        os.close(follower)
        shown = b""
        while True:
            try:
                piece = os.read(leader, 65536)
            except OSError:  # nobody is left on the other side
                break
            shown += piece
        stdout = program.stdout.read().decode("utf-8")
        status = program.wait(process.DEADLINE)
    os.close(leader)
    text = shown.decode("utf-8")
    process.assert_unharmed(text)
    return status, stdout, text


def shelf_of(count, length):
    """Bundles with quotes and names, of that many bytes of text each."""
    text = ("Agent One said something to Agent Two. " * (length // 39 + 1))[:length]
    quotes = [{"spans": [[at, at + 38]], "speakers": ["agent-one"]} for at in range(0, length - 39, 390)]
    for number in range(count):
        yield bundle(f"number-{number:05}", f"{number:05}{text[5:]}", agents=["Agent One"], quotes=quotes, mentions=[])


@pytest.mark.parametrize("packed", [False, True])
def test_a_terminal_sees_how_far_it_is(db, tmp_path, packed):
    data = shelf.lines(*shelf_of(60, 100000), bundle("bad", 7))
    file = tmp_path / "many.ndjson"
    file.write_bytes(gzip.compress(data, 1) if packed else data)
    status, stdout, shown = on_terminal("import", "--db", db, file)
    assert status == 65 and stdout.startswith("60 added, ")
    *steps, _ = shown.split("\r\x1b[K")
    found = [LINE.search(step) for step in re.split(r"\r|\x1b\[K", "".join(steps)) if "bundles, " in step]
    assert found and all(found), shown
    shares = [int(match[1]) for match in found]
    assert shares == sorted(shares) and 0 <= shares[0] <= shares[-1] <= 100
    assert [int(match[2]) for match in found] == sorted(int(match[2]) for match in found)
    # The line is gone before another one comes.
    assert re.search(r"\r\x1b\[K" + re.escape(str(file)) + r":61: /text: ", shown)
    assert shown.endswith("reviewd: 1 of the bundles refused; the others are stored\r\n")


def test_of_a_pipe_it_is_not_known_how_long_it_is(db):
    read, write = os.pipe()
    with open(write, "wb") as pipe:
        pipe.write(shelf.lines(*shelf_of(5, 1000)))
    with open(read, "rb") as pipe:
        status, _, shown = on_terminal("import", "--db", db, "-", stdin=pipe)
    assert status == 0 and "bundles, 0 refused" in shown and "%" not in shown and "left" not in shown


def test_nothing_but_errors_goes_where_no_terminal_is(db, tmp_path):
    file = tmp_path / "many.ndjson"
    file.write_bytes(shelf.lines(*shelf_of(20, 50000)))
    assert shelf.put_file(db, file).stderr == ""


def test_the_summary_counts_what_was_taken(db):
    documents = [bundle("one", agents=["Bond"], quotes=[{"spans": [[0, 4], [5, 8]]}, {"exact": "met"}]),
                 bundle("two", "é" * 500000), bundle("bad", quotes=[{"exact": "nowhere"}] * 7), bundle("three", agents=["met"])]
    finished = shelf.put(db, *documents, status=65)
    assert shelf.counts(finished) == {"added": 3, "refused": 1}
    assert shelf.sums(finished) == (2, 3, 3)
    assert re.fullmatch(r"3 added, 0 changed, 0 unchanged, 1 refused\n"
                        r"2 quotes in 3 spans, 3 mentions, 1\.0 MB of text in \d+\.\d\d s, \d+\.\d MB/s\n", finished.text)
    again = shelf.put(db, documents[0], {**documents[1], "title": "T"})
    assert (shelf.counts(again), shelf.sums(again)) == ({"changed": 1, "unchanged": 1}, (2, 3, 2))
    assert shelf.put(db, documents[2], status=65).text == "0 added, 0 changed, 0 unchanged, 1 refused\n"


@pytest.mark.parametrize("options", [[], ["--atomic"]])
def test_memory_does_not_grow_with_the_file(db, tmp_path, options):
    """It gets by with much less than the file, or the texts in it, have."""
    if shelf.is_sanitized():
        pytest.skip("a sanitizer takes memory of its own")
    line = shelf.lines(*shelf_of(1, 100000))
    file = tmp_path / "many.ndjson"
    with open(file, "wb") as many:
        for number in range(1000):
            many.write(line.replace(b"number-00000", b"number-%05d" % number))
    assert file.stat().st_size > 100 << 20
    assert shelf.run_within(56, "import", "--db", db, *options, file) == 0
    assert shelf.export(db).count(b"\n") == 1000


def test_too_little_memory_is_told_and_harms_nothing(db, tmp_path):
    if shelf.is_sanitized():
        pytest.skip("a sanitizer takes memory of its own")
    shelf.put(db, bundle("before"))
    before = shelf.export(db)
    file = tmp_path / "long.ndjson"
    file.write_bytes(shelf.lines(bundle("long", "x" * (40 << 20))))
    assert shelf.run_within(56, "import", "--db", db, file) == 70
    assert shelf.export(db) == before
    shelf.check(db)


def test_what_comes_slowly_is_stored_as_it_comes(db):
    """A crawler that writes now and then: what it has written can be read, though the import goes on."""
    words = [process.binary(), "import", "--db", db, "-"]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=process.environment()) as program:
        for number in range(2):
            program.stdin.write(shelf.lines(bundle(f"number-{number}")))
            program.stdin.flush()
            deadline = time.monotonic() + process.DEADLINE
            while not db.exists() or f"number-{number}" not in process.run("export", "--db", db).text:
                assert time.monotonic() < deadline, "not stored while the input waits"
                time.sleep(0.05)
        assert program.poll() is None
        stdout, _ = program.communicate(timeout=process.DEADLINE)
        assert (program.returncode, stdout.split(b",")[0]) == (0, b"2 added")
    shelf.check(db)
