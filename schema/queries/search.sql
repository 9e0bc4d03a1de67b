-- SPDX-License-Identifier: MIT
-- The index of words: filling it, and asking it.

-- name: fts5_api
-- Hands out the entry to FTS5 through a bound pointer (SQLite, "Extending FTS5").
SELECT fts5(:api) AS api;

-- name: search_insert
INSERT INTO search (rowid, text_nl, text_en, text_de, text_other, title_nl, title_en, title_de, title_other, labels)
VALUES (:id, :text_nl, :text_en, :text_de, :text_other, :title_nl, :title_en, :title_de, :title_other, :labels);

-- name: search_delete
-- With the very words that were inserted.
INSERT INTO search (search, rowid, text_nl, text_en, text_de, text_other, title_nl, title_en, title_de, title_other,
  labels)
VALUES ('delete', :id, :text_nl, :text_en, :text_de, :text_other, :title_nl, :title_en, :title_de, :title_other,
  :labels);

-- name: search_forget
-- Deletes nothing, but makes the index take part in the transaction, with whose end it forgets what it remembers.
DELETE FROM search WHERE false;

-- name: search_due_put
INSERT INTO search_due (kind, id) VALUES (:kind, :id) ON CONFLICT (kind, id) DO NOTHING;

-- name: search_due_get
SELECT 1 AS due FROM search_due WHERE kind = :kind AND id = :id;

-- name: search_due_next
SELECT id FROM search_due WHERE kind = :kind AND id > :after ORDER BY id LIMIT 1;

-- name: search_due_clear
DELETE FROM search_due WHERE kind = :kind AND id <= :last;

-- name: search_review
SELECT r.title, r.language, r.quotes, iif(:with_text, t.text, NULL) AS text
FROM review r JOIN review_text t ON t.review_id = r.review_id WHERE r.review_id = :review_id;

-- name: search_work
SELECT title, language FROM work WHERE work_id = :work_id;

-- name: word_form_put
INSERT INTO word_form (language, stem, word) VALUES (:language, :stem, :word) ON CONFLICT DO NOTHING;

-- name: word_form_get
SELECT 1 AS known FROM word_form WHERE language = :language AND stem = :stem AND word = :word;

-- name: word_forms
SELECT word FROM word_form WHERE language = :language AND stem = :stem AND word <> :except ORDER BY word LIMIT :limit;

-- name: search_count
SELECT count(*) AS total FROM search WHERE search MATCH :match;

-- name: search_ranked
-- The best first; what is as good as another: the newest first.
WITH hit AS MATERIALIZED (
  SELECT rowid AS id, search_score(search, :weights) AS score FROM search WHERE search MATCH :match)
SELECT id, score FROM hit
WHERE score < :after_score OR (score = :after_score AND id < :after_id)
ORDER BY score DESC, id DESC LIMIT :limit;

-- name: search_newest
SELECT rowid AS id FROM search WHERE search MATCH :match AND rowid < :after_id ORDER BY rowid DESC LIMIT :limit;

-- name: search_gather
-- All of it in one go, for what FTS5 has to put together anew for every statement: words by their beginning. Gives no
-- row, as the function takes each and says no. (In an aggregate it would not be let.)
SELECT rowid FROM search WHERE search MATCH :match AND search_gather(search, :weights, :gathering);

-- name: verify_rows
-- Of quotes, or of reviews: the last number that a quote of it could have.
SELECT rowid AS id FROM search
WHERE search MATCH :match AND rowid < 1 << 60 AND (rowid & 1048575 = 1048575) = :reviews
ORDER BY rowid LIMIT :limit;
