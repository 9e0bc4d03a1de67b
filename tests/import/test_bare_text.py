# SPDX-License-Identifier: MIT
"""A bare text becomes a bundle, and is one like all others from then on."""
import gzip

import process
import pytest
import shelf

TEXT = "﻿Bonds kist stond klaar.\r\nRosa Klebb's mes; 007 zag Klebb, niet Bondy.\r\n"
ALL = ["--title", "Een titel", "--language", "nl-be", "--reviewer", "Iemand", "--work", "From Russia with Love",
       "--author", "Ian Fleming", "--author", "Nog Iemand", "--character", "Bond", "--character", "Rosa Klebb", "--character", "007"]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "000_een Bespreking.txt"
    path.write_bytes(TEXT.encode("utf-8"))
    return path


def take(db, *words, status=0, stdin=b""):
    return process.run("import", "--db", db, *words, stdin=stdin).expect(status)


def test_a_text_alone_is_enough(db, file):
    finished = take(db, "--text", file)
    assert (shelf.counts(finished), finished.stderr) == ({"added": 1}, "")
    held, = shelf.held(db)
    assert (held["id"], held["text"]) == ("000-een-bespreking", TEXT)
    assert all(held[key] is None for key in ("title", "language", "reviewer", "work"))
    assert held["agents"] == held["quotes"] == held["mentions"] == []


def test_with_all_that_can_be_said(db, file):
    assert shelf.sums(take(db, "--text", file, "--id", "bespreking", *ALL)) == (0, 0, 3)
    held = shelf.held_one(db, "bespreking")
    assert (held["title"], held["language"], held["reviewer"], held["text"]) == ("Een titel", "nl-BE", "Iemand", TEXT)
    assert (held["work"]["id"], held["work"]["title"]) == ("from-russia-with-love", "From Russia with Love")
    assert [(one["role"], one["id"], one["name"]) for one in held["work"]["contributors"]] == [
        ("author", "ian-fleming", "Ian Fleming"), ("author", "nog-iemand", "Nog Iemand")]
    assert [(agent["id"], agent["kind"], agent["name"]) for agent in held["agents"]] == [
        ("bond", "character", "Bond"), ("rosa-klebb", "character", "Rosa Klebb"), ("007", "character", "007")]
    assert [(TEXT[slice(*mention["span"])], mention["of"]) for mention in held["mentions"]] == [
        ("Bonds", ["bond"]), ("Rosa Klebb's", ["rosa-klebb"]), ("007", ["007"])]


def test_the_same_again_changes_nothing(db, file):
    take(db, "--text", file, *ALL)
    before = shelf.export(db)
    assert shelf.counts(take(db, "--text", file, *ALL)) == {"unchanged": 1}
    assert shelf.counts(process.run("import", "--db", db, "-", stdin=before).expect(0)) == {"unchanged": 1}
    assert shelf.counts(take(db, "--text", file)) == {"changed": 1}


@pytest.mark.parametrize(("name", "id_"), [
    ("000_0dec431388d493b8.txt", "000_0dec431388d493b8"), ("Één.woord.md", "een-woord"), ("Één.md", "Één"), ("a b.txt.gz", "a-b"), ("x", "x"),
    ("Capital", "Capital"), ("рецензия.txt", "рецензия"), ("two.dots.txt", "two-dots"), (".txt", "the-work"),
    ("….txt", "the-work"), ("-.txt", "-")])
def test_the_id_comes_from_the_name_of_the_file(db, tmp_path, name, id_):
    folder = tmp_path / "with.point"
    folder.mkdir()
    (folder / name).write_text("Text.")
    take(db, "--text", folder / name, "--work", "The Work")
    assert [held["id"] for held in shelf.held(db)] == [id_]


def test_standard_input_takes_its_id_from_the_work(db):
    take(db, "--text", "-", "--work", "The Work", stdin=b"Text.")
    assert [(held["id"], held["text"]) for held in shelf.held(db)] == [("the-work", "Text.")]
    finished = take(db, "--text", "-", status=65, stdin=b"Text.")
    assert shelf.refusals(finished)[0][:3] == ("-", 1, "/id") and "required" in finished.stderr


@pytest.mark.parametrize(("work", "id_", "title"), [
    ("Emma", "emma", "Emma"), ("from-russia-with-love", "from-russia-with-love", None), ("emma", "emma", None),
    ("War & Peace", "war-peace", "War & Peace"), ("Ὀδύσσεια", "οδυσσεια", "Ὀδύσσεια"), ("a_b", "a-b", "a_b")])
def test_a_work_is_given_by_title_or_id(db, file, work, id_, title):
    take(db, "--text", file, "--work", work)
    assert [(held["work"]["id"], held["work"]["title"]) for held in shelf.held(db)] == [(id_, title)]


def test_the_id_of_a_work_leaves_the_work_as_it_is(db, file):
    shelf.put(db, shelf.seed())
    work = shelf.held(db)[0]["work"]
    take(db, "--text", file, "--work", work["id"])
    assert [held["work"] for held in shelf.held(db)] == [work, work]


def test_a_text_comes_before_the_files(db, file, tmp_path):
    bundles = tmp_path / "more.ndjson"
    bundles.write_bytes(shelf.lines(shelf.bundle("more"), shelf.bundle("one", "New.")))
    assert shelf.counts(take(db, "--text", file, "--id", "one", bundles)) == {"added": 2, "changed": 1}


def test_a_dry_run(db, file):
    shelf.put(db, shelf.bundle())
    before = db.read_bytes()
    assert shelf.counts(take(db, "--text", file, "--dry-run")) == {"added": 1}
    assert db.read_bytes() == before


@pytest.mark.parametrize("text", [
    "﻿BOM at the beginning and\r\nCR LF\rand CR", " \t\n", "e\u0301 \u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd", "\x01\x7f\"\\ \u2028 🦊",
    "no line end", "\n\n\n"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_text_is_kept_byte_for_byte(db, tmp_path, text, packed):
    file = tmp_path / "text.txt"
    data = text.encode("utf-8")
    file.write_bytes(gzip.compress(data) if packed else data)
    take(db, "--text", file)
    assert shelf.held(db)[0]["text"] == text
    with shelf.served(db) as store:
        assert store.get("/v1/reviews/text/text") == data


BAD_TEXTS = {
    "an accent of another encoding": (b"Caf\xe9 noir\n", 1, "not valid UTF-8 at byte 3, which is 0xe9"),
    "on a later line": (b"one\ntwo\r\nthr\xffee", 3, "not valid UTF-8 at byte 12, which is 0xff"),
    "cut off": ("één".encode()[:1], 1, "not valid UTF-8 at byte 0, which is 0xc3"),
    "UTF-16": ("tekst\n".encode("utf-16"), 1, "not valid UTF-8 at byte 0, which is 0xff"),
    "a surrogate": (b"\xed\xa0\x80", 1, "not valid UTF-8 at byte 0, which is 0xed"),
    "NUL": (b"a\n\nb\0c", 3, "a NUL byte at byte 4; a text has none"),
    "NUL before what is not valid": (b"\0\xff", 1, "a NUL byte at byte 0; a text has none"),
    "NUL behind what is not valid": (b"\xff\0", 1, "not valid UTF-8 at byte 0, which is 0xff"),
    "nothing": (b"", 1, "an empty text"),
}


@pytest.mark.parametrize("name", BAD_TEXTS)
def test_what_is_no_text_is_refused_with_its_place(db, tmp_path, name):
    data, line, reason = BAD_TEXTS[name]
    file = tmp_path / "bad.txt"
    file.write_bytes(data)
    finished = take(db, "--text", file, status=65)
    (path, at, pointer, said), = shelf.refusals(finished)
    assert (path, at, pointer) == (str(file), line, "/text") and said.startswith(reason)
    assert shelf.held(db) == []


@pytest.mark.parametrize(("words", "pointer"), [
    (["--language", "dutch!"], "/language"), (["--id", "no id"], "/id"), (["--id", ""], "/id"), (["--title", ""], "/title"),
    (["--reviewer", ""], "/reviewer"), (["--work", ""], "/work/title"), (["--work", "…"], "/work/id"),
    (["--work", "W", "--author", ""], "/work/contributors/0/name"), (["--character", "A", "--character", ""], "/agents/1"),
    (["--character", "A B", "--character", "a-b"], "/agents/1"), (["--character", "?!"], "/agents/0/id")])
def test_what_is_said_of_it_is_checked_as_in_a_bundle(db, file, words, pointer):
    finished = take(db, "--text", file, *words, status=65)
    assert shelf.refusals(finished)[0][:3] == (str(file), 1, pointer)
    assert shelf.held(db) == []


@pytest.mark.parametrize("option", ["--id", "--title", "--language", "--reviewer", "--work", "--character"])
def test_what_is_typed_in_another_encoding(db, file, option):
    finished = process.subprocess.run([process.binary(), "import", "--db", db, "--text", file, option, b"caf\xe9"],
                                      capture_output=True, env=process.environment(), timeout=process.DEADLINE, check=False)
    assert finished.returncode == 65 and b": not valid UTF-8\n" in finished.stderr


@pytest.mark.parametrize(("words", "said"), [
    (["x.json", "--language", "nl"], "--language"), (["x.json", "--character", "A"], "--character"), (["--id", "x"], "--id"),
    (["--text", "x.txt", "--author", "A"], "--work"), (["--text"], "--text"), ([], "wants a file"),
    (["--text", "x.txt", *["--character", "A"] * 257], "256 times")])
def test_what_makes_no_sense_is_wrong_usage(db, words, said):
    finished = take(db, *words, status=64)
    process.assert_one_line(finished)
    assert said in finished.stderr
    assert not db.exists()


def test_a_text_that_cannot_be_read(db, tmp_path):
    for path in (tmp_path / "missing.txt", tmp_path):
        finished = take(db, "--text", path, status=66)
        process.assert_one_line(process.Finished(finished.status, b"", finished.stderr))
        assert str(path) in finished.stderr


def test_the_help_names_every_option():
    text = process.run("import", "--help").expect(0).text
    for option in ("text", "id", "title", "work", "author", "language", "reviewer", "character", "db", "dry-run", "atomic"):
        assert f"\n  --{option} " in text
    assert max(len(line) for line in text.splitlines()) <= 120
