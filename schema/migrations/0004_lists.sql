-- SPDX-License-Identifier: MIT
-- What lists are filtered and sorted by. name_key() and shuffle_key() are functions of this program (db/functions.h).

ALTER TABLE agent ADD COLUMN name_key TEXT NOT NULL DEFAULT ''; -- name_key(name), to sort by
ALTER TABLE work ADD COLUMN title_key TEXT;      -- name_key(title); NULL without a title
ALTER TABLE review ADD COLUMN title_key TEXT;    -- name_key(title); NULL without a title
ALTER TABLE review ADD COLUMN reviewer_key TEXT; -- name_key(reviewer); NULL unknown
ALTER TABLE review ADD COLUMN quotes INTEGER NOT NULL DEFAULT 0; -- number of its rows in quote
ALTER TABLE quote ADD COLUMN codepoints INTEGER NOT NULL DEFAULT 0; -- length of what is served as its text: the spans and the gaps between them
ALTER TABLE quote ADD COLUMN shuffle_key INTEGER NOT NULL DEFAULT 0; -- shuffle_key() of its id: its place among a few in no order

UPDATE agent SET name_key = name_key(name);
UPDATE work SET title_key = name_key(title);
UPDATE review SET title_key = name_key(title), reviewer_key = name_key(reviewer),
  quotes = (SELECT count(*) FROM quote q
    WHERE q.quote_id BETWEEN review.review_id << 20 AND (review.review_id << 20) + 1048575);
UPDATE quote SET
  shuffle_key = shuffle_key((SELECT r.slug FROM review r WHERE r.review_id = quote.review_id), local_slug),
  -- A gap is " … ", three code points.
  codepoints = (SELECT sum(s.end_codepoint - s.start_codepoint) + 3 * (count(*) - 1)
    FROM quote_span s WHERE s.quote_id = quote.quote_id);

-- How many quotes of a review are alike, so that long lists are counted by reviews, of which there are fewer.
CREATE TABLE review_trait (
  review_id INTEGER NOT NULL REFERENCES review, -- the review
  form INTEGER NOT NULL CHECK (form BETWEEN 0 AND 4), -- as in quote, like the next two
  attribution INTEGER NOT NULL CHECK (attribution BETWEEN 0 AND 3), -- how sure it is who speaks
  spoiler INTEGER NOT NULL CHECK (spoiler IN (0, 1)), -- 1: gives the plot away
  quotes INTEGER NOT NULL CHECK (quotes > 0), -- number of rows in quote
  PRIMARY KEY (review_id, form, attribution, spoiler)
) STRICT, WITHOUT ROWID;

INSERT INTO review_trait (review_id, form, attribution, spoiler, quotes)
SELECT review_id, form, attribution, spoiler, count(*) FROM quote GROUP BY review_id, form, attribution, spoiler;

-- Numbers of quotes with few gaps, so that one can be drawn: the quote at a position of its review has the number
-- first + position. A review that grows out of its numbers gets others; those of a deleted one are not given again.
CREATE TABLE review_place (
  first INTEGER PRIMARY KEY CHECK (first >= 0), -- the number of its first quote
  review_id INTEGER NOT NULL UNIQUE REFERENCES review, -- the review; one without quotes may have none
  places INTEGER NOT NULL CHECK (places > 0) -- how many numbers it has, at least as many as quotes
) STRICT;

INSERT INTO review_place (first, review_id, places)
SELECT sum(quotes) OVER (ORDER BY review_id) - quotes, review_id, quotes FROM review WHERE quotes > 0;

CREATE INDEX agent_kind_name ON agent (kind, name_key);
CREATE INDEX work_title ON work (title_key);
CREATE INDEX work_published ON work (published_from);
CREATE INDEX work_contributor_agent ON work_contributor (agent_id, work_id);
CREATE INDEX review_title ON review (title_key);
CREATE INDEX review_reviewer ON review (reviewer_key);
CREATE INDEX review_language ON review (language);
CREATE INDEX review_published ON review (published_from);
CREATE INDEX review_updated ON review (updated_at);
CREATE INDEX quote_codepoints ON quote (codepoints);
