-- SPDX-License-Identifier: MIT
-- What `reviewd check` asks of the store.

-- name: check_object
SELECT type FROM sqlite_schema WHERE name = :name;

-- name: check_table_ends
-- The first and the last row of each table: a way from each root to its outermost leaves, which costs the same however
-- much there is. (Nothing is an empty blob, so that it looks at all of them.)
SELECT x'' IN (
  (SELECT min(agent_id) FROM agent), (SELECT max(agent_id) FROM agent),
  (SELECT min(agent_id) FROM agent_name), (SELECT max(agent_id) FROM agent_name),
  (SELECT min(work_id) FROM work), (SELECT max(work_id) FROM work),
  (SELECT min(work_id) FROM work_contributor), (SELECT max(work_id) FROM work_contributor),
  (SELECT min(work_id) FROM work_relation), (SELECT max(work_id) FROM work_relation),
  (SELECT min(review_id) FROM review), (SELECT max(review_id) FROM review),
  (SELECT min(review_id) FROM review_text), (SELECT max(review_id) FROM review_text),
  (SELECT min(review_id) FROM review_agent), (SELECT max(review_id) FROM review_agent),
  (SELECT min(review_id) FROM review_further_work), (SELECT max(review_id) FROM review_further_work),
  (SELECT min(quote_id) FROM quote), (SELECT max(quote_id) FROM quote),
  (SELECT min(codepoints) FROM quote_length), (SELECT max(codepoints) FROM quote_length),
  (SELECT min(quote_id) FROM quote_agent), (SELECT max(quote_id) FROM quote_agent),
  (SELECT min(agent_id) FROM agent_role), (SELECT max(agent_id) FROM agent_role),
  (SELECT min(mention_id) FROM mention), (SELECT max(mention_id) FROM mention),
  (SELECT min(agent_id) FROM mention_agent), (SELECT max(agent_id) FROM mention_agent),
  (SELECT min(noun) FROM change), (SELECT max(noun) FROM change),
  (SELECT min(inner) FROM suggestion), (SELECT max(inner) FROM suggestion),
  (SELECT min(language) FROM word_form), (SELECT max(language) FROM word_form),
  (SELECT min(id) FROM search_data), (SELECT max(id) FROM search_data),
  (SELECT min(segid) FROM search_idx), (SELECT max(segid) FROM search_idx),
  (SELECT min(id) FROM search_docsize), (SELECT max(id) FROM search_docsize),
  (SELECT min(name) FROM token), (SELECT max(name) FROM token),
  (SELECT min(token) FROM repeatable), (SELECT max(token) FROM repeatable)) AS found;

-- name: check_index_ends
-- The same of each index, whose order it is.
SELECT x'' IN (
  (SELECT slug FROM agent ORDER BY slug LIMIT 1), (SELECT slug FROM agent ORDER BY slug DESC LIMIT 1),
  (SELECT kind FROM agent ORDER BY kind, slug LIMIT 1), (SELECT kind FROM agent ORDER BY kind DESC, slug DESC LIMIT 1),
  (SELECT key FROM agent_name ORDER BY key, agent_id LIMIT 1),
  (SELECT key FROM agent_name ORDER BY key DESC, agent_id DESC LIMIT 1),
  (SELECT slug FROM work ORDER BY slug LIMIT 1), (SELECT slug FROM work ORDER BY slug DESC LIMIT 1),
  (SELECT slug FROM review ORDER BY slug LIMIT 1), (SELECT slug FROM review ORDER BY slug DESC LIMIT 1),
  (SELECT work_id FROM review WHERE work_id IS NOT NULL ORDER BY work_id, slug LIMIT 1),
  (SELECT work_id FROM review WHERE work_id IS NOT NULL ORDER BY work_id DESC, slug DESC LIMIT 1),
  (SELECT agent_id FROM review_agent ORDER BY agent_id, review_id LIMIT 1),
  (SELECT agent_id FROM review_agent ORDER BY agent_id DESC, review_id DESC LIMIT 1),
  (SELECT review_id FROM quote ORDER BY review_id, local_slug LIMIT 1),
  (SELECT review_id FROM quote ORDER BY review_id DESC, local_slug DESC LIMIT 1),
  (SELECT work_id FROM quote WHERE work_id IS NOT NULL ORDER BY work_id, quote_id LIMIT 1),
  (SELECT work_id FROM quote WHERE work_id IS NOT NULL ORDER BY work_id DESC, quote_id DESC LIMIT 1),
  (SELECT agent_id FROM quote_agent ORDER BY agent_id, role, quote_id LIMIT 1),
  (SELECT agent_id FROM quote_agent ORDER BY agent_id DESC, role DESC, quote_id DESC LIMIT 1),
  (SELECT work_id FROM mention WHERE work_id IS NOT NULL ORDER BY work_id, mention_id LIMIT 1),
  (SELECT work_id FROM mention WHERE work_id IS NOT NULL ORDER BY work_id DESC, mention_id DESC LIMIT 1),
  (SELECT revision FROM change ORDER BY revision, noun, slug LIMIT 1),
  (SELECT revision FROM change ORDER BY revision DESC, noun DESC, slug DESC LIMIT 1)) AS found;

-- name: check_reviews
-- The agents of a bundle that is read from the store begin with those of its review.
SELECT review_id, slug, text_sha256, text_bytes, text_codepoints, digest, published, published_from, published_to,
  (SELECT count(*) FROM review_agent a WHERE a.review_id = review.review_id) AS agents
FROM review ORDER BY review_id;

-- name: check_works
SELECT slug, published, published_from, published_to FROM work ORDER BY work_id;

-- name: check_counts
SELECT (SELECT count(*) FROM review) AS reviews, (SELECT count(*) FROM work) AS works,
  (SELECT count(*) FROM agent WHERE kind = 0) AS characters, (SELECT count(*) FROM agent WHERE kind = 1) AS people,
  (SELECT count(*) FROM agent WHERE kind = 2) AS organisations, (SELECT count(*) FROM quote) AS quotes,
  (SELECT count(*) FROM mention) AS mentions;

-- name: check_names
SELECT a.slug, n.name, n.key FROM agent_name n JOIN agent a ON a.agent_id = n.agent_id;

-- name: check_choices
-- SQLite does not look at CHECK constraints of a file that it only reads.
SELECT slug FROM agent WHERE kind NOT BETWEEN 0 AND 2
UNION ALL
SELECT r.slug || '~' || q.local_slug FROM quote q JOIN review r ON r.review_id = q.review_id
WHERE q.form NOT BETWEEN 0 AND 4 OR q.attribution NOT BETWEEN 0 AND 3 OR q.spoiler NOT IN (0, 1)
UNION ALL
SELECT r.slug || '~' || q.local_slug
FROM quote_agent a JOIN quote q ON q.quote_id = a.quote_id JOIN review r ON r.review_id = q.review_id
WHERE a.role NOT BETWEEN 0 AND 2;

-- name: check_nameless_agents
SELECT slug FROM agent a
WHERE NOT EXISTS (SELECT 1 FROM agent_name n WHERE n.agent_id = a.agent_id AND n.position = 0 AND n.name = a.name);

-- name: check_gapped_names
-- Aliases are only ever added.
SELECT slug FROM agent a
WHERE (SELECT max(position) + 1 <> count(*) FROM agent_name n WHERE n.agent_id = a.agent_id);

-- name: check_empty_mentions
-- A mention names agents or a work: one of the two.
SELECT r.slug AS slug FROM mention m JOIN review r ON r.review_id = m.mention_id >> 20
WHERE (m.work_id IS NULL) <> (m.agents <> '');

-- name: check_stray_mentions
SELECT mention_id >> 20 AS review_id FROM mention UNION SELECT mention_id >> 20 FROM mention_agent
EXCEPT SELECT review_id FROM review;

-- name: check_mention_agents
-- Those that lead to a mention stand in its row, and there are as many of them. (Without json_each(), which of SQLite 3.40
-- may give no row where memory runs out.)
SELECT slug FROM review WHERE review_id IN (
  SELECT m.mention_id >> 20 FROM mention_agent a JOIN mention m USING (mention_id)
  WHERE instr(' ' || m.agents || ' ', ' ' || a.agent_id || ' ') = 0
  UNION ALL
  SELECT review_id FROM (
    SELECT mention_id >> 20 AS review_id, sum(length(agents) - length(replace(agents, ' ', '')) + (agents <> '')) AS number
    FROM mention GROUP BY 1
    UNION ALL
    SELECT mention_id >> 20, -count(*) FROM mention_agent GROUP BY 1)
  GROUP BY review_id HAVING sum(number) <> 0);

-- name: check_unlogged
-- What is in the store, and not in the log of changes.
SELECT slug FROM review r
WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.noun = 0 AND c.slug = r.slug AND c.deleted = 0
  AND c.revision >= r.store_revision)
UNION ALL
SELECT slug FROM agent a
WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.noun = 1 AND c.slug = a.slug AND c.deleted = 0
  AND c.revision >= a.revision)
UNION ALL
SELECT slug FROM work w
WHERE NOT EXISTS (SELECT 1 FROM change c WHERE c.noun = 2 AND c.slug = w.slug AND c.deleted = 0
  AND c.revision >= w.revision);

-- name: check_overlogged
-- What the log of changes has, and the store has not, or not yet.
SELECT slug FROM change c
WHERE revision > (SELECT revision FROM store) OR (deleted = 0 AND CASE noun
  WHEN 0 THEN NOT EXISTS (SELECT 1 FROM review r WHERE r.slug = c.slug)
  WHEN 1 THEN NOT EXISTS (SELECT 1 FROM agent a WHERE a.slug = c.slug)
  ELSE NOT EXISTS (SELECT 1 FROM work w WHERE w.slug = c.slug) END);

-- name: check_search_things
-- All that has a row in the index of words; quotes come with their review.
SELECT 1 AS kind, review_id AS id FROM review UNION ALL SELECT 2, agent_id FROM agent UNION ALL SELECT 3, work_id FROM work;

-- name: check_search_words
-- Every place of every word in the index.
SELECT term, doc, CASE col
  WHEN 'text_nl' THEN 0 WHEN 'text_en' THEN 1 WHEN 'text_de' THEN 2 WHEN 'text_other' THEN 3
  WHEN 'title_nl' THEN 4 WHEN 'title_en' THEN 5 WHEN 'title_de' THEN 6 WHEN 'title_other' THEN 7 ELSE 8 END AS col,
  "offset" AS place
FROM search_instance;

-- name: check_search_rows
SELECT count(*) AS total FROM search_docsize;

-- name: check_search_due
SELECT count(*) AS total FROM search_due;

-- name: check_suggestions
SELECT key, inner, kind, id, position FROM suggestion;

-- name: check_agent_keys
SELECT slug FROM agent WHERE name_key <> name_key(name);

-- name: check_work_keys
SELECT slug FROM work WHERE title_key IS NOT name_key(title);

-- name: check_review_keys
SELECT slug FROM review WHERE title_key IS NOT name_key(title) OR reviewer_key IS NOT name_key(reviewer);

-- name: check_review_quotes
SELECT slug FROM review r WHERE quotes <> (SELECT count(*) FROM quote q
  WHERE q.quote_id BETWEEN r.review_id << 20 AND (r.review_id << 20) + 1048575);

-- name: check_review_traits
SELECT r.slug FROM review r WHERE r.review_id IN (
  SELECT review_id FROM (
    SELECT review_id, form, attribution, spoiler, count(*) AS quotes FROM quote
    GROUP BY review_id, form, attribution, spoiler
    EXCEPT SELECT review_id, form, attribution, spoiler, quotes FROM review_trait)
  UNION ALL
  SELECT review_id FROM (
    SELECT review_id, form, attribution, spoiler, quotes FROM review_trait
    EXCEPT SELECT review_id, form, attribution, spoiler, count(*) FROM quote
    GROUP BY review_id, form, attribution, spoiler));

-- name: check_agent_roles
SELECT a.slug FROM agent a WHERE a.agent_id IN (
  SELECT agent_id FROM (
    SELECT agent_id, role, count(*) AS quotes FROM quote_agent GROUP BY agent_id, role
    EXCEPT SELECT agent_id, role, quotes FROM agent_role)
  UNION ALL
  SELECT agent_id FROM (
    SELECT agent_id, role, quotes FROM agent_role WHERE quotes > 0
    EXCEPT SELECT agent_id, role, count(*) FROM quote_agent GROUP BY agent_id, role));

-- name: check_quote_speakers
SELECT r.slug || '~' || q.local_slug AS slug FROM quote q JOIN review r ON r.review_id = q.review_id
WHERE q.speaker_id IS NOT (SELECT max(agent_id) FROM quote_agent a WHERE a.quote_id = q.quote_id
  HAVING count(*) = 1 AND max(role) = 0);

-- name: check_quote_lengths
-- A quote that the order of the lengths does not have, and a length there that no quote has.
SELECT r.slug || '~' || q.local_slug AS slug FROM quote q JOIN review r ON r.review_id = q.review_id
WHERE NOT EXISTS (SELECT 1 FROM quote_length l WHERE l.codepoints = q.codepoints AND l.quote_id = q.quote_id)
UNION ALL
SELECT 'number ' || quote_id FROM quote_length l
WHERE NOT EXISTS (SELECT 1 FROM quote q WHERE q.quote_id = l.quote_id AND q.codepoints = l.codepoints);

-- name: check_review_places
-- Too few, or those of the next one as well.
SELECT r.slug FROM review r LEFT JOIN review_place p ON p.review_id = r.review_id
WHERE r.quotes > ifnull(p.places, 0)
  OR p.first + p.places > (SELECT n.first FROM review_place n WHERE n.first > p.first ORDER BY n.first LIMIT 1);

-- name: check_quote_keys
SELECT r.slug || '~' || q.local_slug AS slug FROM quote q JOIN review r ON r.review_id = q.review_id
WHERE q.shuffle_key <> shuffle_key(r.slug, q.local_slug);
