# SPDX-License-Identifier: MIT
"""Progress is for people at a terminal; in a pipe there is none of it."""
import contextlib
import os
import pty
import re
import subprocess
import tempfile

import bundles
import process
import pytest
from bundles import bundle, ndjson

COLOUR = re.compile(rb"\x1b\[[0-9;]*m")
ERASED = b"\r\x1b[K"
MANY = ndjson(*[bundle(f"number-{i}", agents=["Bond"]) for i in range(400)], bundle("bad", 7), bundle("last"))


def at_a_terminal(*words, stdin=b"", **variables):
    """Runs a command whose standard error is a terminal: its status, its output, and what the terminal got."""
    ours, theirs = pty.openpty()
    # Files, since a pipe that nobody reads holds the program up.
    with contextlib.closing(os.fdopen(ours, "rb", buffering=0)) as terminal, tempfile.TemporaryFile() as given, \
            tempfile.TemporaryFile() as output:
        given.write(stdin)
        given.seek(0)
        with subprocess.Popen([process.binary(), *(str(word) for word in words)], stdin=given, stdout=output, stderr=theirs,
                              env=process.environment(TERM="xterm-256color", **variables)) as running:
            os.close(theirs)
            shown = b""
            # Linux answers with an error when the other side of a terminal is gone.
            with contextlib.suppress(OSError):
                while piece := terminal.read(65536):
                    shown += piece
            status = running.wait(process.DEADLINE)
        output.seek(0)
        output = output.read()
    process.assert_unharmed(shown.decode("utf-8", "replace"))
    return status, output, shown


def lines_left(shown):
    """What stays to be read, on a terminal that goes back at \\r and erases the rest of a line at \\033[K."""
    lines, column = [""], 0
    for step in re.findall(r"\x1b\[K|\r\n|\r|[^\x1b\r\n]+|.", shown.decode("utf-8"), re.S):
        if step == "\r\n":
            lines.append("")
        if step in ("\r\n", "\r"):
            column = 0
        elif step == "\x1b[K":
            lines[-1] = lines[-1][:column]
        else:
            lines[-1] = lines[-1][:column] + step + lines[-1][column + len(step):]
            column += len(step)
    return "\n".join(lines)


@pytest.mark.parametrize("variables", [{}, {"NO_COLOR": "1"}], ids=["", "NO_COLOR"])
def test_import_at_a_terminal_shows_how_far_it_is(tmp_path, variables):
    status, output, shown = at_a_terminal("import", "--db", tmp_path / "x.db", "-", stdin=MANY, **variables)
    assert status == 65
    assert re.search(rb"\r[^\r\n]*\d+ bundles", shown), "there was progress"
    assert lines_left(shown) == ("-:401: /text: a string is wanted, this is an integer\n"
                                 "reviewd: 1 of the bundles refused; the others are stored\n"), "and nothing is left of it"
    assert not COLOUR.search(shown)
    assert b"401 added" in output and b"\r" not in output


def test_import_in_a_pipe_is_quiet(tmp_path):
    finished = process.run("import", "--db", tmp_path / "x.db", "-", stdin=MANY, TERM="xterm-256color").expect(65)
    assert "\r" not in finished.stderr and "\x1b" not in finished.stderr + finished.text
    assert len(finished.stderr.splitlines()) == 2
    finished = process.run("import", "--db", tmp_path / "x.db", "-", stdin=ndjson(bundle("quiet"))).expect(0)
    assert finished.stderr == ""


def test_check_at_a_terminal_shows_how_far_it_is(store):
    status, output, shown = at_a_terminal("check", "--db", store)
    assert status == 0
    assert re.search(rb"\r\d+ of \d+ reviews", shown)
    assert shown.endswith(ERASED) and lines_left(shown) == ""
    assert output.startswith(b"sound: ")


def test_backup_at_a_terminal_shows_how_far_it_is(store, tmp_path):
    status, output, shown = at_a_terminal("backup", "--db", store, tmp_path / "copy.db")
    assert status == 0 and output.startswith(b"copied: ")
    assert re.search(rb"\d+ % of \d+\.\d MB", shown) and shown.endswith(ERASED)


def test_backup_in_a_pipe_is_quiet(store, tmp_path):
    finished = process.run("backup", "--db", store, tmp_path / "copy.db", TERM="xterm-256color").expect(0)
    assert finished.stderr == "" and "\r" not in finished.text


def test_findings_stand_on_lines_of_their_own_at_a_terminal(store):
    bundles.change(store, "UPDATE review SET text_bytes = text_bytes + 1")
    count = len(bundles.library()) + 1
    status, _, shown = at_a_terminal("check", "--db", store)
    lines = lines_left(shown).splitlines()
    assert status == 65
    assert len(lines) == count + 1
    assert all(line.startswith("review ") for line in lines[:-1]) and lines[-1].endswith(f"{count} problems")


def test_check_in_a_pipe_is_quiet(store):
    finished = process.run("check", "--db", store, TERM="xterm-256color").expect(0)
    assert finished.stderr == "" and "\r" not in finished.text


@pytest.mark.parametrize("words", [["export"], ["import", "--dry-run", "/dev/null"]])
def test_what_has_no_progress_leaves_the_terminal_alone(store, words):
    status, _, shown = at_a_terminal(words[0], "--db", store, *words[1:])
    assert (status, shown) == (0, b"")
