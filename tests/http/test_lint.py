# SPDX-License-Identifier: MIT
"""The OpenAPI document in the eyes of somebody else's linter, which comes from npm, and is kept in build/lint."""
import json
import pathlib
import shutil
import subprocess

import process
import pytest
import schemas

NPM = shutil.which("npm")
LINTER, VERSION = "@stoplight/spectral-cli", "6.16.3"
FOLDER = schemas.ROOT / "build" / "lint"
RULES = pathlib.Path(__file__).with_name("spectral.yaml")


@pytest.fixture(scope="module", name="lint")
def fixture_lint():
    """Lints a file. Fetched once, without running anything of what is fetched; then no network is needed."""
    if not NPM:
        pytest.skip("there is no npm to fetch the linter with")
    program = FOLDER / VERSION / "node_modules" / ".bin" / "spectral"
    if not program.exists():
        words = [NPM, "install", "--prefix", FOLDER / VERSION, "--ignore-scripts", "--no-audit", "--no-fund", f"{LINTER}@{VERSION}"]
        fetched = subprocess.run(words, capture_output=True, text=True, check=False, timeout=600)
        if fetched.returncode:
            shutil.rmtree(FOLDER / VERSION, ignore_errors=True)
            pytest.skip(f"npm cannot fetch {LINTER} {VERSION}: {fetched.stderr.strip().splitlines()[-1:]}")
    return lambda file: subprocess.run([program, "lint", "--fail-severity=hint", "--ruleset", RULES, file], capture_output=True, text=True,
                                       check=False, timeout=120)


def test_the_linter_has_nothing_to_say(lint, tmp_path):
    (tmp_path / "openapi.json").write_bytes(process.run("openapi").expect(0).stdout)
    done = lint(tmp_path / "openapi.json")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_finds_something_where_there_is_something(lint, tmp_path):
    document = json.loads(process.run("openapi").expect(0).text)
    document["paths"]["/v1/search"]["get"]["operationId"] = document["paths"]["/v1/verify"]["get"]["operationId"]
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    done = lint(tmp_path / "openapi.json")
    assert done.returncode == 1 and "operation-operationId-unique" in done.stdout
