-- SPDX-License-Identifier: MIT
-- Agents: characters, people and organisations, and what they are called.

-- name: agent_get
SELECT agent_id, slug, kind, name, description, same_as FROM agent WHERE slug = :slug;

-- name: agent_by_id
SELECT agent_id, slug, kind, name, description, same_as FROM agent WHERE agent_id = :agent_id;

-- name: agent_ref
SELECT slug, kind, name FROM agent WHERE agent_id = :agent_id;

-- name: agent_by_key
-- Every agent that is called so, the same agent once.
SELECT DISTINCT a.agent_id, a.slug, a.kind, a.name, a.description, a.same_as
FROM agent_name n JOIN agent a ON a.agent_id = n.agent_id
WHERE n.key = :key
ORDER BY n.agent_id
LIMIT 200;

-- name: agent_names
SELECT position, name FROM agent_name WHERE agent_id = :agent_id ORDER BY position;

-- name: agent_near_after
SELECT slug FROM agent WHERE slug >= :slug AND kind = :kind ORDER BY slug LIMIT 200;

-- name: agent_near_before
SELECT slug FROM agent WHERE slug < :slug AND kind = :kind ORDER BY slug DESC LIMIT 200;

-- name: agent_insert
INSERT INTO agent (slug, kind, name, name_key, description, same_as, revision)
VALUES (:slug, :kind, :name, name_key(:name), :description, :same_as, :revision);

-- name: agent_update
UPDATE agent SET kind = :kind, name = :name, name_key = name_key(:name), description = :description, same_as = :same_as, revision = :revision
WHERE agent_id = :agent_id;

-- name: agent_names_rekey
-- The way in which keys are made may have changed since.
UPDATE OR FAIL agent_name SET key = name_key(name) WHERE key <> name_key(name);

-- name: agent_names_insert
INSERT OR FAIL INTO agent_name (agent_id, position, name, key) SELECT n0, n1, t0, name_key(t0) FROM row WHERE source = :source;

-- name: agent_rename
UPDATE OR FAIL agent_name SET name = :name, key = name_key(:name) WHERE agent_id = :agent_id AND position = 0;

-- name: agent_aliases_delete
DELETE FROM agent_name WHERE agent_id = :agent_id AND position > 0;
