# SPDX-License-Identifier: MIT
"""What is wrong is told as FILE:LINE: POINTER: reason, all of it, nothing of that bundle is stored, and the rest goes on."""
import json

import process
import pytest
import shelf
from shelf import bundle, lines

TEXT = "Bond met Bond. “Ja,” zei Café 🦊 Kerim."


def assert_refused(db, data, expected):
    """`data` stands on the second line, between two good bundles."""
    stdin = lines(bundle("before")) + data + b"\n" + lines(bundle("behind"))
    finished = process.run("import", "--db", db, "-", stdin=stdin).expect(65)
    refusals = shelf.refusals(finished)
    assert {refusal[:2] for refusal in refusals} == {("-", 2)}
    assert [refusal[2] for refusal in refusals] == [pointer for pointer, _ in expected], finished.stderr
    for (*_, reason), (_, words) in zip(refusals, expected, strict=True):
        assert words in reason
    assert shelf.counts(finished) == {"added": 2, "refused": 1}
    assert [held["id"] for held in shelf.held(db)] == ["before", "behind"]


def of_quote(**fields):
    return {"agents": ["Bond"], "quotes": [{"exact": "Kerim"}, {**fields}]}


def of_mention(**fields):
    return {"agents": ["Bond"], "mentions": [{**fields}]}


# What is put into a sound bundle, and the (pointer, part of the reason) of each problem that it then has.
FIELDS = {
    "a number for an id": ({"id": 7}, [("/id", "a string is wanted")]),
    "no id": ({"id": None}, [("/id", "required")]),
    "a text that is a number": ({"text": 1.5}, [("/text", "a string is wanted")]),
    "no text": ({"text": None}, [("/text", "required")]),
    "numbers for strings": ({"title": 1, "reviewer": True, "source": [], "licence": {}}, [
        ("/title", "an integer"), ("/reviewer", "true or false"), ("/source", "an array"), ("/licence", "an object")]),
    "an unknown field": ({"titel": "x"}, [("/titel", 'did you mean "title"?')]),
    "a field with odd signs": ({"a/b~c": 1}, [("/a~1b~0c", "unknown field")]),
    "a language": ({"language": "dutch language"}, [("/language", "BCP 47")]),
    "another language": ({"language": "n"}, [("/language", "BCP 47")]),
    "dates": ({"published": "1957-13", "work": {"id": "w", "published": "yesterday"}}, [
        ("/published", "EDTF"), ("/work/published", "EDTF")]),
    "a date that never was": ({"published": "1957-02-29"}, [("/published", "EDTF")]),
    "a rating beyond its scale": ({"rating": {"value": 6}}, [("/rating/value", "between worst and best")]),
    "a rating of nothing": ({"rating": {}}, [("/rating/value", "required")]),
    "a quote without words": (of_quote(), [("/quotes/1", "spans or exact")]),
    "a span reversed": (of_quote(spans=[[8, 5]]), [("/quotes/1/spans/0", "before the end")]),
    "a span of nothing": (of_quote(spans=[[5, 5]]), [("/quotes/1/spans/0", "before the end")]),
    "a span before the start": (of_quote(spans=[[-1, 5]]), [("/quotes/1/spans/0/0", "before the start")]),
    "a span past the end": (of_quote(spans=[[0, 40]]), [("/quotes/1/spans/0/1", "38 code points")]),
    "a span in bytes": (of_quote(spans=[[35, 50]]), [("/quotes/1/spans/0/1", "behind the end")]),
    "spans that are not integers": (of_quote(spans=[[0, 1.0], ["0", 1], [None, True], [0, 1, 2], 5, {}]), [
        ("/quotes/1/spans/0/1", "not written as an integer"), ("/quotes/1/spans/1/0", "a string"),
        ("/quotes/1/spans/2/0", "null"), ("/quotes/1/spans/2/1", "true or false"),
        *((f"/quotes/1/spans/{i}", "two integers") for i in (3, 4, 5))]),
    "a span beyond all numbers": (of_quote(spans=[[0, 4294967297]]), [("/quotes/1/spans/0/1", "behind the end")]),
    "no spans": (of_quote(spans=[]), [("/quotes/1/spans", "1 to 1000")]),
    "words that differ": (of_quote(spans=[[0, 4]], exact="bond"), [("/quotes/1/exact", 'there stands "Bond"')]),
    "words that are nowhere": (of_quote(exact="Blofeld"), [("/quotes/1/exact", "does not stand in the text")]),
    "words that stand twice": (of_quote(exact="Bond"), [("/quotes/1/exact", "more than once")]),
    "words with the wrong ones before": (of_quote(exact="Bond", prefix="sah "), [("/quotes/1/exact", "with this prefix")]),
    "words that another form would match": (of_quote(exact="Cafe\u0301"), [("/quotes/1/exact", "does not stand")]),
    "an unknown speaker": (of_quote(exact="met", speakers=["bnod"]), [("/quotes/1/speakers/0", 'did you mean "bond"?')]),
    "a speaker twice": (of_quote(exact="met", about=["bond", "bond"]), [("/quotes/1/about/1", "already")]),
    "a form": (of_quote(exact="met", form="spoken"), [("/quotes/1/form", '"direct"')]),
    "an unknown work": (of_quote(exact="met", work="w"), [("/quotes/1/work", "no work of the bundle")]),
    "an id twice": ({"quotes": [{"id": "a", "exact": "met"}, {"id": "a", "exact": "Kerim"}]}, [("/quotes/1/id", "quote 1")]),
    "a mention of nobody": (of_mention(span=[0, 4], of=[]), [("/mentions/0/of", "at least one")]),
    "a mention of somebody else": (of_mention(span=[0, 4], of=["x"]), [("/mentions/0/of/0", "no agent or work")]),
    "a mention without a place": (of_mention(of=["bond"]), [("/mentions/0", "a span or exact")]),
    "an agent without a name": ({"agents": [{}]}, [("/agents/0", "an id or a name")]),
    "agents of one id": ({"agents": ["A b", {"id": "a-b"}]}, [("/agents/1", "already")]),
    "lists that are none": ({"agents": "Bond", "quotes": {}, "mentions": 3, "works": True}, [
        ("/agents", "an array"), ("/works", "an array"), ("/quotes", "an array"), ("/mentions", "an array")]),
    "URLs that are none": ({"agents": [{"id": "a", "name": "A", "same_as": ["example.org", "ftp://example.org/"]}]}, [
        ("/agents/0/same_as/0", "URL"), ("/agents/0/same_as/1", "URL")]),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_bundle_with(db, name):
    fields, expected = FIELDS[name]
    assert_refused(db, json.dumps({**bundle("bad", TEXT), **fields}).encode(), expected)


def test_everything_wrong_is_told_at_once(db):
    fields = [FIELDS[name] for name in ("numbers for strings", "a language", "a rating of nothing", "agents of one id")]
    document = bundle("bad", TEXT)
    for more, _ in fields:
        document.update(more)
    expected = [place for _, places in fields for place in places]
    order = ["/title", "/language", "/reviewer", "/rating/value", "/source", "/licence", "/agents/1"]
    assert_refused(db, json.dumps(document).encode(), sorted(expected, key=lambda place: order.index(place[0])))


# Documents that are not even JSON, or not what JSON may be here; {} stands for what makes them so.
DOCUMENTS = {
    "nothing sound": (b"nonsense", "not JSON"), "half a document": (b'{"id":"bad","text":"x"', "not JSON"),
    "two on a line": (b'{"id":"a","text":"x"} {"id":"b","text":"x"}', "end of file expected"),
    "an array": (b'[{"id":"a","text":"x"}]', "write each item on a line of its own"), "a string": (b'"text"', "not JSON"),
    "a comma too many": (b'{"id":"bad","text":"x",}', "not JSON"), "a comment": (b'{"id":"bad","text":"x"} // x', "not JSON"),
    "a key twice": (b'{"id":"bad","text":"x","id":"good"}', "duplicate"), "a text twice": (b'{"id":"bad","text":"x","text":"y"}', "duplicate"),
    "a number too large": (b'{"id":"bad","text":"x","quotes":[{"spans":[[0,9223372036854775808]]}]}', "too large"),
    "a real too large": (b'{"id":"bad","text":"x","rating":{"value":1e400}}', "too large"),
    "not a number": (b'{"id":"bad","text":"x","rating":{"value":NaN}}', "not JSON"),
    "a byte order mark": (b'\xef\xbb\xbf{"id":"bad","text":"x"}', "not JSON"),
    "NUL": (b'{"id":"bad","text":"x\0y"}', "a NUL byte at byte 21"), "NUL behind": (b'{"id":"bad","text":"x"}\0', "a NUL byte at byte 23"),
    "an escaped NUL in the text": (b'{"id":"bad","text":"x\\u0000y"}', "U+0000"),
    "an escaped NUL in a title": (b'{"id":"bad","text":"x","title":"\\u0000"}', "U+0000"),
    "an escaped NUL in a key": (b'{"id":"bad","text":"x","\\u0000":1}', "U+0000"),
    "half a surrogate in the text": (b'{"id":"bad","text":"\\ud83e"}', "not JSON"),
    "the other half": (b'{"id":"bad","text":"\\udd8a\\ud83e"}', "not JSON"), "half and a letter": (b'{"id":"bad","text":"\\ud83ex"}', "not JSON"),
    "half and an escape": (b'{"id":"bad","text":"\\ud83e\\n"}', "not JSON"), "two first halves": (b'{"id":"bad","text":"\\ud83e\\ud83e"}', "not JSON"),
    "an unknown escape": (b'{"id":"bad","text":"\\x41"}', "not JSON"), "a short escape": (b'{"id":"bad","text":"\\u00e"}', "not JSON"),
    "an escape that is no number": (b'{"id":"bad","text":"\\u00gg"}', "not JSON"), "a capital U": (b'{"id":"bad","text":"\\U0001"}', "not JSON"),
    "a tab in the text": (b'{"id":"bad","text":"a\tb"}', "not JSON"), "a text that does not end": (b'{"id":"bad","text":"a\\"}', "not JSON"),
    "nothing behind the text": (b'{"id":"bad","text":"a"', "not JSON"), "something else behind it": (b'{"id":"bad","text":"a":1}', "not JSON"),
    "a wrong bracket": (b'{"id":"bad","text":"a"]', "not JSON"), "brackets before it": (b']]{"text":"a"}', "not JSON"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_is(db, name):
    data, reason = DOCUMENTS[name]
    assert_refused(db, data, [("/", reason)])


def test_the_place_in_the_json_is_that_of_the_whole_document(db):
    """The text is parsed apart from the rest, and the reader of the message must not notice."""
    text = "x" * 5000
    data = f'{{"id":"bad","text":"{text}","title":}}'.encode()
    assert_refused(db, data, [("/", f"line 1, column {data.index(b'}') + 1}")])
    finished = process.run("import", "--db", db, "-", stdin=b'{\n"id": "bad",\n"text": "a\\nb",\n"title": ?\n}\n').expect(65)
    assert shelf.refusals(finished)[0][2:] == ("/", shelf.refusals(finished)[0][3]) and "line 4, column" in finished.stderr


SEQUENCES = {"é": 2, "€": 3, "🦊": 4}
# RFC 3629: overlong forms, surrogates, beyond the last code point, and bytes that stand nowhere.
NEVER = (b"\x80", b"\xbf", b"\xc0\x80", b"\xc1\xbf", b"\xe0\x80\x80", b"\xe0\x9f\xbf", b"\xed\xa0\x80", b"\xed\xbf\xbf",
         b"\xf0\x80\x80\x80", b"\xf0\x8f\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xfe", b"\xff")


def broken_sequences():
    for character in SEQUENCES:
        data = character.encode()
        for at in range(len(data)):
            yield data[:at] + b"x" + data[at + 1:], f"{character} with a letter at {at}"
            yield data[:at] + b"\xff" + data[at + 1:], f"{character} with ff at {at}"
            yield data[:at] + data[at + 1:] or b"\x80", f"{character} without {at}"
            yield data[:at + 1] + data[at:], f"{character} with {at} twice"
    for data in NEVER:
        yield data, data.hex()


@pytest.mark.parametrize("place", ["text", "title", "quotes"])
def test_what_is_not_utf8_is_refused_at_its_byte(db, place):
    """In the text, in another string, and where nobody looks."""
    before = {"text": b'{"id":"bad","text":"a', "title": b'{"id":"bad","text":"x","title":"a', "quotes": b'{"id":"bad","text":"x","quotes":["a'}[place]
    behind = {"text": b'b"}', "title": b'b"}', "quotes": b'b"]}'}[place]
    cases = [(data, name) for data, name in broken_sequences() if not is_valid(data)]
    stdin = b"".join(before + data + behind + b"\n" for data, _ in cases)
    finished = process.run("import", "--db", db, "-", stdin=stdin).expect(65)
    refusals = shelf.refusals(finished)
    assert len(refusals) == len(cases) > 30
    for number, ((_, line, pointer, reason), (data, name)) in enumerate(zip(refusals, cases, strict=True), 1):
        assert (line, pointer) == (number, "/"), name
        with pytest.raises(UnicodeDecodeError) as error:
            (before + data + behind).decode("utf-8")
        assert reason == f"not valid UTF-8 at byte {error.value.start}", name
    assert shelf.held(db) == []


def is_valid(data):
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def written(text, how):
    """A JSON string of the text in another spelling."""
    if how == "plain":
        return json.dumps(text, ensure_ascii=False)
    if how == "escaped":
        return json.dumps(text)
    units = text.encode("utf-16-be")
    digits = "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
    return '"' + (digits if how == "lower" else digits.upper().replace("\\U", "\\u")) + '"'


@pytest.mark.parametrize("how", ["plain", "escaped", "lower", "UPPER"])
@pytest.mark.parametrize("order", [["id", "text"], ["text", "id"]])
def test_a_text_is_the_same_in_every_spelling(db, how, order):
    text = "".join(map(chr, [*range(1, 0x250), 0x7ff, 0x800, 0x2028, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000, 0x1f98a, 0x10ffff])) + "\\u0041\\\"/"
    fields = {"id": '"one"', "text": written(text, how)}
    document = "{" + " , ".join(f'"{key}"\t:\r\n {fields[key]}' for key in order) + ' }\n'
    process.run("import", "--db", db, "-", stdin=document.encode("utf-8")).expect(0)
    assert shelf.held(db)[0]["text"] == text


@pytest.mark.parametrize("document", [
    b'{"id":"one","\\u0074ext":"Right."}', b'{"title":"\\"text\\":\\"wrong\\"","id":"one","text":"Right."}',
    b'{"title":"text","id":"one","text":"Right."}', b'{"agents":[{"name":"text"}],"id":"one","text":"Right."}',
    b'{"id":"one","text":"R\\u0069ght.","title":"\\\\"}', b'{"id":"one","text" : "Right\\u002e"}'])
def test_the_text_is_the_one_of_the_bundle(db, document):
    process.run("import", "--db", db, "-", stdin=document + b"\n").expect(0)
    assert shelf.held(db)[0]["text"] == "Right."


UNKNOWN = ("/work" "/text", "unknown field")


@pytest.mark.parametrize(("document", "expected"), [
    (b'{"work":{"id":"w","text":"wrong"},"id":"bad","text":7}', [("/text", "a string is wanted"), UNKNOWN]),
    (b'{"work":{"id":"w","text":"wrong"},"id":"bad","text":"Right.","quotes":[{"exact":"Right."}]}', [UNKNOWN])])
def test_a_text_elsewhere_is_no_text(db, document, expected):
    assert_refused(db, document, expected)
