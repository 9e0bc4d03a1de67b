# SPDX-License-Identifier: MIT
"""The program under test: commands that end by themselves, and servers that run until they are stopped."""
import dataclasses
import json
import os
import pathlib
import re
import selectors
import signal
import subprocess
import time

# Seconds for whatever must happen, on a slow machine and with sanitizers, too.
DEADLINE = 30
# Seconds from SIGTERM to the end.
DRAIN = 10

SANITIZER_REPORT = re.compile(r"(?:Address|Leak|Thread|Memory|UndefinedBehavior)Sanitizer|runtime error:")
READY_LINE = re.compile(r"listening on http://127\.0\.0\.1:(\d+)\n")


def binary():
    """The program that REVIEWD_BIN names."""
    path = os.environ.get("REVIEWD_BIN")
    assert path, "REVIEWD_BIN does not name the program to test"
    return str(pathlib.Path(path).resolve())


def environment(**more):
    """The surroundings of a program: nothing of reviewd's own but what is asked for."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REVIEWD_")}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC", **more}


def assert_unharmed(stderr):
    """No sanitizer has anything to report."""
    assert not SANITIZER_REPORT.search(stderr), stderr


@dataclasses.dataclass(frozen=True)
class Finished:
    """How a command ended."""

    status: int
    stdout: bytes
    stderr: str

    @property
    def text(self):
        return self.stdout.decode("utf-8")

    def expect(self, status):
        """Returns itself; what it said is part of the failure."""
        assert self.status == status, f"exit status {self.status}, not {status}\n{self.text}{self.stderr}"
        return self


def run(*arguments, stdin=b"", cwd=None, **variables):
    """Runs `reviewd arguments…` to its end."""
    words = [binary(), *(str(argument) for argument in arguments)]
    done = subprocess.run(words, input=stdin, capture_output=True, timeout=2 * DEADLINE, cwd=cwd,
                          env=environment(**variables), check=False)
    stderr = done.stderr.decode("utf-8")
    assert_unharmed(stderr)
    return Finished(done.returncode, done.stdout, stderr)


def put(db, *bundles):
    """Imports them, none of which may be refused."""
    lines = "".join(json.dumps(bundle) + "\n" for bundle in bundles)
    run("import", "--db", db, "-", stdin=lines.encode("utf-8")).expect(0)


def assert_one_line(finished):
    """An error is told in one line on stderr, and nothing of it on stdout."""
    assert re.fullmatch(r"reviewd: [^\n]+\n", finished.stderr), finished.stderr
    assert finished.stdout == b""


def wait_for(condition):
    """Asks again until it holds, which it must before the deadline."""
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, f"not within {DEADLINE} s"
        time.sleep(0.01)


def is_written(db):
    """Whether somebody has the store open for writing. To try the lock would be to hold it for a moment."""
    inode = os.stat(f"{db}-lock").st_ino if os.path.exists(f"{db}-lock") else None
    with open("/proc/locks", encoding="ascii") as locks:
        return any(line.split()[1] == "FLOCK" and line.split()[5].endswith(f":{inode}") for line in locks)


def give_memory_back(monkeypatch):
    """Of the servers to come: a sanitizer keeps what was freed for a while, unless it is told not to."""
    monkeypatch.setenv("ASAN_OPTIONS", os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=0:thread_local_quarantine_size_kb=0")


class Server:
    """`reviewd serve` on a free port, from the line that it is ready until it is stopped."""

    def __init__(self, directory, *arguments, cwd=None, listen=("--listen", "127.0.0.1:0"), **variables):
        self.log = pathlib.Path(directory) / f"stderr-{time.monotonic_ns()}"
        words = [binary(), "serve", *listen, *(str(argument) for argument in arguments)]
        with open(self.log, "wb") as stderr:
            self.process = subprocess.Popen(self.words(words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=stderr,
                                            cwd=cwd, env=environment(**variables))
        try:
            self.port = self._read_port()
        except BaseException:
            self.kill()
            raise

    def words(self, words):
        """The command; for who runs it in another way."""
        return words

    def _read_port(self):
        line = b""
        deadline = time.monotonic() + DEADLINE
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while not line.endswith(b"\n"):
                assert selector.select(deadline - time.monotonic()), f"not ready in {DEADLINE} s: {line!r} {self.stderr()}"
                piece = os.read(self.process.stdout.fileno(), 1)
                assert piece, f"ended before it was ready, status {self.process.wait(DEADLINE)}: {self.stderr()}"
                line += piece
        match = READY_LINE.fullmatch(line.decode("utf-8"))
        assert match, f"the first line is {line!r}"
        return int(match[1])

    def stderr(self):
        return self.log.read_text(encoding="utf-8", errors="replace")

    def memory(self, kind):
        """Bytes that it has now (VmRSS), or has had at most (VmHWM)."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            return next(int(line.split()[1]) << 10 for line in status if line.startswith(kind + ":"))

    def tell_to_stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def wait(self, within=DRAIN):
        """Waits for the end, which must be a clean one."""
        try:
            status = self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running {within} s after the signal: {self.stderr()}") from None
        rest = self.process.stdout.read()
        self.process.stdout.close()
        assert_unharmed(self.stderr())
        assert status == 0, f"exit status {status}: {self.stderr()}"
        assert rest == b"", f"more than one line on stdout: {rest!r}"

    def stop(self, number=signal.SIGTERM):
        self.tell_to_stop(number)
        self.wait()

    def kill(self):
        self.process.kill()
        self.process.wait(DEADLINE)
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None and self.process.returncode is None:
            self.stop()
        elif self.process.returncode is None:
            self.kill()
