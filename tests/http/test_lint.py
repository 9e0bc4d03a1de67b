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
# It takes some ten seconds, or, with a registry that does not answer, for ever.
FETCH_SECONDS = 60
FOLDER = schemas.ROOT / "build" / "lint"
RULES = pathlib.Path(__file__).with_name("spectral.yaml")


@pytest.fixture(scope="module", name="lint")
def fixture_lint(tmp_path_factory):
    """What it says of the document and of a broken one, in one run, for most of its time goes by before it looks at anything.
    Fetched once, without running anything of what is fetched; then no network is needed."""
    if not NPM:
        pytest.skip("there is no npm to fetch the linter with")
    program = FOLDER / VERSION / "node_modules" / ".bin" / "spectral"
    if not program.exists():
        words = [NPM, "install", "--prefix", FOLDER / VERSION, "--ignore-scripts", "--no-audit", "--no-fund", f"{LINTER}@{VERSION}"]
        try:
            fetched = subprocess.run(words, capture_output=True, text=True, check=False, timeout=FETCH_SECONDS)
            failed = fetched.returncode and (fetched.stderr.strip().splitlines() or ["it does not say why"])[-1]
        except subprocess.TimeoutExpired:
            failed = f"not in {FETCH_SECONDS} s"
        if failed:
            shutil.rmtree(FOLDER / VERSION, ignore_errors=True)
            pytest.skip(f"npm cannot fetch {LINTER} {VERSION}: {failed}")
    folder = tmp_path_factory.mktemp("lint")
    document = process.run("openapi").expect(0).stdout
    (folder / "openapi.json").write_bytes(document)
    (folder / "broken.json").write_text(json.dumps(broken(json.loads(document))), encoding="utf-8")
    done = subprocess.run([program, "lint", "--fail-severity=hint", "--format=json", "--quiet", "--ruleset", RULES, *folder.glob("*.json")],
                          capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1, done.stdout + done.stderr
    return {name: [row for row in json.loads(done.stdout) if row["source"].endswith("/" + name)] for name in ("openapi.json", "broken.json")}


def broken(document):
    """Two operations of one name, and what they refer to."""
    paths = {path: document["paths"][path] for path in ("/v1/search", "/v1/suggest")}
    paths["/v1/search"]["get"]["operationId"] = paths["/v1/suggest"]["get"]["operationId"]
    return {**document, "paths": paths}


def test_the_linter_has_nothing_to_say(lint):
    assert lint["openapi.json"] == []


def test_the_linter_finds_something_where_there_is_something(lint):
    assert "operation-operationId-unique" in {row["code"] for row in lint["broken.json"]}
