# SPDX-License-Identifier: MIT
"""Random texts and random spans: code points, UTF-16 units and bytes all cut the same words out, and nothing is cut apart."""
import random

import pytest
import shelf
from shelf import bundle

# What a text is made of, a piece at a time; a piece may be several code points.
ALPHABETS = {
    "ASCII": list("abc xyz.,\n\t\"\\/'<>&~"),
    "Dutch": ["een", "è", "ï", "ĳ", "IJ", "’s ", "“", "”", "—", " ", "…", "€", "\r\n", "ñ"],
    "combining marks": ["e\u0301", "o\u0323\u0302", "\u05B0\u05BC", "ש\u05C1", "n\u0303", "\u0301", "ཀ\u0F74\u0F7E", " ", "a"],
    "right to left": ["שלום", "אַ", "مرحبا", "\u200f", "\u202b", "\u202c", "ﷺ", " ", "1", "א"],
    "emoji": ["🦊", "👩‍👩‍👧", "❤️", "👍🏽", "🇳🇱", "5️⃣", "𝒳", "𐎠", " ", "x"],
}
ALPHABETS["everything"] = [piece for pieces in ALPHABETS.values() for piece in pieces] + ["\ufeff", "\U0010ffff", "\x01", "\x7f"]
UNITS = {"codepoint": lambda text, start, end: text[start:end],
         "utf16": lambda text, start, end: text.encode("utf-16-le")[2 * start:2 * end].decode("utf-16-le"),
         "byte": lambda text, start, end: text.encode("utf-8")[start:end].decode("utf-8")}
# Around the sizes at which a text is read in pieces, and well beyond them.
LENGTHS = (1, 2, 31, 33, 64, 65, 900, 3000, 20000)


def make_text(chance, pieces, length):
    text = ""
    while len(text) < length:
        text += "".join(chance.choices(pieces, k=length))
    return text[:length]


def make_spans(chance, length, count):
    spans = [[0, length], [0, 1], [length - 1, length]]
    for _ in range(count):
        start, end = sorted((chance.randint(0, length), chance.randint(0, length)))
        near = chance.randint(0, length - 1)
        spans += [[start, end]] if start < end else []
        spans.append([near, min(length, near + chance.randint(1, 40))])
    return spans


def make_bundle(chance, name, pieces, length):
    text = make_text(chance, pieces, length)
    spans = make_spans(chance, length, 25)
    quotes = [{"id": str(i), "spans": chance.sample(spans, min(len(spans), chance.choice([1, 1, 2, 5])))}
              for i in range(len(spans))]
    mentions = [{"span": span, "of": ["a"]} for span in spans]
    return bundle(name, text, agents=["A"], quotes=quotes, mentions=mentions)


@pytest.fixture(scope="module", params=ALPHABETS)
def shelves(request, tmp_path_factory):
    """A served store with texts of one alphabet in all lengths, and their bundles."""
    chance = random.Random(request.param)
    db = tmp_path_factory.mktemp("offsets") / "new.db"
    bundles = [make_bundle(chance, f"t{length}", ALPHABETS[request.param], length) for length in LENGTHS]
    shelf.put(db, *bundles)
    with shelf.served(db) as store:
        yield store, bundles


def assert_cut(span, text, codepoints, unit):
    start, end = codepoints
    cut = UNITS[unit]
    assert span["exact"] == text[start:end] == cut(text, span["start"], span["end"])
    # Ends that lie in the middle of something would not decode, and others would give more or fewer words.
    assert cut(text, 0, span["start"]) == text[:start]
    assert span["prefix"] == text[max(0, start - 32):start]
    assert span["suffix"] == text[end:end + 32]


@pytest.mark.parametrize("unit", UNITS)
def test_spans_cut_the_same_words_in_every_unit(shelves, unit):
    store, bundles = shelves
    for document in bundles:
        text = document["text"]
        quotes = store.walk(f"/v1/reviews/{document['id']}/quotes", offsets=unit)
        mentions = store.walk(f"/v1/reviews/{document['id']}/mentions", offsets=unit)
        asked = [quote["spans"] for quote in document["quotes"]] + [[mention["span"]] for mention in document["mentions"]]
        given = [row["spans"] for row in quotes] + [[row["span"]] for row in mentions]
        assert len(given) == len(asked) > 20
        for spans, expected in zip(given, asked, strict=True):
            for span, codepoints in zip(spans, expected, strict=True):
                assert_cut(span, text, codepoints, unit)


@pytest.mark.parametrize("unit", UNITS)
def test_a_list_over_all_texts_counts_each_for_itself(shelves, unit):
    store, bundles = shelves
    texts = {document["id"]: document["text"] for document in bundles}
    asked = {f"{document['id']}~{quote['id']}": quote["spans"] for document in bundles for quote in document["quotes"]}
    rows = store.walk("/v1/quotes", offsets=unit)
    assert [row["id"] for row in rows] == list(asked)
    for row in rows:
        for span, codepoints in zip(row["spans"], asked[row["id"]], strict=True):
            assert_cut(span, texts[row["review"]["id"]], codepoints, unit)


def test_one_quote_by_its_id_counts_alike(shelves):
    store, bundles = shelves
    document = bundles[-1]
    for quote in document["quotes"][:10]:
        for unit in UNITS:
            row = store.json(f"/v1/quotes/{document['id']}~{quote['id']}", offsets=unit)
            for span, codepoints in zip(row["spans"], quote["spans"], strict=True):
                assert_cut(span, document["text"], codepoints, unit)


@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_words_alone_find_the_place_they_were_cut_from(db, alphabet):
    """exact with a prefix and a suffix is as good as a span, and the store makes the span of it."""
    chance = random.Random(alphabet)
    text = make_text(chance, ALPHABETS[alphabet], 4000)
    quotes, spans = [], []
    for start, end in make_spans(chance, len(text), 60):
        words = {"exact": text[start:end], "prefix": text[max(0, start - 60):start] or None, "suffix": text[end:end + 60] or None}
        around = (words["prefix"] or "") + words["exact"] + (words["suffix"] or "")
        at = text.find(around)
        if at == text.rfind(around):
            quotes.append({"id": str(len(quotes)), **words})
            spans.append([[start, end]])
    shelf.put(db, bundle(text=text, quotes=quotes))
    assert len(spans) > 20
    assert [quote["spans"] for quote in shelf.held(db)[0]["quotes"]] == spans
