# SPDX-License-Identifier: MIT
"""Imports: text a second with and without the index of words, beside the same rows put into the same tables by the
sqlite3 shell's .import and by a plain loop of prepared inserts, and how it grows with the number of quotes."""
import contextlib
import csv
import json
import os
import re
import sqlite3
import subprocess
import time

import shelf

SUMMARY = re.compile(r"(\d+) quotes in (\d+) spans, (\d+) mentions, ([\d.]+) MB of text")
# As an import of reviewd has them.
PRAGMAS = ("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -16384;"
           "PRAGMA temp_store = MEMORY;\n")
SIZES = (10_000, 100_000, 1_000_000)


def without_mentions(bundle):
    """So that they are made from the names."""
    return {name: value for name, value in bundle.items() if name != "mentions"}


def write(path, bundles, quotes=None):
    """A file of bundles, repeated under other ids until there are so many quotes; returns the bytes of text."""
    size = count = turn = 0
    with open(path, "w", encoding="utf-8") as file:
        while quotes is None and turn == 0 or quotes is not None and count < quotes:
            for bundle in bundles:
                if quotes is not None and count >= quotes:
                    break
                file.write(json.dumps(shelf.prefixed(bundle, f"c{turn}-") if turn else bundle, ensure_ascii=False) + "\n")
                count += len(bundle["quotes"])
                size += len(bundle["text"].encode())
            turn += 1
    return size


def remove(path):
    for ending in ("", "-wal", "-shm", "-lock", "-journal"):
        path.with_name(path.name + ending).unlink(missing_ok=True)


def peak_mb(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return next((int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:")), 0)


class Import:
    """One run of reviewd on a new store."""

    def __init__(self, binary, store, file, *options):
        remove(store)
        start = time.monotonic()
        self.rss_mb = 0
        with subprocess.Popen([binary, "import", "--db", store, *options, file], stdout=subprocess.PIPE) as program:
            # What the kernel counts for a child that has ended begins with the memory of this program.
            while not (waited := os.wait4(program.pid, os.WNOHANG))[0]:
                self.rss_mb = max(self.rss_mb, peak_mb(program.pid))
                time.sleep(0.01)
            self.seconds = time.monotonic() - start
            _, status, usage = waited
            program.returncode = os.waitstatus_to_exitcode(status)
            told = program.stdout.read().decode()
        self.cpu = usage.ru_utime + usage.ru_stime
        self.counts = SUMMARY.search(told)
        self.store_mb = store.stat().st_size / 1e6
        if program.returncode or not self.counts:
            raise SystemExit(f"bench: the import failed: {told}")


def plain_tables(db):
    """(name, SQL of the table and its indexes) of all tables but those of the index of words, in the order of their making."""
    rows = db.execute("SELECT name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'sqlite%' "
                      "AND tbl_name NOT LIKE 'search%' ORDER BY rowid").fetchall()
    virtual = {name for name, _, sql in rows if sql.upper().startswith("CREATE VIRTUAL")}
    names = [name for name, table, _ in rows if name == table and name not in virtual]
    return [(name, [sql for _, table, sql in rows if table == name]) for name in names]


def write_csv(db, name, columns, path):
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(db.execute(f"SELECT {', '.join(columns)} FROM {name}"))


def shell_script(db, folder):
    """What the shell reads. CSV knows no NULL: a column that has nothing else is left out, and so are its indexes; where
    some numbers that refer to nothing SQLite knows of are NULL, they are 0; a table in which some other values are NULL,
    which none of the large ones is, comes as INSERT."""
    schema, load = [], []
    for name, statements in plain_tables(db):
        types = {row[1]: row[2] for row in db.execute(f"PRAGMA table_info({name})")}
        columns, referring = list(types), {row[3] for row in db.execute(f"PRAGMA foreign_key_list({name})")}
        counts = db.execute(f"SELECT count(*), {', '.join(f'count({column})' for column in columns)} FROM {name}").fetchone()
        total, known = counts[0], dict(zip(columns, counts[1:]))
        empty = [column for column in columns if total and known[column] == 0]
        partial = [column for column in columns if 0 < known[column] < total]
        mixed = any(types[column] != "INTEGER" or column in referring for column in partial)
        if mixed or not total:
            empty = []
        kept = [column for column in columns if column not in empty]
        for column in empty:
            # In a line of its own, or added later.
            statements = [re.sub(rf"^\s*{column} [^\n]*\n|, {column} [^,)\n]*(?=[,)])", "", statements[0], flags=re.M),
                          *(sql for sql in statements[1:] if not re.search(rf"\b{column}\b", sql))]
            # A condition on it, which is the last line.
            statements[0] = re.sub(rf"^([^\n,]*),([^\n]*)\n\s*CHECK [^\n]*\b{column}\b[^\n]*\n\)", r"\1\2\n)", statements[0], flags=re.M)
        schema += [sql + ";\n" for sql in statements]
        if mixed:
            path = folder / f"{name}.sql"
            quoted = " || ',' || ".join(f"quote({column})" for column in columns)
            path.write_text("".join(f"INSERT INTO {name} VALUES ({row});\n" for row, in db.execute(f"SELECT {quoted} FROM {name}")),
                            encoding="utf-8")
            load.append(f".read '{path}'\n")
        elif total:
            path = folder / f"{name}.csv"
            write_csv(db, name, [f"ifnull({column}, 0)" if column in partial else column for column in kept], path)
            load.append(f".import '{path}' {name}\n")
    return "".join(schema), PRAGMAS + "BEGIN;\n.mode csv\n" + "".join(load) + "COMMIT;\n"


def run_shell(dest, schema, script):
    remove(dest)
    with contextlib.closing(sqlite3.connect(dest)) as db:
        db.executescript(schema)
    start = time.monotonic()
    done = subprocess.run(["sqlite3", "-bail", dest], input=script, text=True, capture_output=True, check=False)
    seconds = time.monotonic() - start
    if done.returncode or done.stderr:
        raise SystemExit(f"bench: the shell failed: {done.stderr[:500]}")
    return seconds


def run_loop(build, source, dest):
    remove(dest)
    with contextlib.closing(sqlite3.connect(source)) as db, contextlib.closing(sqlite3.connect(dest)) as made:
        for _, statements in plain_tables(db):
            for sql in statements:
                made.execute(sql)
        made.commit()
    done = subprocess.run([build / "row_loop", source, dest], capture_output=True, text=True, check=True)
    rows, seconds = done.stdout.split()
    return int(rows), float(seconds)


def median(values):
    return sorted(values)[len(values) // 2]


def spread(values):
    return f"{median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def side_by_side(build, binary, folder, bundles, rounds, say):
    """A table of all ways, interleaved."""
    corpus, given, store, other = (folder / name for name in ("corpus.ndjson", "given.ndjson", "store.db", "other.db"))
    megabytes = write(corpus, map(without_mentions, bundles)) / 1e6
    write(given, bundles)
    first = Import(binary, store, corpus, "--no-index")
    source = folder / "source.db"
    subprocess.run([binary, "backup", "--db", store, source], check=True, stdout=subprocess.DEVNULL)
    with contextlib.closing(sqlite3.connect(source)) as db:
        schema, script = shell_script(db, folder)
    off, on, as_given, shell, loop, rows = [], [], [], [], [], 0
    for number in range(rounds):
        off.append(Import(binary, store, corpus, "--no-index"))
        rows, seconds = run_loop(build, source, other)
        loop.append(seconds)
        shell.append(run_shell(other, schema, script))
        on.append(Import(binary, store, corpus))
        as_given.append(Import(binary, store, given, "--no-index"))
        say(f"round {number + 1} of {rounds}")
    quotes, spans, mentions, _ = first.counts.groups()
    head = (f"{len(bundles)} bundles, {megabytes:.1f} MB of text, {int(quotes):,} quotes, {int(spans):,} spans, {int(mentions):,} "
            f"mentions found; {rows:,} rows. Medians of {rounds} interleaved rounds; ratios of times, round by round.\n\n")
    lines = ["| | s | MB/s of text | × loop of inserts | × shell's .import | CPU s | peak RSS, MB |", "| --- |" + " ---: |" * 6]

    def line(name, seconds, cpu="", rss=""):
        times = [[one / base for one, base in zip(seconds, bases, strict=True)] for bases in (loop, shell)]
        lines.append(f"| {name} | {median(seconds):.2f} | {megabytes / median(seconds):.1f} | "
                     + " | ".join("1" if seconds is bases else spread(ratio) for bases, ratio in zip((loop, shell), times))
                     + f" | {cpu} | {rss} |")

    mentions = int(as_given[0].counts[3])
    for name, runs in (("reviewd import --no-index", off), ("reviewd import", on),
                       (f"reviewd import --no-index, with the {mentions:,} mentions that are given", as_given)):
        line(name, [one.seconds for one in runs], f"{median([one.cpu for one in runs]):.2f}", f"{max(one.rss_mb for one in runs):.0f}")
    line("loop of prepared inserts, rows in memory", loop)
    line("sqlite3 shell, .import of CSV", shell)
    return head + "\n".join(lines) + "\n"


def usual(rounds, *arguments):
    """The run that takes the median of the time."""
    return sorted((Import(*arguments) for _ in range(rounds)), key=lambda run: run.seconds)[rounds // 2]


def growth(binary, folder, bundles, sizes, say):
    """One line for each number of quotes; the usual run of three where that takes seconds."""
    lines = ["| quotes | MB of text | index off: s | MB/s | CPU µs a quote | index on: s | MB/s | CPU µs a quote | peak RSS, MB | store, MB |",
             "| ---: |" * 1 + " ---: |" * 9]
    for size in sizes:
        corpus, store = folder / "grown.ndjson", folder / "grown.db"
        megabytes = write(corpus, bundles, size) / 1e6
        rounds = 3 if size < max(sizes) else 1
        runs = [usual(rounds, binary, store, corpus, "--no-index"), usual(rounds, binary, store, corpus)]
        quotes = int(runs[0].counts[1])
        cells = [f"{quotes:,}", f"{megabytes:.1f}"]
        for run in runs:
            cells += [f"{run.seconds:.2f}", f"{megabytes / run.seconds:.1f}", f"{run.cpu / quotes * 1e6:.1f}"]
        cells += [" / ".join(f"{run.rss_mb:.0f}" for run in runs), " / ".join(f"{run.store_mb:.0f}" for run in runs)]
        lines.append("| " + " | ".join(cells) + " |")
        remove(store)
        corpus.unlink()
        say(f"{quotes:,} quotes")
    return "\n".join(lines) + "\n"


def report(build, binary, folder, bundles, rounds, say):
    grown = [without_mentions(bundle) for bundle in bundles]
    return side_by_side(build, binary, folder, bundles, rounds, say) + "\n" + growth(binary, folder, grown, SIZES, say)
