-- SPDX-License-Identifier: MIT
-- Mentions: spans that name agents or a work.

-- name: mention_by_id
SELECT m.review_id, m.start_codepoint, m.end_codepoint, m.start_byte, m.end_byte, r.slug AS review_slug, r.text_bytes,
  w.work_id, w.slug AS work_slug, w.title AS work_title
FROM mention m JOIN review r ON r.review_id = m.review_id LEFT JOIN work w ON w.work_id = m.work_id
WHERE m.mention_id = :mention_id;

-- name: mention_count_by_review
SELECT count(*) AS total FROM mention WHERE mention_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: mention_agents
SELECT a.agent_id, a.slug, a.kind, a.name FROM mention_agent ma JOIN agent a ON a.agent_id = ma.agent_id
WHERE ma.mention_id = :mention_id ORDER BY ma.position;

-- name: mentions_insert
INSERT OR FAIL INTO mention (mention_id, review_id, work_id, start_codepoint, end_codepoint, start_byte, end_byte)
SELECT n0, n1, nullif(n2, 0), n3, n4, n5, n6 FROM row WHERE source = :source;

-- name: mention_agents_insert
INSERT OR FAIL INTO mention_agent (mention_id, position, agent_id) SELECT n0, n1, n2 FROM row WHERE source = :source;

-- name: mention_agents_delete
DELETE FROM mention_agent WHERE mention_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: mentions_delete
DELETE FROM mention WHERE mention_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;
