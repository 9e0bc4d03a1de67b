-- SPDX-License-Identifier: MIT
-- Tokens for writing.

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
