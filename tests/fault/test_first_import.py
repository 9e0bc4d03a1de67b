# SPDX-License-Identifier: MIT
"""Each call to the disk fails in turn while a file that was missing is filled: it tells so, and the next one does it all."""
import json

import faults
import process
import pytest
from writing import bundle

BUNDLES = [bundle(f"review-{number}", f"Words of {number}. " * 300, agents=[f"Agent {number}"]) for number in range(12)]
LINES = "".join(json.dumps(one) + "\n" for one in BUNDLES).encode("utf-8")
HOW = {"input-output error": faults.IO, "full disk": faults.FULL, "disk that fills up": faults.SHORT, "kill": faults.KILL}
# Of the calls, in the short form.
SAMPLES = 12


def import_all(db, **variables):
    return process.run("import", "--db", db, "-", stdin=LINES, **variables)


def reviews(db):
    """None if there is no store, or one that a writer has to put right first."""
    exported = process.run("export", "--db", db)
    return [json.loads(line)["id"] for line in exported.stdout.splitlines()] if exported.status == 0 else None


def count_calls(folder):
    failing = faults.Faults(folder)
    failing.arm(faults.DISK)
    import_all(folder / "counted.db", **failing.variables()).expect(0)
    return failing.disarm()


@pytest.mark.parametrize("how", HOW)
def test_a_call_that_fails_leaves_a_store_that_the_next_import_fills(tmp_path, how, long_form):
    if faults.is_sanitized():
        pytest.skip("the program has sanitizers")
    whole, failed = sorted(one["id"] for one in BUNDLES), 0
    count = count_calls(tmp_path)
    for at in range(1, count + 1, 1 if long_form else max(1, count // SAMPLES)):
        db, failing = tmp_path / f"{at}.db", faults.Faults(tmp_path)
        failing.arm(faults.DISK, at, HOW[how])
        ended = import_all(db, **failing.variables())
        if ended.status == 0:
            assert reviews(db) == whole, at
        else:
            # A file that cannot be made, or a disk that fails; fsync() that fails is always the latter.
            assert ended.status in ((-9,) if how == "kill" else (73, 74)), (at, ended.stderr)
            assert reviews(db) in (None, [], whole), at
            failed += 1
        import_all(db).expect(0)
        assert reviews(db) == whole, at
        process.run("check", "--db", db).expect(0)
    assert failed, "no call has failed"
