# SPDX-License-Identifier: MIT
"""A server in which the test lets calls fail: the other side of faults.c."""
import mmap
import os
import pathlib
import struct

import process

WRITE, SYNC, TRUNCATE, ALLOCATE = 1, 2, 4, 8
DISK = WRITE | SYNC | TRUNCATE
IO, FULL, SHORT, KILL, SLOW = range(5)
NEVER = 1 << 30

# The long forms, which `scripts/test --all` runs.
LONG = os.environ.get("TEST_LONG") == "1"

# The count of live pieces is not the test's to write.
LAYOUT, LIVE, HASTE = struct.Struct("=5I"), struct.Struct("=i"), struct.Struct("=I")
MODULE = "tests/fault/libfaults.so"


def module():
    path = pathlib.Path(process.binary()).parents[1] / MODULE
    assert path.exists(), f"{path} is not there: the fault tests want a build with -Dtests=true and without sanitizers"
    return path


class Faults:
    """What is to fail; nothing at first."""

    def __init__(self, folder):
        self.path = pathlib.Path(folder) / "faults"
        self.path.write_bytes(bytes(mmap.PAGESIZE))
        with open(self.path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), mmap.PAGESIZE)

    def variables(self):
        return {"LD_PRELOAD": str(module()), "FAULTS": str(self.path)}

    def arm(self, calls, at=NEVER, how=IO, lasting=False):
        """From now on the call number `at` of these fails."""
        self.map[:LAYOUT.size] = LAYOUT.pack(0, 0, at, lasting, how)
        self.map[:4] = struct.pack("=I", calls)

    def live(self):
        """How many pieces of memory the program has."""
        return LIVE.unpack_from(self.map, LAYOUT.size)[0]

    def hurry(self, times):
        """From now on the program's short waits, as the one until writing is tried again, end so many times as early."""
        HASTE.pack_into(self.map, LAYOUT.size + LIVE.size, times)

    def disarm(self):
        """Returns how many of the calls there were."""
        self.map[:4] = bytes(4)
        return struct.unpack_from("=I", self.map, 4)[0]


class Server(process.Server):
    def __init__(self, folder, *arguments):
        self.faults = Faults(folder)
        super().__init__(folder, *arguments, **self.faults.variables())


def is_sanitized():
    """Sanitizers have an allocator of their own, which nobody takes the place of."""
    return b"__asan_init" in pathlib.Path(process.binary()).read_bytes() or b"__tsan_init" in pathlib.Path(process.binary()).read_bytes()
