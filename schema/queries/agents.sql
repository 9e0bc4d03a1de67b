-- SPDX-License-Identifier: MIT
-- Agents: characters, people and organisations, and what they are called.

-- name: agent_get
SELECT agent_id, slug, kind, name, description, same_as FROM agent WHERE slug = :slug;

-- name: agent_by_key
-- Every agent that is called so, the same agent once.
SELECT DISTINCT a.agent_id, a.slug, a.kind, a.name, a.description, a.same_as
FROM agent_name n JOIN agent a ON a.agent_id = n.agent_id
WHERE n.key = :key
ORDER BY n.agent_id
LIMIT 200;

-- name: agent_names
SELECT position, name FROM agent_name WHERE agent_id = :agent_id ORDER BY position;

-- name: agent_list
SELECT agent_id, slug, kind, name, description, same_as FROM agent
WHERE kind = :kind AND slug > :after ORDER BY slug LIMIT :limit;

-- name: agent_list_by_review
-- In the order of the bundle.
SELECT ra.position, a.agent_id, a.slug, a.kind, a.name, a.description, a.same_as
FROM review_agent ra CROSS JOIN agent a ON a.agent_id = ra.agent_id
WHERE ra.review_id = :review_id AND ra.position > :after AND a.kind = :kind
ORDER BY ra.position LIMIT :limit;

-- name: agent_count_by_review
SELECT count(*) AS total FROM review_agent ra CROSS JOIN agent a ON a.agent_id = ra.agent_id
WHERE ra.review_id = :review_id AND a.kind = :kind;

-- name: agent_list_by_work
-- Whoever stands in a review of the work.
SELECT DISTINCT a.agent_id, a.slug, a.kind, a.name, a.description, a.same_as
FROM review r CROSS JOIN review_agent ra ON ra.review_id = r.review_id CROSS JOIN agent a ON a.agent_id = ra.agent_id
WHERE r.work_id = :work_id AND a.kind = :kind AND a.slug > :after
ORDER BY a.slug LIMIT :limit;

-- name: agent_count_by_work
SELECT count(DISTINCT a.agent_id) AS total
FROM review r CROSS JOIN review_agent ra ON ra.review_id = r.review_id CROSS JOIN agent a ON a.agent_id = ra.agent_id
WHERE r.work_id = :work_id AND a.kind = :kind;

-- name: agent_near_after
SELECT slug FROM agent WHERE slug >= :slug ORDER BY slug LIMIT :limit;

-- name: agent_near_before
SELECT slug FROM agent WHERE slug < :slug ORDER BY slug DESC LIMIT :limit;

-- name: agent_insert
INSERT INTO agent (slug, kind, name, name_key, description, same_as, revision)
VALUES (:slug, :kind, :name, name_key(:name), :description, :same_as, :revision)
RETURNING agent_id;

-- name: agent_update
UPDATE agent SET kind = :kind, name = :name, name_key = name_key(:name), description = :description, same_as = :same_as, revision = :revision
WHERE agent_id = :agent_id;

-- name: agent_name_put
INSERT INTO agent_name (agent_id, position, name, key) VALUES (:agent_id, :position, :name, :key)
ON CONFLICT (agent_id, position) DO UPDATE SET name = excluded.name, key = excluded.key;
