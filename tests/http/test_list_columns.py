# SPDX-License-Identifier: MIT
"""What lists are filtered and sorted by is stored with the rows: kept by writing, made for an older store, checked."""
import contextlib
import shutil
import sqlite3

import process
import pytest

ADDED = {"agent": ("name_key",), "work": ("title_key",), "review": ("title_key", "reviewer_key", "quotes"),
         "quote": ("codepoints", "shuffle_key")}
INDEXES = ("agent_kind_name", "work_title", "work_published", "work_contributor_agent", "review_title", "review_reviewer",
           "review_language", "review_published", "review_updated", "quote_codepoints", "quote_shuffle", "quote_traits",
           "mention_review")


@pytest.fixture(name="file")
def copy_of_the_library(library_file, tmp_path):
    """With what the server has not yet put from the log into the file."""
    for path in library_file.parent.glob(library_file.name + "*"):
        if not path.name.endswith(("-lock", "-shm")):
            shutil.copy(path, tmp_path)
    return tmp_path / library_file.name


def ask(file, sql):
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(sql).fetchall()


def columns(file):
    return {table: ask(file, f"SELECT rowid, {', '.join(names)} FROM {table}") for table, names in ADDED.items()}


def test_an_older_store_gets_the_columns_of_a_new_one(file):
    expected = columns(file)
    assert any(row[1] for row in expected["quote"]) and any(row[1] for row in expected["agent"])
    traits = ask(file, "SELECT * FROM review_trait")
    ask(file, "DROP TABLE review_trait")
    for index in INDEXES:
        ask(file, f"DROP INDEX {index}")
    for table, names in ADDED.items():
        for name in names:
            ask(file, f"ALTER TABLE {table} DROP COLUMN {name}")
    ask(file, "PRAGMA user_version = 3")
    process.run("import", "--db", file, "-", stdin=b'{"id": "one-more", "text": "One more."}').expect(0)
    ask(file, "DELETE FROM review_text WHERE review_id = (SELECT review_id FROM review WHERE slug = 'one-more')")
    ask(file, "DELETE FROM review WHERE slug = 'one-more'")
    assert columns(file) == expected
    assert ask(file, "SELECT * FROM review_trait") == traits


def test_the_length_of_a_quote_is_that_of_its_text(file, library_store):
    lengths = dict(ask(file, "SELECT r.slug || '~' || q.local_slug, q.codepoints FROM quote q JOIN review r USING (review_id)"))
    assert lengths == {quote["id"]: len(quote["text"]) for quote in library_store.model.quotes()}


@pytest.mark.parametrize(("change", "told"), [
    ("UPDATE agent SET name_key = 'x' WHERE slug = 'agent-one'", "agent agent-one:"),
    ("UPDATE work SET title_key = NULL WHERE slug = 'work-alpha'", "work work-alpha:"),
    ("UPDATE review SET title_key = 'x' WHERE slug = 'review-plain'", "review review-plain:"),
    ("UPDATE review SET reviewer_key = NULL WHERE slug = 'review-omega'", "review review-omega:"),
    ("UPDATE review SET quotes = quotes + 1 WHERE slug = 'review-alpha'", "review review-alpha:"),
    ("UPDATE review_trait SET quotes = quotes + 1 WHERE form = 4", "review review-bulk:"),
    ("DELETE FROM review_trait WHERE form = 2", "review review-omega:"),
    ("UPDATE quote SET spoiler = 1 - spoiler WHERE local_slug = 'één'", "review review-omega:"),
    ("UPDATE quote SET codepoints = codepoints + 1 WHERE local_slug = 'two-spans'", "quote review-omega~two-spans:"),
    ("UPDATE quote SET shuffle_key = 7 WHERE local_slug = 'één'", "quote review-omega~één:")])
def test_check_finds_a_column_that_is_wrong(file, change, told):
    process.run("check", "--db", file).expect(0)
    ask(file, change)
    finished = process.run("check", "--db", file)
    assert finished.status != 0 and told in finished.text + finished.stderr
