# SPDX-License-Identifier: MIT
"""Stores to begin with, and the surroundings that need another user or a small disk."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import pytest

# The program under test and the schemas are the same for both suites.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "http"))

import bundles  # noqa: E402
import process  # noqa: E402

NOBODY = 65534

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else or mount a disk")


def made(folder, *documents):
    """A store with these bundles, closed cleanly: one file and its lock."""
    db = folder / "made.db"
    process.run("import", "--db", db, "-", stdin=bundles.ndjson(*documents)).expect(0)
    return db


@pytest.fixture(scope="session")
def sound_store(tmp_path_factory):
    """The seed and all that is made up; only to be copied."""
    return made(tmp_path_factory.mktemp("sound"), bundles.seed(), *bundles.library())


@pytest.fixture
def store(sound_store, tmp_path):
    """A store of its own for each test."""
    return shutil.copy(sound_store, tmp_path / "store.db")


class Stranger:
    """Runs the program as a user who owns nothing here but one folder."""

    def __init__(self, folder):
        self.folder = folder
        self.program = shutil.copy(process.binary(), folder / "reviewd")
        self.own = folder / "own"
        self.own.mkdir()
        os.chown(self.own, NOBODY, NOBODY)

    def run(self, *arguments, stdin=b""):
        words = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", self.program, *arguments]
        done = subprocess.run([str(word) for word in words], input=stdin, capture_output=True, cwd=self.own,
                              timeout=process.DEADLINE, env=process.environment(), check=False)
        stderr = done.stderr.decode("utf-8")
        process.assert_unharmed(stderr)
        return process.Finished(done.returncode, done.stdout, stderr)


@pytest.fixture
def stranger():
    # Not in pytest's own folder, which only its owner may enter.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="reviewd-"))
    folder.chmod(0o755)
    yield Stranger(folder)
    shutil.rmtree(folder)


class SmallDisk:
    """A disk of one mebibyte."""

    def __init__(self, folder):
        self.folder = folder
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "reviewd-test", folder], check=False)
        if mounted.returncode:
            pytest.skip("no disk can be mounted here")

    def remount(self, options):
        subprocess.run(["mount", "-o", f"remount,{options}", self.folder], check=True)

    def fill(self, free=0):
        """Leaves only so many bytes."""
        disk = os.statvfs(self.folder)
        (self.folder / "filling").write_bytes(bytes(disk.f_bavail * disk.f_bsize - free))

    def unmount(self):
        subprocess.run(["umount", self.folder], check=True)


@pytest.fixture
def small_disk(tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    disk = SmallDisk(folder)
    yield disk
    disk.unmount()
