# SPDX-License-Identifier: MIT
"""The lines of the README, run as they stand: they work, and answer what it says they answer."""
import re

import curl_lines
import pytest
import schemas

README = (schemas.ROOT / "README.md").read_text(encoding="utf-8")


def commands():
    """(command, what it prints) of every console with curl."""
    for block in re.findall(r"^```console\n(.*?)^```$", README, re.M | re.S):
        for command, output in re.findall(r"^\$ (curl .*)\n((?:(?!\$ ).*\n)*)", block, re.M):
            yield command, output


def test_every_curl_line_is_found():
    assert len(list(commands())) == len(re.findall(r"^\s*(?:\$ )?curl ", README, re.M)) > 0


def lasting(text):
    """Without what is another one each time."""
    return re.sub(r'"request_id":"[^"]*"|"updated_at":"[^"]*"', "", text)


@pytest.mark.parametrize(("command", "output"), list(commands()))
def test_a_curl_line_answers_what_the_readme_says(seed, tmp_path, command, output):
    if not curl_lines.CURL:
        pytest.skip("there is no curl")
    says_no = '"status":4' in output
    if says_no:
        with pytest.raises(AssertionError, match="22 curl"):
            curl_lines.run(command, seed.port, tmp_path)
    printed = curl_lines.run(command.replace("curl ", "curl --no-fail-with-body ", 1) if says_no else command, seed.port, tmp_path)
    assert lasting(printed) == lasting(output)
