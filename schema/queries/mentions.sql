-- SPDX-License-Identifier: MIT
-- Mentions: spans that name agents or a work.

-- name: mention_by_id
SELECT m.span, m.agents, r.review_id, r.slug AS review_slug, r.text_bytes,
  w.work_id, w.slug AS work_slug, w.title AS work_title
FROM mention m JOIN review r ON r.review_id = m.mention_id >> 20 LEFT JOIN work w ON w.work_id = m.work_id
WHERE m.mention_id = :mention_id;

-- name: mention_count_by_review
SELECT count(*) AS total FROM mention WHERE mention_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: mentions_insert
INSERT OR FAIL INTO mention (mention_id, work_id, span, agents)
SELECT n0, n1, t0, t1 FROM row WHERE source = :source;

-- name: mention_agents_insert
INSERT OR FAIL INTO mention_agent (agent_id, mention_id) SELECT n0, n1 FROM row WHERE source = :source;

-- name: mention_agents_delete
-- Before the agents of the review go.
DELETE FROM mention_agent WHERE agent_id IN (SELECT agent_id FROM review_agent WHERE review_id = :review_id)
  AND mention_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;

-- name: mentions_delete
DELETE FROM mention WHERE mention_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575;
