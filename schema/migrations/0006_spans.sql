-- SPDX-License-Identifier: MIT
-- The spans of a quote stand in its row: they are written with it, and read with it, without a table in between.

-- Its spans in the order in which they are read, not that of the text; each is four numbers: its first code point, one
-- behind its last, and the same places in bytes. One space between any two numbers.
ALTER TABLE quote ADD COLUMN spans TEXT NOT NULL DEFAULT '';

UPDATE quote SET spans = ifnull((
  SELECT group_concat(numbers, ' ') FROM (
    SELECT start_codepoint || ' ' || end_codepoint || ' ' || start_byte || ' ' || end_byte AS numbers
    FROM quote_span s WHERE s.quote_id = quote.quote_id ORDER BY s.position)), '');

DROP TABLE quote_span;
