# SPDX-License-Identifier: MIT
"""
libFuzzer's targets: what was kept in corpus/ passes, and so does what is made of it: with one seed, much the same inputs each
time, or in the long form new ones for a minute. An input that fails is to be kept in corpus/ when its cause is mended.
FUZZ_TARGETS is the folder of the programs, which scripts/test builds.
"""
import os
import pathlib
import subprocess

import pytest

HERE = pathlib.Path(__file__).parent
LONG = os.environ.get("TEST_LONG") == "1"
SECONDS, DEADLINE = 60, 180

# How many inputs take some seconds.
RUNS = {"bundle": 40000, "cursor": 15000, "headers": 8000, "query": 6000, "target": 60000, "wire": 3000}
DICTIONARIES = {"bundle": "bundle", "headers": "headers", "wire": "headers"}


def program(target):
    folder = os.environ.get("FUZZ_TARGETS")
    assert folder, "FUZZ_TARGETS says where the programs are: see scripts/test"
    return pathlib.Path(folder) / f"fuzz_{target}"


def fuzz(target, tmp_path, *arguments):
    """Its exit status and what it said; inputs that fail are in tmp_path."""
    # Stores in memory, where that can be had: a commit for each input would wait for the disk.
    memory = pathlib.Path("/dev/shm")
    folder = memory if os.access(memory, os.W_OK) else tmp_path
    done = subprocess.run([program(target), "-timeout=20", f"-artifact_prefix={tmp_path}/", *arguments], timeout=DEADLINE,
                          env=os.environ | {"TMPDIR": str(folder)}, capture_output=True, check=False)
    return done.returncode, done.stderr.decode("utf-8", "replace")[-5000:]


def kept(target):
    return sorted((HERE / "corpus" / target).iterdir())


@pytest.mark.parametrize("target", RUNS)
def test_what_was_kept_passes(target, tmp_path):
    status, said = fuzz(target, tmp_path, *kept(target))
    assert status == 0, said
    assert said.count("Executed ") == len(kept(target)) > 0


@pytest.mark.parametrize("target", RUNS)
def test_what_is_made_of_it_passes(target, tmp_path):
    how = [f"-max_total_time={SECONDS}"] if LONG else [f"-runs={RUNS[target]}", "-seed=1"]
    if target in DICTIONARIES:
        how.append(f"-dict={HERE / DICTIONARIES[target]}.dict")
    made = tmp_path / "made"
    made.mkdir()
    status, said = fuzz(target, tmp_path, *how, "-max_len=4096", made, HERE / "corpus" / target)
    assert status == 0, said
    assert list(made.iterdir()), "no input led anywhere new"


def test_a_planted_bug_is_found(tmp_path):
    """The control: made from a harmless input, which takes some thousands of them, and then found again."""
    assert fuzz("planted", tmp_path, *kept("planted"))[0] == 0
    made = tmp_path / "made"
    made.mkdir()
    status, said = fuzz("planted", tmp_path, "-runs=1000000", "-seed=1", made, HERE / "corpus" / "planted")
    assert status != 0 and "heap-buffer-overflow" in said
    found, = tmp_path.glob("crash-*")
    assert fuzz("planted", tmp_path, found)[0] != 0
