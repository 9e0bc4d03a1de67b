-- SPDX-License-Identifier: MIT
-- Works, who made them and how they belong together.

-- name: work_get
SELECT work_id, slug, kind, title, language, published, description, same_as FROM work WHERE slug = :slug;

-- name: work_by_id
SELECT work_id, slug, kind, title, language, published, description, same_as FROM work WHERE work_id = :work_id;

-- name: work_contributors
SELECT c.role, a.agent_id, a.slug, a.kind, a.name, p.agent_id AS character_id, p.slug AS character_slug,
  p.kind AS character_kind, p.name AS character_name
FROM work_contributor c
JOIN agent a ON a.agent_id = c.agent_id
LEFT JOIN agent p ON p.agent_id = c.character_id
WHERE c.work_id = :work_id ORDER BY c.position;

-- name: work_relations
SELECT r.kind, r.to_slug, w.title FROM work_relation r LEFT JOIN work w ON w.slug = r.to_slug
WHERE r.work_id = :work_id ORDER BY r.position;

-- name: work_near_after
SELECT slug FROM work WHERE slug >= :slug ORDER BY slug LIMIT 200;

-- name: work_near_before
SELECT slug FROM work WHERE slug < :slug ORDER BY slug DESC LIMIT 200;

-- name: work_insert
INSERT INTO work (slug, kind, title, title_key, language, published, published_from, published_to, description, same_as,
  revision)
VALUES (:slug, :kind, :title, name_key(:title), :language, :published, :published_from, :published_to, :description,
  :same_as, :revision);

-- name: work_update
UPDATE work SET kind = :kind, title = :title, title_key = name_key(:title), language = :language, published = :published,
  published_from = :published_from, published_to = :published_to, description = :description, same_as = :same_as,
  revision = :revision
WHERE work_id = :work_id;

-- name: work_contributor_insert
INSERT INTO work_contributor (work_id, position, role, agent_id, character_id)
VALUES (:work_id, :position, :role, :agent_id, :character_id);

-- name: work_contributors_delete
DELETE FROM work_contributor WHERE work_id = :work_id;

-- name: work_relation_insert
INSERT INTO work_relation (work_id, position, kind, to_slug) VALUES (:work_id, :position, :kind, :to_slug);

-- name: work_relations_delete
DELETE FROM work_relation WHERE work_id = :work_id;
