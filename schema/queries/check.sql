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

-- name: check_agent_keys
SELECT slug FROM agent WHERE name_key <> name_key(name);

-- name: check_work_keys
SELECT slug FROM work WHERE title_key IS NOT name_key(title);

-- name: check_review_keys
SELECT slug FROM review WHERE title_key IS NOT name_key(title) OR reviewer_key IS NOT name_key(reviewer);

-- name: check_review_quotes
SELECT slug FROM review r WHERE quotes <> (SELECT count(*) FROM quote q
  WHERE q.quote_id BETWEEN r.review_id << 20 AND (r.review_id << 20) + 1048575);

-- name: check_review_traits
SELECT r.slug FROM review r WHERE r.review_id IN (
  SELECT review_id FROM (
    SELECT review_id, form, attribution, spoiler, count(*) AS quotes FROM quote
    GROUP BY review_id, form, attribution, spoiler
    EXCEPT SELECT review_id, form, attribution, spoiler, quotes FROM review_trait)
  UNION ALL
  SELECT review_id FROM (
    SELECT review_id, form, attribution, spoiler, quotes FROM review_trait
    EXCEPT SELECT review_id, form, attribution, spoiler, count(*) FROM quote
    GROUP BY review_id, form, attribution, spoiler));

-- name: check_quote_keys
SELECT r.slug || '~' || q.local_slug AS slug FROM quote q JOIN review r ON r.review_id = q.review_id
WHERE q.shuffle_key <> shuffle_key(r.slug, q.local_slug);

-- name: check_quote_lengths
-- A gap between two spans is three code points.
SELECT r.slug || '~' || q.local_slug AS slug FROM quote q JOIN review r ON r.review_id = q.review_id
WHERE q.codepoints <> (SELECT sum(s.end_codepoint - s.start_codepoint) + 3 * (count(*) - 1)
  FROM quote_span s WHERE s.quote_id = q.quote_id);
