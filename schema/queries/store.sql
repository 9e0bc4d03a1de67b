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

-- name: store_raise
-- Adds to the counts and raises the revision.
UPDATE store SET
  revision = :revision,
  reviews = reviews + :reviews,
  works = works + :works,
  characters = characters + :characters,
  people = people + :people,
  organisations = organisations + :organisations,
  quotes = quotes + :quotes,
  mentions = mentions + :mentions
WHERE only_row = 1;

-- name: change_put
INSERT INTO change (noun, slug, revision, deleted, at)
VALUES (:noun, :slug, :revision, :deleted, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
ON CONFLICT (noun, slug) DO UPDATE SET revision = excluded.revision, deleted = excluded.deleted, at = excluded.at;

-- name: change_is_deleted
SELECT deleted FROM change WHERE noun = :noun AND slug = :slug;
