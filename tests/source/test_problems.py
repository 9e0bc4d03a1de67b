# SPDX-License-Identifier: MIT
# The kinds of problems: what the server says, what its table explains and what the contract lists are the same.
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).parents[2]
ROW = re.compile(r'^\t\{ "([a-z-]+)", (\d{3}), ', re.M)
SAID = re.compile(r'\.code = "([a-z-]+)"|\b(?:say|request_refuse|refuse)\([^";]*"([a-z]+(?:-[a-z]+)*)"')


def table():
    return dict(ROW.findall((ROOT / "server/problem.c").read_text(encoding="utf-8")))


def test_every_code_that_is_said_is_explained_and_the_other_way_round():
    said = set()
    for path in (ROOT / "server").rglob("*.c"):
        said.update(a or b for a, b in SAID.findall(path.read_text(encoding="utf-8")))
    assert said == set(table())


def test_the_contract_lists_the_table():
    schema = json.loads((ROOT / "schema/api/problem.json").read_text(encoding="utf-8"))
    properties = schema["properties"]
    assert sorted(properties["code"]["enum"]) == sorted(table())
    assert properties["type"]["enum"] == [f"/problems/{code}" for code in properties["code"]["enum"]]
    assert sorted(properties["status"]["enum"]) == sorted({int(status) for status in table().values()})
    for rule in schema["allOf"]:
        status = str(rule["if"]["properties"]["status"]["const"])
        codes = rule["then"]["properties"]["code"]["enum"]
        assert sorted(codes) == sorted(code for code, of in table().items() if of == status)
