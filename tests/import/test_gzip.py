# SPDX-License-Identifier: MIT
"""What is packed is known by its first bytes, not by its name, and what is cut off or damaged is told with its place."""
import gzip
import random

import process
import pytest
import shelf
from shelf import bundle, lines

FIVE = [bundle(f"number-{i}", f"Text {i}\r\n" + "".join(random.Random(i).choices("abcdefgh \n", k=700))) for i in range(5)]
DATA = lines(*FIVE)
PACKED = gzip.compress(DATA, mtime=0)
REST_OF_GZIP = ("the gzip data ends too early", "the gzip data is damaged")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "five.ndjson"


def several_members(data):
    """As `cat a.gz b.gz` makes it, with members that end in the middle of a line and members without content."""
    pieces = [data[:1], data[1:300], b"", data[300:301], data[301:]]
    return b"".join(gzip.compress(piece, mtime=0) for piece in pieces)


FORMS = {"plain": DATA, "one member": PACKED, "several members": several_members(DATA), "badly packed": gzip.compress(DATA, 0),
         "zeros behind": PACKED + bytes(5000), "with a name": b"\x1f\x8b\x08\x08" + bytes(5) + b"\xffname\x00" + PACKED[10:]}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["five.ndjson", "five.gz", "five"])
def test_a_file_is_what_its_first_bytes_say(db, tmp_path, form, name):
    (tmp_path / name).write_bytes(FORMS[form])
    finished = shelf.put_file(db, tmp_path / name)
    assert (shelf.counts(finished), finished.stderr) == ({"added": 5}, "")
    assert [document["text"] for document in shelf.held(db)] == [document["text"] for document in FIVE]


@pytest.mark.parametrize("form", FORMS)
def test_standard_input_may_be_packed_as_well(db, form):
    finished = process.run("import", "--db", db, "-", stdin=FORMS[form]).expect(0)
    assert shelf.counts(finished) == {"added": 5}


def test_one_document_over_many_lines_may_be_packed(db, file):
    file.write_bytes(gzip.compress(shelf.schemas.SEED_FILE.read_bytes()))
    assert shelf.counts(shelf.put_file(db, file)) == {"added": 1}
    assert shelf.held(db) == [shelf.seed()]


@pytest.mark.parametrize("cut", [*range(2, 30), len(PACKED) // 2, *range(len(PACKED) - 9, len(PACKED))])
def test_what_is_cut_off_is_told_and_the_bundles_before_are_stored(db, file, cut):
    file.write_bytes(PACKED[:cut])
    finished = shelf.put_file(db, file, 65)
    stored = shelf.counts(finished).get("added", 0)
    (name, line, pointer, reason), = shelf.refusals(finished)
    assert (name, line, pointer) == (str(file), stored + 1, "/") and reason in REST_OF_GZIP
    assert [document["id"] for document in shelf.held(db)] == [document["id"] for document in FIVE[:stored]]
    shelf.check(db)


def test_what_is_cut_off_is_told_once_among_several_files(db, tmp_path):
    good, cut = tmp_path / "good.gz", tmp_path / "cut.gz"
    good.write_bytes(gzip.compress(lines(bundle("good"))))
    cut.write_bytes(several_members(DATA)[:-3])
    finished = process.run("import", "--db", db, cut, good).expect(65)
    assert shelf.counts(finished) == {"added": 6, "refused": 1}
    assert [refusal[0] for refusal in shelf.refusals(finished)] == [str(cut)]


def test_all_or_nothing_takes_nothing_of_what_is_cut_off(db, file):
    file.write_bytes(PACKED[:-1])
    finished = shelf.put_file(db, file, 65, ["--atomic"])
    assert "nothing was stored" in finished.stderr
    assert shelf.held(db) == []


def test_a_changed_byte_is_found_wherever_it_is(db, file):
    """By the sums at the end at the latest; what was read before that is stored, and is what was packed."""
    known = {document["id"]: document["text"] for document in FIVE}
    for at in (3, 10, 12, 50, len(PACKED) // 2, len(PACKED) - 9, len(PACKED) - 8, len(PACKED) - 1):
        file.write_bytes(PACKED[:at] + bytes([PACKED[at] ^ 0x44]) + PACKED[at + 1:])
        finished = shelf.put_file(db, file, 65)
        assert any(refusal[3] in REST_OF_GZIP for refusal in shelf.refusals(finished)), f"at {at}: {finished.stderr}"
    assert {document["id"] for document in shelf.held(db)} <= set(known)


@pytest.mark.parametrize("behind", [b"x", b"\n", lines(bundle("plain")), b"\x1f", b"\0\0\0x", b"\x1f\x8c"])
def test_what_is_not_packed_behind_what_is_would_be_lost(db, file, behind):
    file.write_bytes(PACKED + behind)
    finished = shelf.put_file(db, file, 65)
    (name, line, _, reason), = shelf.refusals(finished)
    assert (name, line, reason) == (str(file), 6, "something that is not gzip follows the gzip data")


def test_two_bytes_that_only_begin_like_gzip(db, file):
    file.write_bytes(b"\x1f\x8b" + DATA)
    finished = shelf.put_file(db, file, 65)
    assert shelf.refusals(finished) == [(str(file), 1, "/", "the gzip data is damaged")]
