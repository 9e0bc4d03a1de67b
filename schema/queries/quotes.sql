-- SPDX-License-Identifier: MIT
-- Quotes, their spans and their agents.

-- name: quote_get
-- By the review and the id inside its bundle.
SELECT quote_id FROM quote WHERE review_id = :review_id AND local_slug = :local_slug;

-- The next three read the quotes whose numbers stand in the JSON array :quote_ids, in its order: a page of a list takes
-- three statements, however many quotes are on it. CROSS JOIN keeps the order of the loops, and the primary keys give
-- spans and agents in theirs.

-- name: quote_rows
SELECT i.key AS place, q.quote_id, q.review_id, q.local_slug, q.form, q.attribution, q.spoiler,
  r.slug AS review_slug, r.revision AS review_revision, r.language, r.text_sha256, r.text_bytes,
  w.slug AS work_slug, w.title AS work_title
FROM json_each(:quote_ids) i CROSS JOIN quote q ON q.quote_id = i.value CROSS JOIN review r ON r.review_id = q.review_id
LEFT JOIN work w ON w.work_id = q.work_id;

-- name: quote_spans
SELECT i.key AS place, s.start_codepoint, s.end_codepoint, s.start_byte, s.end_byte
FROM json_each(:quote_ids) i CROSS JOIN quote_span s ON s.quote_id = i.value;

-- name: quote_agents
SELECT i.key AS place, qa.role, a.agent_id, a.slug, a.kind, a.name
FROM json_each(:quote_ids) i CROSS JOIN quote_agent qa ON qa.quote_id = i.value CROSS JOIN agent a ON a.agent_id = qa.agent_id;

-- name: quote_near_after
SELECT local_slug FROM quote WHERE local_slug >= :slug AND review_id = :review_id ORDER BY local_slug LIMIT 200;

-- name: quote_near_before
SELECT local_slug FROM quote WHERE local_slug < :slug AND review_id = :review_id ORDER BY local_slug DESC LIMIT 200;

-- name: quotes_insert
INSERT INTO quote (quote_id, review_id, local_slug, form, attribution, work_id, spoiler)
SELECT n0, n1, text, n2, n3, nullif(n4, 0), n5 FROM row WHERE source = :source;

-- name: quote_spans_insert
INSERT INTO quote_span (quote_id, position, start_codepoint, end_codepoint, start_byte, end_byte)
SELECT n0, n1, n2, n3, n4, n5 FROM row WHERE source = :source;

-- name: quote_agents_insert
INSERT INTO quote_agent (quote_id, role, position, agent_id) SELECT n0, n1, n2, n3 FROM row WHERE source = :source;

-- name: quote_spans_delete
DELETE FROM quote_span WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: quote_agents_delete
DELETE FROM quote_agent WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: quotes_delete
DELETE FROM quote WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: quote_count_by_review
SELECT count(*) AS total FROM quote WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- The list of quotes is put together from the fragments below (db/quote_list.c):
-- a head, one source that gives the order, what the source is bound to, and any
-- number of filters. A list with several values runs once for each, so that each
-- run follows an index and needs no sorting; a count takes all values at once.

-- fragment: quote_head_list
-- Of the source, so that its index is known to give the order.
SELECT quote_id

-- fragment: quote_head_count
SELECT count(*)

-- fragment: quote_head_count_distinct
SELECT count(DISTINCT q.quote_id)

-- fragment: quote_head_words
SELECT t.rowid

-- fragment: quote_from_all
FROM quote q JOIN review r ON r.review_id = q.review_id
WHERE q.quote_id > :after

-- fragment: quote_from_words
-- The rows of the index that are of quotes have their numbers; other rows have none that a quote has.
FROM search t CROSS JOIN quote q ON q.quote_id = t.rowid CROSS JOIN review r ON r.review_id = q.review_id
WHERE t.rowid >= :first AND t.rowid < :until

-- fragment: quote_from_words_alone
-- Where nothing else is asked of the quotes; among them stand the rows of their reviews.
FROM search t WHERE t.rowid >= :first AND t.rowid < :until AND t.rowid & 1048575 <> 1048575

-- fragment: quote_from_speaker
FROM quote_agent s CROSS JOIN quote q USING (quote_id) CROSS JOIN review r ON r.review_id = q.review_id
WHERE s.quote_id > :after AND s.role = 0

-- fragment: quote_from_addressee
FROM quote_agent s CROSS JOIN quote q USING (quote_id) CROSS JOIN review r ON r.review_id = q.review_id
WHERE s.quote_id > :after AND s.role = 1

-- fragment: quote_from_about
FROM quote_agent s CROSS JOIN quote q USING (quote_id) CROSS JOIN review r ON r.review_id = q.review_id
WHERE s.quote_id > :after AND s.role = 2

-- fragment: quote_from_work
FROM quote q INDEXED BY quote_work CROSS JOIN review r ON r.review_id = q.review_id
WHERE q.quote_id > :after

-- fragment: quote_is_words
AND t.search MATCH :match

-- fragment: quote_is_agent
AND s.agent_id = :value

-- fragment: quote_in_agents
AND s.agent_id IN (SELECT value FROM json_each(:values))

-- fragment: quote_is_work
AND q.work_id = :value

-- fragment: quote_in_works
AND q.work_id IN (SELECT value FROM json_each(:values))

-- fragment: quote_is_review
AND q.quote_id >= :value << 20 AND q.quote_id < (:value + 1) << 20

-- fragment: quote_in_reviews
AND q.review_id IN (SELECT value FROM json_each(:values))

-- fragment: quote_where_review
AND q.review_id IN (SELECT value FROM json_each(:review))

-- fragment: quote_where_work
AND +q.work_id IN (SELECT value FROM json_each(:work))

-- fragment: quote_where_speaker
AND EXISTS (SELECT 1 FROM quote_agent a WHERE a.quote_id = q.quote_id AND a.role = 0
  AND a.agent_id IN (SELECT value FROM json_each(:speaker)))

-- fragment: quote_where_character
AND EXISTS (SELECT 1 FROM quote_agent a WHERE a.quote_id = q.quote_id AND a.role = 0
  AND a.agent_id IN (SELECT value FROM json_each(:character)))

-- fragment: quote_where_person
AND EXISTS (SELECT 1 FROM quote_agent a WHERE a.quote_id = q.quote_id AND a.role = 0
  AND a.agent_id IN (SELECT value FROM json_each(:person)))

-- fragment: quote_where_addressee
AND EXISTS (SELECT 1 FROM quote_agent a WHERE a.quote_id = q.quote_id AND a.role = 1
  AND a.agent_id IN (SELECT value FROM json_each(:addressee)))

-- fragment: quote_where_about
AND EXISTS (SELECT 1 FROM quote_agent a WHERE a.quote_id = q.quote_id AND a.role = 2
  AND a.agent_id IN (SELECT value FROM json_each(:about)))

-- fragment: quote_where_form
AND q.form IN (SELECT value FROM json_each(:form))

-- fragment: quote_where_attribution
AND q.attribution IN (SELECT value FROM json_each(:attribution))

-- fragment: quote_where_language
-- Basic filtering of RFC 4647, section 3.3.1: nl takes nl-BE as well.
AND EXISTS (SELECT 1 FROM json_each(:language) l
  WHERE r.language = l.value OR substr(r.language, 1, length(l.value) + 1) = l.value || '-')

-- fragment: quote_list_order
ORDER BY 1 LIMIT :limit

-- fragment: quote_list_order_words
-- As FTS5 gives them.
ORDER BY t.rowid
