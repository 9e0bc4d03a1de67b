# SPDX-License-Identifier: MIT
"""The control for the runs under the thread sanitizer: a race is reported, and the report is a failure."""
import pathlib
import subprocess

import process
import pytest


def test_a_race_is_seen():
    binary = pathlib.Path(process.binary())
    if b"__tsan_init" not in binary.read_bytes():
        pytest.skip("the program has no thread sanitizer")
    done = subprocess.run([binary.parents[1] / "tests/fault/racing"], capture_output=True, text=True, check=False,
                          timeout=process.DEADLINE)
    assert done.returncode != 0
    with pytest.raises(AssertionError, match="data race"):
        process.assert_unharmed(done.stderr)
