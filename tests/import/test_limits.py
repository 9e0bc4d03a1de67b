# SPDX-License-Identifier: MIT
"""How long things may be: just so long they are kept, one more and they are refused, and the rest goes on."""
import hashlib
import zlib

import pytest
import shelf
from shelf import bundle

MIB = 1024 * 1024
DOCUMENT_MAX = 256 * MIB
TEXT_MAX = 64 * MIB
STRING_MAX = 64 * 1024


def write_packed(path, *pieces):
    """Writes the pieces packed; a piece is bytes, or (byte, how often)."""
    packer = zlib.compressobj(1, wbits=31)
    with open(path, "wb") as file:
        for piece in pieces:
            byte, count = piece if isinstance(piece, tuple) else (piece, 1)
            while count:
                step = min(count, MIB)
                file.write(packer.compress(byte * step))
                count -= step
        file.write(packer.flush())
    return path


def document(id_, byte, count):
    """The pieces of a bundle whose text is one byte over and over."""
    return b'{"id":"%s","text":"' % id_, (byte, count), b'"}\n'


def test_a_document_that_is_too_long_costs_nobody_else(db, tmp_path):
    file = write_packed(tmp_path / "long.gz", shelf.lines(bundle("before")), *document(b"long", b"x", DOCUMENT_MAX + MIB),
                        shelf.lines(bundle("behind"), bundle("bad", "")))
    finished = shelf.put_file(db, file, 65)
    assert shelf.counts(finished) == {"added": 2, "refused": 2}
    assert shelf.refusals(finished) == [
        (str(file), 2, "/", f"more than {DOCUMENT_MAX} bytes, the most a document may have"),
        (str(file), 4, "/text", "an empty text")]
    assert [held["id"] for held in shelf.held(db)] == ["before", "behind"]


def test_a_document_over_many_lines_that_is_too_long(db, tmp_path):
    file = write_packed(tmp_path / "long.gz", b'{\n"id": "long",\n"text": "', (b"x", DOCUMENT_MAX), b'"\n}\n')
    finished = shelf.put_file(db, file, 65)
    assert shelf.refusals(finished) == [
        (str(file), 1, "/", f"more than {DOCUMENT_MAX} bytes, the most a document may have")]
    assert shelf.held(db) == []


def test_the_longest_text_is_kept_and_cut(db, tmp_path):
    text = b"\xc3\xa9" * (TEXT_MAX // 2)
    start = TEXT_MAX // 2 - 5
    file = write_packed(tmp_path / "long.gz", b'{"id":"longest","quotes":[{"spans":[[%d,%d]]}],"text":"' % (start, start + 5),
                        text, b'"}\n', *document(b"too-long", b"y", TEXT_MAX + 1))
    finished = shelf.put_file(db, file, 65)
    assert shelf.refusals(finished) == [
        (str(file), 2, "/text", f"{TEXT_MAX + 1} bytes; at most {TEXT_MAX} are allowed")]
    assert shelf.counts(finished) == {"added": 1, "refused": 1}
    with shelf.served(db) as store:
        review = store.json("/v1/reviews/longest/quotes")["data"][0]
        assert review["spans"][0] == {"start": start, "end": start + 5, "exact": "é" * 5, "prefix": "é" * 32, "suffix": ""}
        assert hashlib.sha256(store.get("/v1/reviews/longest/text")).digest() == hashlib.sha256(text).digest()


def test_a_bare_text_that_is_too_long(db, tmp_path):
    file = write_packed(tmp_path / "long.txt", (b"x", TEXT_MAX + 1))
    finished = shelf.put_file(db, file, 65, ["--text"])
    assert shelf.refusals(finished) == [
        (str(file), 1, "/text", f"more than {TEXT_MAX} bytes, which are the most a text may have")]


# Apart, because it looks like a folder.
WORK = "/work"


def work(**more):
    return {"work": {"id": "w", **more}}


PLACES = {"/title": lambda s: {"title": s}, "/reviewer": lambda s: {"reviewer": s}, "/source": lambda s: {"source": s},
          "/licence": lambda s: {"licence": s}, WORK + "/title": lambda s: work(title=s),
          WORK + "/description": lambda s: work(description=s), "/agents/0/name": lambda s: {"agents": [{"id": "a", "name": s}]},
          "/agents/0/aliases/0": lambda s: {"agents": [{"id": "a", "name": "A", "aliases": [s]}]},
          "/agents/0/description": lambda s: {"agents": [{"id": "a", "name": "A", "description": s}]},
          WORK + "/same_as/0": lambda s: work(same_as=["https://example.org/" + s[20:]])}


@pytest.mark.parametrize("pointer", PLACES)
def test_the_longest_string(db, pointer):
    shelf.put(db, bundle(**PLACES[pointer]("x" * STRING_MAX)))
    before = shelf.export(db)
    assert "x" * (STRING_MAX - 20) in before.decode()
    finished = shelf.put(db, bundle(**PLACES[pointer]("x" * (STRING_MAX + 1))), status=65)
    assert shelf.refusals(finished) == [("-", 1, pointer, f"{STRING_MAX + 1} bytes; at most {STRING_MAX} are allowed")]
    assert shelf.export(db) == before


def test_all_strings_as_long_as_can_be(db):
    """Together they make rows of many megabytes."""
    long = "ﷺ" * (STRING_MAX // 3)
    urls = [f"https://example.org/{i:04}" + "x" * (STRING_MAX - 24) for i in range(200)]
    document = bundle(title=long, reviewer=long, source=long, licence=long, agents=[
        {"id": "a", "name": long, "description": long, "aliases": [f"{i}" + long[:-2] for i in range(9)]}],
        **work(title=long, description=long, same_as=urls))
    shelf.put(db, document)
    assert shelf.held(db)[0]["work"]["same_as"] == urls
    shelf.check(db)


@pytest.mark.parametrize(("pointer", "made"), [
    ("/agents/0/aliases", lambda names: {"agents": [{"id": "a", "name": "A", "aliases": names}]}),
    (WORK + "/same_as", lambda names: work(same_as=[f"https://example.org/{name}" for name in names]))])
def test_the_longest_list_of_strings(db, pointer, made):
    names = [f"name {i}".replace(" ", "-") for i in range(1001)]
    shelf.put(db, bundle(**made(names[:1000])))
    finished = shelf.put(db, bundle(**made(names)), status=65)
    assert shelf.refusals(finished) == [("-", 1, pointer, "1001 given; at most 1000 are allowed")]


@pytest.mark.parametrize(("codepoint", "id_"), [("a", "a" * 200), ("ж", "ж" * 200), ("𐎠", "𐎠" * 200)])
def test_the_longest_id(db, codepoint, id_):
    quotes = [{"id": id_, "exact": "met"}]
    shelf.put(db, bundle(id_, quotes=quotes, agents=[{"id": id_, "name": "N"}], work={"id": id_}))
    assert shelf.held_one(db, id_)["quotes"][0]["id"] == id_
    finished = shelf.put(db, bundle(id_ + codepoint, quotes=[{"id": id_ + codepoint, "exact": "met"}]), status=65)
    assert [refusal[2] for refusal in shelf.refusals(finished)] == ["/id", "/quotes/0/id"]


def test_spans_of_one_quote(db):
    spans = [[i % 10, i % 10 + 1] for i in range(1001)]
    shelf.put(db, bundle(quotes=[{"spans": spans[:1000]}]))
    assert shelf.held(db)[0]["quotes"][0]["spans"] == spans[:1000]
    finished = shelf.put(db, bundle(quotes=[{"spans": spans}]), status=65)
    assert shelf.refusals(finished) == [("-", 1, "/quotes/0/spans", "1001 spans; 1 to 1000 are allowed")]


def test_the_longest_quote_is_kept(db):
    """Spans may be the same words again and again: a quote has as many as a text may have."""
    size, word = 128 * 1024, "x"
    most = [[0, size]] * (TEXT_MAX // size)
    finished = shelf.put(db, bundle("longest", word * size, quotes=[{"spans": most}]),
                         bundle("too-long", word * size, quotes=[{"spans": [*most, [0, 1]]}]),
                         bundle("behind"), status=65)
    assert shelf.refusals(finished) == [
        ("-", 2, "/quotes/0/spans", f"{TEXT_MAX + 1} bytes of words; at most {TEXT_MAX} are allowed")]
    assert shelf.counts(finished) == {"added": 2, "refused": 1}
    shelf.put(db, bundle("longest", word))
    shelf.check(db)


@pytest.mark.parametrize("depth", [32, 33, 100000])
def test_depth(db, depth):
    """A document has no place for such a thing, but it must not get as far as to be parsed."""
    data = b'{"id":"one","text":"x","title":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}\n"
    finished = shelf.process.run("import", "--db", db, "-", stdin=data + shelf.lines(bundle("two"))).expect(65)
    (_, line, pointer, reason), = shelf.refusals(finished)
    assert (line, pointer) == (1, "/" if depth > 32 else "/title")
    assert ("nested deeper than 32" in reason) == (depth > 32)
    assert shelf.counts(finished) == {"added": 1, "refused": 1}


def test_more_problems_than_anybody_wants_to_read(db):
    quotes = [{"spans": [[5, 4]]} for _ in range(500)]
    finished = shelf.put(db, bundle(quotes=quotes), bundle("two"), status=65)
    refusals = shelf.refusals(finished)
    assert [refusal[2] for refusal in refusals] == [f"/quotes/{i}/spans/0" for i in range(100)] + ["/"]
    assert refusals[-1][3] == "… and more"
    assert shelf.counts(finished) == {"added": 1, "refused": 1}


def test_thousands_of_quotes_of_one_text(db):
    """More than a statement takes at once, and each in its place."""
    text = "".join(f"{i} " for i in range(20000))
    quotes, at = [], 0
    for i in range(20000):
        quotes.append({"id": f"q{i}", "spans": [[at, at + len(str(i))]], "speakers": ["a"] if i % 3 else ["b", "a"]})
        at += len(str(i)) + 1
    mentions = [{"span": quote["spans"][0], "of": quote["speakers"]} for quote in quotes[:1000]]
    finished = shelf.put(db, bundle(text=text, quotes=quotes, mentions=mentions, agents=["A", "B"]))
    assert shelf.sums(finished) == (20000, 20000, 1000)
    held = shelf.held(db)[0]
    assert [quote["exact"] for quote in held["quotes"]] == [[str(i)] for i in range(20000)]
    assert [(quote["id"], quote["spans"], quote["speakers"]) for quote in held["quotes"]] == [
        (quote["id"], quote["spans"], quote["speakers"]) for quote in quotes]
    assert held["mentions"] == mentions
    shelf.check(db)
