-- SPDX-License-Identifier: MIT
-- Tokens for writing, and what was done with an Idempotency-Key.

-- name: token_add
-- No row: there is one of this name.
INSERT INTO token (name, sha256, added_at) VALUES (:name, :sha256, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
ON CONFLICT (name) DO NOTHING RETURNING name;

-- name: token_revoke
DELETE FROM token WHERE name = :name RETURNING name;

-- name: token_list
SELECT name, added_at FROM token ORDER BY name;

-- name: token_exists
SELECT EXISTS (SELECT 1 FROM token) AS found;

-- name: token_hashes
SELECT name, sha256 FROM token;

-- name: repeatable_get
-- One that is older than a day counts for none.
SELECT request_sha256, review_slug, store_revision, answer FROM repeatable
WHERE token = :token AND key = :key AND at >= CAST(strftime('%s', 'now') AS INTEGER) - 86400;

-- name: repeatable_put
INSERT INTO repeatable (token, key, request_sha256, review_slug, store_revision, answer, at)
VALUES (:token, :key, :request_sha256, :review_slug, :store_revision, :answer, CAST(strftime('%s', 'now') AS INTEGER));

-- name: repeatable_forget
-- What is older than a day.
DELETE FROM repeatable WHERE at < CAST(strftime('%s', 'now') AS INTEGER) - 86400;
