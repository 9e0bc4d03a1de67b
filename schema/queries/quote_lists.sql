-- SPDX-License-Identifier: MIT
-- Which quotes a filter takes, in which order: fragments that db/quote_list.c puts together (db/assembly.h). The source
-- is what SQLite follows, row by row, so it is always told which index that is; a condition must not tempt it to another
-- one, hence the `+`.
--
-- q is the quote, r its review, s an agent or the length of it. A bare quote_id is that of the source, whether q is joined
-- or not.

-- fragment: quote_head
SELECT quote_id

-- fragment: quote_head_codepoints
SELECT quote_id, codepoints

-- fragment: quote_head_published
SELECT quote_id, r.published_from

-- fragment: quote_head_shuffled
SELECT quote_id, shuffle_number(q.shuffle_key, :seed)

-- fragment: quote_head_updated
SELECT quote_id, r.updated_at

-- fragment: quote_head_count
SELECT count(*)

-- fragment: quote_head_count_distinct
SELECT count(DISTINCT quote_id)

-- fragment: quote_head_sum_of_reviews
SELECT ifnull(sum(r.quotes), 0)

-- fragment: quote_head_sum_of_traits
SELECT ifnull(sum(q.quotes), 0)

-- fragment: quote_head_sum_of_roles
SELECT ifnull(sum(s.quotes), 0)

-- fragment: quote_from_agent_role
-- For all quotes of an agent in a role.
FROM agent_role s

-- fragment: quote_from_quotes
FROM quote q NOT INDEXED

-- fragment: quote_from_agent
FROM quote_agent s

-- fragment: quote_from_work
FROM quote q INDEXED BY quote_work

-- fragment: quote_from_codepoints
FROM quote_length s

-- fragment: quote_from_words
-- The rows of the index that are of quotes have their numbers; among them stand the rows of their reviews.
FROM (SELECT rowid AS quote_id FROM search
  WHERE search MATCH :match AND rowid >= :first AND rowid < :until AND rowid & 1048575 <> 1048575) s

-- fragment: quote_from_reviews
FROM review r NOT INDEXED
CROSS JOIN quote q ON q.quote_id BETWEEN r.review_id << 20 AND (r.review_id << 20) + 1048575

-- fragment: quote_from_reviews_by_published
FROM review r INDEXED BY review_published
CROSS JOIN quote q ON q.quote_id BETWEEN r.review_id << 20 AND (r.review_id << 20) + 1048575

-- fragment: quote_from_reviews_by_reviewer
FROM review r INDEXED BY review_reviewer
CROSS JOIN quote q ON q.quote_id BETWEEN r.review_id << 20 AND (r.review_id << 20) + 1048575

-- fragment: quote_from_reviews_by_updated
FROM review r INDEXED BY review_updated
CROSS JOIN quote q ON q.quote_id BETWEEN r.review_id << 20 AND (r.review_id << 20) + 1048575

-- Those that are alike stand for quotes here, and reviews for all they have.

-- fragment: quote_from_alike
FROM review_trait q

-- fragment: quote_from_whole_reviews
FROM review r

-- fragment: quote_join_alike
CROSS JOIN review_trait q ON q.review_id = r.review_id

-- fragment: quote_join_quote
CROSS JOIN quote q USING (quote_id)

-- fragment: quote_join_quote_of_length
-- A bare codepoints is then that of the source as well.
CROSS JOIN quote q USING (quote_id, codepoints)

-- fragment: quote_join_review
CROSS JOIN review r ON r.review_id = quote_id >> 20

-- fragment: quote_is_agent
s.agent_id = :value AND s.role = :role

-- fragment: quote_in_agents
s.agent_id IN (SELECT value FROM json_each(:values)) AND s.role = :role

-- fragment: quote_in_reviews
r.review_id IN (SELECT value FROM json_each(:values))

-- fragment: quote_in_works
q.work_id IN (SELECT value FROM json_each(:values))

-- fragment: quote_is_quote
q.quote_id = :value

-- fragment: quote_is_review
q.quote_id >= :value << 20 AND q.quote_id < (:value + 1) << 20

-- fragment: quote_is_work
q.work_id = :value

-- fragment: quote_in_codepoints
codepoints BETWEEN :min_codepoints AND :max_codepoints

-- fragment: quote_in_alike
-- Leaves out the reviews that have none.
EXISTS (SELECT 1 FROM review_trait t WHERE t.review_id = r.review_id
  AND :forms >> t.form & 1 AND :attributions >> t.attribution & 1 AND :spoilers >> t.spoiler & 1)

-- fragment: quote_where_review
quote_id >> 20 IN (SELECT value FROM json_each(:review))

-- fragment: quote_where_work
+q.work_id IN (SELECT value FROM json_each(:work))

-- fragment: quote_where_speaker
EXISTS (SELECT 1 FROM quote_agent a WHERE a.quote_id = q.quote_id AND a.role = 0
  AND a.agent_id IN (SELECT value FROM json_each(:speaker)))

-- fragment: quote_where_character
EXISTS (SELECT 1 FROM quote_agent a WHERE a.quote_id = q.quote_id AND a.role = 0
  AND a.agent_id IN (SELECT value FROM json_each(:character)))

-- fragment: quote_where_person
EXISTS (SELECT 1 FROM quote_agent a WHERE a.quote_id = q.quote_id AND a.role = 0
  AND a.agent_id IN (SELECT value FROM json_each(:person)))

-- fragment: quote_where_addressee
EXISTS (SELECT 1 FROM quote_agent a WHERE a.quote_id = q.quote_id AND a.role = 1
  AND a.agent_id IN (SELECT value FROM json_each(:addressee)))

-- fragment: quote_where_about
EXISTS (SELECT 1 FROM quote_agent a WHERE a.quote_id = q.quote_id AND a.role = 2
  AND a.agent_id IN (SELECT value FROM json_each(:about)))

-- fragment: quote_where_form
:forms >> q.form & 1

-- fragment: quote_where_attribution
:attributions >> q.attribution & 1

-- fragment: quote_where_spoiler
:spoilers >> q.spoiler & 1

-- fragment: quote_where_codepoints
+q.codepoints BETWEEN :min_codepoints AND :max_codepoints

-- The orders, up and down. In the order in which the quotes came, those of a source that begins with reviews come
-- review by review.

-- fragment: quote_after_added
quote_id > :after_id

-- fragment: quote_before_added
quote_id < :after_id

-- fragment: quote_order_added
ORDER BY quote_id LIMIT :limit

-- fragment: quote_order_added_down
ORDER BY quote_id DESC LIMIT :limit

-- fragment: quote_after_added_by_review
r.review_id >= :after_id >> 20 AND quote_id > :after_id

-- fragment: quote_before_added_by_review
r.review_id <= :after_id >> 20 AND quote_id < :after_id

-- fragment: quote_order_added_by_review
ORDER BY r.review_id, quote_id LIMIT :limit

-- fragment: quote_order_added_by_review_down
ORDER BY r.review_id DESC, quote_id DESC LIMIT :limit

-- fragment: quote_after_codepoints
(codepoints, quote_id) > (:after_number, :after_id)

-- fragment: quote_before_codepoints
(codepoints, quote_id) < (:after_number, :after_id)

-- fragment: quote_order_codepoints
ORDER BY codepoints, quote_id LIMIT :limit

-- fragment: quote_order_codepoints_down
ORDER BY codepoints DESC, quote_id DESC LIMIT :limit

-- fragment: quote_known_published
r.published_from IS NOT NULL

-- fragment: quote_unknown_published
r.published_from IS NULL

-- fragment: quote_after_published
(r.published_from, r.review_id) >= (:after_number, :after_id >> 20)
AND (r.published_from, quote_id) > (:after_number, :after_id)

-- fragment: quote_before_published
(r.published_from, r.review_id) <= (:after_number, :after_id >> 20)
AND (r.published_from, quote_id) < (:after_number, :after_id)

-- fragment: quote_order_published
ORDER BY r.published_from, r.review_id, quote_id LIMIT :limit

-- fragment: quote_order_published_down
ORDER BY r.published_from DESC, r.review_id DESC, quote_id DESC LIMIT :limit

-- fragment: quote_after_updated
(r.updated_at, r.review_id) >= (:after_text, :after_id >> 20)
AND (r.updated_at, quote_id) > (:after_text, :after_id)

-- fragment: quote_before_updated
(r.updated_at, r.review_id) <= (:after_text, :after_id >> 20)
AND (r.updated_at, quote_id) < (:after_text, :after_id)

-- fragment: quote_order_updated
ORDER BY r.updated_at, r.review_id, quote_id LIMIT :limit

-- fragment: quote_order_updated_down
ORDER BY r.updated_at DESC, r.review_id DESC, quote_id DESC LIMIT :limit

-- fragment: quote_after_shuffled
(shuffle_number(q.shuffle_key, :seed), quote_id) > (:after_number, :after_id)

-- fragment: quote_order_shuffled
ORDER BY 2, 1 LIMIT :limit
