# SPDX-License-Identifier: MIT
"""What lists are filtered and sorted by is stored with the rows: kept by writing, and checked."""
import contextlib
import shutil
import sqlite3

import process
import pytest
import writing


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
    ("UPDATE agent_role SET quotes = quotes + 1 WHERE role = 0", "agent "),
    ("DELETE FROM agent_role WHERE role = 0", "agent "),
    ("INSERT INTO agent_role SELECT agent_id, 2, 1 FROM agent WHERE true ON CONFLICT DO UPDATE SET quotes = quotes + 1", "agent "),
    ("UPDATE quote SET speaker_id = NULL", "quote "),
    ("UPDATE quote SET shuffle_key = 7 WHERE local_slug = 'één'", "quote review-omega~één:")])
def test_check_finds_a_column_that_is_wrong(file, change, told):
    process.run("check", "--db", file).expect(0)
    ask(file, change)
    finished = process.run("check", "--db", file)
    assert finished.status != 0 and told in finished.text + finished.stderr


def test_what_is_written_over_http_is_sorted_by_what_it_is_now(tmp_path):
    """Names, titles, numbers of quotes and their lengths follow each PUT and DELETE, as check sees them."""
    db = tmp_path / "reviews.db"
    work = {"id": "opus", "title": "Beta"}
    review = writing.bundle("one", "Words of one. Words of two.", work=work, agents=[{"id": "somebody", "name": "Beta"}],
                            quotes=[{"id": "1", "exact": "Words of one."}, {"id": "2", "exact": "Words of two.", "form": "pull"}])
    other = writing.bundle("two", work={"id": "another", "title": "Alpha"}, agents=[{"id": "nobody", "name": "Alpha"}])
    process.put(db, review, other)
    token = writing.add_token(db)
    with process.Server(tmp_path, "--db", db) as server:
        author = writing.Author(server.port, token)

        def ids(target):
            return [row["id"] for row in author.data(target)]

        assert (ids("/v1/characters?sort=name"), ids("/v1/works?sort=title")) == (["nobody", "somebody"], ["another", "opus"])
        author.put("/v1/characters/somebody", {"name": "Aardvark"}, 200, if_match="*")
        author.put("/v1/works/opus", {"title": "Aardvark"}, 200, if_match="*")
        assert (ids("/v1/characters?sort=name"), ids("/v1/works?sort=title")) == (["somebody", "nobody"], ["opus", "another"])
        changed = {**review, "title": "Zebra", "reviewer": "Jan", "quotes": [{"id": "2", "exact": "one. Words", "form": "reported"}]}
        author.put("/v1/reviews/one", changed, 200, if_match="*")
        assert ids("/v1/quotes?max_length=10") == ids("/v1/quotes?form=reported") == ids("/v1/quotes?reviewer=jan") == ["one~2"]
        assert ids("/v1/quotes?form=pull") == []
        assert author.json("/v1/facets?by=form")["facets"]["form"] == [{"id": "reported", "count": 1}]
        assert ids("/v1/reviews?sort=title") == ["one", "two"]
        author.write("DELETE", "/v1/reviews/one", None, 204, if_match="*")
        assert ids("/v1/quotes") == [] and ids("/v1/quotes?sort=length") == [] and ids("/v1/quotes?sort=random&seed=1") == []
        author.problem("/v1/quotes/random", 404, "not-found")
        assert author.json("/v1/facets?by=form")["facets"]["form"] == []
        author.create({**review, "id": "three"})
        assert ids("/v1/quotes?sort=-length") == ["three~2", "three~1"]
    process.run("check", "--db", db).expect(0)
