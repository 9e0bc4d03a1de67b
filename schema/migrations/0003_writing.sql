-- SPDX-License-Identifier: MIT
-- What writing over HTTP needs besides the data itself.

CREATE TABLE token (
  name TEXT PRIMARY KEY CHECK (name <> ''),            -- whose, for people
  sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64), -- of the token, lower-case hex; the token itself is nowhere
  added_at TEXT NOT NULL                               -- when, RFC 3339, UTC
) STRICT, WITHOUT ROWID;

-- What a POST with an Idempotency-Key did, so that the same one again does nothing more and is answered alike.
CREATE TABLE repeatable (
  token TEXT NOT NULL,           -- name of the token it came with: others may use the same key
  key TEXT NOT NULL,             -- as given
  request_sha256 TEXT NOT NULL CHECK (length(request_sha256) = 64), -- of method, path and body
  review_slug TEXT NOT NULL,     -- the review it made
  store_revision INTEGER NOT NULL, -- the store's revision after it
  answer TEXT NOT NULL,          -- the body of the answer
  at INTEGER NOT NULL,           -- when, seconds since 1970; forgotten after a day
  PRIMARY KEY (token, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX repeatable_at ON repeatable (at);

-- Written to when nothing else is to be, to find out whether the disk takes it again.
CREATE TABLE trial (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1), -- there is one row
  count INTEGER NOT NULL                             -- trials so far
) STRICT;

INSERT INTO trial (only_row, count) VALUES (1, 0);
