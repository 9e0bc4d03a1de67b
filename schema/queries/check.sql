-- SPDX-License-Identifier: MIT
-- What `reviewd check` asks of the store.

-- name: check_reviews
SELECT review_id, slug, text_sha256, text_bytes, text_codepoints FROM review ORDER BY review_id;

-- name: check_counts
SELECT (SELECT count(*) FROM review) AS reviews, (SELECT count(*) FROM work) AS works,
  (SELECT count(*) FROM agent WHERE kind = 0) AS characters, (SELECT count(*) FROM agent WHERE kind = 1) AS people,
  (SELECT count(*) FROM agent WHERE kind = 2) AS organisations, (SELECT count(*) FROM quote) AS quotes,
  (SELECT count(*) FROM mention) AS mentions;

-- name: check_names
SELECT a.slug, n.name, n.key FROM agent_name n JOIN agent a ON a.agent_id = n.agent_id;

-- name: check_nameless_agents
SELECT slug FROM agent a
WHERE NOT EXISTS (SELECT 1 FROM agent_name n WHERE n.agent_id = a.agent_id AND n.position = 0 AND n.name = a.name);

-- name: check_spanless_quotes
SELECT r.slug || '~' || q.local_slug AS slug FROM quote q JOIN review r ON r.review_id = q.review_id
WHERE NOT EXISTS (SELECT 1 FROM quote_span s WHERE s.quote_id = q.quote_id);

-- name: check_empty_mentions
-- A mention names agents or a work: one of the two.
SELECT r.slug AS slug FROM mention m JOIN review r ON r.review_id = m.review_id
WHERE (m.work_id IS NULL) <> EXISTS (SELECT 1 FROM mention_agent a WHERE a.mention_id = m.mention_id);

-- name: check_search_things
-- All that has a row in the index of words; quotes come with their review.
SELECT 1 AS kind, review_id AS id FROM review UNION ALL SELECT 2, agent_id FROM agent UNION ALL SELECT 3, work_id FROM work;

-- name: check_search_words
-- Every place of every word in the index.
SELECT term, doc, CASE col
  WHEN 'text_nl' THEN 0 WHEN 'text_en' THEN 1 WHEN 'text_de' THEN 2 WHEN 'text_other' THEN 3
  WHEN 'title_nl' THEN 4 WHEN 'title_en' THEN 5 WHEN 'title_de' THEN 6 WHEN 'title_other' THEN 7 ELSE 8 END AS col,
  "offset" AS place
FROM search_instance;

-- name: check_search_rows
SELECT count(*) AS total FROM search_docsize;

-- name: check_search_due
SELECT count(*) AS total FROM search_due;

-- name: check_suggestions
SELECT key, inner, kind, id, position FROM suggestion;
