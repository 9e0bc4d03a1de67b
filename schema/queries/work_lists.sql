-- SPDX-License-Identifier: MIT
-- Which works a list has, in which order: fragments that db/work_list.c puts together; see quote_lists.sql.

-- fragment: work_head_count
SELECT count(*)

-- fragment: work_head_id
SELECT w.work_id, w.slug

-- fragment: work_head_published
SELECT w.work_id, w.published_from

-- fragment: work_head_title
SELECT w.work_id, w.title_key

-- fragment: work_from_ids
FROM work w INDEXED BY sqlite_autoindex_work_1

-- fragment: work_from_published
FROM work w INDEXED BY work_published

-- fragment: work_from_title
FROM work w INDEXED BY work_title

-- fragment: work_from_some
-- Conditions tell which by their numbers.
FROM work w NOT INDEXED

-- fragment: work_where_character
w.work_id IN (SELECT r.work_id FROM review_agent ra CROSS JOIN review r ON r.review_id = ra.review_id
  WHERE ra.agent_id IN (SELECT value FROM json_each(:character)))

-- fragment: work_where_person
w.work_id IN (SELECT c.work_id FROM work_contributor c
  WHERE c.agent_id IN (SELECT value FROM json_each(:person)))

-- fragment: work_where_review
w.work_id IN (
  SELECT r.work_id FROM review r WHERE r.review_id IN (SELECT value FROM json_each(:review))
  UNION ALL
  SELECT f.work_id FROM review_further_work f WHERE f.review_id IN (SELECT value FROM json_each(:review)))

-- fragment: work_where_language
-- Basic filtering of RFC 4647, section 3.3.1: nl takes nl-BE as well.
EXISTS (SELECT 1 FROM json_each(:language) l
  WHERE w.language = l.value OR substr(w.language, 1, length(l.value) + 1) = l.value || '-')

-- fragment: work_where_published
+w.published_from <= :published_to AND w.published_to >= :published_from

-- fragment: work_after_id
w.slug > :after_text

-- fragment: work_before_id
w.slug < :after_text

-- fragment: work_order_id
ORDER BY w.slug LIMIT :limit

-- fragment: work_order_id_down
ORDER BY w.slug DESC LIMIT :limit

-- fragment: work_after_number
w.work_id > :after_id

-- fragment: work_before_number
w.work_id < :after_id

-- fragment: work_order_number
ORDER BY w.work_id LIMIT :limit

-- fragment: work_order_number_down
ORDER BY w.work_id DESC LIMIT :limit

-- fragment: work_known_published
w.published_from IS NOT NULL

-- fragment: work_unknown_published
w.published_from IS NULL

-- fragment: work_after_published
(w.published_from, w.work_id) > (:after_number, :after_id)

-- fragment: work_before_published
(w.published_from, w.work_id) < (:after_number, :after_id)

-- fragment: work_order_published
ORDER BY w.published_from, w.work_id LIMIT :limit

-- fragment: work_order_published_down
ORDER BY w.published_from DESC, w.work_id DESC LIMIT :limit

-- fragment: work_known_title
w.title_key IS NOT NULL

-- fragment: work_unknown_title
w.title_key IS NULL

-- fragment: work_after_title
(w.title_key, w.work_id) > (:after_text, :after_id)

-- fragment: work_before_title
(w.title_key, w.work_id) < (:after_text, :after_id)

-- fragment: work_order_title
ORDER BY w.title_key, w.work_id LIMIT :limit

-- fragment: work_order_title_down
ORDER BY w.title_key DESC, w.work_id DESC LIMIT :limit
