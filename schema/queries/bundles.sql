-- SPDX-License-Identifier: MIT
-- A review with all that belongs to it, in the order of its bundle.

-- name: bundle_next
SELECT slug FROM review WHERE slug > :after ORDER BY slug LIMIT 1;

-- name: bundle_agents
SELECT a.agent_id, a.slug FROM review_agent ra CROSS JOIN agent a ON a.agent_id = ra.agent_id
WHERE ra.review_id = :review_id ORDER BY ra.position;

-- name: bundle_further_works
SELECT w.work_id, w.slug FROM review_further_work f CROSS JOIN work w ON w.work_id = f.work_id
WHERE f.review_id = :review_id ORDER BY f.position;

-- name: bundle_quotes
SELECT quote_id, local_slug, form, attribution, work_id, spoiler, codepoints, spans FROM quote
WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575 ORDER BY quote_id;

-- name: bundle_quote_agents
SELECT quote_id, role, agent_id FROM quote_agent
WHERE quote_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575 ORDER BY quote_id, role, position;

-- name: bundle_mentions
SELECT mention_id, work_id, span, agents FROM mention
WHERE mention_id BETWEEN :review_id << 20 AND (:review_id << 20) + 1048575 ORDER BY mention_id;
