-- SPDX-License-Identifier: MIT
-- The order of the lengths as a table, so that many quotes can go into it at once (db/quote_lengths.h), which an index of
-- quote would do one by one.

CREATE TABLE quote_length (
  codepoints INTEGER NOT NULL, -- as in quote
  quote_id INTEGER NOT NULL,   -- the quote
  PRIMARY KEY (codepoints, quote_id)
) STRICT, WITHOUT ROWID;

INSERT INTO quote_length (codepoints, quote_id) SELECT codepoints, quote_id FROM quote ORDER BY codepoints, quote_id;

DROP INDEX quote_codepoints;
