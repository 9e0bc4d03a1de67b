-- SPDX-License-Identifier: MIT
-- Quotes, their spans and their agents.

-- name: quote_get
-- By the review and the id inside its bundle.
SELECT quote_id FROM quote WHERE review_id = :review_id AND local_slug = :local_slug;

-- name: quote_by_id
SELECT q.quote_id, q.review_id, q.local_slug, q.form, q.attribution, q.spoiler,
  r.slug AS review_slug, r.revision AS review_revision, r.language, r.text_sha256, r.text_bytes,
  w.slug AS work_slug, w.title AS work_title
FROM quote q JOIN review r ON r.review_id = q.review_id LEFT JOIN work w ON w.work_id = q.work_id
WHERE q.quote_id = :quote_id;

-- name: quote_spans
SELECT start_codepoint, end_codepoint, start_byte, end_byte FROM quote_span WHERE quote_id = :quote_id ORDER BY position;

-- name: quote_agents
SELECT qa.role, a.agent_id, a.slug, a.kind, a.name FROM quote_agent qa JOIN agent a ON a.agent_id = qa.agent_id
WHERE qa.quote_id = :quote_id ORDER BY qa.role, qa.position;

-- name: quote_near
-- The ids inside one bundle, for "did you mean".
SELECT local_slug FROM quote WHERE review_id = :review_id AND local_slug >= :local_slug ORDER BY local_slug LIMIT :limit;

-- name: quote_insert
INSERT INTO quote (quote_id, review_id, local_slug, form, attribution, work_id, spoiler, codepoints, shuffle_key)
VALUES (:quote_id, :review_id, :local_slug, :form, :attribution, :work_id, :spoiler, :codepoints,
  shuffle_key(:review_slug, :local_slug));

-- name: quote_span_insert
INSERT INTO quote_span (quote_id, position, start_codepoint, end_codepoint, start_byte, end_byte)
VALUES (:quote_id, :position, :start_codepoint, :end_codepoint, :start_byte, :end_byte);

-- name: quote_agent_insert
INSERT INTO quote_agent (quote_id, role, position, agent_id) VALUES (:quote_id, :role, :position, :agent_id);

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
SELECT q.quote_id

-- fragment: quote_head_count
SELECT count(*)

-- fragment: quote_head_count_distinct
SELECT count(DISTINCT q.quote_id)

-- fragment: quote_from_all
FROM quote q JOIN review r ON r.review_id = q.review_id
WHERE q.quote_id > :after

-- fragment: quote_from_speaker
FROM quote_agent s CROSS JOIN quote q ON q.quote_id = s.quote_id CROSS JOIN review r ON r.review_id = q.review_id
WHERE s.quote_id > :after AND s.role = 0

-- fragment: quote_from_addressee
FROM quote_agent s CROSS JOIN quote q ON q.quote_id = s.quote_id CROSS JOIN review r ON r.review_id = q.review_id
WHERE s.quote_id > :after AND s.role = 1

-- fragment: quote_from_about
FROM quote_agent s CROSS JOIN quote q ON q.quote_id = s.quote_id CROSS JOIN review r ON r.review_id = q.review_id
WHERE s.quote_id > :after AND s.role = 2

-- fragment: quote_from_work
FROM quote q INDEXED BY quote_work CROSS JOIN review r ON r.review_id = q.review_id
WHERE q.quote_id > :after

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
AND q.work_id IN (SELECT value FROM json_each(:work))

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
