-- SPDX-License-Identifier: MIT
-- The store from the first day on: reviews and what is said about them.
--
-- Enumerations are small integers in the order of the enums of db/bundle.h.
-- Quotes and mentions carry ids made of their review's id and their position in
-- it (review_id * 1048576 + position), so that they lie together on disk, keep
-- their place in every list when a review is replaced, and are found by review
-- without an index of their own.

CREATE TABLE store (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1), -- there is one row
  uuid TEXT NOT NULL,                                -- 32 random hex digits made with the file; part of every ETag
  revision INTEGER NOT NULL CHECK (revision >= 0),   -- raised by every write that changes anything
  reviews INTEGER NOT NULL CHECK (reviews >= 0),     -- number of rows in review
  works INTEGER NOT NULL CHECK (works >= 0),         -- number of rows in work
  characters INTEGER NOT NULL CHECK (characters >= 0),       -- number of rows in agent of kind 0
  people INTEGER NOT NULL CHECK (people >= 0),               -- number of rows in agent of kind 1
  organisations INTEGER NOT NULL CHECK (organisations >= 0), -- number of rows in agent of kind 2
  quotes INTEGER NOT NULL CHECK (quotes >= 0),       -- number of rows in quote
  mentions INTEGER NOT NULL CHECK (mentions >= 0)    -- number of rows in mention
) STRICT;

CREATE TABLE agent (
  agent_id INTEGER PRIMARY KEY,              -- inside this file only, never served
  slug TEXT NOT NULL UNIQUE,                 -- the id the world uses
  kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2), -- 0 character, 1 person, 2 organisation
  name TEXT NOT NULL CHECK (name <> ''),     -- as it is shown; not unique
  description TEXT,                          -- a note for people
  same_as TEXT NOT NULL,                     -- URLs of the same agent elsewhere, one a line; empty for none
  revision INTEGER NOT NULL                  -- the store's revision that changed this row last
) STRICT;

-- Lists by kind, in the order of the ids.
CREATE UNIQUE INDEX agent_kind ON agent (kind, slug);

CREATE TABLE agent_name (
  agent_id INTEGER NOT NULL REFERENCES agent, -- whose name
  position INTEGER NOT NULL CHECK (position >= 0), -- 0 the name itself, then the aliases as they came
  name TEXT NOT NULL CHECK (name <> ''),      -- as written
  key TEXT NOT NULL,                          -- the name without case, accents and punctuation (db/text/key.h)
  PRIMARY KEY (agent_id, position)
) STRICT, WITHOUT ROWID;

-- Whoever is called that; names are shared.
CREATE INDEX agent_name_key ON agent_name (key, agent_id);

CREATE TABLE work (
  work_id INTEGER PRIMARY KEY,   -- inside this file only
  slug TEXT NOT NULL UNIQUE,     -- the id the world uses
  kind TEXT,                     -- novel, film, play …; NULL unknown
  title TEXT CHECK (title <> ''),-- NULL unknown
  language TEXT,                 -- BCP 47, canonical case; NULL unknown
  published TEXT,                -- EDTF as given; NULL unknown
  published_from INTEGER,        -- first day it may mean, days since 1970-01-01
  published_to INTEGER,          -- last day it may mean
  description TEXT,              -- a note for people
  same_as TEXT NOT NULL,         -- URLs of the same work elsewhere, one a line; empty for none
  revision INTEGER NOT NULL      -- the store's revision that changed this row or its contributors or relations last
) STRICT;

CREATE TABLE work_contributor (
  work_id INTEGER NOT NULL REFERENCES work,     -- the work
  position INTEGER NOT NULL CHECK (position >= 0), -- order as given
  role TEXT NOT NULL,                           -- author, translator, director, actor …
  agent_id INTEGER NOT NULL REFERENCES agent,   -- who
  character_id INTEGER REFERENCES agent (agent_id), -- whom an actor plays; NULL otherwise
  PRIMARY KEY (work_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE work_relation (
  work_id INTEGER NOT NULL REFERENCES work,     -- the work that is the adaptation, the translation, the part
  position INTEGER NOT NULL CHECK (position >= 0), -- order as given
  kind TEXT NOT NULL,                           -- adaptation_of, translation_of, part_of …
  to_slug TEXT NOT NULL,                        -- of that work; by its id, since it may come later or never
  PRIMARY KEY (work_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE review (
  review_id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (review_id < 1099511627776), -- inside this file only, never used again
  slug TEXT NOT NULL UNIQUE,     -- the id the world uses
  work_id INTEGER REFERENCES work, -- what is reviewed; NULL unknown
  title TEXT,                    -- NULL for none
  language TEXT,                 -- BCP 47, canonical case; NULL unknown
  reviewer TEXT,                 -- name; NULL unknown
  published TEXT,                -- EDTF as given; NULL unknown
  published_from INTEGER,        -- first day it may mean, days since 1970-01-01
  published_to INTEGER,          -- last day it may mean
  rating_value REAL,             -- NULL for no rating
  rating_best REAL,              -- highest on the scale; NULL with rating_value
  rating_worst REAL,             -- lowest on the scale; NULL with rating_value
  source TEXT,                   -- where the text comes from; NULL unknown
  licence TEXT,                  -- of the text; NULL unknown
  text_sha256 TEXT NOT NULL CHECK (length(text_sha256) = 64), -- of the text's bytes, lower-case hex
  text_bytes INTEGER NOT NULL CHECK (text_bytes > 0),         -- length of the text in bytes
  text_codepoints INTEGER NOT NULL CHECK (text_codepoints > 0), -- length of the text in code points
  digest TEXT NOT NULL,          -- SHA-256 over all the bundle says of the review; equal: nothing new
  revision INTEGER NOT NULL CHECK (revision > 0), -- of this review: 1, then one more with each change
  store_revision INTEGER NOT NULL, -- the store's revision that changed this review last
  updated_at TEXT NOT NULL       -- when that was, RFC 3339, UTC
) STRICT;

CREATE INDEX review_work ON review (work_id, slug) WHERE work_id IS NOT NULL;

-- Apart, so that lists of reviews do not step over the texts.
CREATE TABLE review_text (
  review_id INTEGER PRIMARY KEY REFERENCES review, -- whose
  text TEXT NOT NULL             -- byte for byte as it came: valid UTF-8 without NUL
) STRICT;

CREATE TABLE review_agent (
  review_id INTEGER NOT NULL REFERENCES review, -- the review
  position INTEGER NOT NULL CHECK (position >= 0), -- order of the bundle
  agent_id INTEGER NOT NULL REFERENCES agent,   -- who is in it
  PRIMARY KEY (review_id, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX review_agent_agent ON review_agent (agent_id, review_id);

CREATE TABLE review_further_work (
  review_id INTEGER NOT NULL REFERENCES review, -- the review
  position INTEGER NOT NULL CHECK (position >= 0), -- order of the bundle
  work_id INTEGER NOT NULL REFERENCES work,     -- a work it speaks of besides its own
  PRIMARY KEY (review_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE quote (
  quote_id INTEGER PRIMARY KEY CHECK (quote_id >> 20 = review_id), -- review_id * 1048576 + position in the bundle
  review_id INTEGER NOT NULL REFERENCES review, -- where it stands
  local_slug TEXT NOT NULL,      -- the id inside the bundle; the world's is <review>~<this>
  form INTEGER NOT NULL CHECK (form BETWEEN 0 AND 4), -- 0 direct, 1 indirect, 2 free-indirect, 3 reported, 4 pull
  attribution INTEGER NOT NULL CHECK (attribution BETWEEN 0 AND 3), -- 0 stated, 1 inferred, 2 disputed, 3 unknown
  work_id INTEGER REFERENCES work, -- the work it comes from; NULL unknown
  spoiler INTEGER NOT NULL CHECK (spoiler IN (0, 1)), -- 1: gives the plot away
  UNIQUE (review_id, local_slug)
) STRICT;

CREATE INDEX quote_work ON quote (work_id, quote_id) WHERE work_id IS NOT NULL;

CREATE TABLE quote_span (
  quote_id INTEGER NOT NULL REFERENCES quote,   -- the quote
  position INTEGER NOT NULL CHECK (position >= 0), -- order in which the spans are read, not that of the text
  start_codepoint INTEGER NOT NULL CHECK (start_codepoint >= 0), -- first code point
  end_codepoint INTEGER NOT NULL CHECK (end_codepoint > start_codepoint), -- one behind the last code point
  start_byte INTEGER NOT NULL CHECK (start_byte >= start_codepoint), -- the same places in bytes
  end_byte INTEGER NOT NULL CHECK (end_byte > start_byte), -- one behind the last byte
  PRIMARY KEY (quote_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE quote_agent (
  quote_id INTEGER NOT NULL REFERENCES quote,   -- the quote
  role INTEGER NOT NULL CHECK (role BETWEEN 0 AND 2), -- 0 speaks it, 1 is spoken to, 2 it is about
  position INTEGER NOT NULL CHECK (position >= 0), -- order of the bundle
  agent_id INTEGER NOT NULL REFERENCES agent,   -- who
  PRIMARY KEY (quote_id, role, position)
) STRICT, WITHOUT ROWID;

-- The main use: the quotes of an agent, in the order of the list.
CREATE UNIQUE INDEX quote_agent_agent ON quote_agent (agent_id, role, quote_id);

CREATE TABLE mention (
  mention_id INTEGER PRIMARY KEY CHECK (mention_id >> 20 = review_id), -- review_id * 1048576 + position in the bundle
  review_id INTEGER NOT NULL REFERENCES review, -- where it stands
  work_id INTEGER REFERENCES work, -- the work it names; NULL when it names agents
  start_codepoint INTEGER NOT NULL CHECK (start_codepoint >= 0), -- first code point
  end_codepoint INTEGER NOT NULL CHECK (end_codepoint > start_codepoint), -- one behind the last code point
  start_byte INTEGER NOT NULL CHECK (start_byte >= start_codepoint), -- the same places in bytes
  end_byte INTEGER NOT NULL CHECK (end_byte > start_byte) -- one behind the last byte
) STRICT;

CREATE INDEX mention_work ON mention (work_id, mention_id) WHERE work_id IS NOT NULL;

CREATE TABLE mention_agent (
  mention_id INTEGER NOT NULL REFERENCES mention, -- the mention
  position INTEGER NOT NULL CHECK (position >= 0), -- order of the bundle
  agent_id INTEGER NOT NULL REFERENCES agent,     -- who is named
  PRIMARY KEY (mention_id, position)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX mention_agent_agent ON mention_agent (agent_id, mention_id);

-- The last thing that happened to each review, agent and work; a deleted one keeps its row, so that its id stays taken.
CREATE TABLE change (
  noun INTEGER NOT NULL CHECK (noun BETWEEN 0 AND 2), -- 0 review, 1 agent, 2 work
  slug TEXT NOT NULL,            -- the id the world uses
  revision INTEGER NOT NULL,     -- the store's revision of the change
  deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)), -- 0 put, 1 deleted
  at TEXT NOT NULL,              -- when, RFC 3339, UTC
  PRIMARY KEY (noun, slug)
) STRICT, WITHOUT ROWID;

CREATE INDEX change_revision ON change (revision, noun, slug);
