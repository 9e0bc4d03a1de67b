-- SPDX-License-Identifier: MIT
-- Quotes, their spans and their agents.

-- name: quote_get
-- By the review and the id inside its bundle.
SELECT quote_id FROM quote WHERE review_id = :review_id AND local_slug = :local_slug;

-- name: quote_by_id
SELECT q.quote_id, q.review_id, q.local_slug, q.form, q.attribution, q.spoiler,
  r.slug AS review_slug, r.revision AS review_revision, r.language, r.text_sha256, r.text_bytes,
  w.work_id, w.slug AS work_slug, w.title AS work_title
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

-- name: review_traits_insert
-- Of the quotes that are there.
INSERT INTO review_trait (review_id, form, attribution, spoiler, quotes)
SELECT review_id, form, attribution, spoiler, count(*) FROM quote
WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575 GROUP BY review_id, form, attribution, spoiler;

-- name: review_traits_delete
DELETE FROM review_trait WHERE review_id = :review_id;

-- name: quotes_delete
DELETE FROM quote WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: quote_count_by_review
SELECT count(*) AS total FROM quote WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: quote_cell
-- Those of one cell of a random order (db/shuffle.h).
SELECT quote_id FROM quote INDEXED BY quote_shuffle WHERE shuffle_key BETWEEN :low AND :high;
