# SPDX-License-Identifier: MIT
"""How SQLite goes about every statement: no walk through a table that grows, and no sorting of a list that can grow.

The named statements are all there; those that are put together are the ones that a server runs while it is asked for
every path with every parameter of its own description, alone and in pairs. So what is new is looked at by itself, and
what must be as it is stands in exceptions.py, with the reason.
"""
import dataclasses
import http.client
import itertools
import json
import pathlib
import re
import urllib.parse

import process
import pytest
import schemas
from client import ATTEMPTS
from exceptions import ASSEMBLED_SORTS, ASSEMBLED_WALKS, SORTS, WALKS

# Tables that do not grow with the reviews: of one row, of the schema, or made for one statement.
SMALL = {"store", "token", "row", "json_each", "json_tree", "sqlite_schema"}

@dataclasses.dataclass(frozen=True)
class Statement:
    name: str
    sql: str
    plan: tuple

    @property
    def tables(self):
        """What each name in the plan stands for: FROM and JOIN with the table, and the alias if there is one."""
        found = {}
        for table, alias in re.findall(r"\b(?:FROM|JOIN|UPDATE|INTO|,)\s+(\w+)(?:\(.*?\))?(?:\s+(?:AS\s+)?(?!ON\b|WHERE\b|JOIN\b|CROSS\b|"
                                       r"LEFT\b|ORDER\b|GROUP\b|SET\b|LIMIT\b|UNION\b|SELECT\b|USING\b)(\w+))?", self.sql):
            found[alias or table] = table
            found.setdefault(table, table)
        return found

    @property
    def made(self):
        """Results that are made on the way; what they are made from has lines of its own."""
        return set(re.findall(r"(?:WITH|,)\s+(?:RECURSIVE\s+)?(\w+)(?: \([\w, ]+\))? AS ", self.sql)) | set(re.findall(r"\) (\w+)\b", self.sql))

    @property
    def walks(self):
        """The lines of the plan that go through a whole table that grows."""
        for line in self.plan:
            match = re.match(r"SCAN (\w+)(.*)", line)
            if not match or match[1] == "CONSTANT":
                continue
            table = self.tables.get(match[1], match[1])
            if match[1] in self.made or table in self.made:
                continue
            # From one end of an index on, until the page is full.
            if self.sql.rstrip().endswith("LIMIT :limit") and not self.sorts and "SELECT count" not in self.sql:
                continue
            # An index of words that is given words, or a place to begin, does not walk.
            if table not in SMALL and not re.search(r"VIRTUAL TABLE INDEX \d+:.*[M=<>]", match[2]):
                yield f"{line} ({table})"

    @property
    def sorts(self):
        return [line for line in self.plan if "TEMP B-TREE" in line]


class Planner(process.Server):
    """The server of plans.c."""

    def __init__(self, folder, store, out):
        self.store, self.out = store, out
        super().__init__(folder)

    def words(self, words):
        program = pathlib.Path(process.binary()).parents[1] / "tests/plans/plans"
        assert program.exists(), f"{program} is not there: this wants a build with -Dtests=true"
        return [program, self.store, self.out]


def example(parameter):
    """Ways to write the parameter in an address: its example, and every value that there is if they are few."""
    schema = parameter["schema"]
    values = parameter.get("example", [])
    values = [values[:1] if isinstance(values, list) else [values]]
    values += [[value] for value in schema.get("enum", []) + schema.get("items", {}).get("enum", [])]
    # Several values may take another way than one.
    if schema["type"] == "array" and values[0]:
        values.append([*values[0], *(schema["items"].get("enum") or ["smersh"])[-1:]])
    written = {tuple((parameter["name"], str(int(one)) if isinstance(one, bool) else str(one)) for one in value) for value in values}
    return sorted(value for value in written if value)


def targets(description):
    """Every path with nothing but what it needs, with each parameter, and with each pair of them."""
    def named(entry):
        return description["components"]["parameters"][entry["$ref"].rsplit("/", 1)[1]] if "$ref" in entry else entry

    for path, operations in description["paths"].items():
        if "get" not in operations:
            continue
        parameters = [named(entry) for entry in operations["get"].get("parameters", [])]
        for parameter in parameters:
            if parameter["in"] == "path":
                path = path.replace("{" + parameter["name"] + "}", urllib.parse.quote(str(parameter["example"])))
        asked = [parameter for parameter in parameters if parameter["in"] == "query" and parameter["name"] not in ("cursor", "wait")]
        needed = [example(parameter)[0] for parameter in asked if parameter.get("required")]
        free = [example(parameter) for parameter in asked if not parameter.get("required")]
        for chosen in itertools.chain([()], ((one,) for ways in free for one in ways),
                                      (pair for one, two in itertools.combinations(free, 2) for pair in itertools.product(one, two))):
            query = [part for way in [*needed, *chosen] for part in way]
            yield path + ("?" + urllib.parse.urlencode(query) if query else "")


def ask(port, description):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=process.DEADLINE)

    def get(target):
        # A machine that is busy with other things for a quarter of a second lets a question run out of time.
        for _ in range(ATTEMPTS):
            connection.request("GET", target)
            reply = connection.getresponse()
            body = reply.read()
            if reply.status != 503:
                break
        # Some parameters do not go together.
        assert reply.status in (200, 302, 304, 400, 404, 501), f"{target}: {reply.status} {body[:300]!r}"
        return reply.status, body

    answered = 0
    for target in targets(description):
        status, body = get(target)
        answered += status == 200
        # What lies behind the first page may be found in another way.
        if status == 200 and b'"next"' in body and not target.partition("?")[0].endswith((".txt", ".json", "/docs")):
            page = json.loads(body).get("page") or {}
            if page.get("next"):
                get(page["next"])
        elif status == 200 and "limit=" not in target and "/quotes" in target:
            get(target + ("&" if "?" in target else "?") + "limit=1")
    connection.close()
    return answered


@pytest.fixture(scope="module")
def statements(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans")
    db, out = folder / "reviews.db", folder / "plans"
    process.run("import", "--db", db, schemas.SEED_FILE).expect(0)
    description = json.loads(process.run("openapi").expect(0).text)
    with Planner(folder, db, out) as server:
        assert ask(server.port, description) > 200
        server.stop()
    found = []
    for record in out.read_text(encoding="utf-8").split("\x1e")[:-1]:
        name, sql, plan = record.split("\x1f")
        found.append(Statement(name, sql, tuple(plan.splitlines())))
    return found


def reason(statement, named, assembled):
    if statement.name:
        return named.get(statement.name)
    return next((why for pattern, why in assembled.items() if re.search(pattern, statement.sql)), None)


def complain(found):
    return "\n\n".join(f"{statement.name or 'put together'}: {'; '.join(lines)}\n{statement.sql}" for statement, lines in found)


def test_every_statement_is_looked_at(statements):
    queries = "".join(file.read_text(encoding="utf-8") for file in sorted((schemas.ROOT / "schema/queries").glob("*.sql")))
    assert {one.name for one in statements if one.name} == set(re.findall(r"^-- name: (\w+)$", queries, re.M))
    assert len([one for one in statements if not one.name]) > 50, "lists are put together"


def test_no_statement_walks_through_a_table_that_grows(statements):
    walking = [(one, list(one.walks)) for one in statements if not reason(one, WALKS, ASSEMBLED_WALKS)]
    walking = [(one, lines) for one, lines in walking if lines]
    assert not walking, complain(walking)


def test_no_statement_sorts_a_list_that_can_grow(statements):
    sorting = [(one, one.sorts) for one in statements if one.sorts and not reason(one, SORTS, ASSEMBLED_SORTS)]
    assert not sorting, complain(sorting)


def test_every_exception_is_one(statements):
    """A reason for what is no longer so would excuse what comes later."""
    for named, lines in ((WALKS, lambda one: list(one.walks)), (SORTS, lambda one: one.sorts)):
        for name in named:
            meant = [one for one in statements if one.name == name]
            assert not meant or any(map(lines, meant)), f"{name} is no exception"


def test_a_walk_and_a_sort_would_be_found():
    walk = Statement("x", "SELECT q.form FROM quote q JOIN review r ON r.review_id = q.review_id", ("SCAN q", "SEARCH r USING INTEGER PRIMARY KEY"))
    assert list(walk.walks) == ["SCAN q (quote)"]
    assert list(Statement("x", "SELECT 1 FROM search", ("SCAN search VIRTUAL TABLE INDEX 0:",)).walks)
    assert not list(Statement("x", "SELECT 1 FROM search WHERE search MATCH :words", ("SCAN search VIRTUAL TABLE INDEX 0:M9",)).walks)
    assert not list(Statement("x", "SELECT value FROM json_each(:ids) i", ("SCAN i VIRTUAL TABLE INDEX 1:",)).walks)
    assert Statement("x", "", ("SEARCH q", "USE TEMP B-TREE FOR ORDER BY")).sorts
