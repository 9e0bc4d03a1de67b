-- SPDX-License-Identifier: MIT
-- The index of words, and what begins as people type.
--
-- The index stores no text: quotes are slices of a review's text, and the rest
-- stands in its own table. It is brought up to date at the end of the transaction
-- that changes something (db/search_index.c), never by triggers.

-- rowid: what is indexed (db/fts.h). A quote is its quote_id; a review is the last number that a quote of it could
-- have, so that it stands behind its quotes; agents and works have bit 60 or 61 set, and their id below.
-- Columns: the words of a text, and those of a title or name, by their language, which decides over the forms that
-- a word finds. A quote has its spans, joined by ` … `; an agent its name as the title and its aliases, one a line,
-- as the text, both of no language.
CREATE VIRTUAL TABLE search USING fts5 (
  text_nl,     -- text in Dutch
  text_en,     -- text in English
  text_de,     -- text in German
  text_other,  -- text in another language or none
  title_nl,    -- title in Dutch
  title_en,    -- title in English
  title_de,    -- title in German
  title_other, -- title in another language or none, or a name
  labels,      -- of a quote: its agents, work, form and attribution, to search such quotes alone; of a review: that it is one
  content = '',
  tokenize = 'reviewd'
);

-- How many bytes of the index are gathered before they are written; it is what makes an import fast.
INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);

-- Every place of every word in the index: term, doc, col, offset. A view of the index for `reviewd check`.
CREATE VIRTUAL TABLE search_instance USING fts5vocab (search, instance);

-- What changed in this transaction and is not in the index yet; empty whenever it has been committed.
CREATE TABLE search_due (
  kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3), -- 1 review with its quotes, 2 agent, 3 work
  id INTEGER NOT NULL, -- review_id, agent_id or work_id
  PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;

-- The words that occur in texts and titles of a language, by their stem, which itself is left out. A word stays when
-- its last text goes.
CREATE TABLE word_form (
  language INTEGER NOT NULL CHECK (language BETWEEN 0 AND 2), -- 0 Dutch, 1 English, 2 German
  stem TEXT NOT NULL, -- what all forms of the word have in common
  word TEXT NOT NULL, -- folded (db/text/fold.h)
  PRIMARY KEY (language, stem, word)
) STRICT, WITHOUT ROWID;

-- Names, aliases and titles, by key, from their first word on and from each of the next few.
CREATE TABLE suggestion (
  inner INTEGER NOT NULL CHECK (inner IN (0, 1)), -- 0 from the first word on, 1 from a later one
  key TEXT NOT NULL,  -- key of the name or title (db/text/key.h) from that word on
  kind INTEGER NOT NULL CHECK (kind IN (2, 3)), -- 2 agent, 3 work
  id INTEGER NOT NULL, -- agent_id or work_id
  position INTEGER NOT NULL, -- agent_name.position; 0 for a title
  PRIMARY KEY (inner, key, kind, id, position)
) STRICT, WITHOUT ROWID;

INSERT INTO search_due SELECT 1, review_id FROM review;
INSERT INTO search_due SELECT 2, agent_id FROM agent;
INSERT INTO search_due SELECT 3, work_id FROM work;
