# SPDX-License-Identifier: MIT
"""What import takes, and what the store holds afterwards."""
import fcntl
import json
import os

import bundles
import process
import pytest
import schemas
from bundles import bundle, ndjson, totals
from conftest import needs_root


def take(db, *documents, stdin=None):
    """Imports what must be taken without a word."""
    finished = process.run("import", "--db", db, "-", stdin=stdin or ndjson(*documents)).expect(0)
    assert finished.stderr == ""
    return totals(finished)


def held(db, *words):
    return bundles.parse(process.run("export", "--db", db, *words).expect(0).stdout)


def spans_of(quote):
    return [tuple(span) for span in quote["spans"]]


def words_of(document, spans):
    return [document["text"][start:end] for start, end in spans]


@pytest.fixture
def db(tmp_path):
    return tmp_path / "new.db"


PRETTY = json.dumps(bundles.seed(), ensure_ascii=False, indent=2)
LINE = json.dumps(bundles.seed())
FORMS = {
    "one line": LINE, "one line without an end": LINE.strip(), "pretty": PRETTY, "pretty without an end": PRETTY.rstrip(),
    "CR LF": LINE + "\r\n", "pretty with CR LF": PRETTY.replace("\n", "\r\n") + "\r\n", "blank lines": f"\n \n\t\r\n{LINE}\n\n\n",
    "pretty with blank lines": f"\n\n{PRETTY}\n\n", "indented": f"  \t{LINE}  \n",
    "two long lines": LINE.replace('"mentions"', '\n"mentions"'), "escaped": json.dumps(bundles.seed(), ensure_ascii=True),
    "the file itself": schemas.SEED_FILE.read_text(encoding="utf-8"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", ["file", "standard input"])
def test_the_seed_is_taken_however_it_is_written(db, tmp_path, form, way):
    data = FORMS[form].encode("utf-8")
    file = tmp_path / "seed.json"
    file.write_bytes(data)
    finished = process.run("import", "--db", db, *([file] if way == "file" else ["-"]), stdin=data).expect(0)
    assert (totals(finished), finished.stderr) == ({"added": 1}, "")
    assert held(db) == [bundles.seed()]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n", "\n\r\n \n"])
@pytest.mark.parametrize("last", [True, False])
def test_lines_of_a_file_are_bundles_of_their_own(db, end, last):
    documents = [bundle(f"number-{i}", f"Text {i}\r\n") for i in range(5)]
    data = end.join(json.dumps(document) for document in documents) + (end if last else "")
    assert take(db, stdin=data.encode()) == {"added": 5}
    assert [document["text"] for document in held(db)] == [document["text"] for document in documents]


def test_several_files_are_taken_in_their_order(db, tmp_path):
    (tmp_path / "a.json").write_text(PRETTY, encoding="utf-8")
    (tmp_path / "b.ndjson").write_bytes(ndjson(bundle("two"), bundle("three", "The first.")))
    (tmp_path / "-").write_bytes(ndjson(bundle("four")))
    finished = process.run("import", "--db", "new.db", "a.json", "-", "b.ndjson", "./-", stdin=ndjson(bundle("three", "The last.")),
                           cwd=tmp_path).expect(0)
    assert totals(finished) == {"added": 4, "changed": 1}
    assert {document["id"]: document["text"] for document in held(db)}["three"] == "The first."
    assert process.run("import", "--db", "new.db", "--", "b.ndjson", cwd=tmp_path).expect(0).stderr == ""


def test_nothing_to_import_is_no_error(db, tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    for data in (b"", b"\n", b" \t\r\n\r\n"):
        assert take(db, stdin=data or b"\n") == {}
    assert totals(process.run("import", "--db", db, tmp_path / "empty").expect(0)) == {}


def test_the_same_again_changes_nothing(db):
    documents = [bundles.seed(), *bundles.library()]
    take(db, *documents)
    before, revision = process.run("export", "--db", db).stdout, bundles.revision(db)
    log = bundles.ask(db, "SELECT * FROM change ORDER BY noun, slug")
    assert take(db, bundles.seed()) == {"unchanged": 1}
    assert take(db, *reversed(documents)) == {"unchanged": len(documents)}
    assert take(db, stdin=before) == {"unchanged": len(documents)}
    assert process.run("export", "--db", db).stdout == before
    assert bundles.revision(db) == revision
    assert bundles.ask(db, "SELECT * FROM change ORDER BY noun, slug") == log


def test_an_export_again_changes_nothing_where_a_contributor_speaks(db):
    """Whoever is known only by contributing to the work belongs to the review as soon as he speaks in it."""
    take(db, bundle(work={"id": "w", "contributors": [{"role": "author", "name": "Some One"}, {"role": "actor", "name": "Nobody"}]},
                    quotes=[{"exact": "met", "speakers": ["some-one"]}]))
    export = process.run("export", "--db", db).stdout
    assert [agent["id"] for agent in bundles.parse(export)[0]["agents"]] == ["some-one"]
    assert take(db, stdin=export) == {"unchanged": 1}
    assert bundles.revision(db) == 1


def test_a_changed_bundle_replaces_the_review(db):
    first = bundle(text="Alpha met Beta.", title="First", agents=["Alpha", "Beta"],
                   quotes=[{"exact": "Alpha", "speakers": ["alpha"]}, {"exact": "Beta"}])
    take(db, first, bundle("other"))
    assert bundles.revision(db) == 2
    assert take(db, bundle(text="Gamma came.", agents=["Gamma"], quotes=[{"exact": "came"}])) == {"changed": 1}
    assert bundles.revision(db) == 3
    found = {document["id"]: document for document in held(db)}
    assert set(found) == {"one", "other"}
    assert (found["one"]["text"], found["one"]["title"]) == ("Gamma came.", None)
    assert [quote["exact"] for quote in found["one"]["quotes"]] == [["came"]]
    assert [agent["id"] for agent in found["one"]["agents"]] == ["gamma"]
    assert bundles.ask(db, "SELECT revision FROM review WHERE slug = 'one'") == [(2,)]
    assert "sound: 2 reviews" in process.run("check", "--db", db).expect(0).text


def test_agents_and_works_of_several_bundles_are_one(db):
    take(db, bundle("a", agents=[{"id": "x", "name": "X", "kind": "person", "aliases": ["Ex"], "description": "Somebody."}],
                    work={"id": "w", "title": "W", "kind": "novel", "published": "1957"}))
    take(db, bundle("b", agents=[{"id": "x", "aliases": ["Iks", "Ex"], "name": "Xaver"}], work={"id": "w", "kind": "play"}))
    a, b = held(db)
    assert a["agents"] == b["agents"] == [
        {"id": "x", "kind": "person", "name": "Xaver", "aliases": ["Ex", "Iks"], "description": "Somebody."}]
    assert a["work"] == b["work"]
    assert (a["work"]["title"], a["work"]["kind"], a["work"]["published"]) == ("W", "play", "1957")


def test_two_agents_of_one_name_stay_two(db):
    take(db, bundle(agents=[{"id": "b1", "name": "Bond"}, {"id": "b2", "name": "Bond"}]))
    document, = held(db)
    assert [agent["id"] for agent in document["agents"]] == ["b1", "b2"]
    assert [mention["of"] for mention in document["mentions"]] == [["b1", "b2"], ["b1", "b2"]]


def test_short_forms_are_written_out(db):
    take(db, bundle(text="James Bond said: Shaken.", agents=["James Bond"], work="From Russia with Love",
                    quotes=[{"exact": "Shaken", "speakers": ["james-bond"]}]))
    document, = held(db)
    schemas.assert_valid("bundle", document)
    assert document["agents"] == [{"id": "james-bond", "kind": "character", "name": "James Bond", "aliases": []}]
    assert (document["work"]["id"], document["work"]["title"]) == ("from-russia-with-love", "From Russia with Love")
    quote, = document["quotes"]
    assert quote == {"id": "1", "form": "direct", "speakers": ["james-bond"], "addressees": [], "about": [],
                     "attribution": "stated", "spans": [[17, 23]], "exact": ["Shaken"], "work": "from-russia-with-love",
                     "spoiler": False}
    assert document["mentions"] == [{"span": [0, 10], "of": ["james-bond"]}]


TEXT = "Één 🦊 said: no. The 🦊 said: yes! 𝒲hat said e\u0301? One 🦊 more."
ANCHORS = {
    "spans": ({"spans": [[12, 15]]}, [(12, 15)]),
    "spans that are proven": ({"spans": [[12, 15], [0, 3]], "exact": ["no.", "Één"]}, [(12, 15), (0, 3)]),
    "spans with what is around": ({"spans": [[4, 5]], "exact": "🦊", "prefix": "Één ", "suffix": " said"}, [(4, 5)]),
    "spans that overlap, repeat and nest": ({"spans": [[0, 5], [3, 9], [0, 5], [1, 2]]}, [(0, 5), (3, 9), (0, 5), (1, 2)]),
    "all of it": ({"spans": [[0, len(TEXT)]]}, [(0, len(TEXT))]),
    "half of a combined letter": ({"spans": [[TEXT.index("e\u0301"), TEXT.index("\u0301")]]},
                                  [(TEXT.index("e\u0301"), TEXT.index("\u0301"))]),
    "exact": ({"exact": "yes"}, [(TEXT.index("yes"), TEXT.index("yes") + 3)]),
    "exact in a list": ({"exact": ["𝒲hat", "no."]}, [(TEXT.index("𝒲"), TEXT.index("𝒲") + 4), (12, 15)]),
    "exact with prefix": ({"exact": "🦊", "prefix": "The "}, [(TEXT.index("The") + 4, TEXT.index("The") + 5)]),
    "exact with suffix": ({"exact": "🦊", "suffix": " more"}, [(TEXT.index(" more") - 1, TEXT.index(" more"))]),
    "exact with both": ({"exact": "🦊 said", "prefix": "Één ", "suffix": ": no"}, [(4, 10)]),
    "lists of all three": ({"exact": ["🦊", "🦊"], "prefix": ["One ", None], "suffix": [None, " said: y"]},
                           [(TEXT.index("One") + 4, TEXT.index("One") + 5), (TEXT.index("The") + 4, TEXT.index("The") + 5)]),
}


@pytest.mark.parametrize("name", ANCHORS)
def test_a_quote_is_anchored_by(db, name):
    given, spans = ANCHORS[name]
    take(db, bundle(text=TEXT, quotes=[given]))
    document, = held(db)
    assert document["text"] == TEXT
    assert spans_of(document["quotes"][0]) == spans
    assert document["quotes"][0]["exact"] == words_of(document, spans)


def test_a_mention_is_anchored_by_its_span_or_its_words(db):
    take(db, bundle(text=TEXT, agents=["Fox"], work="Work", mentions=[
        {"span": [4, 5], "of": ["fox"]}, {"exact": "🦊", "prefix": "The ", "of": ["fox"]}, {"exact": "yes", "of": ["work"]}]))
    at = TEXT.index("The") + 4
    assert held(db)[0]["mentions"] == [{"span": [4, 5], "of": ["fox"]}, {"span": [at, at + 1], "of": ["fox"]},
                                       {"span": [TEXT.index("yes"), TEXT.index("yes") + 3], "of": ["work"], "kind": "work"}]


def test_mentions_that_are_left_out_are_made_from_the_names(db):
    text = "Bonds vijand, 007, James Bond en Bond's vriend; Bondage en JamesBond niet. Bond!"
    agents = [{"id": "bond", "name": "James Bond", "aliases": ["Bond", "007"]}]
    take(db, bundle("left-out", text, agents=agents), bundle("empty", text, agents=agents, mentions=[]),
         bundle("null", text, agents=agents, mentions=None))
    found = {document["id"]: document for document in held(db)}
    assert words_of(found["left-out"], [mention["span"] for mention in found["left-out"]["mentions"]]) == [
        "Bonds", "007", "James Bond", "Bond's", "Bond"]
    assert all(mention["of"] == ["bond"] for mention in found["left-out"]["mentions"])
    assert found["empty"]["mentions"] == []
    assert found["null"]["mentions"] == found["left-out"]["mentions"]


def test_the_seed_without_mentions_finds_bonds_and_007(db):
    seed = bundles.seed()
    del seed["mentions"]
    take(db, seed)
    document, = held(db)
    found = {(words_of(document, [mention["span"]])[0], *mention["of"]) for mention in document["mentions"]}
    assert {("Bonds", "james-bond"), ("007", "james-bond"), ("Rosa Klebb", "rosa-klebb")} <= found


@pytest.mark.parametrize("text", [
    "\ufeffA byte order mark.", "CR\rCRLF\r\nLF\n", "\n", " ", "\t", "e\u0301 is not \u00e9, \u212b is not \u00c5", "\U0010ffff\ue000\ufffd\ufffe",
    "\x01\x1b[31m\x7f\x85\u2028", "שלום \u202e abc", "👩\u200d👩\u200d👧", "a" * 300_000, "🦊" * 100_000], ids=range(12))
def test_a_text_is_kept_byte_for_byte(db, text):
    take(db, bundle(text=text, quotes=[{"spans": [[0, len(text)]]}, {"spans": [[len(text) - 1, len(text)]]}]))
    document, = held(db)
    assert document["text"] == text
    assert [quote["exact"] for quote in document["quotes"]] == [[text], [text[-1]]]


def test_ids_are_of_any_script(db):
    names = ["агент-пять", "Ünïcode_1", "私", "a" * 200, "é" * 200, "e\u0301"]
    take(db, *[bundle(name, agents=[{"id": name, "name": "N"}], quotes=[{"id": name, "exact": "met", "speakers": [name]}])
               for name in names])
    assert [document["id"] for document in held(db)] == sorted(names, key=str.encode)


def test_a_dry_run_tells_what_would_happen_and_stores_nothing(db):
    take(db, bundle(), bundle("two"))
    before = db.read_bytes()
    finished = process.run("import", "--db", db, "--dry-run", "-",
                           stdin=ndjson(bundle(), bundle("two", "New."), bundle("three"), bundle("bad", ""))).expect(65)
    assert totals(finished) == {"added": 1, "changed": 1, "unchanged": 1, "refused": 1}
    assert bundles.refusals(finished) == [("-", 4, "/text", "an empty text")]
    assert "stored" not in finished.stderr
    assert db.read_bytes() == before
    assert process.run("import", "--db", db, "--dry-run", "-", stdin=ndjson(bundle("three"))).expect(0).stderr == ""
    assert len(held(db)) == 2


def test_a_dry_run_makes_no_store(db, tmp_path):
    finished = process.run("import", "--db", db, "--dry-run", "-", stdin=ndjson(bundles.seed(), bundles.seed())).expect(0)
    assert totals(finished) == {"added": 1, "unchanged": 1}
    assert not list(tmp_path.iterdir())
    assert process.run("import", "--db", tmp_path / "no" / "x.db", "--dry-run", "-").expect(73)


def test_all_or_nothing(db):
    take(db, bundle())
    before, revision = process.run("export", "--db", db).stdout, bundles.revision(db)
    finished = process.run("import", "--db", db, "--atomic", "-",
                           stdin=ndjson(bundle("two"), bundle("one", "New."), bundle("bad", 7), bundle("three"))).expect(65)
    assert totals(finished) == {"added": 2, "changed": 1, "refused": 1}
    assert "not stored" in finished.text and "nothing was stored" in finished.stderr
    assert process.run("export", "--db", db).stdout == before
    assert bundles.revision(db) == revision
    finished = process.run("import", "--db", db, "--atomic", "-", stdin=ndjson(bundle("two"), bundle("three"))).expect(0)
    assert (totals(finished), finished.stderr) == ({"added": 2}, "")
    assert len(held(db)) == 3


def test_a_bad_bundle_leaves_the_others(db):
    finished = process.run("import", "--db", db, "-",
                           stdin=ndjson(bundle("a"), bundle("b", 7), bundle("c"), bundle("d", ""), bundle("e"))).expect(65)
    assert totals(finished) == {"added": 3, "refused": 2}
    assert [refusal[1] for refusal in bundles.refusals(finished)] == [2, 4]
    assert finished.stderr.splitlines()[-1].startswith("reviewd: 2 of the bundles refused")
    assert [document["id"] for document in held(db)] == ["a", "c", "e"]


def test_a_file_that_is_missing_leaves_the_others(db, tmp_path):
    good = tmp_path / "good.json"
    good.write_text(json.dumps(bundle()), encoding="utf-8")
    missing = tmp_path / "missing.json"
    finished = process.run("import", "--db", db, missing, good).expect(66)
    assert totals(finished) == {"added": 1}
    assert finished.stderr == f"reviewd: cannot read {missing}: No such file or directory\n"
    finished = process.run("import", "--db", db, "--atomic", good, missing).expect(66)
    assert "missing.json" in finished.stderr
    finished = process.run("import", "--db", db, tmp_path).expect(66)
    assert finished.stderr == f"reviewd: cannot read {tmp_path}: Is a directory\n"
    assert [document["id"] for document in held(db)] == ["one"]


def test_all_or_nothing_with_a_file_that_is_missing(db, tmp_path):
    finished = process.run("import", "--db", db, "--atomic", "-", tmp_path / "missing.json", stdin=ndjson(bundle())).expect(66)
    assert "not stored" in finished.text
    assert held(db) == []


@needs_root
def test_a_file_that_may_not_be_read(stranger):
    secret = stranger.folder / "secret.json"
    secret.write_bytes(ndjson(bundle()))
    secret.chmod(0o600)
    finished = stranger.run("import", "--db", "x.db", secret).expect(66)
    assert finished.stderr == f"reviewd: cannot read {secret}: Permission denied\n"


def test_while_another_writes_nothing_is_done(db):
    take(db, bundle())
    with open(f"{db}-lock", "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for more in ([], ["--atomic"], ["--dry-run"]):
            finished = process.run("import", "--db", db, *more, "-", stdin=ndjson(bundle("two"))).expect(75)
            process.assert_one_line(finished)
            assert "another program is writing" in finished.stderr and "try again" in finished.stderr
    assert take(db, bundle("two")) == {"added": 1}


def test_a_closed_stream_is_not_taken_for_a_file(db):
    """The next file that is opened would get the number of the stream."""
    def run(closed, *words):
        words = [process.binary(), *words]
        pid = os.posix_spawn(words[0], words, process.environment(), file_actions=[(os.POSIX_SPAWN_CLOSE, closed)])
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])

    take(db, bundle())
    assert run(0, "import", "--db", str(db), "-") == 66
    assert run(1, "import", "--db", str(db), "/dev/null") == 74
    assert run(1, "export", "--db", str(db)) == 74
    assert run(2, "check", "--db", f"{db}.not") == 66
    assert (db.parent / f"{db.name}-lock").read_bytes() == b""
    assert "sound: 1 review," in process.run("check", "--db", db).expect(0).text


def test_what_is_said_is_not_lost_on_a_full_disk(db):
    with open("/dev/full", "wb") as full:
        status = process.subprocess.run([process.binary(), "import", "--db", db, "-"], input=ndjson(bundle()), stdout=full,
                                        env=process.environment(), timeout=process.DEADLINE, check=False).returncode
    assert status == 74
    assert [document["id"] for document in held(db)] == ["one"]
