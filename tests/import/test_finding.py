# SPDX-License-Identifier: MIT
"""Mentions that a bundle leaves out are made from its names: longest first, whole words, the genitive s along."""
import random
import time

import pytest
import shelf
from shelf import bundle


def found(db, text, agents):
    """[(words, of)] in the order of the text."""
    shelf.put(db, bundle(text=text, agents=agents))
    held = shelf.held_one(db, "one")
    return [(text[slice(*mention["span"])], mention["of"]) for mention in held["mentions"]]


def agent(id_, name, *aliases):
    return {"id": id_, "name": name, "aliases": list(aliases)}


def test_the_seed_has_bonds_and_007(db):
    """The seed gives its mentions; without them its names have to find at least those that are names."""
    seed = shelf.seed()
    shelf.put(db, {**seed, "mentions": None})
    made = shelf.held(db)[0]["mentions"]
    words = [seed["text"][slice(*mention["span"])] for mention in made]
    assert "Bonds" in words and "007" in words
    bond = [mention for mention in made if mention["of"] == ["james-bond"]]
    assert [seed["text"][slice(*mention["span"])] for mention in bond].count("Bonds") == seed["text"].count("Bonds")
    assert all(mention["span"] not in [other["span"] for other in made if other is not mention] for mention in made)


@pytest.mark.parametrize(("text", "words"), [
    ("Kerim Bey sprak met Kerim en Bey.", ["Kerim Bey", "Kerim", "Bey"]),
    ("Darko Kerim Bey", ["Darko Kerim Bey"]), ("Kerim Beys zoon, Kerims zoon", ["Kerim Beys", "Kerims"]),
    ("Kerim's en Kerim’s", ["Kerim's", "Kerim’s"]), ("KERIM kerim Kerimbey Kerim_ 1Kerim Kérim Kerim\u0301", []),
    ("(Kerim), “Kerim”; Kerim-Kerim", ["Kerim"] * 4), ("Kerim\nBey", ["Kerim", "Bey"]), ("xKerim Kerimx", [])])
def test_names_are_whole_words_as_written(db, text, words):
    agents = [agent("a", "Darko Kerim Bey", "Kerim Bey", "Kerim", "Bey")]
    assert found(db, text, agents) == [(word, ["a"]) for word in words]


def test_a_name_of_several_means_all_of_them(db):
    agents = [agent("a", "Bond", "007"), agent("b", "James Bond", "Bond"), agent("c", "Bond")]
    assert found(db, "Bond, James Bond, 007.", agents) == [("Bond", ["a", "b", "c"]), ("James Bond", ["b"]), ("007", ["a"])]


@pytest.mark.parametrize(("text", "name"), [
    ("слово Анна Каренина слово", "Анна Каренина"), ("אמר שלום עליכם כך", "שלום עליכם"), ("a 🦊 Fox 🦊 b", "Fox 🦊"),
    ("das war Größe nicht", "Größe"), ("zei e\u0301e\u0301n toen", "e\u0301e\u0301n"), ("naar 's-Gravenhage toe", "'s-Gravenhage")])
def test_names_of_any_script(db, text, name):
    assert found(db, text, [agent("a", name)]) == [(name, ["a"])]


def test_mentions_that_are_given_are_taken_as_they_are(db):
    text = "Bond met Bond."
    for mentions in ([], [{"span": [0, 4], "of": ["bond"]}], [{"span": [0, 14], "of": ["bond"]}, {"span": [0, 14], "of": ["bond"]}]):
        shelf.put(db, bundle(text=text, agents=["Bond"], mentions=mentions))
        assert shelf.held(db)[0]["mentions"] == mentions
    shelf.put(db, bundle(text=text, agents=["Bond"]))
    assert [mention["span"] for mention in shelf.held(db)[0]["mentions"]] == [[0, 4], [9, 13]]


def expected(text, names):
    """The rules once more, slowly: at each word the longest name that is whole, then on behind it."""
    def is_word(c):
        return c.isalnum() or c == "_"

    spans, at = [], 0
    by_length = sorted(names, key=len, reverse=True)
    while at < len(text):
        if not (at and is_word(text[at - 1])):
            for name in by_length:
                end = at + len(name)
                if text.startswith(name, at):
                    rest = next((rest for rest in ("'s", "s") if text.startswith(rest, end)
                                 and not is_word(text[end + len(rest):][:1] or " ")), "")
                    if rest or not is_word(text[end:end + 1] or " "):
                        spans.append([at, end + len(rest)])
                        at = end + len(rest) - 1
                        break
        at += 1
    return spans


@pytest.mark.parametrize("seed", range(8))
def test_any_names_in_any_text(db, seed):
    """Against a search that knows no automaton. Names end in no s: what is a genitive is then plain."""
    chance = random.Random(seed)
    letters = "abAB" if seed % 2 else "aéЖ🦊 "
    names = sorted({"".join(chance.choices(letters + "a", k=chance.randint(1, 5))).strip() or "a" for _ in range(30)})
    names = [name for name in names if any(c.isalnum() for c in name)]
    pieces = chance.choices([*names, *[" "] * len(names), "s", "'s", ".", "x", "_"], k=1200)
    text = "".join(pieces)
    agents = [agent(f"a{i}", name) for i, name in enumerate(names)]
    shelf.put(db, bundle(text=text, agents=agents))
    spans = [mention["span"] for mention in shelf.held(db)[0]["mentions"]]
    assert spans == expected(text, names) and len(spans) > 20


def test_ten_thousand_names_take_one_pass(db, tmp_path):
    """A pass for each name would take a thousand times as long as for ten; the automaton takes about the same."""
    chance = random.Random(7)
    syllables = ["ka", "ri", "mo", "ne", "tu", "sa", "del", "vor", "bra", "lin"]
    names = sorted({"".join(chance.choices(syllables, k=5)).title() for _ in range(12000)})[:10000]
    assert len(names) == 10000
    text = " ".join(chance.choices([*names, *["woord"] * 30000], k=150000))
    took = {}
    for count in (10, 10000):
        used = [{"id": f"n{i}", "name": name} for i, name in enumerate(names[:count])]
        file = tmp_path / f"{count}.json"
        file.write_bytes(shelf.lines(bundle(f"names-{count}", text, agents=used)))
        started = time.monotonic()
        finished = shelf.put_file(db, file)
        took[count] = time.monotonic() - started
        known = set(names[:count])
        assert shelf.sums(finished)[2] == sum(word in known for word in text.split())
    assert took[10000] < 100 * took[10], took
