# SPDX-License-Identifier: MIT
"""The same requests at three sizes of the store, each answer made anew: what costs more when there is more of it."""
import json
import statistics
import time
import urllib.parse

import contenders
import load
import report
import shelf

# How often the corpus is in the store, under different ids; 0: the store has the first review alone.
TIMES = (0, 1, 20)
# The page that is a long way down a list, in items.
FAR, PAGE = 200_000, 20


def far_page(port):
    """The address of the ten-thousandth page, or None where the list ends before it."""
    target, passed = "/v1/quotes?limit=200", 0
    while target and passed < FAR:
        target = json.loads(contenders.fetch(port, target)[2])["page"]["next"]
        passed += 200
    return target and target.replace("limit=200", f"limit={PAGE}")


def requests(port, quoted):
    """{name: targets}; `quoted` are characters with quotes."""
    by_character = [f"/v1/characters/{urllib.parse.quote(one)}/quotes?limit=10" for one in quoted]
    words = [word for word in shelf.WORDS if len(word) > 4]
    first = json.loads(contenders.fetch(port, by_character[0])[2])["data"][0]["id"]
    far = far_page(port)
    return {"quotes of a character": by_character, "one quote": ["/v1/quotes/" + urllib.parse.quote(first)],
            "the index": ["/v1"], "first page of all quotes": [f"/v1/quotes?limit={PAGE}"],
            "ten-thousandth page of them": [far] if far else None,
            "search for a common word": [f"/v1/search?q={word}" for word in words]}


class Size:
    """A store that is served, and what was measured of it."""

    def __init__(self, folder, binary, bundles, quoted, times):
        self.store, self.figures, self.rounds = folder / f"times{times}.db", {}, {}
        started = time.monotonic()
        if times:
            shelf.fill(binary, self.store, bundles, times)
            self.figures["import, s"] = f"{time.monotonic() - started:.1f}"
        self.server = contenders.reviewd(binary, self.store, "--threads", "1", "--cache", "0")
        if not times:
            quoted = ["darko-kerim-bey"]
        self.figures["start to first answer, ms"] = f"{self.server.ready_ms:.0f}"
        self.scripts = {}
        for number, (name, targets) in enumerate(requests(self.server.port, quoted).items()):
            if targets:
                self.scripts[name] = load.write_script(folder, f"times{times}-{number}", targets, {})
                self.rounds[name] = []
        counts = json.loads(contenders.fetch(self.server.port, "/v1")[2])["counts"]
        self.title = f"{counts['quotes']:,} quotes"
        self.figures["file, MB"] = f"{self.store.stat().st_size / 1e6:,.0f}"


def cells(sizes, name, what, form):
    return [format(statistics.median(getattr(one, what) for one in size.rounds[name]), form) if name in size.rounds else "–"
            for size in sizes]


def table(sizes):
    rows = []
    for name in sizes[-1].scripts:
        rows.append([f"{name}: CPU µs"] + cells(sizes, name, "cpu_us", ".0f"))
        rows.append([f"{name}: p50 ms under load"] + cells(sizes, name, "p50_ms", ".2f"))
    for name in ("import, s", "file, MB", "start to first answer, ms", "RSS after the run, MB"):
        rows.append([name] + [size.figures.get(name, "–") for size in sizes])
    return report.table([""] + [size.title for size in sizes], rows)


def measure(folder, binary, bundles, quoted, rounds, seconds, say):
    """The table; the rounds go through all sizes in turn."""
    sizes = []
    try:
        for times in TIMES:
            sizes.append(Size(folder, binary, bundles, quoted, times))
            say(f"{sizes[-1].title} are there")
        for number in range(rounds):
            for name in sizes[-1].scripts:
                for size in sizes:
                    if name in size.scripts:
                        size.rounds[name].append(load.measure(size.server, size.scripts[name], seconds))
            say(f"round {number + 1} of {rounds}")
        for size in sizes:
            size.figures["RSS after the run, MB"] = f"{size.server.rss_mb():.0f}"
    finally:
        for size in sizes:
            size.server.stop()
    return table(sizes)
