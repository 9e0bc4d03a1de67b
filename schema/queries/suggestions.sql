-- SPDX-License-Identifier: MIT
-- What names, aliases and titles begin with.

-- name: suggestion_put
INSERT INTO suggestion (inner, key, kind, id, position) VALUES (:inner, :key, :kind, :id, :position);

-- name: suggestion_delete
DELETE FROM suggestion WHERE inner = :inner AND key = :key AND kind = :kind AND id = :id AND position = :position;

-- name: suggestion_list
-- Each agent and work once, by the best of its names: those that begin so before those in which a later word does,
-- and then in the order of the keys. (With min() the other columns are of the row that has the minimum.)
SELECT kind, id, position, min(inner || key) AS place FROM suggestion
WHERE inner IN (0, 1) AND key >= :from AND key < :until
GROUP BY kind, id HAVING (place, kind, id) > (:after_place, :after_kind, :after_id)
ORDER BY place, kind, id LIMIT :limit;

-- name: suggestion_count
SELECT count(*) AS total FROM (
  SELECT 1 FROM suggestion WHERE inner IN (0, 1) AND key >= :from AND key < :until GROUP BY kind, id);

-- name: suggestion_agent
SELECT a.slug, a.kind, a.name, n.name AS matched FROM agent a
JOIN agent_name n ON n.agent_id = a.agent_id AND n.position = :position
WHERE a.agent_id = :agent_id;

-- name: suggestion_work
SELECT slug, title FROM work WHERE work_id = :work_id;
