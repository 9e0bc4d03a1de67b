# SPDX-License-Identifier: MIT
"""What was exported makes the same store again: imported into an empty one and exported once more it is the same bytes."""
import gzip
import os
import pathlib
import random

import library
import process
import pytest
import shelf

# Only whoever has them gives them.
CORPORA = ("dutchdracor", "litbank") if "REVIEWD_CORPORA" in os.environ else ()


def corpus(name):
    """The file of a corpus in the folder $REVIEWD_CORPORA; none of them is part of the project."""
    file = pathlib.Path(os.environ["REVIEWD_CORPORA"]) / f"{name}.ndjson.gz"
    assert file.exists(), f"$REVIEWD_CORPORA has no {name}.ndjson.gz"
    return file


def word(chance):
    return "".join(chance.choices(["ba", "ré", "ko", "ж", "שׁ", "n", "ø", "🦊", "e\u0301"], k=chance.randint(1, 4)))


def made_up_bundle(chance, number):
    """With everything that a bundle can have; agents and works are shared with the other bundles."""
    def some(noun, count):
        return sorted({f"{noun}-{chance.randint(0, 30)}" for _ in range(chance.randint(0, count))})

    def maybe(value):
        return chance.choice([None, value])

    def agents(count):
        return [{"id": id_, "kind": ("character", "person", "organisation")[int(id_[6:]) % 3], "name": f"Name of {id_}",
                 "aliases": [f"{word(chance)} {i}" for i in range(chance.randint(0, 2))],
                 "description": maybe(word(chance))} for id_ in some("agent", count)]

    def work(id_):
        return {"id": id_, "title": f"Title of {id_}", "kind": maybe("novel"), "language": maybe("sr-latn"),
                "published": maybe("1956-21"), "relations": [{"kind": "part_of", "to": "work-none"}] if chance.random() < .2 else [],
                "contributors": [{"role": "author", "name": f"Author {int(id_[5:]) % 5}"}]}

    text = "".join(chance.choices([word(chance), " ", ".\r\n", "\ufeff", "“", "\\", '"', "\u2028"], k=chance.randint(30, 600)))
    known, works = agents(6), [work(id_) for id_ in some("work", 3)]
    ids = [agent["id"] for agent in known]

    def span():
        start = chance.randint(0, len(text) - 1)
        return [start, chance.randint(start + 1, len(text))]

    def whom():
        return chance.sample(ids, chance.randint(0, len(ids)))

    quotes = [{"id": f"q{i}", "spans": [span() for _ in range(chance.randint(1, 4))], "form": chance.choice(library.FORMS),
               "speakers": whom(), "addressees": whom(), "about": whom(), "attribution": chance.choice(library.ATTRIBUTIONS),
               "work": chance.choice([None, *(one["id"] for one in works)]), "spoiler": chance.random() < .3}
              for i in range(chance.randint(0, 12))]
    mentions = [{"span": span(), "of": chance.sample(ids, chance.randint(1, len(ids)))} for _ in range(5)] if ids else None
    return {"id": f"review-{chance.randint(0, 10 ** 9)}-{number}", "title": maybe(word(chance)), "language": maybe("NL-be"),
            "reviewer": maybe(word(chance)), "published": maybe("1957-04-08?"), "source": maybe("https://example.org/"),
            "licence": maybe("CC0-1.0"), "rating": maybe({"value": chance.randint(10, 50) / 10, "worst": 0}),
            "work": works[0] if works else None, "works": works[1:], "agents": known, "text": text, "quotes": quotes,
            "mentions": chance.choice([mentions, None, []])}


def made_up(seed):
    chance = random.Random(seed)
    bundles = [made_up_bundle(chance, number) for number in range(150)]
    # Some come again and say something else.
    return bundles + [{**made_up_bundle(chance, number), "id": bundles[number]["id"]} for number in range(0, 150, 7)]


def assert_comes_back(db, tmp_path, *files):
    process.run("import", "--db", db, *files).expect(0)
    first = shelf.export(db)
    again = tmp_path / "again.db"
    packed = tmp_path / "export.ndjson.gz"
    packed.write_bytes(gzip.compress(first, 1))
    finished = shelf.put_file(again, packed)
    assert shelf.counts(finished) == {"added": first.count(b"\n")}
    assert shelf.export(again) == first
    # Nor does it change the store that it comes from, or the one that has it already.
    for store in (db, again):
        assert shelf.counts(shelf.put_file(store, packed)) == {"unchanged": first.count(b"\n")}
        assert shelf.export(store) == first
        shelf.check(store)
    return first


@pytest.mark.parametrize("name", CORPORA)
def test_a_corpus(db, tmp_path, name):
    first = assert_comes_back(db, tmp_path, corpus(name))
    with gzip.open(corpus(name), "rt", encoding="utf-8") as file:
        given = {document["id"]: document for document in map(shelf.schemas.parse, file)}
    held = [shelf.schemas.parse(line) for line in first.decode("utf-8").split("\n")[:-1]]
    assert [document["id"] for document in held] == sorted(given)
    for document in held:
        source = given[document["id"]]
        assert document["text"] == source["text"]
        assert [(quote["id"], quote["spans"], quote["speakers"]) for quote in document["quotes"]] == [
            (quote["id"], quote["spans"], quote.get("speakers", [])) for quote in source["quotes"]]


@pytest.mark.parametrize("name", CORPORA[1:])
def test_a_corpus_with_mentions_made_from_its_names(db, tmp_path, name):
    with gzip.open(corpus(name), "rt", encoding="utf-8") as file:
        bundles = [{**shelf.schemas.parse(line), "mentions": None} for line in file]
    made = tmp_path / "without.ndjson"
    made.write_bytes(shelf.lines(*bundles))
    assert assert_comes_back(db, tmp_path, made).count(b'{"span":') > 500


def test_the_seed(db, tmp_path):
    first = assert_comes_back(db, tmp_path, shelf.schemas.SEED_FILE)
    assert shelf.schemas.parse(first.decode("utf-8")) == shelf.seed()


def test_the_library_of_the_other_tests(db, tmp_path):
    file = tmp_path / "library.ndjson"
    file.write_bytes(shelf.lines(*library.bundles(), ascii_only=True))
    assert_comes_back(db, tmp_path, file)


@pytest.mark.parametrize("seed", range(4))
def test_made_up_bundles_that_share_agents_and_works(db, tmp_path, seed):
    file = tmp_path / "made-up.ndjson"
    file.write_bytes(shelf.lines(*made_up(seed)))
    first = assert_comes_back(db, tmp_path, file)
    assert first.count(b"\n") == 150


def test_the_export_of_one_is_its_line_of_all(db):
    shelf.put(db, *library.bundles())
    lines = shelf.export(db).splitlines(keepends=True)
    for line in lines[:5]:
        assert shelf.export(db, "--review", shelf.schemas.parse(line.decode("utf-8"))["id"]) == line
