# SPDX-License-Identifier: MIT
# The example of the README: the service inside another program.
import os
import pathlib
import re
import subprocess
import urllib.request

EMBED = pathlib.Path(os.environ["REVIEWD_BIN"]).parent.parent / "tests" / "embed" / "embed"
DEADLINE = 20


def test_a_program_serves_its_own_store(tmp_path):
    with subprocess.Popen([EMBED, tmp_path / "shelf.db"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True) as program:
        line = program.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+/v1/quotes\.txt", line)[0]
        with urllib.request.urlopen(url, timeout=DEADLINE) as reply:
            assert "\n— Darko Kerim Bey, From Russia with Love\n" in reply.read().decode()
        _, errors = program.communicate("\n", timeout=DEADLINE)
        assert (program.returncode, errors) == (0, "")


def test_a_program_is_told_why_it_cannot_serve(tmp_path):
    path = tmp_path / "no store.db"
    path.write_text("something else entirely, and long enough to be taken for a page\n" * 100)
    ended = subprocess.run([EMBED, path], capture_output=True, text=True, timeout=DEADLINE, check=False)
    assert ended.returncode == 65
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1 and "no store.db" in ended.stderr


def test_the_example_of_the_readme_is_the_one_that_is_tested():
    root = pathlib.Path(__file__).parents[2]
    program = (root / "tests/embed/embed.c").read_text().split("\n", 1)[1]
    assert f"```c\n{program}```" in (root / "README.md").read_text()
