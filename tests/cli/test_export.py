# SPDX-License-Identifier: MIT
"""What export writes: the same that was imported, in an order that stays."""
import os
import re
import signal
import subprocess

import bundles
import process
import pytest
import schemas
from bundles import bundle, ndjson


def export(db, *words):
    finished = process.run("export", "--db", db, *words).expect(0)
    assert finished.stderr == ""
    return finished.stdout


def fill(db, *documents):
    process.run("import", "--db", db, "-", stdin=ndjson(*documents)).expect(0)
    return db


def test_the_seed_comes_out_as_it_went_in(tmp_path):
    line = export(fill(tmp_path / "x.db", bundles.seed()))
    assert bundles.parse(line) == [bundles.seed()]


def test_characters_are_written_as_themselves(store):
    lines = export(store)
    assert "агент-пять".encode() in lines and "Ägent Twó".encode() in lines and "🦊".encode() in lines
    assert set(re.findall(rb"\\u(....)", lines)) == {b"0001", b"001b"}, "but for control characters"


def test_an_export_imported_and_exported_again_is_the_same_bytes(store, tmp_path):
    first = export(store)
    process.run("import", "--db", tmp_path / "again.db", "-", stdin=first).expect(0)
    assert export(tmp_path / "again.db") == first
    # The order in which the bundles come does not matter to what is known at the end.
    backwards = b"\n".join(reversed(first.splitlines())) + b"\n"
    process.run("import", "--db", tmp_path / "backwards.db", "-", stdin=backwards).expect(0)
    assert export(tmp_path / "backwards.db") == first


def test_bundles_come_by_their_ids(store):
    documents = bundles.parse(export(store))
    ids = [document["id"] for document in documents]
    assert ids == sorted(ids, key=str.encode)
    assert set(ids) == {document["id"] for document in [bundles.seed(), *bundles.library()]}


def test_every_bundle_is_of_the_contract_and_true_to_its_text(store):
    for document in bundles.parse(export(store)):
        schemas.assert_valid("bundle", document)
        for quote in document["quotes"]:
            assert quote["exact"] == [document["text"][start:end] for start, end in quote["spans"]]


def test_texts_and_quotes_of_made_up_bundles_are_those_that_were_given(store):
    exported = {document["id"]: document for document in bundles.parse(export(store))}
    for given in bundles.library():
        found = exported[given["id"]]
        assert found["text"] == given["text"]
        for before, after in zip(given.get("quotes", []), found["quotes"], strict=True):
            assert {key: after[key] for key in before} == before
        if "mentions" in given:
            assert found["mentions"] == given["mentions"]


def test_one_review_alone(store):
    for document in (bundles.seed(), bundles.library()[0]):
        line = export(store, "--review", document["id"])
        assert line in export(store)
        assert [found["id"] for found in bundles.parse(line)] == [document["id"]]


@pytest.mark.parametrize("review", ["nothing", "", "from-russia-with-love", "FROM-RUSSIA-WITH-LOVE-NL", "x" * 1000, "' OR 1 --"])
def test_a_review_that_is_not_there(store, review):
    finished = process.run("export", "--db", store, "--review", review).expect(66)
    process.assert_one_line(finished)
    assert f"has no review '{review[:200]}'" in finished.stderr


def test_an_empty_store_exports_nothing(tmp_path):
    fill(tmp_path / "x.db")
    assert export(tmp_path / "x.db") == b""


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    for path in (tmp_path / "x.db", tmp_path / "no" / "x.db"):
        finished = process.run("export", "--db", path).expect(66)
        process.assert_one_line(finished)
        assert f"store {path}: No such file or directory" in finished.stderr
    assert not list(tmp_path.iterdir())


def test_a_full_disk_takes_no_export(store):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([process.binary(), "export", "--db", store], stdout=full, stderr=subprocess.PIPE,
                              timeout=process.DEADLINE, env=process.environment(), check=False)
    assert (done.returncode, done.stderr) == (74, b"reviewd: cannot write: No space left on device\n")


def test_a_reader_that_has_seen_enough_ends_it_quietly(tmp_path):
    # More than a pipe holds.
    db = fill(tmp_path / "x.db", *[bundle(f"long-{number}", "Long. " * 20_000) for number in range(20)])
    with subprocess.Popen([process.binary(), "export", "--db", db], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=process.environment()) as running:
        os.read(running.stdout.fileno(), 10)
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(process.DEADLINE) == -signal.SIGPIPE


def test_export_reads_while_a_server_serves(store, tmp_path):
    before = export(store)
    with process.Server(tmp_path, "--db", store):
        assert export(store) == before


@pytest.mark.parametrize("damage", [
    "DELETE FROM review_text", "DELETE FROM review_text WHERE review_id = 1", "UPDATE quote SET form = 99", "UPDATE quote SET attribution = -1",
    "UPDATE quote_agent SET role = 9 WHERE role = 2", "UPDATE agent SET kind = 50", "UPDATE quote SET spans = '0 1 0 99999999'",
    "UPDATE quote SET spans = '0 1 -5 1'", "UPDATE quote SET spans = ''", "UPDATE mention SET span = '0 1 0 99999999'",
    "UPDATE mention SET span = '0 1 1 1'", "UPDATE mention SET span = ''", "UPDATE mention SET agents = 'x'",
    "UPDATE review_text SET text = 'short'", "UPDATE quote SET work_id = 99999"])
def test_a_damaged_store_is_not_exported_as_if_it_were_whole(store, damage):
    bundles.change(store, damage)
    finished = process.run("export", "--db", store).expect(65)
    assert finished.stderr.startswith("reviewd: exporting: the store is damaged") and finished.stderr.count("\n") == 1
    assert "'reviewd check' tells more" in finished.stderr
