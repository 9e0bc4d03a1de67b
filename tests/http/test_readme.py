# SPDX-License-Identifier: MIT
"""The lines of the README, run as they stand: they work, and answer what it says they answer."""
import re

import curl_lines
import process
import pytest
import schemas

README = (schemas.ROOT / "README.md").read_text(encoding="utf-8")


def commands(under=""):
    """(command, what it prints) of every console with curl, or of the first behind these words."""
    blocks = re.findall(r"^```console\n(.*?)^```$", README[README.index(under):], re.M | re.S)
    for block in blocks[:1] if under else blocks:
        for command, output in re.findall(r"^\$ (curl .*)\n((?:(?!\$ ).*\n)*)", block, re.M):
            yield command, output


def test_every_curl_line_is_found():
    assert len(list(commands())) == len(re.findall(r"^\s*(?:\$ )?curl ", README, re.M)) > 0


def lasting(text):
    """Without what is another one each time."""
    return re.sub(r'"request_id":"[^"]*"|"updated_at":"[^"]*"', "", text)


def expect(command, output, port, folder, **variables):
    says_no = '"status":4' in output
    if says_no:
        with pytest.raises(AssertionError, match="22 curl"):
            curl_lines.run(command, port, folder, **variables)
        command = command.replace("curl ", "curl --no-fail-with-body ", 1)
    assert lasting(curl_lines.run(command, port, folder, **variables)) == lasting(output)


@pytest.mark.parametrize(("command", "output"), list(commands("What does Darko")))
def test_a_curl_line_answers_what_the_readme_says(seed, tmp_path, command, output):
    if not curl_lines.CURL:
        pytest.skip("there is no curl")
    expect(command, output, seed.port, tmp_path)


def test_the_lines_that_write_do_what_the_readme_says(tmp_path):
    """One after the other: with the token of the first line, the bundle that stands above, and the seed for a shelf."""
    if not curl_lines.CURL:
        pytest.skip("there is no curl")
    db = tmp_path / "reviews.db"
    bundle, = re.findall(r'^```json\n(\{"id": "my-first".*?)^```$', README, re.M | re.S)
    (tmp_path / "my-first.json").write_text(bundle, encoding="utf-8")
    with process.Server(tmp_path, "--db", db) as server:
        (tmp_path / "shelf.ndjson").write_bytes(process.run("export", "--db", db).expect(0).stdout)
        token = process.run("token", "add", "me", "--db", db).expect(0).text.strip()
        lines = list(commands("## Writing over HTTP"))
        assert sum("$TOKEN" in command for command, _ in lines) > 3
        for command, output in lines:
            expect(command, output, server.port, tmp_path, TOKEN=token)
