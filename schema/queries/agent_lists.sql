-- SPDX-License-Identifier: MIT
-- Which agents a list has, in which order: fragments that db/agent_list.c puts together; see quote_lists.sql.

-- fragment: agent_head_count
SELECT count(*)

-- fragment: agent_head_added
SELECT a.agent_id, s.position

-- fragment: agent_head_id
SELECT a.agent_id, a.slug

-- fragment: agent_head_name
SELECT a.agent_id, a.name_key

-- fragment: agent_from_ids
FROM agent a INDEXED BY agent_kind

-- fragment: agent_from_names
FROM agent a INDEXED BY agent_kind_name

-- fragment: agent_from_some
-- Conditions tell which by their numbers.
FROM agent a NOT INDEXED

-- fragment: agent_from_review
FROM review_agent s CROSS JOIN agent a ON a.agent_id = s.agent_id

-- fragment: agent_is_kind
a.kind = :kind

-- fragment: agent_is_review
s.review_id = :value

-- fragment: agent_where_review
a.agent_id IN (SELECT ra.agent_id FROM review_agent ra
  WHERE ra.review_id IN (SELECT value FROM json_each(:review)))

-- fragment: agent_where_work
a.agent_id IN (SELECT ra.agent_id FROM review r CROSS JOIN review_agent ra ON ra.review_id = r.review_id
  WHERE r.work_id IN (SELECT value FROM json_each(:work)))

-- fragment: agent_after_added
s.position > :after_number

-- fragment: agent_before_added
s.position < :after_number

-- fragment: agent_order_added
ORDER BY s.position LIMIT :limit

-- fragment: agent_order_added_down
ORDER BY s.position DESC LIMIT :limit

-- fragment: agent_after_id
a.slug > :after_text

-- fragment: agent_before_id
a.slug < :after_text

-- fragment: agent_order_id
ORDER BY a.slug LIMIT :limit

-- fragment: agent_order_id_down
ORDER BY a.slug DESC LIMIT :limit

-- fragment: agent_after_name
(a.name_key, a.agent_id) > (:after_text, :after_id)

-- fragment: agent_before_name
(a.name_key, a.agent_id) < (:after_text, :after_id)

-- fragment: agent_order_name
ORDER BY a.name_key, a.agent_id LIMIT :limit

-- fragment: agent_order_name_down
ORDER BY a.name_key DESC, a.agent_id DESC LIMIT :limit
