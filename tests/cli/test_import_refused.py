# SPDX-License-Identifier: MIT
"""Everything a bundle can be refused for: one import of them all, each on a line of its own."""
import json

import bundles
import process
import pytest
from bundles import bundle

TEXT = "Once upon a time, once more: a time."
AGENTS = [{"id": "james-bond", "name": "James Bond"}, {"id": "rosa-klebb", "name": "Rosa Klebb", "kind": "person"}]


def quoting(*quotes, **more):
    return bundle(text=TEXT, agents=AGENTS, work="Work", quotes=list(quotes), **more)


def mentioning(*mentions):
    return bundle(text=TEXT, agents=AGENTS, work="Work", mentions=list(mentions))


def spanning(*spans):
    return quoting({"spans": list(spans)})


def nested(depth):
    return '{"id":"deep","text":' + "[" * depth + "]" * depth + "}"


# By name: what is given, and each place that must be told with words of its reason.
CASES = {
    # What is no JSON
    "no JSON": ("Once upon a time", [("/", "not JSON")]),
    "an unclosed object": ('{"id":"x","text":"x"', [("/", "not JSON")]),
    "an unclosed string": ('{"id":"x","text":"x}', [("/", "not JSON")]),
    "words behind it": ('{"id":"x","text":"x"} and more', [("/", "not JSON")]),
    "two in one line": ('{"id":"x","text":"x"}{"id":"y","text":"y"}', [("/", "not JSON")]),
    "a comma too many": ('{"id":"x","text":"x",}', [("/", "not JSON")]),
    "single quotes": ("{'id':'x'}", [("/", "not JSON")]),
    "a comment": ('{"id":"x", /* why */ "text":"x"}', [("/", "not JSON")]),
    "NaN": ('{"id":"x","text":"x","rating":{"value":NaN}}', [("/", "not JSON")]),
    "a number too large": ('{"id":"x","text":"x","rating":{"value":1e999}}', [("/", "too large")]),
    "an integer too large": ('{"id":"x","text":"x","quotes":[{"spans":[[0,99999999999999999999]]}]}',
                             [("/", "too large")]),
    "half a surrogate": (r'{"id":"x","text":"\ud83d"}', [("/", "not JSON")]),
    "a byte order mark": ('\ufeff{"id":"x","text":"x"}', [("/", "not JSON")]),
    "a key twice": ('{"id":"x","text":"x","text":"y"}', [("/", 'duplicate object key near \'"text"\'')]),
    "a key twice deep inside": ('{"id":"x","text":"x","work":{"id":"w","id":"v"}}', [("/", "duplicate object key")]),
    "nested too deep": (nested(33), [("/", "nested deeper than 32 at byte")]),
    "nested much too deep": (nested(100_000), [("/", "nested deeper than 32 at byte")]),
    "a NUL byte": (b'{"id":"x","te\0xt":"x"}', [("/", "a NUL byte at byte 13")]),
    "an escaped NUL": (r'{"id":"x","text":"a\u0000b"}', [("/", "U+0000")]),
    "an escaped NUL in a key": (r'{"id":"x","te\u0000xt":"ab"}', [("/", "U+0000")]),
    "no UTF-8": (b'{"id":"x","text":"caf\xe9"}', [("/", "not valid UTF-8 at byte 21")]),
    "overlong UTF-8": (b'{"id":"x","text":"\xc0\xaf"}', [("/", "not valid UTF-8 at byte 18")]),
    "an encoded surrogate": (b'{"id":"x","text":"\xed\xa0\x80"}', [("/", "not valid UTF-8 at byte 18")]),
    "beyond Unicode": (b'{"id":"x","text":"\xf4\x90\x80\x80"}', [("/", "not valid UTF-8 at byte 18")]),
    "UTF-8 that is cut off": (b'{"id":"x","text":"\xf0\x9f\xa6"}', [("/", "not valid UTF-8 at byte 18")]),
    "an array": ('[{"id":"x","text":"x"}]', [("/", "an object is wanted, this is an array")]),
    # Fields
    "nothing": ("{}", [("/id", "required"), ("/text", "required")]),
    "null everywhere": ({"id": None, "text": None}, [("/id", "required"), ("/text", "required")]),
    "an unknown field": (bundle(author="x"), [("/author", "unknown field")]),
    "a mistyped field": (bundle(titel="x"), [("/titel", 'unknown field; did you mean "title"?')]),
    "a mistyped field of a quote": (quoting({"exact": "more", "speaker": ["james-bond"]}),
                                    [("/quotes/0/speaker", 'unknown field; did you mean "speakers"?')]),
    "a field with a slash and a tilde": (bundle(**{"a/b~c": 1}), [("/a~1b~0c", "unknown field")]),
    "wrong types": (bundle(title=1, language=[], reviewer={}, published=True, source=1.5, licence=["x"], rating="4", work=7, works={},
                           agents="x", quotes="x", mentions={}),
                    [("/title", "a string is wanted, this is an integer"), ("/language", "this is an array"),
                     ("/reviewer", "this is an object"), ("/published", "this is true or false"),
                     ("/rating", "an object is wanted, this is a string"), ("/source", "this is a number"),
                     ("/licence", "this is an array"), ("/agents", "an array is wanted, this is a string"),
                     ("/work", "an object is wanted, this is an integer"), ("/works", "an array is wanted, this is an object"),
                     ("/quotes", "an array is wanted, this is a string"), ("/mentions", "an array is wanted, this is an object")]),
    "empty strings": (bundle(title="", text=""), [("/title", "an empty string"), ("/text", "an empty text")]),
    "a text that is none": (bundle(text=["x"]), [("/text", "a string is wanted, this is an array")]),
    "an id with a space": (bundle("no id"), [("/id", '"no id" is no id')]),
    "an id with a slash": (bundle("no/id"), [("/id", '"no/id" is no id')]),
    "an id with a tilde": (bundle("no~id"), [("/id", '"no~id" is no id')]),
    "an id that is too long": (bundle("x" * 201), [("/id", "at most 200")]),
    "a number as id": (bundle(7), [("/id", "a string is wanted, this is an integer")]),
    "no language": (bundle(language="Dutch please"), [("/language", '"Dutch please" is no language tag of BCP 47')]),
    "no date": (bundle(published="last year"), [("/published", '"last year" is no date of EDTF')]),
    "a day that is not": (bundle(published="1957-02-30"), [("/published", "is no date of EDTF")]),
    "a rating without value": (bundle(rating={"best": 5}), [("/rating/value", "required")]),
    "a rating out of its scale": (bundle(rating={"value": 6, "best": 5}),
                                  [("/rating/value", "not between worst and best")]),
    "a scale upside down": (bundle(rating={"value": 3, "best": 1, "worst": 5}),
                            [("/rating", "worst must be less than best")]),
    # Agents and works
    "an agent without id and name": (bundle(agents=[{"kind": "person"}]),
                                     [("/agents/0", "an agent needs an id or a name")]),
    "an agent of no kind": (bundle(agents=[{"name": "X", "kind": "spy"}]),
                            [("/agents/0/kind", '"character", "person" or "organisation" is wanted, not "spy"')]),
    "an agent that is a number": (bundle(agents=["X", 7]), [("/agents/1", "an object is wanted, this is an integer")]),
    "an agent twice": (bundle(agents=["X", {"id": "x"}]), [("/agents/1", 'the id "x" stands in the list already')]),
    "an agent that nobody knows": (bundle(agents=[{"id": "stranger"}]),
                                   [("/agents/0/name", "does not know 'stranger' yet")]),
    "an agent whose name gives no id": (bundle(agents=["!?"]), [("/agents/0/id", "no id can be made")]),
    "aliases that are none": (bundle(agents=[{"name": "X", "aliases": ["Y", 7, ""]}]),
                              [("/agents/0/aliases/1", "a string is wanted"), ("/agents/0/aliases/2", "an empty string")]),
    "no address": (bundle(agents=[{"name": "X", "same_as": ["ftp://x.example"]}]),
                   [("/agents/0/same_as/0", "is no http or https URL")]),
    "a work without id and title": (bundle(work={"kind": "novel"}), [("/work", "a work needs an id or a title")]),
    "a work twice": (bundle(work="W", works=[{"id": "w"}]), [("/works/0", "that of another work")]),
    "a contributor without a role": (bundle(work={"id": "w", "contributors": [{"name": "X"}]}),
                                     [("/work/contributors/0/role", "required")]),
    "a contributor that nobody knows": (bundle(work={"id": "w", "contributors": [{"role": "author", "id": "stranger"}]}),
                                        [("/work/contributors/0/name", "does not know 'stranger' yet")]),
    "a relation to itself": (bundle(work={"id": "w", "relations": [{"kind": "part_of", "to": "w"}]}),
                             [("/work/relations/0/to", "no relation to itself")]),
    # Quotes
    "a quote without a place": (quoting({"form": "pull"}), [("/quotes/0", "a quote needs spans or exact")]),
    "words that are not in the text": (quoting({"exact": "Never"}), [("/quotes/0/exact", "does not stand in the text")]),
    "words in another case": (quoting({"exact": "ONCE"}), [("/quotes/0/exact", "does not stand in the text")]),
    "words that stand there twice": (quoting({"exact": "a time"}),
                                     [("/quotes/0/exact", "stands in the text more than once; give spans, or prefix and suffix")]),
    "words that stand there twice after all": (quoting({"exact": "a time", "prefix": " "}),
                                               [("/quotes/0/exact", "more than once with this")]),
    "words with another prefix": (quoting({"exact": "more", "prefix": "never "}),
                                  [("/quotes/0/exact", "with this prefix or suffix")]),
    "words with another suffix": (quoting({"exact": ["upon", "more"], "suffix": [None, "!"]}),
                                  [("/quotes/0/exact/1", "with this prefix or suffix")]),
    "words that are not at their span": (quoting({"spans": [[0, 4], [5, 9]], "exact": ["Once", "Upon"]}),
                                         [("/quotes/0/exact/1", 'does not stand at [5,9]; there stands "upon"')]),
    "a prefix that is not there": (quoting({"spans": [[5, 9]], "prefix": "once "}),
                                   [("/quotes/0/prefix", 'does not stand before the span; there stands "Once "')]),
    "a suffix that is not there": (quoting({"spans": [[5, 9]], "suffix": " the"}),
                                   [("/quotes/0/suffix", 'does not stand behind the span; there stands " a t"')]),
    "more words than spans": (quoting({"spans": [[0, 4]], "exact": ["Once", "upon"]}),
                              [("/quotes/0/exact", "2 given, but there are 1 spans")]),
    "no spans": (spanning(), [("/quotes/0/spans", "0 spans")]),
    "a span that is empty": (spanning([3, 3]), [("/quotes/0/spans/0", "the start must be before the end")]),
    "a span the wrong way round": (spanning([0, 1], [4, 3]), [("/quotes/0/spans/1", "the start must be before the end")]),
    "a span before the text": (spanning([-1, 3]), [("/quotes/0/spans/0/0", "-1 is before the start of the text")]),
    "a span behind the text": (spanning([0, 37]),
                               [("/quotes/0/spans/0/1", "37 is behind the end of the text, which has 36 code points")]),
    "a span far behind the text": (spanning([0, 2 ** 62]), [("/quotes/0/spans/0/1", "behind the end")]),
    "a span of reals": (spanning([0, 1.5]), [("/quotes/0/spans/0/1", "an integer is wanted")]),
    "a span of strings": (spanning(["0", "1"]),
                          [("/quotes/0/spans/0/0", "an integer is wanted"),
                           ("/quotes/0/spans/0/1", "an integer is wanted")]),
    "a span of three": (spanning([0, 1, 2]), [("/quotes/0/spans/0", "[start, end] is wanted")]),
    "a span that is an object": (spanning({"start": 0, "end": 1}), [("/quotes/0/spans/0", "[start, end] is wanted")]),
    "a speaker that nobody knows": (quoting({"exact": "more", "speakers": ["james-blond"], "addressees": ["rosa-kleb"], "about": ["nobody"]}),
                                    [("/quotes/0/speakers/0", 'no agent of the bundle has the id "james-blond"; did you mean "james-bond"?'),
                                     ("/quotes/0/addressees/0", 'did you mean "rosa-klebb"?'),
                                     ("/quotes/0/about/0", 'no agent of the bundle has the id "nobody"')]),
    "a speaker twice": (quoting({"exact": "more", "speakers": ["james-bond", "james-bond"]}),
                        [("/quotes/0/speakers/1", "stands in this list already")]),
    "a speaker that is a number": (quoting({"exact": "more", "speakers": [7]}),
                                   [("/quotes/0/speakers/0", "the id of an agent is wanted")]),
    "a speaker that is no list": (quoting({"exact": "more", "speakers": "james-bond"}),
                                  [("/quotes/0/speakers", "an array is wanted")]),
    "a form that is none": (quoting({"exact": "more", "form": "sung"}), [("/quotes/0/form", 'is wanted, not "sung"')]),
    "an attribution that is none": (quoting({"exact": "more", "attribution": "sure"}),
                                    [("/quotes/0/attribution", 'is wanted, not "sure"')]),
    "a work that nobody knows": (quoting({"exact": "more", "work": "wrok"}),
                                 [("/quotes/0/work", 'has the id "wrok"; did you mean "work"?')]),
    "a spoiler that is no truth": (quoting({"exact": "more", "spoiler": "yes"}),
                                   [("/quotes/0/spoiler", "true or false is wanted")]),
    "an id of a quote twice": (quoting({"id": "q", "exact": "more"}, {"id": "q", "exact": "upon"}),
                               [("/quotes/1/id", '"q" is the id of quote 1')]),
    "an id of a quote that is a position": (quoting({"id": "2", "exact": "more"}, {"exact": "upon"}),
                                            [("/quotes/1/id", "without an id it is the position")]),
    # Mentions
    "a mention without a place": (mentioning({"of": ["james-bond"]}),
                                  [("/mentions/0", "a mention needs a span or exact")]),
    "a mention of nobody": (mentioning({"span": [0, 4]}, {"span": [0, 4], "of": []}),
                            [("/mentions/0/of", "at least one"), ("/mentions/1/of", "at least one")]),
    "a mention of somebody unknown": (mentioning({"span": [0, 4], "of": ["james-bnd"]}),
                                      [("/mentions/0/of/0", 'no agent or work of the bundle has the id "james-bnd"; did you mean "james-bond"?')]),
    "a mention of an agent and a work": (mentioning({"span": [0, 4], "of": ["james-bond", "work"]}),
                                         [("/mentions/0/of/1", 'has the id "work"')]),
    "a mention of two works": (mentioning({"span": [0, 4], "of": ["work", "work"], "kind": "work"}),
                               [("/mentions/0/of", "one work and nothing else")]),
    "a mention that does not stand there": (mentioning({"span": [0, 4], "exact": "once", "of": ["work"]}),
                                            [("/mentions/0/exact", 'there stands "Once"')]),
    # All of it
    "everything at once": (quoting({"exact": "Never"}, {"spans": [[3, 1]]}, {"exact": "more", "speakers": ["x"]}, title=7,
                                   mentions=[{"span": [0, 99], "of": ["work"]}]),
                           [("/title", "a string"), ("/quotes/0/exact", "does not stand"), ("/quotes/1/spans/0", "before the end"),
                            ("/quotes/2/speakers/0", 'has the id "x"'), ("/mentions/0/span/1", "behind the end")]),
}


def line_of(given):
    if isinstance(given, bytes):
        return given
    return (given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)).encode("utf-8")


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    """Good bundles at both ends and one bad one on each line between."""
    db = tmp_path_factory.mktemp("refused") / "x.db"
    lines = [line_of(bundle("first")), *(line_of(given) for given, _ in CASES.values()), line_of(bundle("last"))]
    return db, process.run("import", "--db", db, "-", stdin=b"\n".join(lines) + b"\n").expect(65)


@pytest.mark.parametrize("name", CASES)
def test_a_bundle_is_refused_with_every_place(refused, name):
    line = 2 + list(CASES).index(name)
    told = [(pointer, reason) for file, number, pointer, reason in bundles.refusals(refused[1]) if (file, number) == ("-", line)]
    expected = CASES[name][1]
    assert [pointer for pointer, _ in told] == [pointer for pointer, _ in expected]
    for (pointer, reason), (_, words) in zip(told, expected):
        assert words in reason, f"{pointer}: {reason}"


def test_nothing_of_a_refused_bundle_is_stored(refused):
    db, finished = refused
    assert bundles.totals(finished) == {"added": 2, "refused": len(CASES)}
    assert bundles.ask(db, "SELECT slug FROM review ORDER BY slug") == [("first",), ("last",)]
    assert bundles.ask(db, "SELECT count(*) FROM agent") == bundles.ask(db, "SELECT count(*) FROM work") == [(0,)]
    assert bundles.revision(db) == 2
    assert process.run("check", "--db", db).expect(0).stderr == ""


def test_every_line_of_complaint_names_its_place(refused):
    lines = refused[1].stderr.splitlines()
    assert len(lines) == sum(len(places) for _, places in CASES.values()) + 1
    assert lines[-1].startswith(f"reviewd: {len(CASES)} of the bundles refused")


def test_a_pretty_document_is_named_by_the_line_it_starts_on(tmp_path):
    file = tmp_path / "pretty file.json"
    file.write_text("\n\n" + json.dumps(quoting({"exact": "Never"}), indent=2), encoding="utf-8")
    finished = process.run("import", "--db", tmp_path / "x.db", file).expect(65)
    assert bundles.refusals(finished) == [(str(file), 3, "/quotes/0/exact", "does not stand in the text")]


def test_a_file_among_several_is_named(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.json").write_bytes(bundles.ndjson(bundle(f"good-{number}"), bundle("bad", number)))
    finished = process.run("import", "--db", "x.db", "0.json", "./1.json", "2.json", cwd=tmp_path).expect(65)
    assert [refusal[:3] for refusal in bundles.refusals(finished)] == [("0.json", 2, "/text"), ("./1.json", 2, "/text"), ("2.json", 2, "/text")]
    assert bundles.totals(finished) == {"added": 3, "refused": 3}


def test_a_hopeless_bundle_does_not_flood(tmp_path):
    finished = process.run("import", "--db", tmp_path / "x.db", "-",
                           stdin=bundles.ndjson(quoting(*[{"exact": f"Never {number}"} for number in range(5000)]))).expect(65)
    told = bundles.refusals(finished)
    assert len(told) == 101
    assert told[-1][2:] == ("/", "… and more")


def test_a_long_word_is_shown_by_its_beginning(tmp_path):
    finished = process.run("import", "--db", tmp_path / "x.db", "-", stdin=bundles.ndjson(bundle("é " * 5000))).expect(65)
    assert len(finished.stderr.splitlines()[0]) < 200 and "é é é" in finished.stderr and "…" in finished.stderr


def test_a_first_line_that_is_no_json_costs_that_line_only(tmp_path):
    good = bundles.ndjson(bundle("a"), bundle("b"))
    for first in (b"garbage\n", b"{\n", b'{"id":"x","text":"never closed\n', b"]\n", b'"\n'):
        finished = process.run("import", "--db", tmp_path / "x.db", "--dry-run", "-", stdin=first + good).expect(65)
        assert bundles.totals(finished) == {"added": 2, "refused": 1}, first
