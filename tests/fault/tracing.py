# SPDX-License-Identifier: MIT
"""What a server does to its files and tells its clients, in order, as strace saw it."""
import dataclasses
import re
import shutil

CALLS = ("pwrite64", "write", "ftruncate", "fdatasync", "fsync", "unlink", "unlinkat", "rename", "sendto", "sendmsg", "writev")
# Whole pages and more must be in the trace.
STRING_BYTES = 1 << 20

CALL = re.compile(rb"(\w+)\((.*)", re.S)
UNFINISHED = b" <unfinished ...>"
RESUMED = re.compile(rb"<\.\.\. (\w+) resumed>(.*)", re.S)
DESCRIPTOR = re.compile(rb'\d+<((?:\\x[0-9a-f]{2})*)>')
STRING = re.compile(rb'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
RESULT = re.compile(rb"= (-?\d+)(?: |$)")


def command(strace_log):
    """What to put in front of the program."""
    assert shutil.which("strace"), "strace is not installed: scripts/setup test"
    # -D: the program is the child, so that signals reach it; strace ends after it.
    return ["strace", "-D", "-f", "-y", "-q", "-xx", "-s", str(STRING_BYTES), "-e", "trace=" + ",".join(CALLS),
            "-e", "signal=none", "-o", str(strace_log)]


@dataclasses.dataclass(frozen=True)
class Event:
    kind: str  # write, truncate, sync, unlink: of a file; answer: to a client
    file: str = ""
    offset: int = 0
    data: bytes = b""


def text(escaped):
    return bytes.fromhex(escaped.replace(b"\\x", b"").decode("ascii"))


def is_whole(log):
    """The program has ended, and strace with it."""
    return bool(re.search(rb"^\d+ +\+\+\+ (?:exited|killed) [^\n]*\+\+\+\n\Z", log.read_bytes()[-200:], re.M))


def calls(log):
    """(name, arguments and result) of each call, in the order in which they ended; an answer when it begins."""
    begun = {}
    for line in log.read_bytes().splitlines():
        thread, _, rest = line.partition(b" ")
        rest = rest.lstrip()
        resumed = RESUMED.fullmatch(rest)
        if resumed:
            yield resumed[1], begun.pop(thread) + resumed[2]
            continue
        call = CALL.fullmatch(rest)
        if not call:
            continue
        if rest.endswith(UNFINISHED):
            begun[thread] = call[2][:-len(UNFINISHED)]
            if call[1] in (b"sendto", b"sendmsg", b"writev", b"write"):
                yield call[1] + b" begins", call[2]
        else:
            yield call[1], call[2]


def read_events(log, folder):
    """The events of the files in `folder`, and of the 2xx that clients were sent."""
    events = []
    prefix = str(folder).encode() + b"/"
    for name, rest in calls(log):
        name, _, begins = name.partition(b" ")
        descriptor = DESCRIPTOR.match(rest)
        path = text(descriptor[1]) if descriptor else b""
        strings = STRING.findall(rest)
        if path.startswith(b"socket:") or path.startswith(b"TCP:"):
            # The beginning of a call that was interrupted in the log counts, not its end.
            if strings and text(strings[0][0]).startswith(b"HTTP/1.1 2") and (begins or b"resumed" not in rest):
                events.append(Event("answer", data=text(strings[0][0])))
            continue
        result = RESULT.search(rest)
        if begins or (result and int(result[1]) < 0):
            continue
        if name in (b"unlink", b"unlinkat"):
            path = text(strings[0][0])
        if not path.startswith(prefix):
            continue
        file = path[len(prefix):].decode()
        if name == b"pwrite64":
            assert not strings[0][1], "the trace is cut"
            events.append(Event("write", file, int(rest.rsplit(b", ", 1)[1].split(b")")[0]), text(strings[0][0])[:int(result[1])]))
        elif name == b"ftruncate":
            events.append(Event("truncate", file, int(rest.rsplit(b", ", 1)[1].split(b")")[0])))
        elif name in (b"fdatasync", b"fsync"):
            events.append(Event("sync", file))
        elif name in (b"unlink", b"unlinkat"):
            events.append(Event("unlink", file))
        else:
            assert name != b"rename" and name != b"write", f"{name} of {file} is not understood"
    return events
