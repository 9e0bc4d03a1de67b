-- SPDX-License-Identifier: MIT
-- Quotes and their agents.

-- name: quote_get
-- By the review and the id inside its bundle.
SELECT quote_id FROM quote WHERE review_id = :review_id AND local_slug = :local_slug;

-- name: quote_rows
-- The quotes whose numbers stand in the rows :source, in their order, each once for each agent, or without one: a page of a
-- list takes one statement, however many quotes are on it. CROSS JOIN keeps the order of the loops, and the primary key
-- gives the agents in theirs; most quotes have but a speaker, whom their own row names. Reviews, works and agents are
-- mostly those of the quote before, and are read apart.
SELECT i.rowid AS place, q.local_slug, q.form, q.attribution, q.spoiler, q.work_id, q.spans,
  ifnull(q.speaker_id, a.agent_id) AS agent_id, ifnull(a.role, 0) AS role
FROM row i CROSS JOIN quote q ON q.quote_id = i.n0
LEFT JOIN quote_agent a ON a.quote_id = iif(q.speaker_id IS NULL, q.quote_id, NULL)
WHERE i.source = :source;

-- name: quote_review
SELECT slug, revision, language, text_sha256, text_bytes FROM review WHERE review_id = :review_id;

-- name: quote_work
SELECT slug, title FROM work WHERE work_id = :work_id;

-- name: quote_near_after
SELECT local_slug FROM quote WHERE local_slug >= :slug AND review_id = :review_id ORDER BY local_slug LIMIT 200;

-- name: quote_near_before
SELECT local_slug FROM quote WHERE local_slug < :slug AND review_id = :review_id ORDER BY local_slug DESC LIMIT 200;

-- name: quotes_insert
INSERT OR FAIL INTO quote
  (quote_id, review_id, local_slug, form, attribution, work_id, spoiler, codepoints, shuffle_key, speaker_id, spans)
SELECT n0, n1, t0, n2, n3, n4, n5, n6, n7, n8, t1 FROM row WHERE source = :source;

-- name: quote_lengths_insert
INSERT OR FAIL INTO quote_length (codepoints, quote_id) SELECT n0, n1 FROM row WHERE source = :source;

-- name: quote_lengths_delete
-- Before the quotes go.
DELETE FROM quote_length WHERE (codepoints, quote_id) IN (SELECT codepoints, quote_id FROM quote
  WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575);

-- name: quote_agents_insert
INSERT OR FAIL INTO quote_agent (quote_id, role, position, agent_id) SELECT n0, n1, n2, n3 FROM row WHERE source = :source;

-- name: quote_agents_delete
DELETE FROM quote_agent WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: agent_role_add
UPDATE OR FAIL agent_role SET quotes = quotes + :quotes WHERE agent_id = :agent_id AND role = :role;

-- name: agent_roles_insert
INSERT OR FAIL INTO agent_role (agent_id, role, quotes) SELECT n0, n1, n2 FROM row WHERE source = :source;

-- name: agent_roles_take
-- Before the agents of the review's quotes go.
UPDATE OR FAIL agent_role SET quotes = agent_role.quotes - taken.quotes
FROM (SELECT agent_id, role, count(*) AS quotes FROM quote_agent
  WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575 GROUP BY agent_id, role) taken
WHERE agent_role.agent_id = taken.agent_id AND agent_role.role = taken.role;

-- name: review_traits_insert
INSERT OR FAIL INTO review_trait (review_id, form, attribution, spoiler, quotes)
SELECT n0, n1, n2, n3, n4 FROM row WHERE source = :source;

-- name: review_traits_delete
DELETE FROM review_trait WHERE review_id = :review_id;

-- name: quotes_delete
DELETE FROM quote WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: quote_count_by_review
SELECT count(*) AS total FROM quote WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: review_place_put
-- Behind all others, unless the review has places enough. One that grows is given twice as many, so that growing quote by
-- quote leaves few gaps.
INSERT INTO review_place (first, review_id, places)
VALUES (ifnull((SELECT first + places FROM review_place WHERE first >= 0 ORDER BY first DESC LIMIT 1), 0), :review_id, :quotes)
ON CONFLICT (review_id) DO UPDATE SET first = excluded.first, places = 2 * excluded.places
WHERE places < excluded.places;

-- name: review_place_delete
DELETE FROM review_place WHERE review_id = :review_id;

-- name: quote_places
SELECT ifnull((SELECT first + places FROM review_place WHERE first >= 0 ORDER BY first DESC LIMIT 1), 0) AS places;

-- name: quote_at_place
-- None where a review has more places than quotes, or is gone.
SELECT q.quote_id FROM (SELECT first, review_id, places FROM review_place WHERE first <= :place ORDER BY first DESC LIMIT 1) p
CROSS JOIN quote q ON q.quote_id = (p.review_id << 20) + :place - p.first
WHERE :place - p.first < p.places;
