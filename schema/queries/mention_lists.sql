-- SPDX-License-Identifier: MIT
-- Which mentions a list has: fragments that db/mentions.c puts together; see quote_lists.sql. A bare mention_id is that
-- of the source, whether the mention m is joined or not.

-- fragment: mention_head
SELECT mention_id

-- fragment: mention_head_count
SELECT count(*)

-- fragment: mention_from_agent
FROM mention_agent s

-- fragment: mention_from_agent_in_reviews
FROM mention_agent s CROSS JOIN review r ON r.review_id = mention_id >> 20

-- fragment: mention_is_agent
s.agent_id = :value

-- fragment: mention_from_review
FROM mention m

-- fragment: mention_is_review
m.mention_id >= :value << 20 AND m.mention_id < (:value + 1) << 20

-- fragment: mention_where_review
mention_id >> 20 IN (SELECT value FROM json_each(:review))

-- fragment: mention_where_review_of_work
+r.work_id IN (SELECT value FROM json_each(:work))

-- fragment: mention_where_work
+m.work_id IN (SELECT value FROM json_each(:work))

-- fragment: mention_where_character
EXISTS (SELECT 1 FROM mention_agent a WHERE a.agent_id IN (SELECT value FROM json_each(:character))
  AND a.mention_id = m.mention_id)

-- fragment: mention_where_person
EXISTS (SELECT 1 FROM mention_agent a WHERE a.agent_id IN (SELECT value FROM json_each(:person))
  AND a.mention_id = m.mention_id)

-- fragment: mention_after
mention_id > :after_id

-- fragment: mention_order
ORDER BY mention_id LIMIT :limit
