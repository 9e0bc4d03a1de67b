# SPDX-License-Identifier: MIT
"""What happens when there is no room: it is said, and nothing that was there is lost."""
import json
import subprocess
import urllib.request

import bundles
import process
import pytest
import schemas
from bundles import bundle, ndjson
from conftest import needs_root

pytestmark = needs_root

FREE = ("--listen", "127.0.0.1:0")
# More than the disk holds, each of it a small part.
MANY = ndjson(*[bundle(f"number-{i}", f"Text number {i}. " * 1000, quotes=[{"spans": [[0, 4]]}]) for i in range(100)])


def told(finished):
    process.assert_one_line(finished)
    return finished.stderr


@pytest.fixture
def db(small_disk):
    path = small_disk.folder / "x.db"
    process.run("import", "--db", path, schemas.SEED_FILE).expect(0)
    return path


@pytest.mark.parametrize("more", [[], ["--atomic"]])
def test_an_import_that_does_not_fit(small_disk, db, more):
    before = process.run("export", "--db", db).expect(0).stdout
    line = told(process.run("import", "--db", db, *more, "-", stdin=MANY).expect(74))
    assert line == "reviewd: importing: no space left on the disk\n"
    assert "sound: " in process.run("check", "--db", db).expect(0).text
    after = bundles.parse(process.run("export", "--db", db).expect(0).stdout)
    assert bundles.seed() in after, "what was there is there"
    if more:
        assert after == bundles.parse(before), "and nothing else"
    # With room again it goes on where it was.
    small_disk.remount("size=32m")
    finished = process.run("import", "--db", db, "-", stdin=MANY).expect(0)
    totals = bundles.totals(finished)
    assert totals["added"] + totals.get("unchanged", 0) == 100
    assert "sound: 101 reviews" in process.run("check", "--db", db).expect(0).text


@pytest.mark.parametrize("command", ["serve", "serve --read-only", "import", "export", "check"])
def test_without_any_room_a_store_cannot_be_opened(small_disk, db, command):
    small_disk.fill()
    words = {"import": [schemas.SEED_FILE]}.get(command, FREE if command.startswith("serve") else [])
    assert told(process.run(*command.split(), "--db", db, *words).expect(74)) == f"reviewd: store {db}: no space left on the disk\n"
    (small_disk.folder / "filling").unlink()
    assert "sound: 1 review," in process.run("check", "--db", db).expect(0).text


def test_what_is_served_is_served_on_when_the_disk_is_full(small_disk, db, tmp_path):
    with process.Server(tmp_path, "--db", db) as server:
        small_disk.fill()
        assert bundles.parse(process.run("export", "--db", db).expect(0).stdout) == [bundles.seed()]
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/v1/reviews", timeout=process.DEADLINE) as reply:
            assert json.load(reply)["page"]["total"] == 1


@pytest.mark.parametrize("free", [0, 4096, 16_384, 65_536, 131_072, 200_000, 262_144])
def test_a_store_that_does_not_fit_is_not_half_made(small_disk, tmp_path, free):
    small_disk.fill(free)
    db = small_disk.folder / "new.db"
    line = told(process.run("serve", "--db", db, *FREE).expect(74))
    assert line in (f"reviewd: store {db}: no space left on the disk\n", "reviewd: storing the seed review: no space left on the disk\n")
    # With room again the first start is one.
    small_disk.remount("size=8m")
    with process.Server(tmp_path, "--db", db) as server:
        assert server.stderr() == ""
    assert bundles.parse(process.run("export", "--db", db).expect(0).stdout) == [bundles.seed()]


def test_an_export_that_does_not_fit(small_disk, db):
    process.run("import", "--db", db, "-", stdin=ndjson(bundle("long", "Long. " * 20_000))).expect(0)
    small_disk.fill(65_536)
    with open(small_disk.folder / "export", "wb") as file:
        done = subprocess.run([process.binary(), "export", "--db", db], stdout=file, stderr=subprocess.PIPE, timeout=process.DEADLINE,
                              env=process.environment(), check=False)
    assert (done.returncode, done.stderr) == (74, b"reviewd: cannot write: No space left on device\n")
