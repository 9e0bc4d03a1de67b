-- SPDX-License-Identifier: MIT
-- Reviews and their texts.

-- name: review_get
SELECT r.review_id, r.slug, r.title, r.language, r.reviewer, r.published, r.rating_value, r.rating_best, r.rating_worst,
  r.source, r.licence, r.text_sha256, r.text_bytes, r.text_codepoints, r.digest, r.revision, r.updated_at,
  w.work_id, w.slug AS work_slug, w.title AS work_title
FROM review r LEFT JOIN work w ON w.work_id = r.work_id
WHERE r.slug = :slug;

-- name: review_stored
-- What putting another one in its place has to know.
SELECT review_id, digest, revision FROM review WHERE slug = :slug;

-- name: review_by_id
SELECT r.review_id, r.slug, r.title, r.language, r.reviewer, r.published, r.rating_value, r.rating_best, r.rating_worst,
  r.source, r.licence, r.text_sha256, r.text_bytes, r.text_codepoints, r.digest, r.revision, r.updated_at,
  w.work_id, w.slug AS work_slug, w.title AS work_title
FROM review r LEFT JOIN work w ON w.work_id = r.work_id
WHERE r.review_id = :review_id;

-- name: review_text_get
SELECT text FROM review_text WHERE review_id = :review_id;

-- name: review_near_after
SELECT slug FROM review WHERE slug >= :slug ORDER BY slug LIMIT 200;

-- name: review_near_before
SELECT slug FROM review WHERE slug < :slug ORDER BY slug DESC LIMIT 200;

-- name: review_insert
INSERT INTO review (slug, work_id, title, language, reviewer, published, published_from, published_to,
  rating_value, rating_best, rating_worst, source, licence, text_sha256, text_bytes, text_codepoints, digest,
  quotes, title_key, reviewer_key, revision, store_revision, updated_at)
VALUES (:slug, :work_id, :title, :language, :reviewer, :published, :published_from, :published_to,
  :rating_value, :rating_best, :rating_worst, :source, :licence, :text_sha256, :text_bytes, :text_codepoints, :digest,
  :quotes, name_key(:title), name_key(:reviewer), 1, :store_revision, :updated_at);

-- name: review_update
UPDATE review SET work_id = :work_id, title = :title, language = :language, reviewer = :reviewer,
  published = :published, published_from = :published_from, published_to = :published_to,
  rating_value = :rating_value, rating_best = :rating_best, rating_worst = :rating_worst,
  source = :source, licence = :licence, text_sha256 = :text_sha256, text_bytes = :text_bytes,
  text_codepoints = :text_codepoints, digest = :digest, quotes = :quotes,
  title_key = name_key(:title), reviewer_key = name_key(:reviewer), revision = revision + 1, store_revision = :store_revision,
  updated_at = :updated_at
WHERE review_id = :review_id;

-- name: review_delete
DELETE FROM review WHERE review_id = :review_id;

-- name: review_text_delete
DELETE FROM review_text WHERE review_id = :review_id;

-- name: review_text_put
INSERT INTO review_text (review_id, text) VALUES (:review_id, :text)
ON CONFLICT (review_id) DO UPDATE SET text = excluded.text;

-- name: review_agents_insert
INSERT OR FAIL INTO review_agent (review_id, position, agent_id) SELECT n0, n1, n2 FROM row WHERE source = :source;

-- name: review_agents_delete
DELETE FROM review_agent WHERE review_id = :review_id;

-- name: review_further_work_insert
INSERT INTO review_further_work (review_id, position, work_id) VALUES (:review_id, :position, :work_id);

-- name: review_further_works_delete
DELETE FROM review_further_work WHERE review_id = :review_id;

-- name: review_languages
-- Each once, by going from one to the next in the index.
WITH RECURSIVE found (language) AS (
  SELECT min(language) FROM review
  UNION ALL
  SELECT (SELECT min(r.language) FROM review r WHERE r.language > found.language) FROM found WHERE found.language IS NOT NULL)
SELECT language FROM found WHERE language IS NOT NULL;

-- name: reviewer_name
-- As one of the reviews has it.
SELECT min(reviewer) AS reviewer FROM review WHERE reviewer_key = :key;

-- name: reviewer_near_after
SELECT DISTINCT reviewer_key FROM review WHERE reviewer_key >= :key ORDER BY reviewer_key LIMIT 200;

-- name: reviewer_near_before
SELECT DISTINCT reviewer_key FROM review WHERE reviewer_key < :key ORDER BY reviewer_key DESC LIMIT 200;
