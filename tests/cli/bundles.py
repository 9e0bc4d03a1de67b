# SPDX-License-Identifier: MIT
"""Bundles to import, and what import and the store say about them."""
import contextlib
import json
import re
import sqlite3

import library as made_up
import schemas

COUNTS = re.compile(r"(\d+) (added|changed|unchanged|refused)\b")
# The pointer may have spaces; the reason begins behind the first ": " of the rest.
REFUSAL = re.compile(r"(?P<file>.+?):(?P<line>\d+): (?P<pointer>/.*?): (?P<reason>.+)")


def seed():
    return json.loads(schemas.SEED_FILE.read_text(encoding="utf-8"))


def library():
    """In the order of import."""
    return made_up.bundles()


def bundle(id_="one", text="Bond met Bond.", **more):
    return {"id": id_, "text": text, **more}


def ndjson(*documents):
    return b"".join(json.dumps(document, ensure_ascii=False).encode("utf-8") + b"\n" for document in documents)


def parse(lines):
    """The bundles of an export, whose every line ends."""
    assert lines.endswith(b"\n") or not lines
    return [schemas.parse(line) for line in lines.decode("utf-8").split("\n")[:-1]]


def totals(finished):
    """What import says at its end, as counts that are not 0."""
    counts = {name: int(count) for count, name in COUNTS.findall(finished.text)}
    assert set(counts) == {"added", "changed", "unchanged", "refused"}, finished.text
    return {name: count for name, count in counts.items() if count}


def refusals(finished):
    """(file, line, pointer, reason) of each place that was refused."""
    found = []
    for line in finished.stderr.splitlines():
        match = REFUSAL.fullmatch(line)
        if match and not line.startswith("reviewd: "):
            found.append((match["file"], int(match["line"]), match["pointer"], match["reason"]))
    return found


def ask(db, sql, *arguments):
    """The rows of a question to the file itself."""
    with contextlib.closing(sqlite3.connect(db)) as connection:
        return connection.execute(sql, arguments).fetchall()


def alter(db, *statements):
    """Does to the file what the program never would; the number of rows that the last statement touched."""
    with contextlib.closing(sqlite3.connect(db, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        return [connection.execute(statement).rowcount for statement in statements][-1]


def change(db, statement):
    """The same with rows that must be there."""
    assert alter(db, statement) > 0, f"nothing was changed by {statement}"


def revision(db):
    return ask(db, "SELECT revision FROM store")[0][0]
