# SPDX-License-Identifier: MIT
"""The index of words keeps up with the store: replaced, refused, brought up from an older store, and proven by check."""
import contextlib
import json
import sqlite3

import library
import model
import process
import pytest
import schemas
from client import Client, at

OLDEST = schemas.ROOT / "schema" / "migrations" / "0001_initial.sql"
APPLICATION_ID = 0x52565744


def import_bundles(db, *bundles, status=0):
    file = db.with_suffix(".ndjson")
    file.write_text("".join(json.dumps(bundle) + "\n" for bundle in bundles), encoding="utf-8")
    return process.run("import", "--db", db, file).expect(status)


def assert_sound(db):
    assert process.run("check", "--db", db).expect(0).text.startswith("sound")


@contextlib.contextmanager
def served(db):
    with process.Server(db.parent, "--db", db) as server:
        yield Client(server.port)


def totals(client, q):
    return [client.json(at(path, q=q, match="exact"))["page"]["total"] for path in (
        "/v1/search", "/v1/quotes", "/v1/reviews")]


def bundle(text, quotes=(), **more):
    return {"id": "changing", "language": "nl", "text": text,
            "quotes": [{"id": str(i), "spans": [span]} for i, span in enumerate(quotes)], "mentions": [], **more}


def test_search_forgets_what_a_review_no_longer_says(tmp_path):
    db = tmp_path / "changing.db"
    agent = {"id": "somebody", "name": "Somebody Old", "aliases": ["Alias"]}
    work = {"id": "something", "title": "Something Old"}
    import_bundles(db, bundle("Een oude zin. Nog een.", [[0, 13], [0, 8]], title="Oud", agents=[agent], work=work))
    import_bundles(db, {"id": "other", "text": "Iets anders, oude."})
    import_bundles(db, bundle("Wat nieuw is.", [[4, 9]], title="Nieuw", language="en", work={**work, "title": "Something New"},
                              agents=[{**agent, "name": "Somebody New", "aliases": ["Second"]}]))
    assert_sound(db)
    with served(db) as client:
        assert totals(client, "oude") == [1, 0, 1]
        assert totals(client, "nieuw") == [2, 1, 1]
        assert totals(client, "oud") == [0, 0, 0]
        assert totals(client, "old") == [0, 0, 0] and totals(client, "new") == [2, 0, 0]
        assert [row["id"] for row in client.walk("/v1/suggest?q=somebody+o")] == []
        assert [row["matched"] for row in client.walk("/v1/suggest?q=s")] == ["Second", "Something New"]
        assert [row["matched"] for row in client.walk("/v1/suggest?q=alias")] == ["Alias"]


def test_search_knows_nothing_of_what_was_refused_or_tried(tmp_path):
    db = tmp_path / "refused.db"
    unnamed = {"id": "refused", "text": "Geweigerde woorden.", "agents": [{"id": "new-one", "name": "Nieuweling"}],
               "work": {"id": "w", "title": "Titel", "contributors": [{"role": "author", "id": "unknown-agent"}]}}
    import_bundles(db, bundle("Een zin.", [[0, 8]]), unnamed, bundle("Een betere zin.", [[0, 10]]), status=65)
    assert_sound(db)
    process.run("import", "--db", db, "--dry-run", db.with_suffix(".ndjson"))
    assert_sound(db)
    with served(db) as client:
        assert totals(client, "geweigerde") == totals(client, "nieuweling") == totals(client, "titel") == [0, 0, 0]
        assert totals(client, "betere") == [2, 1, 1]


def test_search_keeps_what_a_refused_bundle_was_about_to_change(tmp_path):
    """What was taken out of the index for the change is put back with it."""
    db = tmp_path / "kept.db"
    kept = {"id": "kept", "text": "Bewaarde woorden.", "agents": [{"id": "somebody", "name": "Bewaarde Naam"}]}
    import_bundles(db, kept)
    refused = {"id": "kept", "text": "Andere woorden.", "agents": [{"id": "somebody", "name": "Andere Naam"}, {"id": "nameless"}]}
    import_bundles(db, {"id": "before", "text": "Ervoor."}, refused, {"id": "behind", "text": "Erachter."}, status=65)
    assert_sound(db)
    with served(db) as client:
        assert totals(client, "bewaarde") == [2, 0, 1] and totals(client, "andere") == [0, 0, 0]
        assert totals(client, "ervoor") == totals(client, "erachter") == [1, 0, 1]
        assert [row["name"] for row in client.walk("/v1/suggest?q=naam")] == ["Bewaarde Naam"]


def test_search_survives_the_import_of_the_same_again(tmp_path):
    db = tmp_path / "twice.db"
    import_bundles(db, *library.bundles())
    import_bundles(db, *library.bundles())
    changed = [{**each, "text": each["text"] + " Slotwoord."} for each in library.bundles()]
    import_bundles(db, *changed)
    import_bundles(db, *reversed(library.bundles()))
    assert_sound(db)
    with served(db) as client:
        made = model.of_library()
        assert client.json("/v1/quotes?q=utterance")["page"]["total"] == library.BULK
        assert totals(client, "slotwoord") == [0, 0, 0]
        assert client.json("/v1/reviews?q=small")["page"]["total"] == library.SMALL
        assert client.json("/v1")["counts"] == made.counts()


@pytest.fixture
def damaged(tmp_path, library_file):
    """Does something to a copy of the made-up store, and returns what check says of it."""
    def damage(sql, redigest=False):
        db = tmp_path / "damaged.db"
        db.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(library_file)) as source, contextlib.closing(sqlite3.connect(db)) as copy:
            source.backup(copy)
            for statement in sql.split("; "):
                assert copy.execute(statement).rowcount > 0
            copy.commit()
        if redigest:
            write_digests(db)
        finished = process.run("check", "--db", db)
        assert finished.status == 65
        return finished.stderr
    return damage


def write_digests(db):
    """As if the reviews had come as they are now, so that the index alone differs."""
    other = db.with_name("other.db")
    other.unlink(missing_ok=True)
    bundles = process.run("export", "--db", db).expect(0).stdout
    process.run("import", "--db", other, "-", stdin=bundles).expect(0)
    with contextlib.closing(sqlite3.connect(other)) as made, contextlib.closing(sqlite3.connect(db)) as store:
        store.executemany("UPDATE review SET digest = ? WHERE slug = ?", made.execute("SELECT digest, slug FROM review").fetchall())
        store.commit()


@pytest.mark.parametrize(("sql", "finding"), [
    ("UPDATE review SET language = 'fr' WHERE slug = 'review-bulk'", "what the quotes say"),
    ("UPDATE review SET title = 'Other', title_key = 'other' WHERE slug = 'review-bulk'", "what the reviews say"),
    ("UPDATE quote SET (spans, codepoints) = (SELECT q.spans, q.codepoints FROM quote q WHERE q.quote_id = quote.quote_id - 1) "
     "WHERE local_slug = 'b7'", "what the quotes say"),
    ("UPDATE quote_agent SET agent_id = (SELECT max(r.agent_id) FROM review_agent r JOIN review USING (review_id) "
     "WHERE slug = 'review-bulk' AND r.agent_id != quote_agent.agent_id) "
     "WHERE quote_id = (SELECT quote_id FROM quote WHERE local_slug = 'b1') AND role = 0; "
     "UPDATE quote SET speaker_id = (SELECT agent_id FROM quote_agent a WHERE a.quote_id = quote.quote_id) WHERE local_slug = 'b1'; "
     "UPDATE agent_role SET quotes = (SELECT count(*) FROM quote_agent a WHERE a.agent_id = agent_role.agent_id AND a.role = agent_role.role)",
     "what the quotes say"),
    ("UPDATE agent_name SET name = 'Other', key = 'other' WHERE name = 'Primus'", "what the agents are called"),
    ("UPDATE work SET title = 'Other', title_key = 'other' WHERE slug = 'work-alpha'", "what the works are called"),
    ("DELETE FROM suggestion WHERE key = 'work-alpha'", "suggestions"),
    ("UPDATE suggestion SET inner = 1 WHERE key = 'primus'", "suggestions"),
    ("DELETE FROM word_form WHERE word = 'sentence'", "forms of words"),
    ("INSERT INTO search_due VALUES (1, 1)", "not everything is in it yet"),
    ("DELETE FROM search_docsize WHERE id IN (SELECT min(id) FROM search_docsize)", "number of rows"),
])
def test_check_finds_an_index_that_differs(damaged, sql, finding):
    assert finding in damaged(sql, redigest=finding.startswith("what the") and finding.endswith("say"))


def make_oldest(db, source):
    """The same store as the first version of the schema would have it; one key is of an older folding."""
    with contextlib.closing(sqlite3.connect(db)) as store:
        store.executescript(OLDEST.read_text(encoding="utf-8"))
        store.execute("ATTACH ? AS new", (str(source),))
        for table, in store.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name <> 'sqlite_sequence'"
                                    ).fetchall():
            if table in ("quote_span", "mention", "mention_agent"):
                continue
            columns = ", ".join(row[1] for row in store.execute(f"PRAGMA main.table_info({table})"))
            store.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
        for quote_id, spans in store.execute("SELECT quote_id, spans FROM new.quote").fetchall():
            numbers = [int(number) for number in spans.split(" ")]
            store.executemany("INSERT INTO quote_span VALUES (?, ?, ?, ?, ?, ?)",
                              ((quote_id, index // 4, *numbers[index:index + 4]) for index in range(0, len(numbers), 4)))
        for mention_id, work_id, span, agents in store.execute("SELECT mention_id, work_id, span, agents FROM new.mention").fetchall():
            store.execute("INSERT INTO mention VALUES (?, ?, ?, ?, ?, ?, ?)", (mention_id, mention_id >> 20, work_id, *span.split(" ")))
            store.executemany("INSERT INTO mention_agent VALUES (?, ?, ?)",
                              ((mention_id, position, agent_id) for position, agent_id in enumerate(agents.split())))
        store.execute("UPDATE agent_name SET key = 'of-an-older-folding' WHERE name = 'Agent Zwölf'")
        store.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        store.execute("PRAGMA user_version = 1")
        store.commit()


def test_search_finds_everything_in_a_store_that_was_brought_up(tmp_path, library_file, library_store):
    db = tmp_path / "oldest.db"
    make_oldest(db, library_file)
    assert process.run("check", "--db", db).status not in (0, 65)
    with served(db) as client:
        for target in ("/v1/search?q=agent+one&limit=200", "/v1/quotes?q=utterance+17*", "/v1/reviews?q=small&limit=5",
                       "/v1/suggest?q=a&limit=200", "/v1/search?q=zinnen"):
            assert client.walk(target) == library_store.client.walk(target)
        assert client.json("/v1/quotes?speaker=agent+zwolf")["page"]["total"] > 0
    assert_sound(db)
