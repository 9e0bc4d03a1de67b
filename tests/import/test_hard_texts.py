# SPDX-License-Identifier: MIT
"""Texts and spans as other people's corpora have them: everything is kept, byte for byte and place for place."""
import os
import random
import unicodedata

import pytest
import shelf
from shelf import bundle


def slices(text, spans):
    return [text[start:end] for start, end in spans]


def assert_kept(db, document):
    """In the export and over HTTP, in the order of the bundle."""
    text, quotes = document["text"], document["quotes"]
    held = shelf.held_one(db, document["id"])
    assert held["text"] == text
    assert [(quote["id"], quote["spans"], quote["exact"]) for quote in held["quotes"]] == [
        (quote["id"], quote["spans"], slices(text, quote["spans"])) for quote in quotes]
    with shelf.served(db) as store:
        rows = store.walk(f"/v1/reviews/{document['id']}/quotes")
        assert store.get(f"/v1/reviews/{document['id']}/text") == text.encode("utf-8")
    assert [[[span["start"], span["end"]] for span in row["spans"]] for row in rows] == [quote["spans"] for quote in quotes]
    assert [row["text"] for row in rows] == [" … ".join(slices(text, quote["spans"])) for quote in quotes]
    for row in rows:
        for span in row["spans"]:
            assert span["prefix"] == text[max(0, span["start"] - 32):span["start"]]
            assert span["suffix"] == text[span["end"]:span["end"] + 32]
    shelf.check(db)


def test_spans_that_are_not_in_the_order_of_the_text(db):
    """The order of the spans is the order in which they are read."""
    text = "He said it last, and this he said first; the middle came in between."
    places = [text.index(words) for words in ("this he said first", "the middle", "He said it last")]
    spans = [[places[0], places[0] + 18], [places[1], places[1] + 10], [places[2], places[2] + 15]]
    quotes = [{"id": str(i), "spans": [spans[k] for k in order]} for i, order in enumerate(
        [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1,), (0, 0), (2, 0, 2, 0)])]
    document = bundle(text=text, quotes=quotes)
    shelf.put(db, document)
    assert_kept(db, document)


def test_spans_that_nest_cross_touch_and_repeat(db):
    text = "abcdefghijklmnopqrstuvwxyz"
    spans = [[0, 26], [5, 10], [6, 8], [8, 12], [5, 10], [5, 10], [10, 15], [0, 1], [25, 26], [4, 11], [9, 10]]
    quotes = [{"id": f"alone-{i}", "spans": [span]} for i, span in enumerate(spans)] + [{"id": "all", "spans": spans}]
    document = bundle(text=text, quotes=quotes)
    shelf.put(db, document)
    assert_kept(db, document)


def test_a_corpus_with_several_spans_in_every_third_quote(db):
    """Whatever the numbers are, the export is what was imported."""
    chance = random.Random(1)
    text = " ".join(chance.choices(["word", "Wörter", "слово", "🦊", "e\u0301"], k=20000))
    quotes = []
    for i in range(3000):
        starts = chance.sample(range(len(text) - 200), chance.choice([1, 1, 2, 3, 7]))
        quotes.append({"id": f"q{i}", "spans": [[start, start + chance.randint(1, 199)] for start in starts]})
    document = bundle(text=text, quotes=quotes)
    assert shelf.sums(shelf.put(db, document)) == (3000, sum(len(quote["spans"]) for quote in quotes), 0)
    assert_kept(db, document)


def test_marks_are_neither_composed_nor_put_in_order(db):
    """Yiddish as it is typed: 54,310 combining marks, some after others that would come behind them in any normal form."""
    words = ["ייִדיש", "אַ פּאָר", "ביכער\u05BC\u05B0", "שׂ\u05C1\u05BC", "o\u0323\u0302", "o\u0302\u0323", "\u1ED9", "Å Å Å", "e\u0301ﬁ"]
    chance, text, marks = random.Random(2), [], 0
    while marks < 54310:
        word = chance.choice(words)
        of_word = sum(unicodedata.combining(c) > 0 for c in word)
        if marks + of_word <= 54310:
            text.append(word)
            marks += of_word
        elif marks < 54310:
            text.append("a" + "\u05B0" * (54310 - marks))
            marks = 54310
    text = " ".join(text)
    assert sum(unicodedata.combining(c) > 0 for c in text) == 54310
    assert len({unicodedata.normalize(form, text) for form in ("NFC", "NFD", "NFKC", "NFKD")} | {text}) == 5
    # Between a letter and its marks there is no code point to cut, but a place to stand.
    cut = [i for i in range(1, len(text)) if unicodedata.combining(text[i])]
    quotes = [{"id": str(i), "spans": [[at, at + 1], [at - 1, at]]} for i, at in enumerate(chance.sample(cut, 300))]
    document = bundle("yiddish", text, language="yi", quotes=quotes)
    shelf.put(db, document)
    assert_kept(db, document)


@pytest.mark.parametrize("name", ["BOM and CR LF", "BOM alone", "CR", "all line ends", "emoji", "astral alone", "controls"])
def test_whatever_else_stands_in_a_text(db, name):
    text = {
        "BOM and CR LF": "\ufeffEen begin\r\n\r\nmet twee regels\r\n", "BOM alone": "\ufeff", "CR": "one\rtwo\r\r",
        "all line ends": "a\nb\r\nc\rd\x0be\x0cf\x85g\u2028h\u2029i\n\r",
        "emoji": "👩‍👩‍👧‍👦 mooi ❤️‍🔥 5️⃣ sterren 🇳🇱🇧🇪 👍🏽!" * 200, "astral alone": "𐍈𝒳🦊" * 1000,
        "controls": "".join(map(chr, range(1, 32))) + "\x7f\x80\x9f\xad\u200b\u200e\ufffe\U0010ffff\"\\/",
    }[name]
    ends = sorted({0, 1, len(text) // 2, len(text) - 1, len(text)})
    quotes = [{"id": f"{a}-{b}", "spans": [[a, b]]} for a in ends for b in ends if a < b]
    document = bundle(text=text, quotes=quotes)
    shelf.put(db, document)
    assert_kept(db, document)


def test_a_long_text_with_thousands_of_spans(db):
    """1.2 MB and 6,066 spans; a list of all of them is no look over the whole text for each."""
    chance = random.Random(3)
    vocabulary = ["de", "Sjórur", "væl", "kvöld", "“", "”", "—", "mensch", "🦊", "слово", "\r\n"]
    text = " ".join(chance.choices(vocabulary, k=230000))
    text = text.encode()[:1200000].decode("utf-8", "ignore")
    starts = sorted(chance.sample(range(len(text) - 400), 6066))
    quotes = [{"id": f"s{i}", "spans": [[start, start + chance.randint(1, 400)]]} for i, start in enumerate(starts)]
    document = bundle("long", text, quotes=quotes)
    assert len(text.encode()) > 1199990
    assert shelf.sums(shelf.put(db, document)) == (6066, 6066, 0)
    assert_kept(db, document)
    utf16 = text.encode("utf-16-le")
    with shelf.served(db) as store:
        rows = store.walk("/v1/reviews/long/quotes", offsets="utf16")
    for row, quote in zip(rows, quotes, strict=True):
        span, = row["spans"]
        assert utf16[2 * span["start"]:2 * span["end"]].decode("utf-16-le") == text[slice(*quote["spans"][0])]


def cpu_seconds(pid):
    """What a program has used of the processors so far."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_quotes_of_a_long_text_cost_no_more_than_those_of_a_short_one(db):
    """To look from the start of 1.2 MB for each of 6,066 spans would be to read 3.6 GB."""
    chance = random.Random(4)
    texts = {"short": "væl 🦊 мир " * 1200, "long": "væl 🦊 мир " * 75000}
    assert len(texts["long"].encode()) >= 1200000
    for id_, text in texts.items():
        starts = [chance.randrange(len(text) - 40) for _ in range(6066)]
        shelf.put(db, bundle(id_, text, quotes=[{"id": f"s{i}", "spans": [[start, start + 40]]} for i, start in enumerate(starts)]))
    with shelf.served(db) as store:
        used = {}
        for id_ in ("short", "long"):
            before = cpu_seconds(store.pid)
            for unit in ("codepoint", "utf16", "byte"):
                assert len(store.walk(f"/v1/reviews/{id_}/quotes", offsets=unit)) == 6066
            used[id_] = cpu_seconds(store.pid) - before
    assert used["long"] < 2 * used["short"] + 0.3, used


@pytest.mark.parametrize("id_", ["рецензия", "מבקר", "評論", "Ελληνικά", "ผู้วิจารณ์", "नमस्ते", "ÀÉ_ß-1", "0", "-", "_", "𐎠𐎡", "e\u0301"])
def test_ids_of_any_script(db, id_):
    document = bundle(id_, "Text.", work={"id": id_, "title": "W"}, agents=[{"id": id_, "name": "N"}],
                      quotes=[{"id": id_, "exact": "Text", "speakers": [id_]}])
    shelf.put(db, document)
    held = shelf.held_one(db, id_)
    assert (held["id"], held["work"]["id"], held["agents"][0]["id"], held["quotes"][0]["speakers"]) == (id_, id_, id_, [id_])
    with shelf.served(db) as store:
        assert store.json(f"/v1/quotes/{id_}~{id_}")["id"] == f"{id_}~{id_}"
        assert store.json(f"/v1/characters/{id_}/quotes")["page"]["total"] == 1
        assert store.json(f"/v1/works/{id_}/reviews")["data"][0]["id"] == id_


NO_IDS = ["", "a b", "a/b", "a~b", "a.b", "a'b", "\u0301e", "a\u200bb", "🦊", "a\n", "\x1b[31m", "\x9b1m", "é/"]
PLACES = {"/id": lambda id_: {"id": id_}, "/work/id": lambda id_: {"work": {"id": id_}},
          "/agents/0/id": lambda id_: {"agents": [{"id": id_, "name": "N"}]},
          "/quotes/0/id": lambda id_: {"quotes": [{"id": id_, "exact": "met"}]}}


@pytest.mark.parametrize("id_", NO_IDS)
@pytest.mark.parametrize("pointer", PLACES)
def test_what_is_no_id(db, id_, pointer):
    """It is told in one line, whatever it would do to a terminal."""
    finished = shelf.put(db, {**bundle(), **PLACES[pointer](id_)}, status=65)
    (_, _, said, _), = shelf.refusals(finished)
    assert said == pointer
    assert not any(unicodedata.category(c) == "Cc" for c in finished.stderr.replace("\n", ""))
    assert shelf.held(db) == []
