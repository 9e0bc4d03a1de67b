-- SPDX-License-Identifier: MIT
-- The store as a whole: transactions, the one row of counts, the log of changes.

-- name: begin_read
BEGIN DEFERRED;

-- name: begin_write
BEGIN IMMEDIATE;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: savepoint_begin
SAVEPOINT bundle;

-- name: savepoint_release
RELEASE bundle;

-- name: savepoint_rollback
ROLLBACK TO bundle;

-- name: store_create
INSERT INTO store (only_row, uuid, revision, reviews, works, characters, people, organisations, quotes, mentions)
VALUES (1, lower(hex(randomblob(16))), 0, 0, 0, 0, 0, 0, 0, 0);

-- name: store_get
SELECT uuid, revision, reviews, works, characters, people, organisations, quotes, mentions FROM store WHERE only_row = 1;

-- name: store_update
UPDATE store SET revision = :revision, reviews = :reviews, works = :works, characters = :characters, people = :people,
  organisations = :organisations, quotes = :quotes, mentions = :mentions
WHERE only_row = 1;

-- name: trial_write
UPDATE trial SET count = count + 1 WHERE only_row = 1;

-- name: change_put
INSERT INTO change (noun, slug, revision, deleted, at)
VALUES (:noun, :slug, :revision, :deleted, :at)
ON CONFLICT (noun, slug) DO UPDATE SET revision = excluded.revision, deleted = excluded.deleted, at = excluded.at;

-- name: change_is_deleted
SELECT deleted FROM change WHERE noun = :noun AND slug = :slug;

-- name: change_get
SELECT revision, deleted FROM change WHERE noun = :noun AND slug = :slug;

-- name: change_get_around_review
-- The last change of anything that the bundle of a review tells of.
WITH
  of_review (review_id, work_id) AS (SELECT review_id, work_id FROM review WHERE slug = :slug),
  works (work_id) AS (
    SELECT work_id FROM of_review WHERE work_id IS NOT NULL
    UNION
    SELECT f.work_id FROM of_review r CROSS JOIN review_further_work f ON f.review_id = r.review_id),
  agents (agent_id) AS (
    SELECT a.agent_id FROM of_review r CROSS JOIN review_agent a ON a.review_id = r.review_id
    UNION
    SELECT c.agent_id FROM works w CROSS JOIN work_contributor c ON c.work_id = w.work_id
    UNION
    SELECT c.character_id FROM works w CROSS JOIN work_contributor c ON c.work_id = w.work_id
    WHERE c.character_id IS NOT NULL)
SELECT max(
  coalesce((SELECT max(c.revision) FROM works CROSS JOIN work w ON w.work_id = works.work_id
    CROSS JOIN change c ON c.noun = 2 AND c.slug = w.slug), 0),
  coalesce((SELECT max(c.revision) FROM agents CROSS JOIN agent a ON a.agent_id = agents.agent_id
    CROSS JOIN change c ON c.noun = 1 AND c.slug = a.slug), 0)) AS revision;

-- name: change_list
-- An agent may have become one of another kind since; the kind is the one it has now.
SELECT c.revision, c.noun, c.slug, c.deleted, c.at, ifnull(a.kind, 0) AS kind
FROM change c LEFT JOIN agent a ON c.noun = 1 AND a.slug = c.slug
WHERE (c.revision, c.noun, c.slug) > (:after_revision, :after_noun, :after_slug)
ORDER BY c.revision, c.noun, c.slug LIMIT :limit;

-- name: change_count
SELECT count(*) AS total FROM change WHERE revision > :since;
