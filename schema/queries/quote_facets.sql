-- SPDX-License-Identifier: MIT
-- How many of the quotes that a filter takes each agent, work and so on has: fragments that db/quote_facets.c puts
-- together with those of quote_lists.sql. A statement is a head, what is counted, a source with its conditions, what is
-- counted by, and a tail. f is an agent of the quote.

-- fragment: facet_head_agents
SELECT a.slug, a.name, g.quotes FROM (SELECT f.agent_id AS value,

-- fragment: facet_head_reviews
SELECT v.slug, v.title, g.quotes FROM (SELECT quote_id >> 20 AS value,

-- fragment: facet_head_whole_reviews
SELECT v.slug, v.title, g.quotes FROM (SELECT r.review_id AS value,

-- fragment: facet_head_works
SELECT w.slug, w.title, g.quotes FROM (SELECT q.work_id AS value,

-- fragment: facet_head_reviewers
SELECT g.value, g.name, g.quotes FROM (SELECT r.reviewer_key AS value, min(r.reviewer) AS name,

-- fragment: facet_head_languages
SELECT g.value, NULL, g.quotes FROM (SELECT r.language AS value,

-- fragment: facet_head_forms
SELECT g.value, NULL, g.quotes FROM (SELECT q.form AS value,

-- fragment: facet_head_attributions
SELECT g.value, NULL, g.quotes FROM (SELECT q.attribution AS value,

-- fragment: facet_head_spoilers
SELECT g.value, NULL, g.quotes FROM (SELECT q.spoiler AS value,

-- fragment: facet_count
count(*) AS quotes

-- fragment: facet_count_distinct
count(DISTINCT quote_id) AS quotes

-- fragment: facet_sum_of_reviews
sum(r.quotes) AS quotes

-- fragment: facet_sum_of_traits
sum(q.quotes) AS quotes

-- fragment: facet_from_agents
FROM quote_agent f

-- fragment: facet_from_agents_of_reviews
FROM review r NOT INDEXED
CROSS JOIN quote_agent f ON f.quote_id BETWEEN r.review_id << 20 AND (r.review_id << 20) + 1048575

-- fragment: facet_join_agents
CROSS JOIN quote_agent f USING (quote_id)

-- fragment: facet_is_role
f.role = :facet_role

-- fragment: facet_has_quotes
r.quotes > 0

-- fragment: facet_has_work
q.work_id IS NOT NULL

-- fragment: facet_has_reviewer
+r.reviewer_key IS NOT NULL

-- fragment: facet_has_language
+r.language IS NOT NULL

-- fragment: facet_tail_agents
GROUP BY f.agent_id) g CROSS JOIN agent a ON a.agent_id = g.value
WHERE :facet_kinds >> a.kind & 1
ORDER BY g.quotes DESC, a.slug LIMIT :limit

-- fragment: facet_tail_reviews
GROUP BY 1) g CROSS JOIN review v ON v.review_id = g.value
ORDER BY g.quotes DESC, v.slug LIMIT :limit

-- fragment: facet_tail_works
GROUP BY 1) g CROSS JOIN work w ON w.work_id = g.value
ORDER BY g.quotes DESC, w.slug LIMIT :limit

-- fragment: facet_tail_values
GROUP BY 1) g WHERE g.quotes > 0
ORDER BY g.quotes DESC, g.value LIMIT :limit
