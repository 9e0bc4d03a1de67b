# SPDX-License-Identifier: MIT
"""Load by wrk: one thread, 64 connections that stay open, on the client's processor."""
import dataclasses
import re
import subprocess
import time

import contenders

CONNECTIONS = 64
QUIET_SECONDS = 0.2
PATIENCE_SECONDS = 10
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}

# Each request takes the next of the targets, so that 2,000 addresses are asked before one comes again.
LUA = """
local targets, at = {{}}, 0
-- Not before: only then is the Host known.
init = function()
  for line in io.lines("{file}") do targets[#targets + 1] = wrk.format("GET", line, {headers}) end
end
request = function()
  at = at % #targets + 1
  return targets[at]
end
"""


@dataclasses.dataclass(frozen=True)
class Measured:
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    cpu_us: float  # of the server, a request
    errors: int


def milliseconds(text, percent):
    value, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s|m)\b", text).groups()
    return float(value) * UNITS[unit]


def write_script(folder, name, targets, headers):
    """A script of wrk for these targets and headers."""
    file, script = folder / f"{name}.targets", folder / f"{name}.lua"
    file.write_text("".join(target + "\n" for target in targets))
    table = "{" + "".join(f'["{key}"] = [[{value}]], ' for key, value in headers.items()) + '["Host"] = wrk.headers["Host"]}'
    script.write_text(LUA.format(file=file, headers=table))
    return script


def rest(contender):
    """A slow server works on at what nobody waits for any more, which the next one would feel."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        before = contender.cpu_seconds()
        time.sleep(QUIET_SECONDS)
        if contender.cpu_seconds() - before < QUIET_SECONDS / 10:
            return


def measure(contender, script, seconds):
    before = contender.cpu_seconds()
    words = ["taskset", "-c", contenders.CLIENT_CPU, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency",
             "-s", str(script), f"http://127.0.0.1:{contender.port}"]
    text = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    cpu = contender.cpu_seconds() - before
    rest(contender)
    requests = int(re.search(r"(\d+) requests in", text)[1])
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    sockets = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    errors = int(failed[1]) if failed else 0
    errors += sum(int(number) for number in sockets.groups()) if sockets else 0
    return Measured(float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]), milliseconds(text, 50),
                    milliseconds(text, 99), 1e6 * cpu / max(requests, 1), errors)
