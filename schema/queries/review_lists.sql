-- SPDX-License-Identifier: MIT
-- Which reviews a list has, in which order: fragments that db/review_list.c puts together; see quote_lists.sql. A bare
-- review_id is that of the source.

-- fragment: review_head_count
SELECT count(*)

-- fragment: review_head_added
SELECT review_id

-- fragment: review_head_id
SELECT review_id, r.slug

-- fragment: review_head_published
SELECT review_id, r.published_from

-- fragment: review_head_reviewer
SELECT review_id, r.reviewer_key

-- fragment: review_head_title
SELECT review_id, r.title_key

-- fragment: review_head_updated
SELECT review_id, r.updated_at

-- fragment: review_from_all
FROM review r NOT INDEXED

-- fragment: review_from_ids
FROM review r INDEXED BY sqlite_autoindex_review_1

-- fragment: review_from_published
FROM review r INDEXED BY review_published

-- fragment: review_from_reviewer
FROM review r INDEXED BY review_reviewer

-- fragment: review_from_title
FROM review r INDEXED BY review_title

-- fragment: review_from_updated
FROM review r INDEXED BY review_updated

-- fragment: review_from_work
FROM review r INDEXED BY review_work

-- fragment: review_from_agent
FROM review_agent s CROSS JOIN review r USING (review_id)

-- fragment: review_from_words
-- The row of a review in the index is the last that its quotes could have; MATCH asks for the label of reviews.
FROM (SELECT rowid >> 20 AS review_id FROM search WHERE search MATCH :match) s CROSS JOIN review r USING (review_id)

-- fragment: review_is_work
r.work_id = :value

-- fragment: review_is_agent
s.agent_id = :value

-- fragment: review_where_work
+r.work_id IN (SELECT value FROM json_each(:work))

-- fragment: review_where_agent
EXISTS (SELECT 1 FROM review_agent a WHERE a.review_id = r.review_id
  AND a.agent_id IN (SELECT value FROM json_each(:agent)))

-- fragment: review_where_character
EXISTS (SELECT 1 FROM review_agent a WHERE a.review_id = r.review_id
  AND a.agent_id IN (SELECT value FROM json_each(:character)))

-- fragment: review_where_person
EXISTS (SELECT 1 FROM review_agent a WHERE a.review_id = r.review_id
  AND a.agent_id IN (SELECT value FROM json_each(:person)))

-- fragment: review_where_codepoints
r.text_codepoints BETWEEN :min_codepoints AND :max_codepoints

-- Conditions on the review r, for lists of reviews and of what stands in them. The `+` keeps SQLite on the index of the
-- list.

-- fragment: review_where_language
+r.language IN (SELECT value FROM json_each(:language))

-- fragment: review_where_reviewer
+r.reviewer_key IN (SELECT value FROM json_each(:reviewer))

-- fragment: review_where_published
+r.published_from <= :published_to AND r.published_to >= :published_from

-- fragment: review_where_updated
+r.updated_at >= :updated_since

-- fragment: review_is_reviewer
r.reviewer_key = :reviewer_key

-- fragment: review_is_updated
r.updated_at >= :updated_since

-- The orders, up and down.

-- fragment: review_after_added
review_id > :after_id

-- fragment: review_before_added
review_id < :after_id

-- fragment: review_order_added
ORDER BY review_id LIMIT :limit

-- fragment: review_order_added_down
ORDER BY review_id DESC LIMIT :limit

-- fragment: review_after_id
r.slug > :after_text

-- fragment: review_before_id
r.slug < :after_text

-- fragment: review_order_id
ORDER BY r.slug LIMIT :limit

-- fragment: review_order_id_down
ORDER BY r.slug DESC LIMIT :limit

-- fragment: review_known_published
r.published_from IS NOT NULL

-- fragment: review_unknown_published
r.published_from IS NULL

-- fragment: review_known_reviewer
r.reviewer_key IS NOT NULL

-- fragment: review_unknown_reviewer
r.reviewer_key IS NULL

-- fragment: review_known_title
r.title_key IS NOT NULL

-- fragment: review_unknown_title
r.title_key IS NULL

-- fragment: review_after_published
(r.published_from, r.review_id) > (:after_number, :after_id)

-- fragment: review_before_published
(r.published_from, r.review_id) < (:after_number, :after_id)

-- fragment: review_order_published
ORDER BY r.published_from, r.review_id LIMIT :limit

-- fragment: review_order_published_down
ORDER BY r.published_from DESC, r.review_id DESC LIMIT :limit

-- fragment: review_after_reviewer
(r.reviewer_key, r.review_id) > (:after_text, :after_id)

-- fragment: review_before_reviewer
(r.reviewer_key, r.review_id) < (:after_text, :after_id)

-- fragment: review_order_reviewer
ORDER BY r.reviewer_key, r.review_id LIMIT :limit

-- fragment: review_order_reviewer_down
ORDER BY r.reviewer_key DESC, r.review_id DESC LIMIT :limit

-- fragment: review_after_title
(r.title_key, r.review_id) > (:after_text, :after_id)

-- fragment: review_before_title
(r.title_key, r.review_id) < (:after_text, :after_id)

-- fragment: review_order_title
ORDER BY r.title_key, r.review_id LIMIT :limit

-- fragment: review_order_title_down
ORDER BY r.title_key DESC, r.review_id DESC LIMIT :limit

-- fragment: review_after_updated
(r.updated_at, r.review_id) > (:after_text, :after_id)

-- fragment: review_before_updated
(r.updated_at, r.review_id) < (:after_text, :after_id)

-- fragment: review_order_updated
ORDER BY r.updated_at, r.review_id LIMIT :limit

-- fragment: review_order_updated_down
ORDER BY r.updated_at DESC, r.review_id DESC LIMIT :limit
