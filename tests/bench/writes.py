# SPDX-License-Identifier: MIT
"""Durable writes: PUTs of new reviews by 1, 8 and 64 clients, beside a loop that commits single rows on the same disk."""
import json
import os
import re
import subprocess

import contenders

CLIENTS = (1, 8, 64)

# Each one is new. The first is the row that the loop writes, as far as a review can be; the second makes ten rows.
TEXT = {"id": "ID", "language": "en", "text": "He said: I never lie. And lied."}
REVIEWS = {"a text": TEXT,
           "a text with a speaker, a quote and a mention": TEXT | {
               "agents": [{"id": "a-liar", "name": "A Liar"}],
               "quotes": [{"id": "1", "speakers": ["a-liar"], "spans": [[9, 21]]}],
               "mentions": [{"span": [0, 2], "of": ["a-liar"]}]}}

# Of each wait for the disk, in microseconds longer than it takes: none, and what a disk of a usual computer takes.
DELAYS = (0, 1000)

# The generator shares the machine with the server. With wrk.format() and gsub() for each request it took 26 µs of a
# processor for one and its answer; with what is put together before, 23 µs. The kernel's part is 17 µs.
LUA = """
local number = 1000000
local id = "{prefix}-"
local first, last = [==[{first}]==], [==[{last}]==]
local between
init = function()
  local length = #first + #id + #tostring(number) + #last
  between = " HTTP/1.1\\r\\nHost: " .. wrk.headers["Host"] .. "\\r\\nAuthorization: Bearer {token}\\r\\nIf-None-Match: *\\r\\n" ..
    "Content-Type: application/json\\r\\nContent-Length: " .. length .. "\\r\\n\\r\\n" .. first .. id
end
request = function()
  number = number + 1
  return "PUT /v1/reviews/" .. id .. number .. between .. number .. last
end
"""


def slowed(build, delay):
    return os.environ | ({"LD_PRELOAD": str(build / "slow_sync.so"), "SLOW_SYNC_US": str(delay)} if delay else {})


def commit_loop(build, folder, delay, seconds):
    """Commits a second of the bare loop."""
    file = folder / "loop.db"
    for name in (file, folder / "loop.db-wal", folder / "loop.db-shm"):
        name.unlink(missing_ok=True)
    run = subprocess.run([build / "commit_loop", file, str(seconds)], env=slowed(build, delay), capture_output=True, text=True,
                         check=True)
    return float(run.stdout)


def puts(port, token, folder, prefix, review, clients, seconds):
    """PUTs a second that were answered with 201, and the median and the 99th percentile in ms."""
    script = folder / f"{prefix}.lua"
    first, last = json.dumps(review).split("ID")
    script.write_text(LUA.format(first=first, last=last, token=token, prefix=prefix))
    words = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--latency", "-s", str(script), f"http://127.0.0.1:{port}"]
    run = subprocess.run(words, capture_output=True, text=True, check=True)
    # With a script that it cannot read wrk asks for / instead, and is content.
    if "Non-2xx" in run.stdout or "Socket errors" in run.stdout or run.stderr:
        raise SystemExit(f"bench: not every write was done:\n{run.stdout}{run.stderr}")
    text = run.stdout
    times = [re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)\b", text).groups() for percent in (50, 99)]
    p50, p99 = (float(value) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[unit] for value, unit in times)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), p50, p99


def measure(build, binary, folder, rounds, delay, seconds, say):
    """Of the loop, and of each kind of PUT, for each round: how many a second, p50 and p99."""
    store = folder / f"writes-{delay}.db"
    words = [binary, "token", "add", "bench", "--db", store]
    token = subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()
    port = contenders.free_port()
    server = subprocess.Popen([binary, "serve", "--db", store, "--listen", f"127.0.0.1:{port}"], stdout=subprocess.PIPE,
                              env=slowed(build, delay))
    runs = [(name, clients) for name in REVIEWS for clients in CLIENTS]
    found = {"loop": [], **{run: [] for run in runs}}
    try:
        server.stdout.readline()
        for number in range(rounds):
            found["loop"].append((commit_loop(build, folder, delay, seconds), 0, 0))
            for index, (name, clients) in enumerate(runs):
                found[name, clients].append(puts(port, token, folder, f"r{number}-{index}", REVIEWS[name], clients, seconds))
            say(f"round {number + 1} of {rounds}")
    finally:
        server.terminate()
        server.wait()
    return found


def median(values):
    return sorted(values)[len(values) // 2]


def table(found):
    loop = [one[0] for one in found["loop"]]
    lines = ["| | a second | × the loop | p50 ms | p99 ms |", "| --- | --- | --- | --- | --- |",
             f"| loop of single-row commits, no HTTP | {median(loop):,.0f} | 1 | | |"]
    for (name, clients), rounds in [item for item in found.items() if item[0] != "loop"]:
        ratios = [one[0] / base for one, base in zip(rounds, loop, strict=True)]
        rate, p50, p99 = (median([one[part] for one in rounds]) for part in range(3))
        lines.append(f"| PUT of {name}, {clients} client{'s' if clients > 1 else ''} | {rate:,.0f} | "
                     f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) | {p50:.2f} | {p99:.2f} |")
    return "\n".join(lines) + "\n"


def report(build, binary, folder, rounds, seconds, say):
    """A table for the disk as it is, and one for a slower one."""
    return "\n".join((f"Each wait for the disk {delay / 1000:g} ms longer:\n\n" if delay else "")
                     + table(measure(build, binary, folder, rounds, delay, seconds, say)) for delay in DELAYS)
