-- SPDX-License-Identifier: MIT
-- What deleting a review has to look for.

-- SQLite asks whether anything still refers to a review that goes; without this it would walk through all mentions.
CREATE INDEX mention_review ON mention (review_id);
