# SPDX-License-Identifier: MIT
"""Damage done to a store, and what check says of it."""
import fcntl
import random
import re

import bundles
import process
import pytest

SEED = "from-russia-with-love-nl"
SEEDED = f"(SELECT review_id FROM review WHERE slug = '{SEED}')"
# The first quote of the seed, and its fourth mention.
QUOTE = f"quote_id = {SEEDED} << 20"
# A space less than it has numbers, four a span.
SPANS = "sum(length(spans) - length(replace(spans, ' ', '')) + 1) / 4"
MENTION = f"mention_id = ({SEEDED} << 20) + 3"


def check(db, status):
    finished = process.run("check", "--db", db).expect(status)
    if status == 65:
        assert finished.stdout == b""
    return finished


def findings(db):
    """What is found, without the line at the end that counts it."""
    *found, last = check(db, 65).stderr.splitlines()
    assert re.fullmatch(rf"reviewd: store {re.escape(str(db))}: {len(found)} problems?", last), last
    return found


def test_a_sound_store_is_counted(store):
    reviews, quotes, mentions, names = (
        bundles.ask(store, f"SELECT {count} FROM {table}")[0][0] for count, table in (
            ("count(*)", "review"), (SPANS, "quote"), ("count(*)", "mention"), ("count(*)", "agent_name")))
    finished = check(store, 0)
    assert finished.text == f"sound: {reviews} reviews, {quotes + mentions} spans, {names} names\n"
    assert finished.stderr == ""


def test_an_empty_store_is_sound(tmp_path):
    process.run("import", "--db", tmp_path / "x.db", "-").expect(0)
    assert check(tmp_path / "x.db", 0).text == "sound: 0 reviews, 0 spans, 0 names\n"


def test_check_changes_nothing(store):
    before = store.read_bytes()
    check(store, 0)
    assert store.read_bytes() == before


def test_check_reads_while_a_server_serves_and_another_writes(store, tmp_path):
    with process.Server(tmp_path, "--db", store), open(f"{store}-lock", "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        check(store, 0)


# By name: what is done, and what is found, in this order and nothing else.
DAMAGE = {
    "a changed text": (f"UPDATE review_text SET text = replace(text, 'graf', 'GRAF') WHERE review_id = {SEEDED}",
                       [f"review {SEED}: the text differs from its SHA-256"]),
    "a longer text": (f"UPDATE review_text SET text = text || '!' WHERE review_id = {SEEDED}",
                      [f"review {SEED}: the text differs from its SHA-256", f"review {SEED}: the length of the text differs"]),
    "a text that is no UTF-8": (f"UPDATE review_text SET text = CAST(X'41C3' AS TEXT) WHERE review_id = {SEEDED}",
                                [f"review {SEED}: the text is no longer valid UTF-8 at byte 1"]),
    "a text with a NUL": (f"UPDATE review_text SET text = 'abc' || char(0) || 'def' WHERE review_id = {SEEDED}",
                          [f"review {SEED}: the text has a NUL at byte 3"]),
    "a missing text": (f"DELETE FROM review_text WHERE review_id = {SEEDED}", [f"review {SEED}: the text is missing"]),
    "a text too many": ("INSERT INTO review_text VALUES (999, 'x')",
                        ["table review_text: rows that refer to what table review does not have: 1"]),
    "another hash": (f"UPDATE review SET text_sha256 = replace(text_sha256, '9', '8') WHERE slug = '{SEED}'",
                     [f"review {SEED}: the text differs from its SHA-256"]),
    "another length": (f"UPDATE review SET text_codepoints = text_codepoints + 1 WHERE slug = '{SEED}'",
                       [f"review {SEED}: the length of the text differs"]),
    "a moved quote": (f"UPDATE quote SET spans = '2659 2843 2659 2843' WHERE {QUOTE}",
                      [f"review {SEED}: its quotes, mentions or fields differ from their digest"]),
    "a shorter quote": (f"UPDATE quote SET spans = '2658 2841 2658 2841' WHERE {QUOTE}",
                        [f"quote {SEED}~1: its length is not that of its spans"]),
    "bytes apart from code points": (f"UPDATE quote SET spans = '2658 2842 2659 2842' WHERE {QUOTE}",
                                     [f"review {SEED}: quote 1: span [2658,2842) does not fit the text"]),
    "code points apart from bytes": (f"UPDATE mention SET span = '0 2 ' || substr(span, instr(span, ' ') + 1) WHERE {MENTION}",
                                     [f"review {SEED}: mention 4: its span is no four numbers"]),
    "a quote behind the text": (f"UPDATE quote SET spans = '2658 9999 2658 9999' WHERE {QUOTE}",
                                [f"review {SEED}: quote 1: span [2658,9999) does not fit the text", f"quote {SEED}~1: its length is not"]),
    "a quote without a span": (f"UPDATE quote SET spans = '' WHERE {QUOTE}", [f"quote {SEED}~1: it has no span"]),
    "spans that are none": (f"UPDATE quote SET spans = '2658-2842' WHERE {QUOTE}", [f"quote {SEED}~1: its spans are no numbers"]),
    "a lost quote": ("DELETE FROM quote WHERE local_slug = 'b1'",
                     ["table quote_agent: rows that refer"]),
    "another speaker": (f"UPDATE quote_agent SET agent_id = (SELECT agent_id FROM agent WHERE slug = 'james-bond') WHERE {QUOTE} AND role = 0",
                        ["agent james-bond: it has other quotes than are noted", "agent darko-kerim-bey: it has other quotes than are noted",
                         f"quote {SEED}~1: the speaker in its row is another",
                         f"review {SEED}: its quotes, mentions or fields differ from their digest"]),
    "another form": (f"UPDATE quote SET form = 1 WHERE {QUOTE}",
                     [f"review {SEED}: other quotes are alike than are noted", f"review {SEED}: its quotes, mentions or fields differ from their digest"]),
    "another id of a quote": (f"UPDATE quote SET local_slug = 'other' WHERE {QUOTE}",
                              [f"quote {SEED}~other: its place in random orders is not that of its id",
                               f"review {SEED}: its quotes, mentions or fields differ"]),
    "another title": (f"UPDATE review SET title = 'Other' WHERE slug = '{SEED}'",
                      [f"review {SEED}: what it is sorted by is not its title or reviewer", f"review {SEED}: its quotes, mentions or fields differ"]),
    "another digest": (f"UPDATE review SET digest = 'x' WHERE slug = '{SEED}'",
                       [f"review {SEED}: its quotes, mentions or fields differ"]),
    "a mention that nobody leads to": (f"DELETE FROM mention_agent WHERE {MENTION}",
                                       [f"review {SEED}: other agents lead to its mentions than these name"]),
    "a mention of somebody else": (f"UPDATE mention SET agents = agents + 1 WHERE {MENTION}",
                                   [f"review {SEED}: other agents lead to its mentions than these name",
                                    f"review {SEED}: its quotes, mentions or fields differ"]),
    "a mention that moved": (f"UPDATE mention SET span = '0 1 0 1' WHERE {MENTION}",
                             [f"review {SEED}: its quotes, mentions or fields differ"]),
    "a form that is none": (f"UPDATE quote SET form = 99 WHERE {QUOTE}",
                            [f"id {SEED}~1: a kind, form, attribution or role that there is not",
                             f"review {SEED}: other quotes are alike than are noted", f"review {SEED}: it cannot be read whole"]),
    "a date that does not fit": ("UPDATE work SET published_from = 5 WHERE slug = 'from-russia-with-love'",
                                 ["work from-russia-with-love: its first and last day do not fit its date '1957'"]),
    "a day without a date": (f"UPDATE review SET published_from = 5 WHERE slug = '{SEED}'",
                             [f"review {SEED}: its first and last day do not fit"]),
    "a lost name": ("DELETE FROM agent_name WHERE name = 'James Bond'",
                    ["agent james-bond: its name is not among its names", "agent james-bond: one of its names is missing"]),
    "a lost alias": ("DELETE FROM agent_name WHERE name = 'Bond'", ["agent james-bond: one of its names is missing"]),
    "another name": ("UPDATE agent SET name = 'Jan Bond' WHERE slug = 'james-bond'",
                     ["agent james-bond: its name is not among its names", "agent james-bond: what it is sorted by is not its name"]),
    "a wrong key": ("UPDATE agent_name SET key = 'x' WHERE name = 'James Bond'",
                    ["agent james-bond: the key of the name 'James Bond' is wrong"]),
    "a lost agent": ("DELETE FROM agent WHERE slug = 'smersh'", [f"table {table}: rows that refer to what table agent does not have: "
                                                                for table in ("agent_name", "mention_agent", "quote_agent", "review_agent")]),
    "a lost work": ("DELETE FROM work WHERE slug = 'from-russia-with-love'",
                    ["table mention: rows that refer to what table work does not have: ", "table quote: ", "table review: ",
                     "table work_contributor: ", "table work_relation: "]),
    "a lost review": (f"DELETE FROM review WHERE slug = '{SEED}'",
                      [f"table {table}: rows that refer to what table review does not have: "
                       for table in ("quote", "review_agent", "review_further_work", "review_place", "review_text", "review_trait")]),
    "a reference to nobody": ("UPDATE mention_agent SET agent_id = 99999 WHERE " + MENTION,
                              ["table mention_agent: rows that refer to what table agent does not have: 1"]),
    "too few places": ("UPDATE review_place SET places = places - 1 WHERE review_id = " + SEEDED,
                       [f"review {SEED}: its places in random orders are too few or taken"]),
    "a wrong count": ("UPDATE store SET quotes = quotes + 1", ["store: there are "]),
    "counts that are all wrong": ("UPDATE store SET reviews = 0, works = 0, characters = 0, people = 0, organisations = 0, mentions = 0",
                                  ["store: there are "] * 6),
    "no counts": ("DELETE FROM store", ["store: its one row of counts is missing"]),
    "no uuid": ("UPDATE store SET uuid = ''", ["store: its uuid '' is none"]),
    "a revision of the past": ("UPDATE store SET revision = revision - 1",
                               ["id review-crowd: the log of changes has what the store does not have"]),
    "a change that was not logged": ("DELETE FROM change WHERE slug = 'james-bond'",
                                     ["id james-bond: the log of changes does not have it as it is"]),
    "a change of nothing": ("INSERT INTO change VALUES (1, 'ghost', 1, 0, '')",
                            ["id ghost: the log of changes has what the store does not have"]),
    "a change that is older": ("UPDATE review SET store_revision = store_revision + 1 WHERE slug = 'review-plain'",
                               ["id review-plain: the log of changes does not have it as it is"]),
    "a lost index": ("DROP INDEX quote_agent_agent", ["file: quote_agent_agent is missing"]),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found_and_named(store, name):
    statement, expected = DAMAGE[name]
    if statement.startswith("DROP"):
        bundles.alter(store, statement)
    else:
        bundles.change(store, statement)
    found = findings(store)
    # Tables come in an order of SQLite's own; a revision has many changes.
    if expected[0].startswith("table "):
        found.sort()
    if "log of changes has" in expected[0]:
        found = [line for line in found if line.startswith(expected[0])]
    assert len(found) == len(expected), found
    for line, beginning in zip(found, expected):
        assert line.startswith(beginning), line


def test_a_row_that_is_missing_from_an_index_is_found(store):
    root, = bundles.ask(store, "SELECT rootpage FROM sqlite_schema WHERE name = 'agent_name_key'")
    other, = bundles.ask(store, "SELECT rootpage FROM sqlite_schema WHERE name = 'change_revision'")
    assert root != other
    bundles.alter(store, "PRAGMA writable_schema = ON",
                  "UPDATE sqlite_schema SET sql = replace(sql, '(key, agent_id)', '(key, agent_id) WHERE 0') WHERE name = 'agent_name_key'",
                  "PRAGMA writable_schema = RESET", "REINDEX agent_name_key", "PRAGMA writable_schema = ON",
                  "UPDATE sqlite_schema SET sql = replace(sql, ' WHERE 0', '') WHERE name = 'agent_name_key'")
    found = findings(store)
    assert any(re.fullmatch(r"file: row \d+ missing from index agent_name_key", line) for line in found), found


@pytest.mark.parametrize("table", ["change", "review_text", "agent_name", "store", "quote_agent"])
def test_a_store_without_a_table_is_told_so(store, table):
    bundles.alter(store, "PRAGMA foreign_keys = OFF", f"DROP TABLE {table}")
    finished = check(store, 65)
    process.assert_one_line(finished)
    assert f"no such table: {table}" in finished.stderr


def flip(db, at, mask=0x01):
    data = bytearray(db.read_bytes())
    data[at] ^= mask
    db.write_bytes(data)


def test_one_flipped_bit_of_a_text_is_found(store):
    data = store.read_bytes()
    places = [match.start() for match in re.finditer(rb"grafsteen zetten", data)]
    assert len(places) == 1
    flip(store, places[0])
    assert findings(store) == [f"review {SEED}: the text differs from its SHA-256"]


def test_a_page_of_noise_is_found(store):
    data = bytearray(store.read_bytes())
    page = len(data) // 4096 // 2
    data[page * 4096:(page + 1) * 4096] = random.Random(1).randbytes(4096)
    store.write_bytes(data)
    lines = check(store, 65).stderr.splitlines()
    assert lines and all(re.match(r"file: |reviewd: store ", line) for line in lines), lines


@pytest.mark.parametrize("kept", [0.9, 0.5, 0.1])
def test_a_file_that_is_cut_off_is_found(store, kept):
    data = store.read_bytes()
    store.write_bytes(data[:int(len(data) * kept)])
    assert check(store, 65).stderr.startswith(("file: ", f"reviewd: store {store}: "))


@pytest.mark.parametrize("seed", range(20))
def test_what_check_calls_sound_is_as_it_was(store, seed):
    """Wherever a bit flips: it is found, or it was of no account to the reviews."""
    def reviews():
        finished = process.run("export", "--db", store)
        assert finished.status in (0, 65)
        return finished.status == 0 and [
            {key: document[key] for key in ("id", "title", "text", "quotes", "mentions")}
            for document in bundles.parse(finished.stdout.decode("utf-8", "replace").encode("utf-8"))]

    before, place = reviews(), random.Random(seed)
    flip(store, place.randrange(store.stat().st_size), 1 << place.randrange(8))
    finished = process.run("check", "--db", store)
    assert finished.status in (0, 65)
    after = reviews()
    assert finished.status == 65 or after == before


NO_STORES = {
    "words": b"Once upon a time\n" * 1000, "noise": random.Random(2).randbytes(20_000), "a beginning": b"SQLite format 3\0",
    "one byte": b"\0", "nothing": b"",
}


@pytest.mark.parametrize("name", NO_STORES)
def test_a_file_that_is_no_store_is_told_apart(tmp_path, name):
    path = tmp_path / "x.db"
    path.write_bytes(NO_STORES[name])
    finished = check(path, 65)
    process.assert_one_line(finished)
    assert re.search(r"file is not a database|it is no reviewd store", finished.stderr)
    assert path.read_bytes() == NO_STORES[name]


def test_there_has_to_be_a_store(tmp_path):
    finished = check(tmp_path / "x.db", 66)
    process.assert_one_line(finished)
    assert not list(tmp_path.iterdir())
