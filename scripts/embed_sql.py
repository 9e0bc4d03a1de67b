# SPDX-License-Identifier: MIT
# Turns schema/migrations/*.sql and schema/queries/*.sql into C.
#
# Every statement is prepared here against the migrated schema, so that a typo
# fails the build, and its parameters and columns become constants: ARG_<NAME>_<PARAMETER>
# is the number to bind, COL_<NAME>_<COLUMN> the number to read.
import argparse
import pathlib
import re
import sqlite3
import sys

from embed_files import c_bytes


# The tokenizer and the functions search_score and search_gather are the program's own (db/fts.c); any will do to prepare a statement.
STAND_IN = "tokenize = 'unicode61'"
TOKENIZER = "tokenize = 'reviewd'"

# Those of db/functions.h; here they are only to be there.
FUNCTIONS = {"name_key": 1, "shuffle_key": 2, "shuffle_number": 2, "search_score": -1, "search_gather": -1}

# How the statements begin that only a writer has a use for.
WRITES = ("INSERT ", "UPDATE ", "DELETE ")


def fail(path, line, message):
    sys.exit(f"{path}:{line}: {message}")


def parse_queries(path):
    """Yields (sort, name, sql, line) for each `-- name:` and `-- fragment:` of the file."""
    sort = name = None
    start, lines = 0, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() + ["-- end: end"], 1):
        head = re.match(r"-- (name|fragment|end): (\w+)$", line)
        if head:
            if name:
                sql = "\n".join(lines).strip().rstrip(";")
                if not sql:
                    fail(path, start, f"{name} is empty")
                yield sort, name, sql, start
            sort, name, start, lines = head[1], head[2], number, []
        elif not line.startswith("--") and line.strip():
            if not name:
                fail(path, number, "a statement without `-- name:`")
            lines.append(line.strip())


def parameters(sql):
    """Named parameters in the order in which SQLite numbers them: by first occurrence."""
    text = re.sub(r"'(?:[^']|'')*'", "''", sql)
    return list(dict.fromkeys(re.findall(r"(?<!:):(\w+)", text)))


def columns(connection, path, line, name, sql):
    verb = sql.split()[0].upper()
    try:
        if verb in ("SELECT", "WITH"):
            cursor = connection.execute(sql, dict.fromkeys(parameters(sql), 0))
            names = [column[0] for column in cursor.description]
        else:
            if verb in ("INSERT", "UPDATE", "DELETE"):
                connection.execute("EXPLAIN " + sql, dict.fromkeys(parameters(sql), 0))
            returning = re.search(r"\bRETURNING\s+(.+)$", sql, re.S)
            names = [part.split()[-1] for part in returning[1].split(",")] if returning else []
    except sqlite3.Error as error:
        fail(path, line, f"{name}: {error}")
    if len(set(names)) != len(names) or not all(re.fullmatch(r"\w+", n) for n in names):
        fail(path, line, f"{name}: every column needs a name of its own, use AS")
    return names


def c_string(text):
    quoted = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", '\\n"\n\t  "')
    return f'"{quoted}"'


def whole(connection):
    """SQL that makes what all migrations together have made: a new store has no need of the ways between."""
    made = connection.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_' "
                              "ORDER BY rowid").fetchall()
    # Tables of virtual tables come with these.
    shadows = {name for name, in connection.execute("SELECT name FROM pragma_table_list WHERE type = 'shadow'")}
    made = [(name, sql) for name, sql in made if name not in shadows]
    statements = [sql.replace(STAND_IN, TOKENIZER) for _, sql in made]
    for name in [name for name, sql in made if sql.startswith("CREATE TABLE")]:
        columns = ", ".join(f"quote({row[1]})" for row in connection.execute(f"PRAGMA table_info({name})"))
        statements += [f"INSERT INTO {name} VALUES ({', '.join(row)})" for row in connection.execute(f"SELECT {columns} FROM {name}")]
    # What FTS5 is told is kept in a table of its own.
    statements += [f"INSERT INTO search (search, rank) VALUES ('{key}', {value})" for key, value in
                   connection.execute("SELECT k, v FROM search_config WHERE k <> 'version'")]
    return ";\n".join(statements) + ";\n"


def main():
    options = argparse.ArgumentParser()
    options.add_argument("files", nargs="+", type=pathlib.Path)
    options.add_argument("--out", required=True, type=pathlib.Path)
    options = options.parse_args()
    migrations = sorted(p for p in options.files if p.parent.name == "migrations")
    queries = sorted(p for p in options.files if p.parent.name == "queries")

    connection = sqlite3.connect(":memory:")
    for name, arguments in FUNCTIONS.items():
        connection.create_function(name, arguments, lambda *values: None, deterministic=True)
    for number, path in enumerate(migrations, 1):
        if not path.name.startswith(f"{number:04d}_"):
            fail(path, 1, f"migrations are numbered without gaps, expected {number:04d}_*.sql")
        try:
            connection.executescript(path.read_text(encoding="utf-8").replace(TOKENIZER, STAND_IN))
        except sqlite3.Error as error:
            fail(path, 1, error)

    new = whole(connection)
    objects = [name for name, in connection.execute(
        "SELECT name FROM sqlite_schema WHERE substr(name, 1, 7) <> 'sqlite_' ORDER BY rowid")]

    statements, fragments, seen = [], [], {}
    parsed = [(path, *query) for path in queries for query in parse_queries(path)]
    for path, sort, name, sql, line in parsed:
        # A table that connections have and files have not.
        if sort == "fragment" and sql.startswith("CREATE TABLE"):
            connection.execute(sql)
    for path, sort, name, sql, line in parsed:
        if name in seen:
            fail(path, line, f"{name} is already in {seen[name]}")
        seen[name] = path
        if sort == "fragment":
            fragments.append((name, sql))
        else:
            statements.append((name, sql, parameters(sql), columns(connection, path, line, name, sql)))

    header = ["/* Generated by scripts/embed_sql.py from schema/. */", "#pragma once", "",
              "enum statement_id {"]
    header += [f"\tSTMT_{name.upper()}," for name, *_ in statements]
    header += ["\tSTATEMENT_COUNT", "};", "", "enum fragment_id {", "\tFRAGMENT_NONE, /* empty */"]
    header += [f"\tFRAGMENT_{name.upper()}," for name, _ in fragments]
    header += ["\tFRAGMENT_COUNT", "};", ""]
    for name, _, args, cols in statements:
        constants = [f"ARG_{name}_{arg} = {i}" for i, arg in enumerate(args, 1)]
        constants += [f"COL_{name}_{col} = {i}" for i, col in enumerate(cols)]
        if constants:
            header.append("enum { " + ", ".join(c.upper() for c in constants) + " };")
    header += ["", f"enum {{ SCHEMA_VERSION = {len(migrations)}, SCHEMA_OBJECTS = {len(objects)} }};", "",
               "struct schema_statement {", "\tconst char *name;", "\tconst char *sql;",
               "\tint args; /* how many to bind */", "\tint columns; /* how many to read */",
               "\tint writes; /* 1: it changes rows */", "};", "",
               "extern const struct schema_statement schema_statements[STATEMENT_COUNT];",
               "extern const char *const schema_fragments[FRAGMENT_COUNT];",
               "extern const char *const schema_migrations[SCHEMA_VERSION]; /* each from the version before to the next */",
               "extern const char *const schema_new; /* all of them at once, for a file that has nothing */",
               "extern const char *const schema_objects[SCHEMA_OBJECTS]; /* names of all tables and indexes */", ""]

    source = ["/* Generated by scripts/embed_sql.py from schema/. */", '#include "schema_sql.h"', "",
              "const struct schema_statement schema_statements[STATEMENT_COUNT] = {"]
    source += [f'\t{{ "{name}",\n\t  {c_string(sql)},\n\t  {len(args)}, {len(cols)}, {int(sql.startswith(WRITES))} }},'
               for name, sql, args, cols in statements]
    source += ["};", "", "const char *const schema_fragments[FRAGMENT_COUNT] = {", '\t"",']
    source += [f"\t{c_string(sql)}," for _, sql in fragments]
    source += ["};", ""]
    for number, path in enumerate(migrations, 1):
        source += [f"static const unsigned char migration_{number}[] = {c_bytes(path.read_bytes() + bytes(1))};", ""]
    source += ["const char *const schema_migrations[SCHEMA_VERSION] = {"]
    source += [f"\t(const char *)migration_{number}," for number in range(1, len(migrations) + 1)]
    source += ["};", "", f"static const unsigned char new[] = {c_bytes(new.encode() + bytes(1))};",
               "const char *const schema_new = (const char *)new;", "", "const char *const schema_objects[SCHEMA_OBJECTS] = {"]
    source += [f'\t"{name}",' for name in objects]
    source += ["};", ""]

    (options.out / "schema_sql.h").write_text("\n".join(header), encoding="utf-8")
    (options.out / "schema_sql.c").write_text("\n".join(source), encoding="utf-8")


main()
