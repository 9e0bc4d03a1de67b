// SPDX-License-Identifier: MIT
/* Reviews and their texts. All strings are in the arena the caller gave. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "db/arena.h"
#include "db/bundle.h"
#include "db/db.h"
#include "db/search_query.h"
#include "db/works.h"

struct review {
	int64_t review_id; /* inside this store only */
	const char *slug;
	const char *title, *language, *reviewer, *published, *source, *licence; /* NULL: unknown */
	struct bundle_rating rating;
	struct work_ref work;
	const char *text_sha256; /* lower-case hex */
	size_t text_bytes, text_codepoints;
	const char *digest;     /* of all the bundle said of it (db/bundle_put.h) */
	int64_t revision;       /* of this review */
	const char *updated_at; /* RFC 3339, UTC */
};

struct review_page {
	struct review *items;
	size_t count;
	bool more;
	int64_t total;
};

/* DB_NOT_FOUND: no review has this id. */
DB_CHECKED enum db_status review_get(struct db *db, const char *slug, struct arena *arena, struct review *ret_review);
DB_CHECKED enum db_status review_by_id(
	struct db *db, int64_t review_id, struct arena *arena, struct review *ret_review);

/* In the order of the ids, after `after` ("" for the first page). */
DB_CHECKED enum db_status review_list(
	struct db *db, const char *after, size_t limit, struct arena *arena, struct review_page *ret_page);
DB_CHECKED enum db_status review_list_by_work(struct db *db, int64_t work_id, const char *after, size_t limit,
	struct arena *arena, struct review_page *ret_page);

/* In the order in which the reviews came, after the review with the number `after` (0 for the first page). */
DB_CHECKED enum db_status review_list_by_agent(struct db *db, int64_t agent_id, int64_t after, size_t limit,
	struct arena *arena, struct review_page *ret_page);

/* The same lists of those reviews alone whose text or title has the words. */
DB_CHECKED enum db_status review_list_by_words(struct db *db, const struct search_query *words, const char *after,
	size_t limit, struct arena *arena, struct review_page *ret_page);
DB_CHECKED enum db_status review_list_by_work_and_words(struct db *db, int64_t work_id,
	const struct search_query *words, const char *after, size_t limit, struct arena *arena,
	struct review_page *ret_page);
DB_CHECKED enum db_status review_list_by_agent_and_words(struct db *db, int64_t agent_id,
	const struct search_query *words, int64_t after, size_t limit, struct arena *arena,
	struct review_page *ret_page);

/* The whole text, NUL-terminated; its length is review.text_bytes. */
DB_CHECKED enum db_status review_text_get(
	struct db *db, int64_t review_id, struct arena *arena, const char **ret_text, size_t *ret_bytes);
