# SPDX-License-Identifier: MIT
"""Folding, letter by letter of Unicode, as a search and a verification see it: against the reference matcher."""
import random
import unicodedata

import process
import pytest
from client import at
from matcher import words
from quick import Quick

SAMPLE = 1500
# What people write with in Europe, all of it; of the rest of Unicode, what this Python knows, a sample.
USUAL = range(0xA0, 0x530)
IN_A_TEXT = 50


def letters():
    known = [code for code in range(0x530, 0x30000) if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co", "Cc")]
    return [chr(code) for code in [*USUAL, *random.Random(5).sample(known, SAMPLE)] if unicodedata.category(chr(code)) != "Cn"]


@pytest.fixture(scope="module", name="ask")
def fixture_ask(tmp_path_factory):
    """Asks a store in which each letter stands in a word of its own, behind a number."""
    folder = tmp_path_factory.mktemp("letters")
    lines = [f"n{number} qa{letter}zb" for number, letter in enumerate(letters())]
    bundles = [{"id": f"letters-{first}", "text": "\n".join(lines[first:first + IN_A_TEXT])} for first in range(0, len(lines), IN_A_TEXT)]
    process.put(folder / "x.db", *bundles)
    with process.Server(folder, "--db", folder / "x.db") as server:
        quick = Quick(server.port)
        yield lambda path, **parameters: quick.json(at(path, **parameters))


def test_every_letter_is_folded_as_the_matcher_folds_it(ask):
    wrong = []
    for number, letter in enumerate(letters()):
        wanted = words(f"qa{letter}zb")
        found = ask("/v1/verify", text=f"n{number} " + " ".join(wanted))["verdict"]
        if found not in ("exact", "normalised"):
            wrong.append(f"U+{ord(letter):04X} {wanted}: {found}")
    assert not wrong, f"{len(wrong)}: {wrong[:20]}"


def test_no_letter_is_folded_to_more_than_the_matcher_does(ask):
    """Two letters are the same to a search only if they are to the matcher."""
    chance = random.Random(6)
    known = letters()
    for _ in range(600):
        number, other = chance.randrange(len(known)), chance.choice(known)
        same = words(f"qa{known[number]}zb") == words(f"qa{other}zb")
        text = f"n{number} qa{other}zb"
        assert (ask("/v1/verify", text=text)["verdict"] != "absent") == same, (known[number], other)
        total = ask("/v1/search", q=f'"{text}"', limit=0)["page"]["total"]
        assert (total > 0) == same, (known[number], other)
