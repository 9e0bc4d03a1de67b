# SPDX-License-Identifier: MIT
# Every rule of scripts/check_source on a tree that breaks it, and on one that keeps it.
import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
LICENCE = "// SPDX-License-Identifier: MIT\n"
ROW = '\t{ .name = "%s", .path = "%s", .handler = handle_%s },\n'


def check(root):
    ended = subprocess.run([ROOT / "scripts/check_source", "--root", root], capture_output=True, text=True, timeout=60,
                           check=False)
    assert ended.stderr == ""
    return ended.returncode, ended.stdout


def write(root, path, text):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_a_sound_tree_has_nothing_to_tell(tmp_path):
    write(tmp_path, "db/quotes.c", LICENCE + '#include <sqlite3.h>\nint x = STMT_QUOTE_GET;\n')
    write(tmp_path, "schema/queries/quotes.sql", "-- SPDX-License-Identifier: MIT\n-- name: quote_get\nSELECT 1;\n")
    write(tmp_path, "server/routes.c",
          LICENCE + "const struct route routes[] = {\n" + ROW % (("quote_get", "/v1/q", "quote_get")) + "};\n")
    write(tmp_path, "tests/http/test_q.py", "# SPDX-License-Identifier: MIT\ndef test_quote_get_works():\n    pass\n")
    assert check(tmp_path) == (0, "")


def test_a_second_working_tree_is_checked_like_the_first(tmp_path):
    write(tmp_path, ".git", "gitdir: /home/" + "someone/reviewd/.git/worktrees/second\n")
    write(tmp_path, "server/routes.c",
          LICENCE + "const struct route routes[] = {\n" + ROW % (("quote_get", "/v1/q", "quote_get")) + "};\n")
    write(tmp_path, "tests/http/test_q.py", "# SPDX-License-Identifier: MIT\ndef test_quote_get_works():\n    pass\n")
    assert check(tmp_path) == (0, "")


BROKEN = {
    "libmicrohttpd outside its files": ("server/service.c", LICENCE + "#include <microhttpd.h>\n", "know libmicrohttpd"),
    "SQLite outside db": ("server/service.c", LICENCE + "#include <sqlite3.h>\n", "only db/ knows SQLite"),
    "JSON in db": ("db/quotes.c", LICENCE + "#include <jansson.h>\n", "neither JSON nor HTTP"),
    "HTTP in db": ("db/quotes.c", LICENCE + '#include "server/http.h"\n', "neither JSON nor HTTP"),
    "a main that knows more": ("server/main.c", LICENCE + '#include "db/db.h"\n', "thin user"),
    "a handler that knows the socket": ("server/handlers/a.c", LICENCE + '#include "server/http.h"\n', "a handler"),
    "JSON that knows requests": ("server/json/a.c", LICENCE + '#include "server/request.h"\n', "knows nothing else"),
    "parameters that know the store": ("server/params.c", LICENCE + '#include "db/quotes.h"\n', "do not know the store"),
    "a product that knows its tests": ("db/a.c", LICENCE + '#include "tests/support/a.h"\n', "does not know its tests"),
    "SQL outside schema": ("db/a.c", LICENCE + 'const char *a = "SELECT 1";\n', "SQL outside schema"),
    "a pragma elsewhere": ("db/a.c", LICENCE + 'const char *a = "PRAGMA x";\n', "SQL outside schema"),
    "a long function": ("db/a.c", LICENCE + "void a(void)\n{\n" + "\tx();\n" * 60 + "}\n", "a has 62 lines"),
    "a long file": ("db/a.c", LICENCE + "int a;\n" * 600, "the file has 601 lines"),
    "a banned call": ("db/a.c", LICENCE + "void a(void)\n{\n\tstrcpy(b, c);\n}\n", "strcpy is banned"),
    "a header without guard": ("db/a.h", LICENCE + "int a;\n", "without #pragma once"),
    "a wide line": ("db/a.c", LICENCE + "int a; // " + "x" * 120 + "\n", "columns"),
    "no licence": ("db/a.c", "int a;\n", "no SPDX-License-Identifier"),
    "white space at the end": ("db/a.c", LICENCE + "int a; \n", "white space at the end"),
    "CR LF": ("db/a.c", LICENCE + "int a;\r\n", "CR LF"),
    "no newline at the end": ("db/a.c", LICENCE + "int a;", "no newline"),
    "a marker": ("db/a.c", LICENCE + "// FIX" + "ME: later\n", "issue tracker"),
    "a path of a machine": ("README.md", "see /home/" + "someone/x\n", "a path of some machine"),
    "a vague name": ("db/util.c", LICENCE, "says nothing"),
    "a dead statement": ("schema/queries/a.sql", "-- SPDX-License-Identifier: MIT\n-- name: quote_none\nSELECT 1;\n", "is dead"),
    "a route without test": ("server/routes.c", LICENCE + "struct route routes[] = {\n" + ROW % ("a", "/a", "a") + "};\n",
                             "a has no test"),
    "a handler of another name": ("server/routes.c", LICENCE + "struct route routes[] = {\n" + ROW % ("a", "/a", "b") + "};\n",
                                  "the handler of a is handle_a"),
    "rows out of order": ("server/routes.c",
                          LICENCE + "struct route routes[] = {\n" + ROW % ("b", "/b", "b") + ROW % ("a", "/a", "a") + "};\n",
                          "stands after a greater path"),
    "a row twice": ("server/routes.c",
                    LICENCE + "struct route routes[] = {\n" + ROW % ("a", "/a", "a") + ROW % ("a", "/b", "a") + "};\n",
                    "the name of another row"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_a_rule_is_told_with_its_place(tmp_path, name):
    path, text, message = BROKEN[name]
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_bytes(text.encode())
    status, output = check(tmp_path)
    assert status == 1
    assert any(line.startswith(path.split("/util")[0]) and message in line for line in output.splitlines()), output
